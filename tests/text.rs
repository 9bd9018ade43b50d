//! What people type and paste, in whatever way their keyboard and programs write it.

use argon2::Argon2;
use argon2::password_hash::PasswordHasher;
use evident::accounts::actions::{self, NewAccount};
use evident::accounts::{Role, sessions};

use crate::support::{Visitor, World};

const PASSWORD: &str = "caf\u{E9} violet kettle sparrow";

/// An entry that can be published.
const ENTRY: [(&str, &str); 7] = [
    ("intent", "publish"),
    ("title", "Keynote"),
    ("from_day", "14"),
    ("from_month", "3"),
    ("from_year", "2026"),
    ("capability", "external-presence"),
    ("impact", "400 people"),
];

fn with<'f>(other: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let changed = |name: &str| other.iter().any(|(field, _)| *field == name);
    ENTRY.into_iter().filter(|(name, _)| !changed(name)).chain(other.iter().copied()).collect()
}

async fn log(visitor: &Visitor, other: &[(&str, &str)]) -> String {
    visitor.post("/evidence", &with(other)).await.expect(303).location().to_owned()
}

/// Adds an account as the command line does, and gives it a password.
async fn by_command(world: &World, name: &str, email: &str, password: &str) {
    let new = NewAccount {
        name: name.into(),
        known_as: String::new(),
        email: email.into(),
        roles: vec![Role::Candidate],
    };
    let added = actions::add_account(&world.instance, None, new).await.expect("an account");
    let token = actions::set_password(&world.instance, &added.token, password.into(), "test").await;
    sessions::actor(&world.instance, &token.expect("a password")).await.expect("a session");
}

async fn signs_in(world: &World, email: &str, password: &str) -> bool {
    world.anonymous().post("/sign-in", &[("email", email), ("password", password)]).await.status == 303
}

#[tokio::test]
async fn an_address_is_one_however_it_is_typed() {
    for world in World::on_both().await {
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        by_command(&world, "Ada Marsh", "Ada@Bücher.example", PASSWORD).await;
        for way in ["ada@bücher.example", "ada@xn--bcher-kva.example", "ADA@BU\u{308}CHER.example"] {
            assert!(signs_in(&world, way, PASSWORD).await, "{way}");
            let form = [("name", "Ben Ode"), ("email", way), ("role", "cto")];
            let taken = admin.post("/admin/accounts", &form).await.expect(422);
            assert!(taken.body.contains("exists already"), "{way}");
        }
        let list = admin.get("/admin/accounts?q=bücher").await.expect(200);
        assert_eq!(list.texts("td[data-label=Email]"), ["ada@bücher.example"]);
        let list = admin.get("/admin/accounts?q=xn--bcher").await.expect(200);
        assert_eq!(list.texts("tbody th"), ["Ada Marsh"]);

        // Kept in letters before hosts had one form.
        let mut tx = world.instance.db.write().await.expect("a write");
        let before = tx.query("update accounts set email = 'ada@bücher.example' where email like 'ada@%'");
        before.run_expecting(1).await.expect("put back");
        tx.commit().await.expect("kept");
        assert!(signs_in(&world, "ada@xn--bcher-kva.example", PASSWORD).await);
        let form = [("name", "Ben Ode"), ("email", "ada@xn--bcher-kva.example"), ("role", "cto")];
        admin.post("/admin/accounts", &form).await.expect(422);

        for (bad, said) in [
            ("ben@example", "missing"),
            ("ben@example.com, cleo@example.com", "several"),
            ("ben@[127.0.0.1]", "network address"),
        ] {
            let form = [("name", "Ben Ode"), ("email", bad), ("role", "cto")];
            let refused = admin.post("/admin/accounts", &form).await.expect(422);
            assert_eq!(refused.attributes(".error-summary a", "href"), ["#email"]);
            assert!(refused.texts("#email-error").concat().contains(said), "{bad}");
        }
        let form = [("name", "Ben Ode"), ("email", "Ben Ode <ben@example.com>"), ("role", "cto")];
        admin.post("/admin/accounts", &form).await.expect(200);
        let list = admin.get("/admin/accounts?q=ben").await.expect(200);
        assert_eq!(list.texts("td[data-label=Email]"), ["ben@example.com"]);
    }
}

#[tokio::test]
async fn a_password_is_one_however_it_is_typed() {
    for world in World::on_both().await {
        by_command(&world, "Ada Marsh", "ada@example.com", PASSWORD).await;
        let apart = "cafe\u{301} violet\u{A0}kettle sparrow";
        assert!(signs_in(&world, "ada@example.com", apart).await);
        assert!(!signs_in(&world, "ada@example.com", "cafe violet kettle sparrow").await);

        // Hashed as it was typed, by a version that did so.
        let old = Argon2::default().hash_password(apart.as_bytes()).expect("hashed").to_string();
        let mut tx = world.instance.db.write().await.expect("a write");
        let put = tx.query("update accounts set password_hash = $1 where email = 'ada@example.com'");
        put.bind(old).run_expecting(1).await.expect("put back");
        tx.commit().await.expect("kept");
        assert!(!signs_in(&world, "ada@example.com", PASSWORD).await);
        assert!(signs_in(&world, "ada@example.com", apart).await, "it still fits");
        assert!(signs_in(&world, "ada@example.com", PASSWORD).await, "and was hashed anew");
    }
}

#[tokio::test]
async fn pasted_text_is_made_harmless_and_not_refused() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let entry = log(
            &ada,
            &[
                ("title", "\u{FEFF}Trans\u{AD}for\u{200B}mation\u{202E} \u{2066}done"),
                ("impact", "one\u{B}two\u{C}three\0 می\u{200C}خواهم 👩\u{200D}💻\u{200F}"),
            ],
        )
        .await;
        let page = ada.get(&entry).await.expect(200);
        assert_eq!(page.texts("h1"), ["Transformation done"]);
        assert!(page.body.contains("one<br>\ntwo<br>\nthree می\u{200C}خواهم 👩\u{200D}💻<"), "{}", page.body);
        for q in
            ["transformation", "trans%C2%ADfor%E2%80%8Bmation", "%D9%85%DB%8C%D8%AE%D9%88%D8%A7%D9%87%D9%85"]
        {
            let found = ada.get(&format!("/evidence?q={q}")).await.expect(200);
            assert_eq!(found.texts(".list .entry h2"), ["Transformation done"], "{q}");
        }
    }
}

#[tokio::test]
async fn a_name_can_be_seen_and_is_pointed_out_where_it_looks_like_anothers() {
    for world in World::on_both().await {
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        let ada = world.candidate("Ada Marsh").await;
        let unseen =
            admin.post("/people", &[("name", "\u{200B}\u{3164}"), ("organization", "internal")]).await;
        assert!(
            unseen.expect(422).texts("#name-error").concat().contains("Nothing of what is here can be seen")
        );
        let twin = "Аdа Rnarsh";
        let pointed =
            admin.post("/people", &[("name", twin), ("organization", "internal")]).await.expect(422);
        assert!(pointed.texts("#name-error").concat().contains("is or looks the same: Ada Marsh"));
        let meant = [("name", twin), ("organization", "internal"), ("different", "yes")];
        admin.post("/people", &meant).await.expect(303);

        let form = [("name", "Ada Mаrsh"), ("email", "ada.twin@example.com"), ("role", "cto")];
        let added = admin.post("/admin/accounts", &form).await.expect(200);
        let told = added.texts(".notice").concat();
        assert!(told.contains("somebody whose name looks the same: Ada Marsh"), "{told}");
        let form = [("name", "Ben Ode"), ("email", "ben@example.com"), ("role", "cto")];
        let added = admin.post("/admin/accounts", &form).await.expect(200);
        assert!(!added.texts(".notice").concat().contains("looks the same"));

        let row = [("person", "Mina Satо"), ("as", "peer")];
        let asked = ada.post("/evidence", &with(&row)).await.expect(422);
        let told = asked.texts("#organization-0-error").concat();
        assert!(told.contains("somebody whose name looks the same: Mina Sato"), "{told}");
    }
}

#[tokio::test]
async fn two_addresses_on_a_line_are_two_links() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let typed = "https://example.com/a, https://example.com/b,c https://example.com/\u{200B}d";
        let entry = log(
            &ada,
            &[("links", typed), ("impact", "See https://example.com/e.\nOr [Kim](mailto:kim@example.com)")],
        )
        .await;
        let page = ada.get(&entry).await.expect(200);
        let links = page.attributes("main a[rel]", "href");
        for link in ["a", "b,c", "d", "e"] {
            assert!(links.contains(&format!("https://example.com/{link}")), "{link}: {links:?}");
        }
        assert!(page.body.contains("<br>\nOr Kim (kim@example.com)"), "{}", page.body);
        let long = format!("https://example.com/{}", "ä".repeat(400));
        let refused = ada.post("/evidence", &with(&[("links", &long)])).await.expect(422);
        assert!(refused.texts("#links-error").concat().contains("2420 as it is kept"));
    }
}
