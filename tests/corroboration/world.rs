//! A company for these tests: a candidate, a peer of another domain, a CTO, and an entry.

use evident::accounts::Role;
use evident::audit::{Change, Event, Origin};
use evident::people::store::{NewLevel, insert_level};
use evident::review;
use uuid::Uuid;

use crate::support::{Visitor, World};

/// The fields of an entry that can be published.
pub const ENTRY: &[(&str, &str)] = &[
    ("intent", "publish"),
    ("title", "Settled who owns identity"),
    ("from_month", "3"),
    ("from_year", "2026"),
    ("to_month", "4"),
    ("to_year", "2026"),
    ("capability", "cross-domain-leadership"),
    ("criterion", "cross-domain-leadership/lasting-conflict-resolution"),
    ("impact", "Three domains stopped paging each other."),
];

/// The part of a row of people.
pub fn names<'f>(name: &'f str, part: &'f str, organization: &'f str) -> Vec<(&'f str, &'f str)> {
    vec![
        ("person", name),
        ("as", part),
        ("organization", organization),
        ("works_at", ""),
        ("level", ""),
        ("domain", ""),
    ]
}

/// Some fields with others after them.
pub fn with<'f>(fields: &[(&'f str, &'f str)], other: Vec<(&'f str, &'f str)>) -> Vec<(&'f str, &'f str)> {
    let mut all: Vec<_> = fields
        .iter()
        .filter(|(name, _)| !other.iter().any(|(changed, _)| changed == name))
        .copied()
        .collect();
    all.extend(other);
    all
}

/// Logs an entry and gives its address.
pub async fn log(visitor: &Visitor, fields: &[(&str, &str)]) -> String {
    visitor.post("/evidence", fields).await.expect(303).location().to_owned()
}

/// The id at the end of an address.
pub fn id(address: &str) -> Uuid {
    address.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id")
}

/// Gives somebody a level, as an admin would.
pub async fn level(world: &World, person: Uuid, level: &str, domain: &str, reports_to: Option<Uuid>) {
    let mut change = Change::begin_alone(&world.instance, Origin::CommandLine).await.expect("a change");
    let (id, at) = (world.instance.ids.new_id(change.at()), change.at());
    let new = NewLevel {
        level: level.into(),
        from: "2020-01-01".parse().expect("a day"),
        domain: Some(domain.into()).filter(|domain: &String| !domain.is_empty()),
        reports_to,
    };
    insert_level(change.tx(), id, person, &new, None, at).await.expect("a level");
    review::store::touch_resting_on(change.tx(), person).await.expect("touched");
    change.record(Event::LevelRecorded, Some(person), &());
    change.commit().await.expect("kept");
}

/// A candidate of Payments, a peer of Platform and a CTO, all with accounts and levels.
pub async fn company(world: &World) -> (Visitor, Visitor, Visitor) {
    let ada = world.candidate("Ada Marsh").await;
    let ben = world.somebody("Ben Ito", &[Role::Candidate]).await;
    let ruth = world.cto("Ruth Okafor").await;
    level(world, ada.actor().person, "E1", "Payments", Some(ruth.actor().person)).await;
    level(world, ben.actor().person, "E1", "Platform", Some(ruth.actor().person)).await;
    level(world, ruth.actor().person, "CTO", "", None).await;
    (ada, ben, ruth)
}

/// The open notices of somebody: kinds and paths.
pub async fn notices(world: &World, visitor: &Visitor) -> Vec<(String, String)> {
    let mut tx = world.instance.db.read().await.expect("a read");
    tx.query(
        "select kind, path from notices where account_id = $1 and settled_at is null order by told_at, id",
    )
    .bind(visitor.actor().account)
    .all()
    .await
    .expect("notices")
}

/// Asks somebody with an account, and gives the address at which they answer.
pub async fn ask(world: &World, owner: &Visitor, entry: &str, whom: &Visitor) -> String {
    let person = whom.actor().name.clone();
    let fields = [("person", "other"), ("other", person.as_str())];
    owner.post(&format!("{entry}/requests"), &fields).await.expect(200);
    let told = notices(world, whom).await;
    let asked = told.iter().rev().find(|(kind, _)| kind == "corroboration" || kind == "durability");
    asked.expect("a notice").1.clone()
}

/// Asks somebody without an account, and gives the address of the link.
pub async fn ask_by_link(owner: &Visitor, entry: &str, name: &str, email: &str) -> String {
    let fields = [("person", "other"), ("other", name), ("email", email)];
    let page = owner.post(&format!("{entry}/requests"), &fields).await.expect(200);
    let link = page.texts("[role=status] code").remove(0);
    link.strip_prefix("http://127.0.0.1:8080").expect("an address of this site").to_owned()
}
