//! Signing in and out: sessions, throttling, links, and the gate.

use axum::body::Body;
use axum::http::header;
use chrono::TimeDelta;
use evident::accounts::{Role, actions};
use evident::clock::Clock;

use crate::support::{Answer, World};

const PASSWORD: &str = "harbour violet kettle sparrow";

#[tokio::test]
async fn a_password_opens_a_session_and_sign_out_ends_it() {
    for world in World::on_both().await {
        world.candidate("Ada Marsh").await;
        let browser = world.anonymous();
        let fields = [("email", "Ada.Marsh@example.com "), ("password", PASSWORD), ("next", "/settings")];
        let answer = browser.post("/sign-in", &fields).await.expect(303);
        assert_eq!(answer.location(), "/settings");
        let cookie = answer.header("set-cookie");
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"),
            "{cookie}"
        );
        let token = answer.session_token().expect("a token");

        let ada = browser.with_token(Some(&token));
        ada.get("/framework").await.expect(200);
        ada.post("/sign-out", &[]).await.expect(303);
        let answer = ada.get("/framework").await.expect(303);
        assert_eq!(answer.location(), "/sign-in?next=%2Fframework");
    }
}

#[tokio::test]
async fn unknown_and_known_names_are_answered_alike_and_slowed_down_alike() {
    for world in World::on_both().await {
        world.candidate("Ada Marsh").await;
        let browser = world.anonymous();
        let mut bodies = Vec::new();
        for email in ["ada.marsh@example.com", "nobody@example.com", "no-address", "a\0b"] {
            let answer =
                browser.post("/sign-in", &[("email", email), ("password", "wrong")]).await.expect(422);
            bodies.push(answer.body.replace(email, "EMAIL"));
        }
        assert_eq!(bodies, vec![bodies[0].clone(); 4]);
        for email in ["ada.marsh@example.com", "nobody@example.com"] {
            let mut last = 422;
            for _ in 0..7 {
                last = browser
                    .post("/sign-in", &[("email", email), ("password", "wrong")])
                    .await
                    .status
                    .as_u16();
            }
            assert_eq!(last, 429, "{email}");
        }
        let fields = [("email", "ada.marsh@example.com"), ("password", PASSWORD)];
        let answer = browser.post("/sign-in", &fields).await.expect(429);
        assert!(!answer.header("retry-after").is_empty());
    }
}

#[tokio::test]
async fn a_network_is_slowed_down_whichever_of_its_addresses_guess() {
    let world = World::on_sqlite().await;
    let browser = world.anonymous();
    let mut last = 0;
    for n in 0..8_u16 {
        let from = std::net::SocketAddr::from(([0x2001, 0xdb8, 1, 2, 0, 0, 0, n], 40_000));
        let request = browser
            .request("POST", "/sign-in")
            .extension(axum::extract::ConnectInfo(from))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(format!("email=somebody{n}%40example.com&password=wrong")));
        last = browser.send(request.expect("a request")).await.status.as_u16();
    }
    assert_eq!(last, 429);
}

#[tokio::test]
async fn a_wait_ends_by_itself() {
    for mut world in World::on_both().await {
        world.candidate("Ada Marsh").await;
        let browser = world.anonymous();
        for _ in 0..8 {
            browser.post("/sign-in", &[("email", "ada.marsh@example.com"), ("password", "wrong")]).await;
        }
        let later = world.instance.now() + TimeDelta::minutes(1);
        world.instance.clock = Clock::Fixed(later);
        world.assemble();
        let fields = [("email", "ada.marsh@example.com"), ("password", PASSWORD)];
        world.anonymous().post("/sign-in", &fields).await.expect(303);
    }
}

#[tokio::test]
async fn a_session_ends_idle_and_at_its_longest() {
    for mut world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let start = world.instance.now();
        let mut status_after = async |minutes: i64| {
            world.instance.clock = Clock::Fixed(start + TimeDelta::minutes(minutes));
            world.assemble();
            let browser = world.anonymous();
            let token = ada.request("GET", "/").body(Body::empty()).expect("a request").headers()
                [header::COOKIE]
                .to_str()
                .expect("text")
                .trim_start_matches("evident=")
                .to_owned();
            browser.with_token(Some(&token)).get("/framework").await.status.as_u16()
        };
        for minutes in (0..480).step_by(20) {
            assert_eq!(status_after(minutes).await, 200, "{minutes} minutes in");
        }
        assert_eq!(status_after(481).await, 303, "no session outlives eight hours");
    }
    for mut world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        world.instance.clock = Clock::Fixed(world.instance.now() + TimeDelta::minutes(31));
        world.assemble();
        let cookie = ada.request("GET", "/framework").body(Body::empty()).expect("a request");
        world.anonymous().send(cookie).await.expect(303);
    }
}

#[tokio::test]
async fn a_link_to_set_a_password_acts_once() {
    for world in World::on_both().await {
        let new = actions::NewAccount {
            name: "Bo Lind".into(),
            known_as: String::new(),
            email: "bo@example.com".into(),
            roles: vec![Role::Committee],
        };
        let link = actions::add_account(&world.instance, None, new).await.expect("an account").token;
        let browser = world.anonymous();
        let path = format!("/set-password/{link}");
        browser.get(&path).await.expect(200);
        let short = browser.post(&path, &[("password", "short")]).await.expect(422);
        assert!(short.body.contains("at least 15 characters"), "{}", short.body);
        browser.post(&path, &[("password", PASSWORD)]).await.expect(303);
        browser.post(&path, &[("password", PASSWORD)]).await.expect(404);
        browser.get(&path).await.expect(404);
    }
}

#[tokio::test]
async fn disabling_and_roles_hold_on_the_next_request() {
    for world in World::on_both().await {
        let admin = world.somebody("Rui Costa", &[Role::Admin]).await;
        let ada = world.somebody("Ada Marsh", &[Role::Admin, Role::Candidate]).await;
        let account = ada.actor().account;
        ada.get("/admin").await.expect(200);
        actions::set_roles(&world.instance, admin.actor(), account, &[Role::Candidate]).await.expect("roles");
        ada.get("/admin").await.expect(403);
        actions::set_disabled(&world.instance, admin.actor(), account, true).await.expect("disabled");
        ada.get("/framework").await.expect(303);
        actions::set_disabled(&world.instance, admin.actor(), account, false).await.expect("enabled");
        ada.get("/framework").await.expect(303);
    }
}

#[tokio::test]
async fn a_change_from_another_site_is_refused() {
    let world = World::on_sqlite().await;
    let ada = world.candidate("Ada Marsh").await;
    let request = |headers: &[(&str, &str)]| {
        let mut request = ada.request("POST", "/sign-out");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::empty()).expect("a request")
    };
    ada.send(request(&[("sec-fetch-site", "cross-site")])).await.expect(403);
    ada.send(request(&[("origin", "https://example.com")])).await.expect(403);
    ada.send(request(&[])).await.expect(403);
    // What is empty is none.
    ada.send(request(&[("origin", "")])).await.expect(403);
    ada.send(request(&[("sec-fetch-site", "")])).await.expect(403);
    ada.send(request(&[("origin", ""), ("sec-fetch-site", ""), ("origin", "http://127.0.0.1:8080")]))
        .await
        .expect(403);
    ada.send(request(&[("origin", "http://127.0.0.1:8080")])).await.expect(303);
}

#[tokio::test]
async fn what_follows_people_is_passed_over_and_not_carried_on() {
    for world in World::on_both().await {
        let (ada, cto) = (world.candidate("Ada Marsh").await, world.cto("Bela Lind").await);
        for (visitor, path) in [
            (&ada, "/evidence?q=a"),
            (&ada, "/people?q=a"),
            (&ada, "/framework?x="),
            (&cto, "/dossiers?q=a"),
            (&cto, "/dossiers.json?q=a"),
            (&cto, "/dossiers.csv?q=a"),
            (&world.anonymous(), "/sign-in?next=%2Fevidence"),
        ] {
            let plain = visitor.get(path).await;
            let followed = visitor.get(&format!("{path}&utm_source=mail&fbclid=zq&mc_eid=%FF&gclid=1")).await;
            assert_eq!(followed.status, plain.status, "{path}: {}", followed.body);
            assert_eq!(followed.body, plain.body, "{path}");
            let refused = visitor.get(&format!("{path}&source=mail")).await;
            assert!(refused.status == 422 || path.starts_with("/sign-in"), "{path}: {}", refused.status);
        }
        let lost = world.anonymous().get("/evidence?utm_source=mail&q=a&fbclid=1").await.expect(303);
        assert_eq!(lost.location(), "/sign-in?next=%2Fevidence%3Fq%3Da");
    }
}

#[tokio::test]
async fn the_gate_answers_each_as_it_should() {
    let world = World::on_sqlite().await;
    let anonymous = world.anonymous();
    let ada = world.candidate("Ada Marsh").await;
    anonymous.get("/committee").await.expect(303);
    anonymous.get("/committee.json").await.expect(401);
    anonymous.get("/committee.csv").await.expect(401);
    ada.get("/committee").await.expect(403);
    let answer = ada.get("/committee.json").await.expect(403);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    ada.get("/nowhere").await.expect(404);
    ada.post("/framework", &[]).await.expect(405);
    anonymous.post("/sign-in/demo", &[("role", "cto")]).await.expect(404);
    let answer = ada.get("/framework?colour=red").await.expect(422);
    assert!(
        answer.body.contains(r#"href="/framework">Open the page as it is"#),
        "a way back: {}",
        answer.body
    );
    assert!(answer.body.contains("colour"));
}

#[tokio::test]
async fn pages_are_kept_by_nobody_and_run_nothing_inline() {
    let world = World::on_sqlite().await;
    let ada = world.candidate("Ada Marsh").await;
    for answer in
        [ada.get("/framework").await, world.anonymous().get("/sign-in").await, ada.get("/nowhere").await]
    {
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(answer.header("content-security-policy").contains("script-src 'self'"));
        assert!(!answer.header("content-security-policy").contains("unsafe"));
    }
    let style = ada.get(evident::web::assets::url("/app.css")).await.expect(200);
    assert!(style.header("cache-control").contains("immutable"), "{}", style.header("cache-control"));
}

#[tokio::test]
async fn an_oversized_or_garbled_form_is_a_clear_refusal() {
    let world = World::on_sqlite().await;
    let browser = world.anonymous();
    let large = format!("email={}", "x".repeat(3 * 1024 * 1024));
    let answer = browser.post_raw("/sign-in", large.into_bytes()).await.expect(413);
    assert!(answer.body.contains("2 MB"));
    browser.post_raw("/sign-in", b"email=%FF".to_vec()).await.expect(400);
}

#[tokio::test]
async fn a_page_that_is_not_there_keeps_the_way_back() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let missing = ada.get("/nowhere").await.expect(404);
        assert!(missing.attributes("nav.site-nav a", "href").contains(&"/evidence".to_owned()));
        let missing = world.anonymous().get("/nowhere").await.expect(404);
        assert!(missing.attributes("nav.site-nav a", "href").is_empty());
        world.anonymous().get("/favicon.ico").await.expect(308);
    }
}

/// The fields that a page's form carries for the next request.
fn hidden(page: &crate::support::Answer) -> Vec<(String, String)> {
    let form = "main form.form input[type=hidden]";
    page.attributes(form, "name").into_iter().zip(page.attributes(form, "value")).collect()
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[tokio::test]
async fn a_form_whose_session_has_run_out_is_carried_through_sign_in_for_its_own_person() {
    const FORM: &[(&str, &str)] = &[
        ("title", "Twenty minutes of typing & more"),
        ("situation", "Line one\nLine two"),
        ("intent", "draft"),
    ];
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        world.candidate("Jonas Veld").await;
        ada.post("/sign-out", &[]).await.expect(303);

        let sent_on = ada.post("/evidence", FORM).await.expect(307);
        assert_eq!(sent_on.location(), "/sign-in/again?next=%2Fevidence");
        let page = ada.post(sent_on.location(), FORM).await.expect(200);
        assert!(page.body.contains("What you typed is kept on this page"), "{}", page.body);

        let sign_in = |email: &'static str| {
            let mut fields = hidden(&page);
            fields.extend([("email", email), ("password", PASSWORD)].map(|(n, v)| (n.into(), v.into())));
            fields
        };
        let wrong = [("email", "ada.marsh@example.com"), ("password", "not this one, surely")];
        let refused: Vec<(String, String)> =
            hidden(&page).into_iter().chain(wrong.map(|(n, v)| (n.into(), v.into()))).collect();
        let refused = ada.post("/sign-in", &borrowed(&refused)).await.expect(422);
        assert_eq!(hidden(&refused), hidden(&page), "a mistyped password loses nothing either");

        // Somebody else who signs in there is sent home, and sees none of it.
        ada.post("/sign-in", &borrowed(&sign_in("jonas.veld@example.com"))).await.expect(303);

        let back = ada.post("/sign-in", &borrowed(&sign_in("ada.marsh@example.com"))).await.expect(200);
        let token = back.session_token().expect("a session");
        assert_eq!(back.attributes("main form", "action"), ["/evidence"]);
        let typed = hidden(&back);
        assert_eq!(borrowed(&typed), FORM);
        let again = ada.with_token(Some(&token));
        let entry = again.post("/evidence", &borrowed(&typed)).await.expect(303);
        let saved = again.get(entry.location()).await.expect(200);
        assert!(saved.body.contains("Twenty minutes of typing &#38; more"), "{}", saved.body);
    }
}

#[tokio::test]
async fn what_is_carried_can_not_be_swapped_or_sent_elsewhere() {
    let world = World::on_sqlite().await;
    let ada = world.candidate("Ada Marsh").await;
    ada.post("/sign-out", &[]).await.expect(303);
    let page = ada.post("/sign-in/again?next=%2Fevidence", &[("title", "Mine")]).await.expect(200);
    for (field, value) in [("carried", "title=Swapped"), ("carried_to", "/settings/sharing")] {
        let mut fields = hidden(&page);
        fields.iter_mut().filter(|(name, _)| name == field).for_each(|(_, kept)| *kept = value.into());
        fields.push(("email".into(), "ada.marsh@example.com".into()));
        fields.push(("password".into(), PASSWORD.into()));
        assert_eq!(ada.post("/sign-in", &borrowed(&fields)).await.expect(303).location(), "/");
    }
    // Without a session of anybody, there is nobody to keep it for.
    let stranger = world.anonymous();
    stranger.post("/sign-in/again?next=%2Fevidence", &[("title", "Mine")]).await.expect(303);
    stranger.post("/evidence", &[("title", "Mine")]).await.expect(303);
}

/// Tries to sign in as Ada Marsh, from an address and perhaps in a browser that is known.
async fn tried(world: &World, from: std::net::IpAddr, device: Option<&str>, password: &str) -> Answer {
    let browser = match device {
        Some(device) => world.anonymous().with_cookie(&format!("evident-device={device}")),
        None => world.anonymous(),
    };
    let request = browser
        .request("POST", "/sign-in")
        .extension(axum::extract::ConnectInfo(std::net::SocketAddr::from((from, 40_000))))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin");
    let form = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("email", "ada.marsh@example.com"), ("password", password)])
        .finish();
    browser.send(request.body(Body::from(form)).expect("a request")).await
}

/// The token by which a browser is known that has just signed in.
fn device(answer: &Answer) -> String {
    let mut cookies =
        answer.headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    let kept = cookies.find_map(|cookie| cookie.strip_prefix("evident-device=")).expect("a device");
    assert!(kept.contains("HttpOnly") && kept.contains("Max-Age="), "{kept}");
    kept.split(';').next().expect("a token").to_owned()
}

const HOME: std::net::IpAddr = std::net::IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
const ELSEWHERE: std::net::IpAddr = std::net::IpAddr::V4(std::net::Ipv4Addr::new(198, 51, 100, 1));

#[tokio::test]
async fn guessing_elsewhere_keeps_nobody_out_of_their_own_browser() {
    for world in World::on_both().await {
        world.candidate("Ada Marsh").await;
        let first = device(&tried(&world, HOME, None, PASSWORD).await.expect(303));
        for _ in 0..9 {
            tried(&world, ELSEWHERE, None, "a wrong guess").await;
        }
        // Even from where it is guessed; and a token that nobody was given is worth nothing.
        tried(&world, HOME, Some("00"), PASSWORD).await.expect(429);
        let second = device(&tried(&world, ELSEWHERE, Some(&first), PASSWORD).await.expect(303));
        tried(&world, HOME, Some(&first), PASSWORD).await.expect(429);
        // Who guesses in it waits as well, and nobody else does for that.
        for _ in 0..7 {
            tried(&world, HOME, Some(&second), "a wrong guess").await;
        }
        let answer = tried(&world, HOME, Some(&second), PASSWORD).await.expect(429);
        assert!(answer.header("retry-after").parse::<i64>().is_ok_and(|seconds| seconds <= 30));
    }
}

#[tokio::test]
async fn a_browser_is_known_until_the_password_is_set_anew_or_its_session_is_ended_from_another() {
    for world in World::on_both().await {
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        let ada = world.candidate("Ada Marsh").await;
        let known = async |token: &str| {
            let mut tx = world.instance.db.read().await.expect("a read");
            let found: (i64,) = tx
                .query("select count(*) from sign_in_devices where token_hash = $1")
                .bind(evident::accounts::sessions::digest(token))
                .one()
                .await
                .expect("a count");
            found.0
        };
        let answer = tried(&world, HOME, None, PASSWORD).await.expect(303);
        let (phone, session) = (device(&answer), answer.session_token().expect("a session"));
        assert_eq!(known(&phone).await, 1);
        let on_phone = evident::accounts::sessions::actor(&world.instance, &session).await.expect("a read");
        let session = on_phone.expect("somebody").session().expect("a session");
        ada.post(&format!("/settings/sessions/{session}/end"), &[]).await.expect(303);
        assert_eq!(known(&phone).await, 0);

        let answer = tried(&world, HOME, None, PASSWORD).await.expect(303);
        let laptop = device(&answer);
        // Signing out is no reason to forget a browser.
        world
            .anonymous()
            .with_token(answer.session_token().as_deref())
            .post("/sign-out", &[])
            .await
            .expect(303);
        assert_eq!(known(&laptop).await, 1);
        let token =
            actions::invite_again(&world.instance, admin.actor(), ada.actor().account).await.expect("a link");
        let password = "another harbour and another kettle";
        world
            .anonymous()
            .post(&format!("/set-password/{token}"), &[("password", password)])
            .await
            .expect(303);
        assert_eq!(known(&laptop).await, 0);
    }
}

#[tokio::test]
async fn networks_are_slowed_down_and_others_are_not() {
    let world = World::on_sqlite().await;
    let at = |site: u16, network: u16| std::net::IpAddr::from([0x2001, 0xdb8, site, network, 0, 0, 0, 1]);
    let mut first_refused = None;
    for network in 0..20 {
        let browser = world.anonymous();
        let request = browser
            .request("POST", "/sign-in")
            .extension(axum::extract::ConnectInfo(std::net::SocketAddr::from((at(1, network), 40_000))))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(format!("email=nobody{network}%40example.com&password=wrong")));
        if browser.send(request.expect("a request")).await.status == 429 && first_refused.is_none() {
            first_refused = Some(network);
        }
    }
    // Twenty networks of 64 bits, one of 56: ten tries from it are looked at, and the next is not.
    assert_eq!(first_refused, Some(10));
    tried(&world, at(1, 0x100), None, "wrong").await.expect(422);
    tried(&world, at(2, 0), None, "wrong").await.expect(422);
}

#[tokio::test]
async fn waits_stay_bounded_when_the_clock_is_set_back_and_failures_are_forgotten() {
    for mut world in World::on_both().await {
        world.candidate("Ada Marsh").await;
        for _ in 0..12 {
            tried(&world, HOME, None, "a wrong guess").await;
            let later = world.instance.now() + TimeDelta::seconds(31);
            world.instance.clock = Clock::Fixed(later);
            world.assemble();
        }
        tried(&world, ELSEWHERE, None, "a wrong guess").await.expect(422);
        let now = world.instance.now();
        let mut at = async |time, password| {
            world.instance.clock = Clock::Fixed(time);
            world.assemble();
            tried(&world, ELSEWHERE, None, password).await
        };
        let told = at(now - TimeDelta::seconds(20), PASSWORD).await.expect(429);
        assert_eq!(told.header("retry-after"), "30");
        at(now - TimeDelta::days(3), PASSWORD).await.expect(303);
        let mut tx = world.instance.db.read().await.expect("a read");
        let count = "select count(*) from sign_in_failures";
        let (left,): (i64,) = tx.query(count).one().await.expect("a count");
        assert_ne!(left, 0);
        drop(tx);
        world.instance.clock = Clock::Fixed(now + TimeDelta::hours(25));
        actions::tidy(&world.instance).await.expect("tidied");
        let mut tx = world.instance.db.read().await.expect("a read");
        let (left,): (i64,) = tx.query(count).one().await.expect("a count");
        assert_eq!(left, 0);
    }
}
