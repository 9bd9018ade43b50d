//! Every text of Ada's dossier and about her leaders, and who finds it where: everybody reads every address, of every
//! thing, in each state of the dossier, and is searched for the marker of every field.

use std::collections::{BTreeMap, BTreeSet};

use evident::evidence::{Audience, NamedAnswer, NamedAs, Status};
use evident::review::{CorroborationAnswer, Judgement};

use super::Found;
use super::cast::{ADA, BEN, DORA, GITA, IRIS, KIRA, LENA, SETTINGS, Scene};
use super::http::MISSING;
use super::table::{Field, Table};
use crate::story::{Fact, NAMES, marker};

/// A text, with what the table of fields calls it.
struct Marked {
    marker: String,
    field: String,
}

/// One of everything, under the numbers by which it is called.
fn facts() -> Vec<Fact> {
    let entry = |n, status, audience| Fact::Entry { n, of: ADA, status, audience, days: 30, for_cto: true };
    let named = |entry, who, named_as, answer| Fact::Named { entry, who, named_as, answer, by_link: false };
    let said = |n, entry, who, days, settled| Fact::Said {
        n,
        entry,
        who,
        answer: CorroborationAnswer::Differs,
        days,
        settled,
        by_link: false,
        superseded: false,
    };
    let judgement = Judgement::NotYet;
    vec![
        entry(2, Status::Draft, Audience::Dossier),
        entry(3, Status::Withdrawn, Audience::Dossier),
        entry(4, Status::Final, Audience::Cto),
        entry(5, Status::Final, Audience::Dossier),
        named(5, LENA, NamedAs::Developed, Some(NamedAnswer::Unnamed)),
        named(5, IRIS, NamedAs::Partner, None),
        Fact::Asked { n: 1, entry: 1, who: BEN, closed: false },
        Fact::Asked { n: 2, entry: 4, who: BEN, closed: false },
        Fact::Asked { n: 3, entry: 5, who: BEN, closed: false },
        said(1, 1, BEN, 3, false),
        said(2, 5, DORA, 30, true),
        Fact::Judged { n: 1, entry: 1, by: DORA, judgement, released: None },
        Fact::Judged { n: 2, entry: 1, by: DORA, judgement, released: Some(3) },
        Fact::Commented { n: 1, entry: 1, by: DORA, released: None },
        Fact::Commented { n: 2, entry: 1, by: DORA, released: Some(3) },
        Fact::Sat { n: 1, over: ADA, by: DORA, released: None },
        Fact::Sat { n: 2, over: ADA, by: DORA, released: Some(3) },
        Fact::Planned { n: 1, of: ADA },
        Fact::Leave { of: ADA, n: 1 },
        Fact::Offered { n: 1, to: ADA, by: DORA },
        Fact::Reached { n: 1, who: GITA, by: Some(DORA), days: 10 },
        Fact::Reached { n: 2, who: IRIS, by: Some(ADA), days: 10 },
        Fact::Reached { n: 3, who: KIRA, by: None, days: 10 },
        Fact::Level { n: 1, who: ADA, by: None, reports_to: Some(DORA), days: 900 },
        Fact::Level { n: 2, who: IRIS, by: Some(ADA), reports_to: None, days: 900 },
    ]
}

fn marked(scene: &Scene) -> Vec<Marked> {
    let mut all = Vec::new();
    let mut add = |called: &str, kind: &str, n: u32, fields: &[(&str, &str)]| {
        for (field, name) in fields {
            all.push(Marked { marker: marker(kind, n, field), field: format!("{called}: {name}") });
        }
    };
    let entry = [
        ("title", "title"),
        ("situation", "situation"),
        ("action", "action"),
        ("impact", "impact"),
        ("cost", "cost"),
        ("link", "link"),
        ("update", "update"),
        ("before", "earlier impact"),
    ];
    for (n, called) in
        [(1, "a final entry"), (2, "a draft"), (3, "a withdrawn entry"), (4, "an entry for CTOs")]
    {
        add(called, "entry", n, &entry);
    }
    let answer = [("account", "account"), ("comment", "sentence"), ("reply", "reply")];
    add("an account that differs", "answer", 1, &answer);
    add("a settled account", "answer", 2, &[("account", "account"), ("settlement", "reason")]);
    add("a judgement kept", "judgement", 1, &[("reason", "reason")]);
    add("a judgement released", "judgement", 2, &[("reason", "reason"), ("reply", "reply")]);
    add("a comment kept", "comment", 1, &[("text", "text")]);
    add("a comment released", "comment", 2, &[("text", "text"), ("reply", "reply")]);
    let sitting = [("sentence", "sentence"), ("feedback", "feedback"), ("commitment", "commitment")];
    add("a sitting in the making", "sitting", 1, &sitting);
    add("a released sitting", "sitting", 2, &sitting);
    add("the plan", "plan", 1, &[("words", "action")]);
    add(
        "a conversation",
        "conversation",
        1,
        &[("with", "with whom"), ("notes", "notes"), ("steps", "steps")],
    );
    add("an opportunity", "opportunity", 1, &[("what", "what")]);
    add("a milestone of the one named, by a CTO", "milestone", 1, &[("what", "what")]);
    add("a milestone of a leader, by the owner", "milestone", 2, &[("what", "what")]);
    add("a milestone of a leader, by an admin", "milestone", 3, &[("what", "what")]);
    add("a level of the owner", "level", 1, &[("domain", "domain")]);
    add("a level of a leader whom the owner added", "level", 2, &[("domain", "domain")]);
    let mut one = |marker: String, field: &str| all.push(Marked { marker, field: field.into() });
    one("2187".into(), "leave: dates");
    one(NAMES[LENA].into(), "a leader who asked not to be named: name");
    one(NAMES[IRIS].into(), "a leader whom the owner added: name");
    one(scene.places.dossier(ADA).to_string(), "the dossier: address");
    all
}

/// Every address that a route has here.
fn addresses(scene: &Scene, path: &str, about: &str) -> Vec<String> {
    let places = &scene.places;
    let texts = |ids: Vec<uuid::Uuid>| ids.into_iter().map(|id| id.to_string()).collect::<Vec<_>>();
    let ids = match about {
        "a dossier" => texts(vec![places.dossier(ADA)]),
        "an entry" => texts((1..=5).map(|n| places.entry(n)).collect()),
        "a request" => texts((1..=3).map(|n| places.request(n)).collect()),
        "an account" => texts((1..=2).map(|n| places.answer(n)).collect()),
        "an assessment" => texts((1..=2).map(|n| places.judgement(n)).collect()),
        "a comment" => texts((1..=2).map(|n| places.comment(n)).collect()),
        "a person" => texts([ADA, GITA, IRIS, KIRA, LENA].map(|who| places.person(who)).to_vec()),
        "a milestone" => texts((1..=3).map(|n| places.milestone(n)).collect()),
        "an opportunity" => texts(vec![places.opportunity(1)]),
        "a planned action" | "a conversation" => texts(vec![places.plan(1)]),
        "an account holder" => texts(vec![places.account(ADA)]),
        "" => vec!["none".into()],
        _ => vec![MISSING.into()],
    };
    let of = |id: String| {
        if path == "/compare" {
            format!("/compare?dossier={id}&dossier={}", places.dossier(super::cast::MONA))
        } else {
            path.replace("{id}", &id).replace("{token}", &id)
        }
    };
    ids.into_iter().map(of).collect()
}

/// Who finds what where, in which states: everything that there is to be found.
type Sightings = BTreeMap<(String, &'static str, String), BTreeSet<usize>>;

/// Reads everything as everybody, and compares what is found with the table of fields.
pub async fn everything(scene: &mut Scene, table: &Table) -> Found {
    scene.plant(facts()).await;
    let marked = marked(scene);
    let mut sightings = Sightings::new();
    let mut found = Found::default();
    for (setting, (_, sharing, aim)) in SETTINGS.iter().enumerate() {
        scene.set(*sharing, *aim).await;
        for route in &table.routes {
            let Some(path) = route.route.strip_prefix("GET ") else { continue };
            for viewer in &scene.viewers {
                for address in addresses(scene, path, route.about) {
                    let answer = viewer.visitor.get(&address).await;
                    for text in &marked {
                        found.checks += 1;
                        // What is asked for is no find.
                        if answer.body.contains(&text.marker) && !address.contains(&text.marker) {
                            let sighting = (text.field.clone(), viewer.stands, path.to_owned());
                            sightings.entry(sighting).or_default().insert(setting);
                        }
                    }
                }
            }
        }
    }
    compare(sightings, table, &mut found);
    found
}

/// The states in the words of the table.
fn when(settings: &BTreeSet<usize>) -> String {
    match settings.iter().copied().collect::<Vec<_>>()[..] {
        [0, 1, 2, 3] => "always".into(),
        [1, 2] => "shared".into(),
        [0, 1, 2] => "not by choice".into(),
        ref some => some.iter().map(|place| SETTINGS[*place].0).collect::<Vec<_>>().join(", "),
    }
}

/// Folds sightings into rows as the page has them: of one text and one kind of viewer, all places; of one text and the
/// same places, all viewers; of the same viewers and places, all texts of one thing.
fn rows(sightings: Sightings) -> BTreeSet<Field> {
    let mut by_viewer: BTreeMap<(String, &str, String), Vec<String>> = BTreeMap::new();
    for ((field, who, place), settings) in sightings {
        by_viewer.entry((field, who, when(&settings))).or_default().push(place);
    }
    let mut by_text: BTreeMap<(String, String, Vec<String>), Vec<&str>> = BTreeMap::new();
    for ((field, who, when), places) in by_viewer {
        by_text.entry((field, when, places)).or_default().push(who);
    }
    let mut by_thing: BTreeMap<(String, String, String, Vec<String>), Vec<String>> = BTreeMap::new();
    for ((field, when, places), who) in by_text {
        let (thing, name) = field.split_once(": ").expect("a thing and its field");
        by_thing.entry((thing.into(), who.join(", "), when, places)).or_default().push(name.into());
    }
    let row = |((thing, who, when, places), names): ((String, _, _, _), Vec<String>)| Field {
        field: format!("{thing}: {}", names.join(", ")),
        who,
        when,
        places,
    };
    by_thing.into_iter().map(row).collect()
}

fn compare(sightings: Sightings, table: &Table, found: &mut Found) {
    let seen = rows(sightings);
    let told: BTreeSet<Field> = table.fields.iter().cloned().collect();
    for row in seen.difference(&told) {
        let Field { field, who, when, places } = row;
        let row = format!("| {field} | {who} | {when} | {} |", places.join(" "));
        found.check(false, || format!("found, and docs/authorization.md has no such row: {row}"));
    }
    for row in told.difference(&seen) {
        let Field { field, who, when, places } = row;
        let row = format!("| {field} | {who} | {when} | {} |", places.join(" "));
        found.check(false, || format!("told, and not found like this: {row}"));
    }
}
