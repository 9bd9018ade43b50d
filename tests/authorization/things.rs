//! The things that routes are about, in their states: how somebody stands to each, and how it comes to be.

use std::collections::HashMap;

use evident::accounts::sessions::digest;
use evident::evidence::{Audience, Status};
use evident::review::{CorroborationAnswer, Judgement};
use uuid::Uuid;

use super::case::{Case, Word};
use super::cast::{ADA, BEN, CLEO, DORA, GITA, HUGO, IRIS, JUDE, KIRA, MONA, Scene, Viewer, developed};
use super::http::Extent;
use crate::story::{Fact, Who};

/// A thing in a state, of which there can be several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Thing {
    Dossier,
    Entry(Status, Audience),
    /// Of an entry; taken back or not.
    Request(Status, Audience, bool),
    /// Of an entry; by whom.
    Account(Status, Audience, Who),
    /// Of an entry; released or not.
    Assessment(Status, bool),
    Comment(Status, bool),
    Person(Who),
    /// Whose; by whom.
    Level(Who, Who),
    Milestone(Who, Option<Who>),
    Opportunity,
    Session,
    Notice,
    Leave,
    Planned,
    Conversation,
    Holder,
    Merge,
    Job,
    AnswerLink,
    PasswordLink,
    /// An answer by link that nobody vouched for, on whose evidence.
    Waiting(Who),
    /// An answer by link on Ada's evidence, and who vouched for it.
    Vouched(Who),
    Domain,
}

/// The things of a kind, as the table of routes names it.
pub fn things(about: &str, extent: Extent) -> Vec<Thing> {
    use Audience::{Cto, Dossier};
    use Status::{Draft, Final, Withdrawn};
    let entries = [
        (Final, Dossier),
        (Final, Cto),
        (Draft, Dossier),
        (Withdrawn, Dossier),
        (Draft, Cto),
        (Withdrawn, Cto),
    ];
    let few = if extent == Extent::Full { 6 } else { 1 };
    let entries = &entries[..if extent == Extent::Full { 6 } else { 4 }];
    match about {
        "a dossier" => vec![Thing::Dossier],
        "an entry" => entries.iter().map(|(s, a)| Thing::Entry(*s, *a)).collect(),
        "a request" => {
            let of = |closed| entries.iter().map(move |(s, a)| Thing::Request(*s, *a, closed));
            of(false).chain(of(true).take(few)).collect()
        }
        "an account" => {
            let of = |by| entries.iter().map(move |(s, a)| Thing::Account(*s, *a, by));
            of(BEN).chain(of(DORA).take(few)).collect()
        }
        "an assessment" => {
            [Final, Withdrawn].iter().flat_map(|s| [true, false].map(|r| Thing::Assessment(*s, r))).collect()
        }
        "a comment" => {
            [Final, Withdrawn].iter().flat_map(|s| [true, false].map(|r| Thing::Comment(*s, r))).collect()
        }
        "a person" => [IRIS, KIRA, JUDE, ADA].map(Thing::Person).to_vec(),
        "a level" => vec![
            Thing::Level(IRIS, ADA),
            Thing::Level(KIRA, ADA),
            Thing::Level(JUDE, DORA),
            Thing::Level(GITA, BEN),
        ],
        "a milestone" => vec![
            Thing::Milestone(IRIS, Some(ADA)),
            Thing::Milestone(KIRA, None),
            Thing::Milestone(JUDE, Some(DORA)),
            Thing::Milestone(GITA, Some(DORA)),
        ],
        "an opportunity" => vec![Thing::Opportunity],
        "a session" => vec![Thing::Session],
        "a notice" => vec![Thing::Notice],
        "a leave" => vec![Thing::Leave],
        "a planned action" => vec![Thing::Planned],
        "a conversation" => vec![Thing::Conversation],
        "an account holder" => vec![Thing::Holder],
        "a merge" => vec![Thing::Merge],
        "a job" => vec![Thing::Job],
        "an answer that waits" => [ADA, CLEO].map(Thing::Waiting).to_vec(),
        "what somebody vouched for" => [DORA, HUGO].map(Thing::Vouched).to_vec(),
        "a listed domain" => vec![Thing::Domain],
        "a link to answer" => vec![Thing::AnswerLink],
        "a link to choose a password" => vec![Thing::PasswordLink],
        _ => panic!("tests/authorization/http.rs: things() knows no “{about}”"),
    }
}

/// Whether what a thing is about depends on the state of Ada's dossier.
pub fn depends(thing: Thing) -> bool {
    matches!(
        thing,
        Thing::Dossier
            | Thing::Entry(..)
            | Thing::Request(..)
            | Thing::Account(..)
            | Thing::Assessment(..)
            | Thing::Comment(..)
    )
}

/// How somebody stands to a thing.
pub fn case(scene: &Scene, viewer: &Viewer, thing: Thing) -> Case {
    let is = |who: Who| viewer.who == Some(who);
    let roles = Case::of(viewer.roles());
    let own = || roles.clone().with(Word::Owner, is(ADA));
    match thing {
        Thing::Dossier => roles.over(scene.dossier(viewer)),
        Thing::Entry(status, audience) => scene.entry(viewer, status, audience),
        Thing::Request(status, audience, closed) => {
            scene.entry(viewer, status, audience).with(Word::Asked, is(BEN)).with(Word::TakenBack, closed)
        }
        Thing::Account(status, audience, by) => {
            scene.entry(viewer, status, audience).with(Word::Author, is(by))
        }
        Thing::Assessment(status, released) | Thing::Comment(status, released) => scene
            .entry(viewer, status, Audience::Dossier)
            .with(Word::Author, is(DORA))
            .with(Word::Released, released),
        Thing::Person(who) | Thing::Level(who, _) | Thing::Milestone(who, _) => {
            let by = match thing {
                Thing::Level(_, by) => Some(by),
                Thing::Milestone(_, by) => by,
                _ => None,
            };
            // Of those whom Ada added, nobody else knows: no published entry names them here.
            roles
                .with(Word::Person, is(who))
                .with(Word::Added, who == IRIS && is(ADA))
                .with(Word::Known, who != IRIS)
                .with(Word::WithoutAccount, [IRIS, KIRA].contains(&who))
                .with(Word::Recorded, by.is_some_and(is))
                .with(Word::ByAdmin, matches!(thing, Thing::Milestone(_, None)))
                .with(Word::Rests, matches!(thing, Thing::Milestone(GITA, _)) && is(ADA))
        }
        Thing::Session | Thing::Notice | Thing::Leave | Thing::Planned | Thing::Conversation => own(),
        Thing::AnswerLink => own().with(Word::Usable, true).with(Word::InSession, viewer.who.is_some()),
        Thing::PasswordLink => roles.with(Word::Usable, true),
        Thing::Waiting(of) => roles.with(Word::Owner, is(of)),
        Thing::Vouched(by) => roles.with(Word::Author, is(by)),
        Thing::Opportunity | Thing::Holder | Thing::Merge | Thing::Job | Thing::Domain => roles,
    }
}

/// Makes several of a thing, and gives what stands for each in an address.
async fn make(scene: &mut Scene, thing: Thing, number: usize) -> Vec<String> {
    let mut facts = Vec::new();
    let mut ids: Vec<Uuid> = Vec::new();
    for _ in 0..number {
        let n = scene.number();
        let of = |status, audience| Fact::Entry { n, of: ADA, status, audience, days: 30, for_cto: false };
        let places = &scene.places;
        ids.push(match thing {
            Thing::Dossier => places.dossier(ADA),
            Thing::Entry(status, audience) => {
                facts.push(of(status, audience));
                facts.extend(developed(n));
                places.entry(n)
            }
            Thing::Request(status, audience, closed) => {
                facts.extend([of(status, audience), Fact::Asked { n, entry: n, who: BEN, closed }]);
                places.request(n)
            }
            Thing::Account(status, audience, who) => {
                let answer = CorroborationAnswer::Differs;
                facts.extend([
                    of(status, audience),
                    Fact::Said {
                        n,
                        entry: n,
                        who,
                        answer,
                        days: 3,
                        settled: false,
                        by_link: false,
                        superseded: false,
                    },
                ]);
                places.answer(n)
            }
            Thing::Assessment(status, released) => {
                let (judgement, released) = (Judgement::NotYet, released.then_some(3));
                facts.extend([
                    of(status, Audience::Dossier),
                    Fact::Judged { n, entry: n, by: DORA, judgement, released },
                ]);
                places.judgement(n)
            }
            Thing::Comment(status, released) => {
                let released = released.then_some(3);
                facts.extend([
                    of(status, Audience::Dossier),
                    Fact::Commented { n, entry: n, by: DORA, released },
                ]);
                places.comment(n)
            }
            Thing::Person(who) => places.person(who),
            Thing::Level(who, by) => {
                facts.push(Fact::Level { n, who, by: Some(by), reports_to: None, days: 10 });
                places.level(n)
            }
            Thing::Milestone(who, by) => {
                facts.push(Fact::Reached { n, who, by, days: 10 });
                places.milestone(n)
            }
            Thing::Opportunity => {
                facts.push(Fact::Offered { n, to: ADA, by: DORA });
                places.opportunity(n)
            }
            Thing::Leave => {
                facts.push(Fact::Leave { of: ADA, n });
                places.leave(n)
            }
            Thing::Planned | Thing::Conversation => {
                facts.push(Fact::Planned { n, of: ADA });
                places.plan(n)
            }
            Thing::Holder => places.account(MONA),
            Thing::Waiting(of) => {
                let (status, audience) = (Status::Final, Audience::Dossier);
                facts.push(Fact::Entry { n, of, status, audience, days: 30, for_cto: false });
                places.entry(n)
            }
            Thing::Vouched(_) => {
                facts.push(of(Status::Final, Audience::Dossier));
                places.entry(n)
            }
            Thing::Session
            | Thing::Notice
            | Thing::Merge
            | Thing::Job
            | Thing::AnswerLink
            | Thing::Domain
            | Thing::PasswordLink => places.entry(n),
        });
    }
    scene.plant(facts).await;
    for id in &ids {
        by_hand(scene, thing, *id).await;
    }
    let text = |id: &Uuid| if is_link(thing) { id.simple().to_string() } else { id.to_string() };
    ids.iter().map(text).collect()
}

fn is_link(thing: Thing) -> bool {
    matches!(thing, Thing::AnswerLink | Thing::PasswordLink)
}

/// What stories don't tell of.
async fn by_hand(scene: &mut Scene, thing: Thing, id: Uuid) {
    let (ada, mona) = (scene.places.account(ADA), scene.places.account(MONA));
    match thing {
        Thing::Session => {
            let sql = "insert into sessions (id, account_id, token_hash, user_agent, created_at, last_seen_at, expires_at) \
                       values ($1, $2, $3, 'Another browser', $4, $4, $5)";
            let mut tx = scene.world.instance.db.write().await.expect("a write");
            let query = tx.query(sql).bind(id).bind(ada);
            let query = query.bind(digest(&id.to_string())).bind(scene.places.at);
            let later = scene.places.at + chrono::TimeDelta::hours(1);
            query.bind(later).run_expecting(1).await.expect("a session");
            tx.commit().await.expect("kept");
        }
        Thing::Notice => {
            let sql = "insert into notices (id, account_id, kind, about, path, told_at) values ($1, $2, 'release', $3, '/evidence', $4)";
            scene.run(sql, id, &[ada, id]).await;
        }
        Thing::Merge => {
            let sql = "insert into people (id, name, organization, merged_into, created_at) \
                       values ($1, 'Nils', 'internal', $2, $3)";
            let kept = scene.places.person(KIRA);
            scene.run(sql, id, &[kept]).await;
            let sql = "insert into person_merges (id, survivor, merged, merged_by, merged_at) values ($1, $2, $3, $4, $5)";
            scene.run(sql, id, &[kept, id, ada]).await;
        }
        Thing::Waiting(_) => {
            let sql = "insert into corroborations (id, entry_id, person_id, position, answer, on_date, comment, revision, \
                       created_at, via) select $1, $1, $2, 0, 'confirmed', e.from_date, '', 1, $3, 'link' from entries e \
                       where e.id = $1";
            let kira = scene.places.person(KIRA);
            scene.run(sql, id, &[kira]).await;
        }
        Thing::Vouched(by) => {
            let sql = "insert into corroborations (id, entry_id, person_id, position, answer, on_date, comment, revision, \
                       created_at, via, vouched_by, vouched_on) select $1, $1, $2, 0, 'confirmed', e.from_date, '', 1, $4, \
                       'link', $3, e.from_date from entries e where e.id = $1";
            let people = [scene.places.person(KIRA), scene.places.person(by)];
            scene.run(sql, id, &people).await;
        }
        Thing::Domain => {
            let sql = "insert into known_domains (id, domain, listed_by, listed_on, listed_at) \
                       values ($1, $2, $3, $4, $5)";
            let (hugo, at) = (scene.places.person(HUGO), scene.places.at);
            let mut tx = scene.world.instance.db.write().await.expect("a write");
            let query = tx.query(sql).bind(id).bind(format!("{}.example", id.simple())).bind(hugo);
            query.bind(at.date_naive()).bind(at).run_expecting(1).await.expect("a domain");
            tx.commit().await.expect("kept");
        }
        Thing::Job => {
            let sql = "insert into jobs (id, name, key, due_at, attempts, failed_at, last_error, created_at) \
                       values ($1, 'letter', $2, $3, 5, $3, 'refused', $3)";
            let mut tx = scene.world.instance.db.write().await.expect("a write");
            let query = tx.query(sql).bind(id).bind(id.to_string()).bind(scene.places.at);
            query.run_expecting(1).await.expect("a job");
            tx.commit().await.expect("kept");
        }
        Thing::AnswerLink | Thing::PasswordLink => {
            let token = id.simple().to_string();
            let later = scene.places.at + chrono::TimeDelta::days(3);
            let (entry, iris, at) = (scene.places.entry(1), scene.places.person(IRIS), scene.places.at);
            let mut tx = scene.world.instance.db.write().await.expect("a write");
            let query = if thing == Thing::AnswerLink {
                let sql = "insert into requests (id, entry_id, person_id, asked_by, question, revision, token_hash, expires_at, \
                           asked_at) values ($1, $2, $3, $4, 'happened', 1, $5, $6, $7)";
                tx.query(sql).bind(id).bind(entry).bind(iris).bind(ada)
            } else {
                let sql = "insert into account_links (account_id, purpose, token_hash, expires_at, created_at) \
                           values ($1, 'reset', $2, $3, $4)";
                tx.query(sql).bind(mona)
            };
            query.bind(digest(&token)).bind(later).bind(at).run_expecting(1).await.expect("a link");
            tx.commit().await.expect("kept");
        }
        _ => {}
    }
}

/// Spares of things, so that each change that is allowed has a fresh one.
#[derive(Default)]
pub struct Store(HashMap<Thing, Vec<String>>);

impl Store {
    /// One that nothing was done to yet.
    pub async fn take(&mut self, scene: &mut Scene, thing: Thing) -> String {
        if let Some(spare) = self.0.entry(thing).or_default().pop() {
            return spare;
        }
        let mut made = make(scene, thing, if depends(thing) { 12 } else { 4 }).await;
        let one = made.pop().expect("at least one");
        self.0.insert(thing, made);
        one
    }
}
