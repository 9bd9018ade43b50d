//! The facts of dossiers, from the database: a fixed number of statements however many dossiers are asked for.
//!
//! What a reader may not know is left out here, so that nothing that is computed from their facts can tell it:
//! unreleased judgements, feedback and CTO check-ins for everybody; check-ins from before the sharing for all but the
//! owner; and for the committee a differing account or a not-yet in its first days, which leave room for a reply.

mod people;
mod review;

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::db::{self, Query, Tx, placeholders};
use crate::error::Result;
use crate::evidence::{Audience, Conduct, NamedAnswer, NamedAs, REPLY_DAYS, Scope, dossiers};
use crate::framework::{Framework, load};
use crate::people::Organization;
use crate::readiness::{DateRange, Entry, Facts, Named, Person, PersonIndex};
use crate::review::{CheckInKind, Origin, Via};

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

/// Of how many dossiers facts are loaded at a time.
const AT_ONCE: usize = 64;

/// How many dossiers are in a statement.
const LENGTHS: [usize; 3] = [1, 16, AT_ONCE];

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
    for chunk in dossiers.chunks(AT_ONCE) {
        let mut loading = Loading::begin(tx, chunk, reader).await?;
        loading.leave(tx).await?;
        loading.entries(tx).await?;
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

/// What `make` makes of the facts of dossiers as a reader may know them, with their dossiers. Facts are in memory for a
/// few dossiers at a time: those of a whole company would take much more than what is made of them.
pub async fn made_of<'d, T: Send + 'static>(
    tx: &mut Tx,
    dossiers: &[&'d dossiers::Dossier],
    reader: Reader,
    make: impl Fn(&'static Framework, &Facts) -> T + Clone + Send + 'static,
) -> Result<Vec<(&'d dossiers::Dossier, T)>> {
    let mut made = Vec::with_capacity(dossiers.len());
    for some in dossiers.chunks(AT_ONCE) {
        let ids: Vec<Uuid> = some.iter().map(|dossier| dossier.id).collect();
        let frameworks =
            some.iter().map(|d| Ok((d.id, d.framework()?))).collect::<Result<HashMap<_, _>>>()?;
        let facts = facts(tx, &ids, reader).await?;
        let make = make.clone();
        // Many at once take their time, which the threads that serve requests shouldn't spend on them.
        let of_some = tokio::task::spawn_blocking(move || {
            let of = |(id, facts)| Some((id, make(frameworks.get(&id)?, &facts)));
            facts.into_iter().filter_map(of).collect::<HashMap<_, _>>()
        });
        let mut of_some = of_some.await.map_err(anyhow::Error::from)?;
        made.extend(some.iter().filter_map(|dossier| Some((*dossier, of_some.remove(&dossier.id)?))));
    }
    Ok(made)
}

/// A list of at least one id, filled up with its last to one of these lengths, so that prepared statements stay few.
fn padded(ids: &[Uuid], lengths: [usize; 3]) -> Vec<Uuid> {
    let length = lengths.into_iter().find(|&length| length >= ids.len()).unwrap_or(ids.len());
    let last = ids.last().copied().unwrap_or_default();
    ids.iter().copied().chain(std::iter::repeat(last)).take(length).collect()
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

    /// How an answer came, as its columns have it.
    fn origin(&mut self, via: Via, by: Option<Uuid>, on: Option<NaiveDate>) -> Origin<PersonIndex> {
        Origin::from_columns(via, by.map(|by| self.person(by)), on)
    }
}

impl Loading {
    async fn begin(tx: &mut Tx, asked: &[Uuid], reader: Reader) -> db::Result<Loading> {
        let mut loading = Loading {
            reader,
            ids: padded(asked, LENGTHS),
            dossiers: Vec::new(),
            places: HashMap::new(),
            entries: HashMap::new(),
        };
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
                // A row for each tag would take longer to hand over than all the rest.
                "select dossier_id, id, from_date, to_date, ongoing, recorded_on, scope, conduct, audience, impact, \
                 (select string_agg(x.capability, ' ') from entry_capabilities x where x.entry_id = e.id) as capabilities, \
                 (select string_agg(x.criterion, ' ') from entry_criteria x where x.entry_id = e.id) as criteria \
                 from entries e where status = 'final' and dossier_id in (",
                ") order by id",
            )
            .all()
            .await?;
        for row in rows {
            let (Some(&place), Some(from)) = (self.places.get(&row.dossier_id), row.from_date) else {
                continue;
            };
            let Dossier { framework, facts, .. } = &mut self.dossiers[place];
            let entries = &mut facts.entries;
            let capabilities = row.capabilities.iter().flat_map(|ids| ids.split(' '));
            let capabilities = capabilities.filter_map(|id| framework.capability_index(id)).collect();
            let criteria = row.criteria.iter().flat_map(|ids| ids.split(' '));
            let all = framework.capabilities.iter().flat_map(|c| &c.criteria);
            let criteria = criteria.filter_map(|id| all.clone().position(|c| c.id == id)).collect();
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
                capabilities,
                criteria,
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

    async fn named(&mut self, tx: &mut Tx) -> db::Result<()> {
        type Row = (Uuid, Uuid, NamedAs, Option<NamedAnswer>, Via, Option<Uuid>, Option<NaiveDate>);
        let rows: Vec<Row> = self
            .about_entries(
                tx,
                "select x.entry_id, x.person_id, x.named_as, x.answer, x.via, x.vouched_by, x.vouched_on \
                 from entry_people",
                ") order by x.entry_id, x.position",
            )
            .all()
            .await?;
        for (entry, person, named_as, answer, via, by, on) in rows {
            let Some((dossier, entry)) = self.entry(entry) else { continue };
            let person = dossier.person(person);
            let origin = dossier.origin(via, by, on);
            dossier.facts.entries[entry].people.push(Named { person, named_as, answer, origin });
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

    fn finish(self) -> HashMap<Uuid, Facts> {
        self.dossiers.into_iter().map(|dossier| (dossier.id, dossier.facts)).collect()
    }
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
    /// Ids with a space between them.
    capabilities: Option<String>,
    criteria: Option<String>,
}
