//! Judging what is given about people: against the guide, the day, and the people known.

use chrono::NaiveDate;
use uuid::Uuid;

use super::input::{LevelInput, MilestoneInput, PersonInput};
use super::viewer;
use crate::accounts::Actor;
use crate::db::{self, Tx};
use crate::error::{Error, FieldError, Given, Path, Result};
use crate::evidence::input::Whom;
use crate::framework::load;
use crate::people::store::{self, NewLevel, NewMilestone};
use crate::people::{LEFT, MilestoneKind, Organization};
use crate::text;

/// That there is no day from which a level holds.
const NO_FIRST_DAY: &str = "Enter the first day of this level, like 2026-03-14.";

/// What was typed, read; or what is wrong with it, for whoever typed it.
type Checked<T> = std::result::Result<T, String>;

/// Somebody to add.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(super) struct NewPerson {
    pub(super) name: String,
    pub(super) organization: Organization,
    pub(super) works_at: Option<String>,
    #[serde(skip)]
    pub(super) level: Option<NewLevel>,
}

fn listed(level: &str) -> bool {
    level == LEFT || load::built_in().level_rank(level).is_some()
}

/// The level to keep.
pub(super) async fn level(
    tx: &mut Tx,
    actor: &Actor,
    person: Uuid,
    given: &Given<LevelInput>,
) -> Result<NewLevel> {
    let Given { input, mut faults } = given.clone();
    if !listed(&input.level) {
        faults.add("level", "Choose a level.");
    }
    let from = faults.need("from", input.from, NO_FIRST_DAY);
    let domain = faults.take("domain", short(&input.domain, 100, "A domain")).flatten();
    let reports_to = match input.reports_to {
        Some(whom) => {
            let found = leader(tx, actor, person, &whom).await?;
            faults.take("reports_to", found).flatten()
        }
        None => None,
    };
    faults.in_order(&["level", "from"]);
    faults.done(from.map(|from| NewLevel { level: input.level, from, domain, reports_to }))
}

/// The milestone to keep.
pub(super) fn milestone(given: &Given<MilestoneInput>, today: NaiveDate) -> Result<NewMilestone> {
    let Given { input, mut faults } = given.clone();
    let on = faults.need("on", input.on, "Enter the day, like 2026-03-14.");
    if on.is_some_and(|on| on > today) {
        faults.add("on", "A milestone has been reached; enter a day that is not in the future.");
    }
    let what = match faults.take("what", short(&input.what, 500, "A milestone")) {
        Some(None) if input.kind == MilestoneKind::Other => {
            faults.add("what", "Say in a sentence what was reached.");
            None
        }
        // Readers of the kind alone are told in words as well.
        Some(None) => Some(input.kind.title().to_owned()),
        what => what.flatten(),
    };
    faults.in_order(&["on", "kind"]);
    let new = |(on, what)| NewMilestone {
        on,
        kind: Some(input.kind),
        what,
        corrects: None,
        happened: input.happened,
    };
    faults.done(on.zip(what).map(new))
}

/// Somebody new. `namesakes` are those whom the actor knows whose name is the same, or looks the same.
pub(super) fn person(given: &Given<PersonInput>, namesakes: &[String]) -> Result<NewPerson> {
    let Given { input, mut faults } = given.clone();
    let dated = input.from.is_some() || faults.has(&Path::field("from"));
    let leveled = listed(&input.level) && input.level != LEFT;
    // A day is a level's, and is looked at with one alone.
    faults.0.retain(|fault| leveled || fault.field != "from");
    let name = faults.take("name", crate::people::clean_name(&input.name));
    if name.is_some() && !namesakes.is_empty() && !input.different {
        faults.add(
            "name",
            format!(
                "There is somebody whose name is or looks the same: {}. If you mean somebody else, say so below and \
                 add them again.",
                namesakes.join("; ")
            ),
        );
    }
    if input.organization.is_none() {
        faults.add("organization", "Choose where they belong.");
    }
    let works_at = faults.take("works_at", short(&input.works_at, 200, "This")).flatten();
    if works_at.is_some() && input.organization == Some(Organization::Internal) {
        faults.add("works_at", "This is for somebody outside the company. Empty it.");
    }
    let domain = faults.take("domain", short(&input.domain, 100, "A domain")).flatten();
    let mut level = None;
    if leveled {
        let from = faults.need("from", input.from, NO_FIRST_DAY);
        level = from.map(|from| NewLevel { level: input.level, from, domain, reports_to: None });
    } else if !input.level.is_empty() {
        faults.add("level", "Choose a level from the list, or leave it open.");
    } else if domain.is_some() || dated {
        faults.add("level", "Choose a level as well: the day and the domain are kept with it.");
    }
    faults.in_order(&["name", "organization", "works_at", "domain", "level"]);
    let new = name.zip(input.organization);
    faults.done(new.map(|(name, organization)| NewPerson { name, organization, works_at, level }))
}

/// That a milestone can't be corrected, since another stands in its place.
pub(super) fn corrected_already() -> Error {
    let message = "It has been corrected already. Correct the one that stands in its place.";
    Error::Invalid(vec![FieldError::new("on", message)])
}

/// A line that may be empty, of at most `most` characters.
fn short(typed: &str, most: usize, what: &str) -> Checked<Option<String>> {
    let line = text::one_line(typed)?;
    if line.chars().count() > most {
        return Err(format!("{what} has at most {most} characters."));
    }
    Ok(Some(line).filter(|line| !line.is_empty()))
}

/// The person to whom somebody reports.
async fn leader(tx: &mut Tx, actor: &Actor, reports: Uuid, whom: &Whom) -> Result<Checked<Option<Uuid>>> {
    let whom = match whom {
        Whom::Id(id) => Whom::Id(*id),
        Whom::Name(name) => match short(name, 300, "A name") {
            Ok(Some(name)) => Whom::Name(name),
            Ok(None) => return Ok(Ok(None)),
            Err(message) => return Ok(Err(message)),
        },
    };
    Ok(match known_as(tx, actor, &whom).await?[..] {
        [one] if one == reports => {
            Err("Nobody reports to themselves. Leave this empty if they report to nobody.".into())
        }
        [one] => Ok(Some(one)),
        [] => Err(format!("Nobody is known here as “{whom}”. Check the spelling, or leave this empty.")),
        _ => Err(format!(
            "Several people are called “{whom}”. Paste the address of the right one's page instead."
        )),
    })
}

/// Those whom somebody may mean, among those whom the actor may know of.
pub(crate) async fn known_as(tx: &mut Tx, actor: &Actor, whom: &Whom) -> db::Result<Vec<Uuid>> {
    let known = match whom {
        Whom::Id(id) => store::find(tx, viewer(actor), *id).await?.into_iter().collect(),
        Whom::Name(name) => {
            let words = text::words(name);
            let mut known = store::known(tx, viewer(actor), None).await?;
            known.retain(|person| text::words(&person.name) == words);
            known
        }
    };
    Ok(known.into_iter().map(|person| person.id).collect())
}
