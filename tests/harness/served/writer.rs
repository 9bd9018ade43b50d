//! A client that writes: as several candidates in turn, each with a session of their own, one request after another.

use anyhow::Context;
use chrono::{Days, NaiveDate};
use evident::accounts::actions::{self, NewAccount};
use evident::accounts::{Role, sessions};
use evident::error::Given;
use evident::evidence::{Sharing, dossiers, settings};
use evident::instance::Instance;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use super::client::{Answer, Client, Sent};
use super::deed::{Deed, Done, Told};

/// The capabilities that are claimed in turn.
const CAPABILITIES: [&str; 3] = ["cross-domain-leadership", "cto-partnership", "external-presence"];
/// How many of a candidate's entries are changed again; older ones are left as they are.
const CHANGED_AGAIN: usize = 12;
/// A dossier holds 300 conversations at most.
const CONVERSATIONS: usize = 250;

/// Writes, and keeps in its own file what it was told.
pub struct Writer {
    number: usize,
    dice: ChaCha12Rng,
    desks: Vec<Desk>,
    marks: u64,
    ledger: File,
    /// What it did since this was last taken.
    pub done: Vec<Done>,
    /// Answers that nobody should get.
    pub odd: Vec<String>,
}

/// A candidate with a session.
struct Desk {
    token: String,
    dossier: Uuid,
    entries: Vec<Mine>,
    last_check_in: NaiveDate,
    conversations: usize,
}

/// An entry as its writer knows it.
#[derive(Clone)]
struct Mine {
    id: Uuid,
    revision: i64,
    draft: bool,
    title: String,
    from: String,
    capability: &'static str,
}

/// A change in the making: what it will have done, where it is sent, its fields, and the entry as it will be.
type Making = (Deed, String, Vec<(&'static str, String)>, Option<Mine>);

/// A change about to be made.
pub struct Attempt {
    desk: usize,
    /// What it will have done.
    pub deed: Deed,
    path: String,
    fields: Vec<(&'static str, String)>,
    /// The entry as it will be.
    entry: Option<Mine>,
}

impl Writer {
    /// A writer with some candidates, who sign in.
    pub async fn new(
        instance: &Instance,
        number: usize,
        desks: usize,
        seed: u64,
        ledger: File,
    ) -> anyhow::Result<Writer> {
        let mut seated = Vec::new();
        for desk in 0..desks {
            seated.push(Desk::new(instance, &format!("Writer {number} {desk}")).await?);
        }
        let dice = ChaCha12Rng::seed_from_u64(seed.wrapping_mul(1009).wrapping_add(number as u64));
        Ok(Writer { number, dice, desks: seated, marks: 0, ledger, done: Vec::new(), odd: Vec::new() })
    }

    /// Chooses what to do next.
    pub fn attempt(&mut self) -> Attempt {
        self.marks += 1;
        // No mark is the beginning of another.
        let mark = format!("w{}n{}z", self.number, self.marks);
        let dice = &mut self.dice;
        let number = dice.random_range(0..self.desks.len());
        let desk = &self.desks[number];
        let entry = desk.entries.choose(dice).cloned();
        let talks = desk.conversations < CONVERSATIONS;
        let (deed, path, fields, entry) = match (dice.random_range(0..100_u32), entry) {
            (40..65, Some(entry)) => entry.saved(dice, &mark),
            (65..78, Some(entry)) if !entry.draft => entry.updated(&mark),
            (78..84, Some(entry)) => entry.taken_back(),
            (84..92, _) => {
                let on = desk.last_check_in - Days::new(1);
                let fields = vec![
                    ("on", on.to_string()),
                    ("deputizing", "yes".into()),
                    ("thought-partner", "partly".into()),
                ];
                (Deed::CheckedIn { dossier: desk.dossier, on }, "/check-ins".into(), fields, None)
            }
            (92..95, _) if talks => {
                let fields =
                    vec![("on", "2026-03-02".into()), ("with", "Lena".into()), ("notes", mark.clone())];
                let deed = Deed::Talked { dossier: desk.dossier, notes: mark };
                (deed, "/development/conversations".into(), fields, None)
            }
            _ => Mine::logged(dice, desk.dossier, &mark),
        };
        Attempt { desk: number, deed, path, fields, entry }
    }

    /// The request of an attempt.
    pub fn request(&self, client: &Client, attempt: &Attempt) -> Vec<u8> {
        let fields: Vec<(&str, &str)> =
            attempt.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        client.form(&attempt.path, &fields, &self.desks[attempt.desk].token)
    }

    /// The session of some candidate.
    pub fn token(&mut self) -> String {
        self.desks.choose(&mut self.dice).map(|desk| desk.token.clone()).unwrap_or_default()
    }

    /// Makes one change, and notes what it was told.
    ///
    /// # Errors
    /// When its own file can't be written.
    pub async fn write(&mut self, client: &mut Client) -> anyhow::Result<Told> {
        let mut attempt = self.attempt();
        let request = self.request(client, &attempt);
        let told = match client.send(&request).await {
            Sent::Unsent => Told::Refused,
            Sent::Lost => Told::Unknown,
            Sent::Answered(answer) => self.told(&mut attempt, &answer),
        };
        self.note(attempt, told).await?;
        Ok(told)
    }

    /// Keeps what became of an attempt.
    ///
    /// # Errors
    /// When its own file can't be written.
    pub async fn note(&mut self, attempt: Attempt, told: Told) -> anyhow::Result<()> {
        let named = attempt.entry.as_ref().map(|entry| entry.id).filter(|id| !id.is_nil());
        let done = Done { entry: named.or(attempt.deed.entry()), deed: attempt.deed, told };
        if told == Told::Kept {
            let mut line = serde_json::to_vec(&done)?;
            line.push(b'\n');
            self.ledger.write_all(&line).await?;
            self.ledger.sync_data().await?;
        }
        let desk = &mut self.desks[attempt.desk];
        // It is as it was saved; or, once something was not kept, it is left as it is.
        if let Some(id) = done.deed.entry() {
            desk.entries.retain(|entry| entry.id != id);
        }
        match (&done.deed, told) {
            // The day is spent, whatever became of it.
            (Deed::CheckedIn { on, .. }, _) => desk.last_check_in = *on,
            (Deed::Talked { .. }, _) => desk.conversations += 1,
            (_, Told::Kept) => desk.entries.extend(attempt.entry),
            _ => {}
        }
        if desk.entries.len() > CHANGED_AGAIN {
            desk.entries.remove(0);
        }
        self.done.push(done);
        Ok(())
    }

    /// What an answer says. Of a new entry, its id is in there.
    fn told(&mut self, attempt: &mut Attempt, answer: &Answer) -> Told {
        let id = match answer.status {
            303 => answer.location().rsplit('/').next().and_then(|id| id.parse().ok()),
            200 => serde_json::from_str(&answer.body).ok().and_then(|saved: Draft| saved.id.parse().ok()),
            _ => None,
        };
        if let (Some(entry), Some(id)) = (&mut attempt.entry, id) {
            entry.id = id;
        }
        match answer.status {
            303 => Told::Kept,
            200 if id.is_some() => Told::Kept,
            503 | 507 if answer.body.contains("Nothing was changed") => Told::Refused,
            503 if answer.body.contains("not known whether") => Told::Unknown,
            status => {
                let body: String = answer.body.chars().take(2000).collect();
                self.odd.push(format!("{status} to {:?}: {body}", attempt.deed));
                Told::Unknown
            }
        }
    }
}

/// What the page's script is told of a draft that saved itself.
#[derive(serde::Deserialize)]
struct Draft {
    id: String,
}

impl Desk {
    async fn new(instance: &Instance, name: &str) -> anyhow::Result<Desk> {
        let email = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
        let new =
            NewAccount { name: name.into(), known_as: String::new(), email, roles: vec![Role::Candidate] };
        let added = actions::add_account(instance, None, new).await?;
        let password = "harbour violet kettle sparrow".to_owned();
        let token = actions::set_password(instance, &added.token, password, "harness").await?;
        let actor = sessions::actor(instance, &token).await?.context("a session")?;
        let dossier = dossiers::own(instance, &actor).await?.id;
        settings::set_sharing(instance, &actor, Sharing::Committee, &Given::default()).await?;
        let last_check_in = instance.today();
        Ok(Desk { token, dossier, entries: Vec::new(), last_check_in, conversations: 0 })
    }
}

impl Mine {
    fn logged(dice: &mut ChaCha12Rng, dossier: Uuid, mark: &str) -> Making {
        let month = dice.random_range(1..=10_u32);
        let entry = Mine {
            id: Uuid::nil(),
            revision: 1,
            draft: dice.random_bool(0.3),
            title: format!("Settled {mark}"),
            from: format!("2026-{month:02}-{:02}", dice.random_range(1..=28_u32)),
            capability: CAPABILITIES[dice.random_range(0..CAPABILITIES.len())],
        };
        let mut fields = entry.fields(dice, mark);
        if dice.random_bool(0.05) {
            fields.push(("person", format!("Guest {mark}")));
            fields.extend([("as", "peer".into()), ("organization", "external".into())]);
        }
        // A draft is also what the page saves by itself.
        let path = if entry.draft && dice.random_bool(0.5) { "/evidence/draft" } else { "/evidence" };
        (Deed::Logged { dossier, title: entry.title.clone() }, path.into(), fields, Some(entry))
    }

    fn saved(mut self, dice: &mut ChaCha12Rng, mark: &str) -> Making {
        self.draft = self.draft && dice.random_bool(0.5);
        let mut fields = self.fields(dice, mark);
        fields.push(("revision", self.revision.to_string()));
        self.revision += 1;
        let deed = Deed::Saved { entry: self.id, revision: self.revision, impact: mark.into() };
        (deed, format!("/evidence/{}", self.id), fields, Some(self))
    }

    fn updated(mut self, mark: &str) -> Making {
        self.revision += 1;
        let fields = vec![("on", self.from.clone()), ("text", mark.to_owned())];
        let deed = Deed::Updated { entry: self.id, text: mark.into() };
        (deed, format!("/evidence/{}/updates", self.id), fields, Some(self))
    }

    fn taken_back(self) -> Making {
        let entry = self.id;
        let deed = if self.draft { Deed::Discarded { entry } } else { Deed::Withdrawn { entry } };
        (deed, format!("/evidence/{entry}/withdrawal"), Vec::new(), None)
    }

    fn intent(&self) -> String {
        if self.draft { "draft".into() } else { "publish".into() }
    }

    fn fields(&self, dice: &mut ChaCha12Rng, mark: &str) -> Vec<(&'static str, String)> {
        let story = "It took three domains, two rooms and one decision. ".repeat(dice.random_range(0..40));
        vec![
            ("intent", self.intent()),
            ("title", self.title.clone()),
            ("from", self.from.clone()),
            ("capability", self.capability.into()),
            ("situation", story),
            ("impact", format!("**Less** of everything: {mark}")),
            ("confirm_duplicate", "1".into()),
        ]
    }
}
