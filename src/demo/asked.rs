//! Requests and answers in every situation, for visitors to meet: asked in the app, by a link that ran out, answered with
//! a sentence, answered by mail and by link without anybody's word for it yet, an account that differs in its first days with a reply, settled ones with their reason, somebody who is
//! told that they are named, and lasting solutions that are asked about.
//!
//! It is written after everything else, and nothing of it changes what any dossier's readiness is on the demo's day: an
//! account that differs is given about evidence from before the window.

mod unvouched;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::calendar::back;
use super::dice::{Dice, Purpose};
use super::load::midday;
use super::rows::Known;
use super::{Company, DemoDossier};
use crate::accounts::sessions;
use crate::audit::{Change, Event, Origin};
use crate::corroboration::HoldsAnswer;
use crate::corroboration::durability::{self, LASTING};
use crate::db::Result as Stored;
use crate::error::Result;
use crate::evidence::telling;
use crate::evidence::{Aim, Audience, Sharing, Status};
use crate::instance::Instance;
use crate::notices::{self, Kind, Notice};
use crate::portable::Entry;
use crate::review::{CorroborationAnswer, Via};

/// Among how many dossiers entries are looked for.
const LOOKED_AT: usize = 12;
/// Evidence older than this, in days, speaks for nothing on the demo's day, whatever leave there was.
const LONG_AGO: i64 = 1_000;

/// Writes them.
pub(super) async fn write(instance: &Instance, company: &Company<'_>, known: &Known) -> Result<()> {
    let mut writer = Writer {
        change: Change::begin(instance, Origin::CommandLine).await?,
        dice: Dice::new(company.seed, Purpose::Asking, 0),
        company,
        known,
        today: company.today,
    };
    let dossiers: Vec<DemoDossier> = (0..company.len().min(LOOKED_AT))
        .map(|place| company.dossier(place))
        .filter(|dossier| dossier.sharing != Sharing::Private && dossier.aim != Aim::E1ByChoice)
        .collect();
    writer.settlements().await?;
    for dossier in dossiers.iter().take(3) {
        writer.open(dossier).await?;
        writer.answered(dossier).await?;
        writer.expired(dossier).await?;
        writer.unvouched(dossier).await?;
        writer.named(dossier).await?;
    }
    for dossier in &dossiers {
        if writer.lasting(dossier).await? {
            break;
        }
    }
    for dossier in &dossiers {
        if writer.differing(dossier).await? {
            break;
        }
    }
    let mut change = writer.change;
    change.record(Event::DemoQuestionsWritten, None, &dossiers.len());
    change.commit().await
}

struct Writer<'w> {
    change: Change<'w>,
    dice: Dice,
    company: &'w Company<'w>,
    known: &'w Known,
    today: NaiveDate,
}

/// An entry that others may be asked about.
struct Found<'d> {
    id: Uuid,
    entry: &'d Entry,
}

/// The latest published entries of a dossier that are not for CTOs alone, the latest first.
fn published(dossier: &DemoDossier) -> Vec<Found<'_>> {
    let of = |(entry, extra): (&'_ Entry, &super::DemoEntry)| {
        (entry.status == Status::Final && entry.audience == Audience::Dossier).then_some(extra.id)
    };
    let mut found: Vec<Found<'_>> = dossier
        .body
        .evidence
        .iter()
        .zip(&dossier.entries)
        .filter_map(|(entry, extra)| Some(Found { id: of((entry, extra))?, entry }))
        .collect();
    found.sort_by_key(|found| (found.entry.recorded_on, found.id));
    found.reverse();
    found
}

impl Writer<'_> {
    fn id(&mut self, at: DateTime<Utc>) -> Uuid {
        self.dice.id(at.timestamp_millis())
    }

    /// The place of somebody with an account, other than the owner, who has said nothing about an entry.
    fn unheard(&self, dossier: &DemoDossier, entry: &Entry, wanted: impl Fn(usize) -> bool) -> Option<usize> {
        let people = &self.company.people;
        (0..people.len()).find(|&place| {
            let id = people[place].id.to_string();
            place != dossier.owner
                && self.known.accounts.contains_key(&place)
                && entry.corroborations.iter().all(|said| said.by.as_ref() != Some(&id))
                && wanted(place)
        })
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.company.people.iter().position(|person| person.id.to_string() == id)
    }

    fn person(&self, place: usize) -> Uuid {
        self.company.people[place].id
    }

    fn ago(&self, days: i64) -> DateTime<Utc> {
        midday(back(self.today, days))
    }

    #[expect(clippy::too_many_arguments, reason = "each is a column that differs between situations")]
    async fn request(
        &mut self,
        dossier: &DemoDossier,
        entry: Uuid,
        person: Uuid,
        question: &'static str,
        months: Option<i64>,
        asked_at: DateTime<Utc>,
        answered_at: Option<DateTime<Utc>>,
        by_link: bool,
    ) -> Stored<Uuid> {
        let id = self.id(asked_at);
        let token = by_link.then(|| sessions::digest(&id.to_string()));
        let owner = self.known.accounts[&dossier.owner];
        self.change
            .tx()
            .query(
                "insert into requests (id, entry_id, person_id, asked_by, question, months, revision, token_hash, \
                 expires_at, asked_at, answered_at) values ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9, $10)",
            )
            .bind(id)
            .bind(entry)
            .bind(person)
            .bind(owner)
            .bind(question)
            .bind(months)
            .bind(token)
            .bind(by_link.then_some(asked_at + TimeDelta::days(30)))
            .bind(asked_at)
            .bind(answered_at)
            .run_expecting(1)
            .await?;
        Ok(id)
    }

    async fn tell(
        &mut self,
        to: usize,
        kind: Kind,
        about: Uuid,
        by: Option<usize>,
        path: String,
    ) -> Stored<()> {
        let Some(to) = self.known.accounts.get(&to).copied() else { return Ok(()) };
        let by = by.map(|place| self.person(place));
        notices::tell(&mut self.change, Notice { to, kind, about, by, path }).await
    }

    /// Somebody whom the entry names, or the CTO, is asked in the app.
    async fn open(&mut self, dossier: &DemoDossier) -> Stored<()> {
        let cto = self.company.visitors.cto;
        for found in published(dossier) {
            let Some(whom) = self.unheard(dossier, found.entry, |place| place == cto) else { continue };
            let (asked_at, person) = (self.ago(3), self.person(whom));
            let id = self.request(dossier, found.id, person, "happened", None, asked_at, None, false).await?;
            return self
                .tell(whom, Kind::Corroboration, id, Some(dossier.owner), format!("/requests/{id}"))
                .await;
        }
        Ok(())
    }

    /// An answer that was asked for, with a sentence that may be quoted.
    async fn answered(&mut self, dossier: &DemoDossier) -> Stored<()> {
        for found in published(dossier) {
            let confirmed = found.entry.corroborations.iter().enumerate().find(|(_, said)| {
                said.answer == CorroborationAnswer::Confirmed && said.origin.via == Via::Account
            });
            let Some((position, said)) = confirmed else { continue };
            let Some(whom) = said.by.as_deref().and_then(|by| self.place(by)) else { continue };
            let answered = midday(said.on);
            let asked_at = answered - TimeDelta::days(2);
            let (person, done) = (self.person(whom), Some(answered));
            let id = self.request(dossier, found.id, person, "happened", None, asked_at, done, false).await?;
            return self
                .change
                .tx()
                .query(
                    "update corroborations set request_id = $3, comment = $4 where entry_id = $1 and position = $2",
                )
                .bind(found.id)
                .bind(i64::try_from(position).unwrap_or_default())
                .bind(id)
                .bind("It went as written, and it was not an easy room.")
                .run_expecting(1)
                .await;
        }
        Ok(())
    }

    /// A link to somebody without an account that ran out.
    async fn expired(&mut self, dossier: &DemoDossier) -> Stored<()> {
        for found in published(dossier) {
            let Some(whom) = self.silent(found.entry) else { continue };
            let (asked_at, person) = (self.ago(41), self.person(whom));
            return self
                .request(dossier, found.id, person, "happened", None, asked_at, None, true)
                .await
                .map(drop);
        }
        Ok(())
    }

    /// The place of somebody without an account whom an entry names and who has not answered.
    fn silent(&self, entry: &Entry) -> Option<usize> {
        let silent = entry.people.iter().find(|named| {
            entry.corroborations.iter().all(|said| said.by.as_ref() != Some(&named.person))
                && self.place(&named.person).is_some_and(|p| !self.known.accounts.contains_key(&p))
        });
        silent.and_then(|named| self.place(&named.person))
    }

    /// Those with an account whom one entry names, and who have not answered, are told.
    async fn named(&mut self, dossier: &DemoDossier) -> Stored<()> {
        for found in published(dossier) {
            let unheard = found.entry.people.iter().any(|named| {
                named.answer.is_none()
                    && self.place(&named.person).is_some_and(|p| self.known.accounts.contains_key(&p))
            });
            if unheard {
                return telling::follow(&mut self.change, dossier.id, Some(found.id), &[]).await;
            }
        }
        Ok(())
    }

    /// One lasting solution that held after six months, and one that it is time to ask about.
    async fn lasting(&mut self, dossier: &DemoDossier) -> Stored<bool> {
        let claims: Vec<Found<'_>> = published(dossier)
            .into_iter()
            .filter(|found| found.entry.criteria.iter().any(|criterion| criterion == LASTING))
            .collect();
        let (at, asked_at, answered_at) = (self.ago(4), self.ago(60), self.ago(52));
        let end = |found: &Found<'_>| found.entry.to.or(found.entry.from).filter(|_| !found.entry.ongoing);
        let is_due = |found: &Found<'_>, on: DateTime<Utc>| {
            let due = end(found).and_then(|end| durability::due(end, on.date_naive()));
            due.is_some_and(|(months, _)| months == 6)
        };
        let due = claims.iter().find(|found| is_due(found, at));
        let Some(due) = due else { return Ok(false) };
        let held = claims.iter().find(|found| found.id != due.id && is_due(found, asked_at));
        let Some(held) = held else { return Ok(false) };
        let id = self.id(at);
        self.moment(id, due.id, at, None).await?;
        let path = format!("/evidence/{}/requests?question=holds", due.id);
        if let Some(to) = self.known.accounts.get(&dossier.owner).copied()
            && let Some(end) = end(due)
        {
            let notice = Notice { to, kind: Kind::HoldsDue, about: id, by: None, path };
            let words = durability::suggestion(6, end);
            notices::remind(&mut self.change, vec![(notice, words)]).await?;
        }
        let id = self.id(asked_at);
        self.moment(id, held.id, asked_at, Some(asked_at)).await?;
        let Some(whom) = self.unheard(dossier, held.entry, |_| true) else { return Ok(true) };
        let (person, done) = (self.person(whom), Some(answered_at));
        let request = self.request(dossier, held.id, person, "holds", Some(6), asked_at, done, false).await?;
        let id = self.id(answered_at);
        self.change
            .tx()
            .query(
                "insert into durability_answers (id, entry_id, person_id, position, request_id, months, answer, on_date, \
                 comment, revision, created_at) values ($1, $2, $3, 0, $4, 6, $5, $6, $7, 1, $8)",
            )
            .bind(id)
            .bind(held.id)
            .bind(person)
            .bind(request)
            .bind(HoldsAnswer::Holds)
            .bind(answered_at.date_naive())
            .bind("Nobody has had to come back to it.")
            .bind(answered_at)
            .run_expecting(1)
            .await?;
        Ok(true)
    }

    async fn moment(
        &mut self,
        id: Uuid,
        entry: Uuid,
        at: DateTime<Utc>,
        closed_at: Option<DateTime<Utc>>,
    ) -> Stored<()> {
        self.change
            .tx()
            .query(
                "insert into durability (id, entry_id, months, due_on, raised_at, closed_at) values ($1, $2, 6, $3, $4, $5)",
            )
            .bind(id)
            .bind(entry)
            .bind(at.date_naive())
            .bind(at)
            .bind(closed_at)
            .run_expecting(1)
            .await
    }

    /// An account that differs, of some days ago and with a reply, about evidence that speaks no longer.
    async fn differing(&mut self, dossier: &DemoDossier) -> Stored<bool> {
        let before = back(self.today, LONG_AGO);
        for found in published(dossier).into_iter().rev() {
            let entry = found.entry;
            let last = entry.to.into_iter().chain(entry.from).chain(entry.updates.iter().map(|u| u.on)).max();
            if entry.ongoing || last.is_none_or(|last| last >= before) {
                continue;
            }
            let peer = self.company.visitors.committee;
            let Some(whom) = self.unheard(dossier, entry, |place| place != peer) else { continue };
            let (asked_at, at) = (self.ago(9), self.ago(6));
            let (person, done) = (self.person(whom), Some(at));
            let request =
                self.request(dossier, found.id, person, "happened", None, asked_at, done, false).await?;
            let id = self.id(at);
            self.change
                .tx()
                .query(
                    "insert into corroborations (id, entry_id, person_id, position, answer, on_date, account, comment, \
                     revision, request_id, reply, replied_at, created_at) \
                     values ($1, $2, $3, $4, 'differs', $5, $6, '', 1, $7, $8, $9, $10)",
                )
                .bind(id)
                .bind(found.id)
                .bind(person)
                .bind(i64::try_from(entry.corroborations.len()).unwrap_or_default())
                .bind(at.date_naive())
                .bind("I remember the decision as the whole group’s. It was prepared well, and it was not one person’s.")
                .bind(request)
                .bind("That is fair: I prepared it and argued for it, and the group decided.")
                .bind(self.today.and_time(chrono::NaiveTime::MIN).and_utc() - TimeDelta::days(4))
                .bind(at)
                .run_expecting(1)
                .await?;
            self.tell(dossier.owner, Kind::Differs, id, Some(whom), format!("/corroborations/{id}")).await?;
            return Ok(true);
        }
        Ok(false)
    }

    /// Accounts that were settled have their reason and the CTO who settled them.
    async fn settlements(&mut self) -> Stored<()> {
        let cto = self.person(self.company.visitors.cto);
        self.change
            .tx()
            .query(
                "update corroborations set settled_by = $1, settlement = $2, account = $3 where settled_on is not null",
            )
            .bind(cto)
            .bind("I spoke to both. What was decided stands as it is written; who first proposed it is not what this entry claims.")
            .bind("As I remember it, the idea came from our side.")
            .run()
            .await
            .map(drop)
    }
}
