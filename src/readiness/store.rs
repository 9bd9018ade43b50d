//! The facts of dossiers, from the database: a fixed number of statements however many dossiers are asked for.
//!
//! What a reader may not know is left out here, so that nothing that is computed from their facts can tell it:
//! unreleased judgements, feedback and CTO check-ins for everybody; check-ins from before the sharing for all but the
//! owner; and for the committee a differing account or a not-yet in its first days, which leave room for a reply.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    CheckIn, Corroboration, Entry, EntryAssessment, Facts, Feedback, LevelEntry, Milestone, Named, Person,
    PersonIndex,
};
use super::{DateRange, IndexSet};
use crate::db::{self, Query, Tx, placeholders};
use crate::evidence::{Audience, Conduct, NamedAnswer, NamedAs, Scope};
use crate::framework::{Framework, load};
use crate::people::Organization;
use crate::review::{CheckInKind, CorroborationAnswer, Judgement, Reply};

/// For whom facts are loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reader {
    /// The candidate: everything that is released.
    Owner,
    /// A CTO: the candidate's check-ins from the day of sharing on, and earlier ones that the candidate includes.
    Cto,
    /// The committee: as a CTO, but without what is kept back for its first [`REPLY_DAYS`].
    Committee {
        /// The day on which the committee looks, whatever day it asks about.
        today: NaiveDate,
    },
}

/// For so many days a differing account and a not-yet are the owner's and the CTOs' alone.
pub const REPLY_DAYS: i64 = 14;

/// The most dossiers in one statement. Lists are padded to one of these lengths, so that prepared statements stay few.
const LENGTHS: [usize; 3] = [1, 16, 256];

impl Reader {
    fn keeps_back(self, on: NaiveDate) -> bool {
        match self {
            Reader::Owner | Reader::Cto => false,
            Reader::Committee { today } => (today - on).num_days() < REPLY_DAYS,
        }
    }

    fn reads_check_in(
        self,
        kind: CheckInKind,
        on: NaiveDate,
        included: bool,
        shared_on: Option<NaiveDate>,
    ) -> bool {
        match (self, kind) {
            (Reader::Owner, _) | (_, CheckInKind::Cto) => true,
            (Reader::Cto | Reader::Committee { .. }, CheckInKind::SelfAssessment) => {
                included || shared_on.is_some_and(|since| on >= since)
            }
        }
    }
}

/// The facts of dossiers as a reader may know them, in the order of the ids. A dossier that there isn't, or whose
/// framework this program doesn't know, is left out. Whether the reader may see the dossier at all has been decided before.
pub async fn facts(tx: &mut Tx, dossiers: &[Uuid], reader: Reader) -> db::Result<Vec<(Uuid, Facts)>> {
    let mut found = Vec::with_capacity(dossiers.len());
    for chunk in dossiers.chunks(LENGTHS[2]) {
        let mut loading = Loading::begin(tx, chunk, reader).await?;
        loading.leave(tx).await?;
        loading.entries(tx).await?;
        loading.tags(tx).await?;
        loading.named(tx).await?;
        loading.links_and_updates(tx).await?;
        loading.corroborations(tx).await?;
        loading.assessments(tx).await?;
        loading.check_ins(tx).await?;
        loading.feedback(tx).await?;
        loading.people(tx).await?;
        let mut facts = loading.finish();
        found.extend(chunk.iter().filter_map(|id| facts.remove_entry(id)));
    }
    Ok(found)
}

/// The facts of one chunk of dossiers, on their way.
struct Loading {
    reader: Reader,
    /// The ids asked for, padded.
    ids: Vec<Uuid>,
    /// In the order in which the database gave them.
    dossiers: Vec<Dossier>,
    places: HashMap<Uuid, usize>,
    /// Where each final entry is: its dossier and its place in it.
    entries: HashMap<Uuid, (usize, usize)>,
}

struct Dossier {
    id: Uuid,
    /// The candidate.
    owner: Uuid,
    framework: &'static Framework,
    shared_on: Option<NaiveDate>,
    people: HashMap<Uuid, PersonIndex>,
    facts: Facts,
}

impl Dossier {
    /// The place of a person among the facts' people, who is there from now on.
    fn person(&mut self, id: Uuid) -> PersonIndex {
        let people = &mut self.facts.people;
        *self.people.entry(id).or_insert_with(|| {
            let index = PersonIndex(u32::try_from(people.len()).unwrap_or(u32::MAX));
            people.push(Person {
                id: id.to_string().into(),
                organization: Organization::Internal,
                levels: Vec::new(),
                milestones: Vec::new(),
            });
            index
        })
    }
}

impl Loading {
    async fn begin(tx: &mut Tx, asked: &[Uuid], reader: Reader) -> db::Result<Loading> {
        let length = LENGTHS.into_iter().find(|&length| length >= asked.len()).unwrap_or(asked.len());
        let last = asked.last().copied().unwrap_or_default();
        let ids: Vec<Uuid> = asked.iter().copied().chain(std::iter::repeat(last)).take(length).collect();
        let mut loading =
            Loading { reader, ids, dossiers: Vec::new(), places: HashMap::new(), entries: HashMap::new() };
        let rows: Vec<(Uuid, Uuid, String, Option<NaiveDate>)> = loading
            .query(tx, "select id, owner_person, framework, shared_on from dossiers where id in (", ")")
            .all()
            .await?;
        for (id, owner, framework, shared_on) in rows {
            let Some(framework) = load::find(&framework) else { continue };
            let facts = Facts {
                candidate: PersonIndex(0),
                people: Vec::new(),
                leave: Vec::new(),
                entries: Vec::new(),
                check_ins: Vec::new(),
                feedback: Vec::new(),
            };
            let mut dossier = Dossier { id, owner, framework, shared_on, people: HashMap::new(), facts };
            dossier.facts.candidate = dossier.person(owner);
            loading.places.insert(id, loading.dossiers.len());
            loading.dossiers.push(dossier);
        }
        Ok(loading)
    }

    /// A statement with the list of ids between its two halves.
    fn query<'t>(&self, tx: &'t mut Tx, before: &str, after: &str) -> Query<'t> {
        let list = placeholders(1, self.ids.len());
        tx.query_built(format!("{before}{list}{after}")).bind_all(self.ids.iter().copied())
    }

    fn dossier(&mut self, id: Uuid) -> Option<&mut Dossier> {
        self.places.get(&id).map(|&place| &mut self.dossiers[place])
    }

    /// A final entry, with its dossier.
    fn entry(&mut self, id: Uuid) -> Option<(&mut Dossier, usize)> {
        let &(dossier, entry) = self.entries.get(&id)?;
        Some((&mut self.dossiers[dossier], entry))
    }

    async fn leave(&mut self, tx: &mut Tx) -> db::Result<()> {
        let rows: Vec<(Uuid, NaiveDate, NaiveDate)> = self
            .query(tx, "select dossier_id, from_date, to_date from leave_periods where dossier_id in (", ")")
            .all()
            .await?;
        for (dossier, from, to) in rows {
            if let Some(dossier) = self.dossier(dossier) {
                dossier.facts.leave.push(DateRange { from, to });
            }
        }
        Ok(())
    }

    async fn entries(&mut self, tx: &mut Tx) -> db::Result<()> {
        let rows: Vec<EntryRow> = self
            .query(
                tx,
                "select dossier_id, id, from_date, to_date, ongoing, recorded_on, scope, conduct, audience, impact \
                 from entries where status = 'final' and dossier_id in (",
                ") order by id",
            )
            .all()
            .await?;
        for row in rows {
            let (Some(&place), Some(from)) = (self.places.get(&row.dossier_id), row.from_date) else {
                continue;
            };
            let entries = &mut self.dossiers[place].facts.entries;
            self.entries.insert(row.id, (place, entries.len()));
            entries.push(Entry {
                id: row.id.to_string().into(),
                from,
                to: row.to_date,
                ongoing: row.ongoing,
                recorded_on: row.recorded_on,
                scope: row.scope,
                conduct: row.conduct,
                audience: row.audience,
                capabilities: IndexSet::default(),
                criteria: IndexSet::default(),
                states_impact: !row.impact.trim().is_empty(),
                has_link: false,
                people: Vec::new(),
                updates: Vec::new(),
                corroborations: Vec::new(),
                assessments: Vec::new(),
            });
        }
        Ok(())
    }

    /// Rows of a table about final entries: its columns, what comes after the condition, and the table's name with `x`.
    fn about_entries<'t>(&self, tx: &'t mut Tx, select: &str, after: &str) -> Query<'t> {
        let before = format!(
            "{select} x join entries e on e.id = x.entry_id where e.status = 'final' and e.dossier_id in ("
        );
        self.query(tx, &before, after)
    }

    async fn tags(&mut self, tx: &mut Tx) -> db::Result<()> {
        let rows: Vec<(Uuid, String)> = self
            .about_entries(tx, "select x.entry_id, x.capability from entry_capabilities", ")")
            .all()
            .await?;
        for (entry, capability) in rows {
            let Some((dossier, entry)) = self.entry(entry) else { continue };
            if let Some(place) = dossier.framework.capability_index(&capability) {
                dossier.facts.entries[entry].capabilities.insert(place);
            }
        }
        let rows: Vec<(Uuid, String)> =
            self.about_entries(tx, "select x.entry_id, x.criterion from entry_criteria", ")").all().await?;
        for (entry, criterion) in rows {
            let Some((dossier, entry)) = self.entry(entry) else { continue };
            let mut criteria = dossier.framework.capabilities.iter().flat_map(|c| &c.criteria);
            if let Some(place) = criteria.position(|c| c.id == criterion) {
                dossier.facts.entries[entry].criteria.insert(place);
            }
        }
        Ok(())
    }

    async fn named(&mut self, tx: &mut Tx) -> db::Result<()> {
        let rows: Vec<(Uuid, Uuid, NamedAs, Option<NamedAnswer>)> = self
            .about_entries(
                tx,
                "select x.entry_id, x.person_id, x.named_as, x.answer from entry_people",
                ") order by x.entry_id, x.position",
            )
            .all()
            .await?;
        for (entry, person, named_as, answer) in rows {
            let Some((dossier, entry)) = self.entry(entry) else { continue };
            let person = dossier.person(person);
            dossier.facts.entries[entry].people.push(Named { person, named_as, answer });
        }
        Ok(())
    }

    async fn links_and_updates(&mut self, tx: &mut Tx) -> db::Result<()> {
        let linked: Vec<(Uuid,)> =
            self.about_entries(tx, "select distinct x.entry_id from entry_links", ")").all().await?;
        for (entry,) in linked {
            if let Some((dossier, entry)) = self.entry(entry) {
                dossier.facts.entries[entry].has_link = true;
            }
        }
        let updates: Vec<(Uuid, NaiveDate)> =
            self.about_entries(tx, "select x.entry_id, x.on_date from entry_updates", ")").all().await?;
        for (entry, on) in updates {
            if let Some((dossier, entry)) = self.entry(entry) {
                dossier.facts.entries[entry].updates.push(on);
            }
        }
        Ok(())
    }

    async fn corroborations(&mut self, tx: &mut Tx) -> db::Result<()> {
        let rows: Vec<(Uuid, Uuid, CorroborationAnswer, NaiveDate, Option<NaiveDate>)> = self
            .about_entries(
                tx,
                "select x.entry_id, x.person_id, x.answer, x.on_date, x.settled_on from corroborations",
                ") order by x.entry_id, x.position",
            )
            .all()
            .await?;
        let reader = self.reader;
        for (entry, person, answer, on, settled_on) in rows {
            let unsettled = answer == CorroborationAnswer::Differs && settled_on.is_none();
            if unsettled && reader.keeps_back(on) {
                continue;
            }
            let Some((dossier, entry)) = self.entry(entry) else { continue };
            let by = dossier.person(person);
            dossier.facts.entries[entry].corroborations.push(Corroboration { by, on, answer, settled_on });
        }
        Ok(())
    }

    async fn assessments(&mut self, tx: &mut Tx) -> db::Result<()> {
        let rows: Vec<(Uuid, Uuid, Judgement, NaiveDate)> = self
            .about_entries(
                tx,
                "select x.entry_id, x.person_id, x.judgement, x.released_on from assessments",
                ") and x.released_on is not null order by x.entry_id, x.position",
            )
            .all()
            .await?;
        let reader = self.reader;
        for (entry, person, judgement, on) in rows {
            if judgement == Judgement::NotYet && reader.keeps_back(on) {
                continue;
            }
            let Some((dossier, entry)) = self.entry(entry) else { continue };
            let by = Some(dossier.person(person));
            dossier.facts.entries[entry].assessments.push(EntryAssessment { by, on, judgement });
        }
        Ok(())
    }

    async fn check_ins(&mut self, tx: &mut Tx) -> db::Result<()> {
        let rows: Vec<CheckInRow> = self
            .query(
                tx,
                "select c.dossier_id, c.id, c.kind, c.person_id, c.on_date, c.included, a.question, a.answer \
                 from check_ins c left join check_in_answers a on a.check_in_id = c.id \
                 where c.on_date is not null and c.dossier_id in (",
                ") order by c.dossier_id, c.position, a.question",
            )
            .all()
            .await?;
        let reader = self.reader;
        let mut latest = None;
        for row in rows {
            let Some(dossier) = self.dossier(row.dossier_id) else { continue };
            if !reader.reads_check_in(row.kind, row.on_date, row.included, dossier.shared_on) {
                continue;
            }
            if latest != Some(row.id) {
                latest = Some(row.id);
                let by = Some(dossier.person(row.person_id));
                dossier.facts.check_ins.push(CheckIn {
                    kind: row.kind,
                    by,
                    on: row.on_date,
                    answers: Vec::new(),
                });
            }
            let question = |id: &String| dossier.framework.questions.iter().position(|q| q.id == *id);
            let place = row.question.as_ref().and_then(question).and_then(|place| u16::try_from(place).ok());
            if let (Some(place), Some(answer), Some(check_in)) =
                (place, row.answer, dossier.facts.check_ins.last_mut())
            {
                check_in.answers.push((place, answer));
            }
        }
        Ok(())
    }

    async fn feedback(&mut self, tx: &mut Tx) -> db::Result<()> {
        let rows: Vec<(Uuid, Uuid, NaiveDate)> = self
            .query(
                tx,
                "select dossier_id, person_id, released_on from feedback \
                 where released_on is not null and dossier_id in (",
                ") order by dossier_id, position",
            )
            .all()
            .await?;
        for (dossier, person, on) in rows {
            if let Some(dossier) = self.dossier(dossier) {
                let by = Some(dossier.person(person));
                dossier.facts.feedback.push(Feedback { by, on });
            }
        }
        Ok(())
    }

    /// Organization, levels and milestones of everyone whom the facts refer to.
    async fn people(&mut self, tx: &mut Tx) -> db::Result<()> {
        let mut holders: HashMap<Uuid, Vec<(usize, PersonIndex)>> = HashMap::new();
        for (place, dossier) in self.dossiers.iter().enumerate() {
            for (&person, &index) in &dossier.people {
                holders.entry(person).or_default().push((place, index));
            }
        }
        let rows: Vec<(Uuid, Organization)> =
            self.about_people(tx, "select p.id, p.organization from people p where p.id").all().await?;
        for (person, organization) in rows {
            for &(place, index) in holders.get(&person).into_iter().flatten() {
                self.dossiers[place].facts.people[index.0 as usize].organization = organization;
            }
        }
        let rows: Vec<LevelRow> = self
            .about_people(
                tx,
                "select p.person_id, p.level, p.from_date, p.domain, p.reports_to, p.recorded_by, p.position \
                 from person_levels p where p.person_id",
            )
            .all()
            .await?;
        for row in in_order(rows) {
            for &(place, index) in holders.get(&row.person_id).into_iter().flatten() {
                let dossier = &mut self.dossiers[place];
                let level = LevelEntry {
                    level: dossier.framework.level_rank(&row.level).and_then(|rank| u32::try_from(rank).ok()),
                    from: row.from_date,
                    domain: row.domain.as_deref().map(Into::into),
                    // The rules ask only who reports to somebody whom the facts refer to.
                    reports_to: row.reports_to.and_then(|to| dossier.people.get(&to).copied()),
                    by_candidate: row.recorded_by == Some(dossier.owner),
                };
                dossier.facts.people[index.0 as usize].levels.push(level);
            }
        }
        let rows: Vec<(Uuid, NaiveDate, Option<Uuid>)> = self
            .about_people(
                tx,
                "select p.person_id, p.on_date, p.recorded_by from milestones p where p.person_id",
            )
            .all()
            .await?;
        for (person, on, recorded_by) in rows {
            for &(place, index) in holders.get(&person).into_iter().flatten() {
                let dossier = &mut self.dossiers[place];
                let by_candidate = recorded_by == Some(dossier.owner);
                dossier.facts.people[index.0 as usize].milestones.push(Milestone { on, by_candidate });
            }
        }
        Ok(())
    }

    /// Rows about whoever the dossiers may refer to; `select` ends with the column that holds the person.
    fn about_people<'t>(&self, tx: &'t mut Tx, select: &str) -> Query<'t> {
        let list = placeholders(1, self.ids.len());
        let sql = format!(
            "with asked as (select id, owner_person from dossiers where id in ({list})), \
             finals as (select e.id from entries e join asked on asked.id = e.dossier_id where e.status = 'final') \
             {select} in (select owner_person from asked \
             union select x.person_id from entry_people x join finals on finals.id = x.entry_id \
             union select x.person_id from corroborations x join finals on finals.id = x.entry_id \
             union select x.person_id from assessments x join finals on finals.id = x.entry_id \
             union select x.person_id from check_ins x join asked on asked.id = x.dossier_id \
             union select x.person_id from feedback x join asked on asked.id = x.dossier_id)"
        );
        tx.query_built(sql).bind_all(self.ids.iter().copied())
    }

    fn finish(self) -> HashMap<Uuid, Facts> {
        self.dossiers.into_iter().map(|dossier| (dossier.id, dossier.facts)).collect()
    }
}

/// Levels in the order in which they were recorded.
fn in_order(mut rows: Vec<LevelRow>) -> Vec<LevelRow> {
    rows.sort_by_key(|row| (row.person_id, row.position));
    rows
}

#[derive(sqlx::FromRow)]
struct EntryRow {
    dossier_id: Uuid,
    id: Uuid,
    from_date: Option<NaiveDate>,
    to_date: Option<NaiveDate>,
    ongoing: bool,
    recorded_on: Option<NaiveDate>,
    scope: Option<Scope>,
    conduct: Option<Conduct>,
    audience: Audience,
    impact: String,
}

#[derive(sqlx::FromRow)]
struct CheckInRow {
    dossier_id: Uuid,
    id: Uuid,
    kind: CheckInKind,
    person_id: Uuid,
    on_date: NaiveDate,
    included: bool,
    question: Option<String>,
    answer: Option<Reply>,
}

#[derive(sqlx::FromRow)]
struct LevelRow {
    person_id: Uuid,
    level: String,
    from_date: NaiveDate,
    domain: Option<String>,
    reports_to: Option<Uuid>,
    recorded_by: Option<Uuid>,
    position: i64,
}
