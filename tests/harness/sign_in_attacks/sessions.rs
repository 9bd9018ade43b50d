//! Sessions: none is fixed, forged or revived, and what an admin takes away is gone on the next request.

use axum::http::header;
use chrono::TimeDelta;
use evident::accounts::{Role, actions};
use evident::policy::Access;
use evident::server::routes;
use tokio::task::JoinSet;

use super::{PASSWORD, Tally, pass, sign_in};
use crate::dice::Dice;
use crate::support::{Visitor, World};

/// How many requests are under way while a session ends.
const LATE: usize = 12;

pub async fn round(world: &mut World, dice: &mut Dice, round: u64, tally: &mut Tally) {
    let name = format!("Sess {round}");
    let email = format!("sess.{round}@example.com");
    let somebody = world.somebody(&name, &[Role::Candidate, Role::Cto, Role::Committee, Role::Admin]).await;
    let account = somebody.actor().account;
    let enter = async |world: &World, with: Option<&str>| {
        let browser = world.anonymous().with_token(with);
        let from = [203, 0, 113, u8::try_from(round % 250).unwrap_or(0)];
        let answer = sign_in(&browser, from, &[("email", &email), ("password", PASSWORD)]).await;
        answer.session_token().expect("a session")
    };

    // A session that was there before signing in is not the one after it.
    let planted = hex::encode([dice.byte(); 32]);
    let token = enter(world, Some(&planted)).await;
    tally.check(token != planted, || "a planted session was taken up".into());
    tally.check(!is_open(world, &planted).await, || "a planted session is open".into());
    let second = enter(world, Some(&token)).await;
    tally.check(second != token, || "signing in again kept the session".into());

    for forged in forged(dice, &token) {
        let request = world.anonymous().request("GET", "/framework").header(header::COOKIE, &forged);
        let Ok(request) = request.body(axum::body::Body::empty()) else { continue };
        let answer = world.anonymous().send(request).await;
        tally.check(answer.status == 303, || format!("the cookie {forged} gave {}", answer.status));
    }

    // Requests that are under way while a session ends, each of which notes that it is in use, don't revive it.
    pass(world, TimeDelta::minutes(2));
    let browser = world.anonymous().with_token(Some(&token));
    let mut late = JoinSet::new();
    for n in 0..LATE {
        let browser = world.again(&browser);
        late.spawn(async move {
            tokio::time::sleep(std::time::Duration::from_micros(n as u64 * 200)).await;
            browser.get("/framework").await.status.as_u16()
        });
    }
    browser.post("/sign-out", &[]).await;
    tally.check(!is_open(world, &token).await, || "a session is open right after sign-out".into());
    while let Some(status) = late.join_next().await {
        let status = status.expect("an answer");
        tally.check(matches!(status, 200 | 303), || format!("a late request: {status}"));
    }
    pass(world, TimeDelta::minutes(1));
    tally.check(!is_open(world, &token).await, || "a late request revived a session".into());
    tally.check(is_open(world, &second).await, || "sign-out ended another session too".into());

    roles_and_disabling(world, account, &second, round, tally).await;
}

async fn roles_and_disabling(world: &World, account: uuid::Uuid, token: &str, round: u64, tally: &mut Tally) {
    let admin = world.somebody(&format!("Sessadmin {round}"), &[Role::Admin]).await;
    let browser = world.anonymous().with_token(Some(token));
    let served = routes::all().listed().to_vec();
    for left in [Role::Candidate, Role::Cto, Role::Committee, Role::Admin] {
        actions::set_roles(&world.instance, admin.actor(), account, &[left]).await.expect("roles");
        for route in served.iter().filter(|route| route.method == "GET" && !route.path.contains('{')) {
            let Access::Roles(roles) = route.terms.access else { continue };
            let refused = browser.get(route.path).await.status == 403;
            tally.check(refused != roles.contains(&left), || {
                format!("{} with {left} alone: {}", route.path, if refused { "refused" } else { "served" })
            });
        }
    }
    let disabled =
        async |on| actions::set_disabled(&world.instance, admin.actor(), account, on).await.expect("done");
    disabled(true).await;
    tally.check(!is_open(world, token).await, || "a disabled account's session is open".into());
    disabled(false).await;
    tally.check(!is_open(world, token).await, || "enabling an account revived a session".into());
}

async fn is_open(world: &World, token: &str) -> bool {
    let browser: Visitor = world.anonymous().with_token(Some(token));
    browser.get("/framework").await.status == 200
}

/// Cookies that are close to a session's, and open none.
fn forged(dice: &mut Dice, token: &str) -> Vec<String> {
    let mut forged: Vec<String> = [
        "",
        "0",
        "null",
        "undefined",
        "' or 1=1 --",
        "%00",
        "\u{FF10}",
        "..",
        "{}",
        "[]",
        "true",
        "-1",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ]
    .map(|value| format!("evident={value}"))
    .into();
    for at in 0..token.len() {
        let other = char::from_digit(u32::from(dice.byte()) % 16, 16).unwrap_or('0');
        let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
        if changed != token {
            forged.push(format!("evident={changed}"));
        }
    }
    let stored = hex::encode(evident::accounts::sessions::digest(token));
    let other_case: String = token.to_uppercase();
    forged.extend([
        format!("evident={}", &token[..63]),
        format!("evident={token}0"),
        format!("evident={token}{token}"),
        format!("evident={stored}"),
        format!("Evident={token}"),
        format!("__Host-evident={token}"),
        format!("evident2={token}"),
        format!("theme={token}"),
    ]);
    if other_case != token {
        forged.push(format!("evident={other_case}"));
    }
    forged
}
