//! Other sites: their changes are refused whatever headers come with them, and nobody is sent to them.

use axum::body::Body;
use axum::http::header;
use evident::accounts::Role;

use super::{PASSWORD, Tally, sign_in};
use crate::dice::Dice;
use crate::support::{Visitor, World, live};

const OWN: &str = "http://127.0.0.1:8080";
const FETCHED: [Option<&str>; 8] = [
    None,
    Some("same-origin"),
    Some("none"),
    Some("same-site"),
    Some("cross-site"),
    Some("SAME-ORIGIN "),
    Some("same-origin, cross-site"),
    Some(""),
];
const ORIGINS: [Option<&str>; 11] = [
    None,
    Some(OWN),
    Some("https://evil.example"),
    Some("http://127.0.0.1:8081"),
    Some("https://127.0.0.1:8080"),
    Some("http://127.0.0.1:8080.evil.example"),
    Some("http://evil.example/?http://127.0.0.1:8080"),
    Some("http://127.0.0.1:8080@evil.example"),
    Some("http://localhost:8080"),
    Some("null"),
    Some(""),
];

/// Parts of addresses that lead elsewhere.
const PARTS: &[&str] = &[
    "/",
    "//",
    "///",
    "\\",
    "/\\",
    "\t",
    "\n",
    "\r",
    "\0",
    " ",
    "%2f",
    "%5c",
    "%09",
    "http:",
    "https:",
    "https://",
    "javascript:",
    "data:",
    "evil.example",
    "@evil.example",
    ".evil.example",
    ":80",
    "?",
    "#",
    "..",
    "/..",
    ";",
    "\u{FF0F}",
    "\u{2044}",
    "\u{3002}",
    "\u{200B}",
    "\u{AD}",
    "evidence",
    "sign-in?next=//evil.example",
];

pub async fn round(world: &World, dice: &mut Dice, round: u64, tally: &mut Tally) {
    let somebody = world.somebody(&format!("Site {round}"), &[Role::Candidate]).await;
    changes_from_elsewhere(&somebody, true, tally).await;
    changes_from_elsewhere(&world.anonymous(), false, tally).await;

    for n in 0..200 {
        let next: String = (0..=dice.below(5)).map(|_| *dice.one(PARTS)).collect();
        let answer = if n < 3 {
            let email = format!("site.{round}@example.com");
            let fields = [("email", email.as_str()), ("password", PASSWORD), ("next", next.as_str())];
            let from = [203, 0, 115, u8::try_from(round % 250).unwrap_or(0)];
            sign_in(&world.anonymous(), from, &fields).await
        } else {
            somebody.post("/theme", &[("theme", "dark"), ("back", &next)]).await
        };
        let stays =
            answer.status == 303 && answer.location().starts_with('/') && live::is_own(answer.location());
        tally.check(stays, || format!("{next:?} leads to {:?} with {}", answer.location(), answer.status));
    }
}

/// Every pair of headers with every method. What no browser sends in good faith may be taken either way.
async fn changes_from_elsewhere(visitor: &Visitor, signed_in: bool, tally: &mut Tally) {
    for method in ["POST", "DELETE"] {
        for (fetched, origin) in FETCHED.iter().flat_map(|fetched| ORIGINS.map(|origin| (*fetched, origin))) {
            let mut request = visitor
                .request(method, "/theme")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            for (name, value) in [("sec-fetch-site", fetched), ("origin", origin)] {
                if let Some(value) = value {
                    request = request.header(name, value);
                }
            }
            let answer = visitor.send(request.body(Body::from("theme=dark")).expect("a request")).await;
            let done = answer.status == 303;
            let own_fetch = matches!(fetched, Some("same-origin" | "none"));
            let own_origin = origin == Some(OWN);
            let from_elsewhere = match (fetched, origin) {
                // Another scheme of the same host and port is nobody else's, as long as HSTS holds.
                _ if own_fetch || own_origin || origin == Some("https://127.0.0.1:8080") => false,
                (Some(site), _) if !site.is_empty() => true,
                (_, Some(origin)) if !origin.is_empty() => true,
                // Neither tells anything, be it that they are empty: no browser that keeps cookies.
                _ => signed_in,
            };
            let ours = method == "POST" && own_fetch && (own_origin || origin.is_none())
                || method == "POST" && fetched.is_none() && own_origin;
            let well = if from_elsewhere {
                answer.status == 403
            } else {
                (done || !ours) && (method == "POST" || !done)
            };
            tally.check(well, || {
                format!("{method} with Sec-Fetch-Site {fetched:?} and Origin {origin:?}: {}", answer.status)
            });
        }
    }
}
