//! The people of an entry: finding those whom its owner knows by the name typed, and adding new ones on the spot.

use std::collections::HashMap;
use std::sync::OnceLock;

use chrono::NaiveDate;
use uuid::Uuid;

use super::input::{NamedInput, Whom};
use super::{Named, NamedAnswer, NamedAs, search};
use crate::accounts::{Actor, Role};
use crate::audit::{Change, Event};
use crate::db::{self, Tx};
use crate::error::{Faults, Path};
use crate::framework::Framework;
use crate::instance::Instance;
use crate::people::store::NewLevel;
use crate::people::visibility::Viewer;
use crate::people::{self, Organization};
use crate::text;

/// What somebody is called who asked not to be named.
pub const UNNAMED: &str = "a Director";

/// What somebody named in an entry is called to a viewer. Whoever asked not to be named is so to everybody but the
/// entry's owner and CTOs; every page that shows names out of entries asks here.
pub fn called(name: &str, answer: Option<NamedAnswer>, owner_or_cto: bool) -> &str {
    match answer {
        Some(NamedAnswer::Unnamed) if !owner_or_cto => UNNAMED,
        Some(NamedAnswer::Unnamed | NamedAnswer::Agreed | NamedAnswer::Differs) | None => name,
    }
}

/// The bytes that a form's list of people may come to: room for some two thousand.
const OFFERED: usize = 500_000;

/// Somebody whom the owner of a dossier may name.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct KnownPerson {
    /// Their id.
    pub id: Uuid,
    /// Their name.
    pub name: String,
    /// Inside or outside the company.
    pub organization: Organization,
    /// Where somebody external works.
    pub works_at: Option<String>,
    /// Their present level.
    pub level: Option<String>,
    /// Their present domain.
    pub domain: Option<String>,
}

impl KnownPerson {
    /// What tells them apart from a namesake: `E1, Risk`.
    pub fn about(&self) -> String {
        let level = self.level.as_deref().filter(|level| *level != people::LEFT);
        let mut parts: Vec<&str> = level.into_iter().chain(self.domain.as_deref()).collect();
        if self.organization == Organization::External {
            parts.push(self.works_at.as_deref().unwrap_or("outside the company"));
        }
        parts.join(", ")
    }
}

/// The people whom the owner of a dossier may name, by name.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// All of them.
    pub people: Vec<KnownPerson>,
    /// The places of those who share a normalised name. Normalising takes its time, so that it is done once of each name, and
    /// not with every row of a form.
    namesakes: HashMap<String, Vec<usize>>,
    /// The place of the first whose name looks so, once that is asked.
    looks: OnceLock<HashMap<String, usize>>,
}

/// Whom the actor knows, and whom this entry (`$4`) names already; with their level on a day (`$5`).
fn known_people(viewer: Viewer) -> String {
    format!(
        "select p.id, p.name, p.organization, p.works_at, l.level, l.domain from people p \
         left join person_levels l on l.person_id = p.id and l.position = (select l2.position from person_levels l2 \
           where l2.person_id = p.id and l2.from_date <= $5 order by l2.from_date desc, l2.position desc limit 1) \
         where p.id <> $2 and ({} or exists (select 1 from entry_people op where op.entry_id = $4 and op.person_id = p.id)) \
         order by p.name, p.id",
        viewer.knows("p")
    )
}

impl Known {
    /// Loads those whom the actor may name in an entry.
    pub async fn load(
        tx: &mut Tx,
        actor: &Actor,
        entry: Option<Uuid>,
        today: NaiveDate,
    ) -> db::Result<Known> {
        let viewer = Viewer {
            account: actor.account,
            person: actor.person,
            admin: actor.is(Role::Admin),
            cto: actor.is(Role::Cto),
        };
        let people: Vec<KnownPerson> = viewer
            .bind(tx.query_built(known_people(viewer)))
            .bind(entry.unwrap_or_default())
            .bind(today)
            .all()
            .await?;
        let mut namesakes: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, person) in people.iter().enumerate() {
            namesakes.entry(search::words([person.name.as_str()])).or_default().push(place);
        }
        Ok(Known { people, namesakes, looks: OnceLock::new() })
    }

    /// What stands for somebody in the form: their name, and the end of their id where others bear it too.
    pub fn handle(&self, id: Uuid) -> String {
        let Some(person) = self.people.iter().find(|person| person.id == id) else {
            return id.to_string();
        };
        self.handle_of(person)
    }

    /// Those whom a form offers, by name: as many as a page has room for. Whoever is left out is found by their name all the
    /// same.
    pub fn offered(&self) -> impl Iterator<Item = &KnownPerson> {
        let mut room = OFFERED;
        self.people.iter().take_while(move |person| {
            // A sign may take five, and an option its own marks.
            let bytes = 5 * (person.name.len() + person.about().len()) + 45;
            let fits = bytes <= room;
            room = room.saturating_sub(bytes);
            fits
        })
    }

    /// The same, of somebody from the list.
    pub fn handle_of(&self, person: &KnownPerson) -> String {
        if self.namesakes.get(&search::words([person.name.as_str()])).is_some_and(|alike| alike.len() > 1) {
            format!("{} #{}", person.name, people::ending(person.id))
        } else {
            person.name.clone()
        }
    }

    /// The one whom somebody means, by a name as the list offers it or by an id.
    ///
    /// # Errors
    /// Says why it stands for nobody in particular.
    pub fn one(&self, whom: &Whom) -> Result<&KnownPerson, String> {
        match self.find(whom)[..] {
            [one] => Ok(one),
            [] => Err(format!(
                "Nobody called {} is known to you. Name them in the entry first, and they are added.",
                shortened(whom)
            )),
            _ => Err(format!("Several people are called {}. Choose from the list.", shortened(whom))),
        }
    }

    /// Those whom it stands for.
    fn find(&self, whom: &Whom) -> Vec<&KnownPerson> {
        let typed = match whom {
            Whom::Id(id) => return self.people.iter().filter(|person| person.id == *id).collect(),
            Whom::Name(name) => name.as_str(),
        };
        if let Some((_, end)) = typed.rsplit_once('#') {
            let marked: Vec<_> =
                self.people.iter().filter(|person| people::ending(person.id) == end).collect();
            if !marked.is_empty() {
                return marked;
            }
        }
        // Who bears the very name is among those who share its words, also where it has none.
        let words = search::words([typed]);
        let alike = self.namesakes.get(&words).map_or(&[][..], Vec::as_slice);
        let alike = || alike.iter().map(|place| &self.people[*place]);
        let exact: Vec<_> = alike().filter(|person| person.name == typed).collect();
        if exact.len() == 1 || words.is_empty() { exact } else { alike().collect() }
    }

    /// The first whose name looks like a text; a text without a look is like none.
    fn looks_like(&self, typed: &str) -> Option<&KnownPerson> {
        let looks = self.looks.get_or_init(|| {
            let mut looks = HashMap::new();
            for (place, person) in self.people.iter().enumerate() {
                looks.entry(text::look(&person.name)).or_insert(place);
            }
            looks
        });
        let look = text::look(typed);
        looks.get(&look).filter(|_| !look.is_empty()).map(|place| &self.people[*place])
    }
}

/// Somebody to be added with the entry that names them first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPerson {
    name: String,
    organization: Organization,
    works_at: Option<String>,
    level: Option<String>,
    domain: Option<String>,
}

/// Who was named: somebody known, or one of those to be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Known(Uuid),
    New(usize),
}

/// Those who are to be named, read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    parts: Vec<(Who, NamedAs)>,
    /// The places of those who are known and named as developed, with who it is.
    developed: Vec<(usize, Uuid)>,
    new: Vec<NewPerson>,
}

impl Reading {
    /// Those who are known already and named as developed, with their places.
    pub fn developed(&self) -> &[(usize, Uuid)] {
        &self.developed
    }

    /// How many are to be added.
    pub fn new_people(&self) -> usize {
        self.new.len()
    }

    /// The parts of those who are known already.
    pub fn known(&self) -> Vec<Named> {
        let known = self.parts.iter().filter_map(|(who, named_as)| match who {
            Who::Known(person) => Some(Named { person: *person, named_as: *named_as }),
            Who::New(_) => None,
        });
        known.collect()
    }
}

/// Reads who is to be named. With `lenient`, a name that nobody bears is left out: a draft that saves itself would else
/// add a person with every pause in typing a name.
pub fn read(
    people: &[NamedInput],
    known: &Known,
    actor: &Actor,
    framework: &Framework,
    lenient: bool,
    faults: &mut Faults,
) -> Reading {
    let mut reading = Reading::default();
    for (place, given) in people.iter().enumerate() {
        let at = |field| Path::at("people", place, field);
        if given.whom == Whom::default() {
            if !lenient {
                faults.add(at("name"), "Enter a name, or empty the row.");
            }
            continue;
        }
        let who = match known.find(&given.whom)[..] {
            [one] => Who::Known(one.id),
            [_, _, ..] => {
                let message =
                    format!("Several people are called {}. Choose from the list.", shortened(&given.whom));
                faults.add(at("name"), message);
                continue;
            }
            [] if is_self(&given.whom, actor) => {
                faults.add(at("name"), "This is you. Name those who were involved besides you.");
                continue;
            }
            [] if lenient => continue,
            [] => match new_person(given, place, known, framework, faults) {
                Some(person) => {
                    let place = reading.new.iter().position(|other| *other == person);
                    Who::New(place.unwrap_or_else(|| {
                        reading.new.push(person);
                        reading.new.len() - 1
                    }))
                }
                None => continue,
            },
        };
        match given.named_as {
            Some(named_as) if reading.parts.contains(&(who, named_as)) => {}
            Some(named_as) => {
                if let (Who::Known(person), NamedAs::Developed) = (who, named_as) {
                    reading.developed.push((place, person));
                }
                reading.parts.push((who, named_as));
            }
            None if lenient => {}
            None => {
                faults.add(at("as"), format!("Choose what {} was in this.", shortened(&given.whom)));
            }
        }
    }
    reading
}

/// Whether somebody means themselves.
pub fn is_self(whom: &Whom, actor: &Actor) -> bool {
    match whom {
        Whom::Id(id) => *id == actor.person,
        Whom::Name(name) => search::words([name.as_str()]) == search::words([actor.name.as_str()]),
    }
}

fn new_person(
    given: &NamedInput,
    place: usize,
    known: &Known,
    framework: &Framework,
    faults: &mut Faults,
) -> Option<NewPerson> {
    let at = |field| Path::at("people", place, field);
    let Whom::Name(typed) = &given.whom else {
        faults.add(at("name"), "Nobody is known by this id. Enter a name.");
        return None;
    };
    let name = faults.take(at("name"), people::clean_name(typed));
    if given.organization.is_none() {
        let called = shortened(&given.whom);
        let alike = known.looks_like(typed).map(|person| known.handle_of(person)).map(|handle| {
            format!(" There is somebody whose name looks the same: {handle}. Choose them from the list if you mean them.")
        });
        let message = format!(
            "Nobody called {called} is known yet. Choose where they belong, and they are added.{}",
            alike.unwrap_or_default()
        );
        faults.add(at("organization"), message);
    }
    let short = |text: &str, field, faults: &mut Faults| {
        let checked = text::one_line(text).map_err(str::to_owned).and_then(|text| {
            if text.chars().count() > 200 {
                Err("Enter at most 200 characters.".to_owned())
            } else {
                Ok(text)
            }
        });
        faults.take(at(field), checked).filter(|text| !text.is_empty())
    };
    let works_at = short(&given.works_at, "works_at", faults);
    let domain = short(&given.domain, "domain", faults);
    let offered = levels(framework);
    let level = Some(given.level.clone()).filter(|level| !level.is_empty());
    if level.as_ref().is_some_and(|level| !offered.contains(level)) {
        faults.add(at("level"), format!("Choose {}, or leave it open.", offered.join(", ")));
    } else if domain.is_some() && level.is_none() {
        faults.add(at("level"), "Choose a level as well: a domain is kept with a level.");
    }
    Some(NewPerson { name: name?, organization: given.organization?, works_at, level, domain })
}

/// The levels that a candidate can give somebody new: all but the highest, which an admin, a CTO or that person records.
pub fn levels(framework: &Framework) -> Vec<String> {
    framework.levels.iter().filter(|level| *level != people::CTO).cloned().collect()
}

/// Adds those who are new, within the change, and gives everybody's part.
pub(super) async fn add(
    change: &mut Change<'_>,
    instance: &Instance,
    actor: &Actor,
    reading: Reading,
) -> db::Result<Vec<Named>> {
    let at = change.at();
    let mut ids = Vec::new();
    for person in &reading.new {
        let id = instance.ids.new_id(at);
        people::store::insert(
            change.tx(),
            id,
            &person.name,
            person.organization,
            person.works_at.as_deref(),
            Some(actor.account),
            at,
        )
        .await?;
        change.record(Event::PersonAdded, Some(id), &person.name);
        if let Some(level) = &person.level {
            insert_level(change, instance, actor, id, level, person.domain.as_deref()).await?;
        }
        ids.push(id);
    }
    let mut named: Vec<Named> = Vec::new();
    for (who, named_as) in reading.parts {
        let person = match who {
            Who::Known(id) => id,
            Who::New(place) => ids[place],
        };
        named.push(Named { person, named_as });
    }
    Ok(named)
}

async fn insert_level(
    change: &mut Change<'_>,
    instance: &Instance,
    actor: &Actor,
    person: Uuid,
    level: &str,
    domain: Option<&str>,
) -> db::Result<()> {
    let (at, id) = (change.at(), instance.ids.new_id(change.at()));
    let new = NewLevel {
        level: level.to_owned(),
        from: instance.today(),
        domain: domain.map(str::to_owned),
        reports_to: None,
    };
    people::store::insert_level(change.tx(), id, person, &new, Some(actor.person), at).await?;
    change.record(Event::LevelRecorded, Some(person), &(level, domain));
    Ok(())
}

fn shortened(whom: &Whom) -> String {
    whom.to_string().chars().take(60).collect()
}
