//! What nobody sends in good faith, at every address: always a clear refusal, and never half a change. The harness
//! `bad-input` sends a great deal more of it.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::header;
use evident::accounts::Role;
use evident::routes::Route;

use crate::support::{Answer, Visitor, World, live};

const PATHS: [&str; 8] = [
    "019a0000-0000-7000-8000-000000000000",
    "not-an-id",
    "%FF",
    "%00",
    "..%2f..%2fetc",
    "019A0000-0000-7000-8000-00000000000A",
    "%F0%9F%92%A9",
    "{019a0000-0000-7000-8000-000000000000}",
];

async fn seq(world: &World) -> i64 {
    let mut tx = world.instance.db.read().await.expect("a read");
    evident::audit::head(&mut tx).await.expect("a head").0
}

fn form(pairs: impl IntoIterator<Item = (&'static str, String)>) -> Vec<u8> {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes()
}

/// The bodies that every address is sent, each with what it must be refused with where there is a form.
fn bodies() -> Vec<(&'static str, Vec<u8>, Option<u16>)> {
    vec![
        ("nothing", Vec::new(), None),
        ("no UTF-8", b"title=%FF%FE&email=%C3".to_vec(), Some(400)),
        ("raw bytes", vec![0xFF; 64], Some(400)),
        ("more than 2 MB", form([("title", "x".repeat(2_200_000))]), Some(413)),
        ("a title of 1 MB", form([("title", "x".repeat(1_000_000)), ("intent", "draft".into())]), None),
        ("ampersands", b"&&&&&=&=&".to_vec(), None),
        ("brackets", b"title[]=a&title[0]=b&person[x][y]=z".to_vec(), None),
        ("1,000 criteria", form((0..1_000).map(|n| ("criterion", format!("a/{n}")))), None),
        (
            "20,000 links",
            form([
                ("intent", "draft".into()),
                ("title", "Links".into()),
                ("links", (0..20_000).map(|n| format!("https://example.com/{n}\n")).collect()),
            ]),
            None,
        ),
        (
            "5,000 people",
            form(
                (0..5_000)
                    .map(|n| ("person", format!("Somebody {n}")))
                    .chain([("intent", "draft".into()), ("title", "People".into())]),
            ),
            None,
        ),
    ]
}

/// Somebody to whom every route is open, with an entry of their own.
async fn everyman(world: &World, name: &str) -> (Visitor, String) {
    let visitor = world.somebody(name, &[Role::Candidate, Role::Cto, Role::Committee, Role::Admin]).await;
    let fields = [
        ("intent", "publish"),
        ("title", "An entry to be tampered with"),
        ("from_month", "3"),
        ("from_year", "2026"),
        ("capability", "external-presence"),
    ];
    let entry = visitor.post("/evidence", &fields).await.expect(303).location().to_owned();
    (visitor, entry.trim_start_matches("/evidence/").to_owned())
}

#[track_caller]
fn clear(answer: &Answer, what: &str) {
    let status = answer.status.as_u16();
    assert!(status < 500, "{what}: {status} {}", answer.body);
    if status >= 400 {
        assert!(!answer.body.is_empty(), "{what}: {status} without a word");
    }
}

/// The links of an error summary that lead to no field of the page.
fn leading_nowhere(answer: &Answer) -> Vec<String> {
    if answer.status.as_u16() != 422 || !answer.header("content-type").starts_with("text/html") {
        return Vec::new();
    }
    let ids = answer.attributes("[id]", "id");
    let mut links = answer.attributes(".error-summary a[href^='#']", "href");
    links.retain(|link| !ids.contains(&link[1..].to_owned()));
    links
}

#[tokio::test]
async fn every_form_refuses_what_it_cannot_take_and_changes_nothing() {
    for world in World::on_both().await {
        let mut nowhere = BTreeSet::new();
        let (everyman, entry) = everyman(&world, "Ola Berg").await;
        let leaving = world.candidate("Leaving Soon").await;
        let person = everyman.actor().person.to_string();
        let account = everyman.actor().account.to_string();
        let routes = evident::server::routes::all();
        for Route { path, .. } in routes.listed().iter().filter(|route| route.method == "POST") {
            // Held by a test of its own: what it is sent is another page's form.
            if *path == "/sign-in/again" {
                continue;
            }
            // Served on demo servers alone; here it is a missing page, whatever is sent.
            if *path == "/sign-in/demo" {
                everyman.post_raw(path, vec![0xFF; 64]).await.expect(404);
                continue;
            }
            let own = if path.contains("/people/") {
                &person
            } else if path.contains("/accounts/") {
                &account
            } else {
                &entry
            };
            let address = path
                .replace("{id}", own)
                .replace("{token}", "nothing")
                .replace("{pitfall}", "own-domain-focus");
            let visitor = if *path == "/sign-out" { &leaving } else { &everyman };
            // These read no form, and do what they do whatever comes with it: once is enough.
            let bare = [
                "/sign-out",
                "/withdrawal",
                "/duplicate",
                "/removal",
                "/end",
                "/invitation",
                "/attempt",
                "/reversal",
                "/attempts",
                "/confirmation",
                "/release",
                "/durability",
            ];
            if bare.iter().any(|ending| path.ends_with(ending)) {
                clear(&visitor.post_raw(&address, vec![0xFF; 64]).await, &address);
                continue;
            }
            for (name, body, refusal) in bodies() {
                let before = seq(&world).await;
                let what = format!(
                    "{address} with {name} {}",
                    String::from_utf8_lossy(&body[..body.len().min(300)])
                );
                let answer = visitor.post_raw(&address, body).await;
                clear(&answer, &what);
                nowhere.extend(leading_nowhere(&answer).into_iter().map(|link| format!("{path} {link}")));
                if let Some(refusal) = refusal {
                    assert_eq!(answer.status.as_u16(), refusal, "{what}");
                }
                if answer.status.is_client_error() {
                    assert_eq!(seq(&world).await, before, "{what} was refused and changed something");
                }
            }
            let json = visitor
                .request("POST", &address)
                .header(header::CONTENT_TYPE, "application/json")
                .header("sec-fetch-site", "same-origin")
                .body(Body::from("{\"title\": 1}"))
                .expect("a request");
            assert_eq!(visitor.send(json).await.expect(415).status.as_u16(), 415, "{address}");
        }
        assert_eq!(nowhere, BTreeSet::new(), "every fault leads to its field");
        everyman.get("/settings").await.expect(200);
    }
}

#[tokio::test]
async fn every_path_and_parameter_that_makes_no_sense_is_refused() {
    for world in World::on_both().await {
        let (everyman, entry) = everyman(&world, "Ola Berg").await;
        let dossier =
            evident::evidence::dossiers::own(&world.instance, everyman.actor()).await.expect("one").id;
        let routes = evident::server::routes::all();
        for Route { method, path, .. } in routes.listed() {
            if path.contains('{') {
                for bad in PATHS {
                    let address = path.replace("{id}", bad).replace("{token}", bad);
                    let answer = if method == "GET" {
                        everyman.get(&address.replace('{', "%7B").replace('}', "%7D")).await
                    } else {
                        everyman.post(&address.replace('{', "%7B").replace('}', "%7D"), &[]).await
                    };
                    clear(&answer, &address);
                    let status = answer.status.as_u16();
                    // An unreadable id is a missing one; some forms are looked at before the row is.
                    assert!(matches!(status, 404 | 422), "{method} {address}: {status}");
                    assert!(method == "POST" || status == 404, "{address}: {status}");
                }
            }
            if method != "GET" || path.starts_with("/sign-in/demo") {
                continue;
            }
            let id = if path.starts_with("/dossiers/") { dossier.to_string() } else { entry.clone() };
            let id = match *path {
                "/people/{id}" => everyman.actor().person.to_string(),
                "/admin/accounts/{id}" => everyman.actor().account.to_string(),
                _ => id,
            };
            let address = path.replace("{id}", &id).replace("{token}", "nothing");
            // What is no such thing, or not theirs, is so with whatever query.
            let plain = everyman.get(&address).await.status.as_u16();
            // What isn't seen is cleaned away: nothing is left, as where nothing was typed.
            let [unseen, empty] = [
                everyman.get(&format!("{address}?q=%00")).await,
                everyman.get(&format!("{address}?q=")).await,
            ];
            clear(&unseen, &address);
            assert_eq!(unseen.status, empty.status, "{address}?q=%00");
            for (query, refused) in [
                ("nonsense=1", true),
                ("q=%FF", true),
                ("as_of=2026-02-30", true),
                ("as_of=0000-01-01", true),
                ("as_of=9999-01-01", true),
                ("lens=both", true),
                ("page=0", true),
                ("page=99999999999999999999999", true),
                ("page=-1", true),
                ("page=1&page=2", true),
                ("from=2026-13-01", true),
                ("capability=none-such", true),
                ("dossier=x", true),
                ("a%5B%5D=1&a%5B%5D=2", true),
                ("as_of=1900-01-01", false),
                ("as_of=2199-12-31", false),
                ("page=1000000", false),
                ("page=1000000&per_page=200", false),
                ("q=%25_%27%22%5C", false),
                ("q=%F0%9F%92%A9", false),
                ("&&&", false),
            ] {
                let answer = everyman.get(&format!("{address}?{query}")).await;
                let what = format!("{address}?{query}");
                clear(&answer, &what);
                let takes_none = matches!(*path, "/healthz" | "/readyz");
                if refused && !takes_none {
                    let status = answer.status.as_u16();
                    assert!(
                        matches!(status, 400 | 422) || plain >= 400 && status == plain,
                        "{what}: {status}"
                    );
                }
            }
        }
    }
}

#[test]
fn nothing_that_is_typed_lives_in_a_narrative() {
    for typed in [
        "<script>a()</script>",
        "<img src=x onerror=a()>",
        "[x](javascript:a())",
        "[x](&#106;avascript:a()) [y](JAVASCRIPT&colon;a())",
        "![x](https://example.com/a.png)",
        "[x](data:text/html,hi)",
        "[x](//example.com) [y](/own) [z](#here)",
        "<https://example.com/\" onclick=\"a()>",
        "<a href=\"javascript:1\">x</a>",
        "<svg/onload=a()>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=a()&gt;\">",
        "```\" onmouseover=\"a()\n</code><script>\n```",
        "| <b onclick=a()> |\n|:-:|\n| x |",
        "[x]: javascript:a()\n\n[x]",
    ] {
        let html = evident::web::markdown::to_html(typed);
        assert_eq!(live::in_narrative(&live::narrative(&html)), None, "{typed} gave {html}");
    }
}

#[tokio::test]
async fn nothing_that_is_typed_lives_in_a_page() {
    let world = World::on_sqlite().await;
    let everyman = world
        .somebody("Ola </title><b zq7>\" zq7='1", &[Role::Candidate, Role::Cto, Role::Committee, Role::Admin])
        .await;
    let fields = [
        ("intent", "publish"),
        ("title", "</title><script zq7>zq7()</script>"),
        ("from_month", "3"),
        ("from_year", "2026"),
        ("capability", "external-presence"),
        ("impact", "<img zq7 src=x onerror=zq7()> [x](javascript:zq7())"),
        ("links", "https://example.com/\"><b zq7>"),
    ];
    let entry = everyman.post("/evidence", &fields).await.expect(303).location().to_owned();
    everyman.post("/settings/sharing", &[("sharing", "committee")]).await.expect(303);
    let mut shown = 0;
    let refused = everyman.post("/evidence", &[("title", "\"><b zq7>"), ("intent", "\" zq7=\"1")]).await;
    let edit = everyman.get(&format!("{entry}/edit")).await;
    let mut pages = vec![refused.expect(422), edit.expect(200), everyman.get(&entry).await.expect(200)];
    for path in [
        "/",
        "/evidence",
        "/people",
        "/settings",
        "/committee",
        "/dossiers",
        "/admin/accounts",
        "/admin/audit",
    ] {
        pages.push(everyman.get(path).await.expect(200));
    }
    for page in pages {
        shown += usize::from(page.body.contains(live::MARK));
        assert_eq!(live::in_page(&scraper::Html::parse_document(&page.body)), None, "{}", page.body);
    }
    assert!(shown > 8, "what was typed is shown on {shown} pages");
}
