//! Leaders: whom a viewer knows, what is said of whom, and which evidence names them.

use std::collections::BTreeSet;

use evident::accounts::{self, Role};
use evident::db::Tx;
use evident::directory;
use evident::evidence::naming::Known;
use evident::evidence::visibility::Viewer;
use evident::evidence::{NamedAs, Sharing, Status};
use evident::people;
use evident::policy::PersonAct;
use evident::trajectories::store::{Within, answered, told};
use uuid::Uuid;

use super::eyes::{Entry, Eyes, Part, entries, named, owners};
use super::shown::{Comparison, number};
use crate::story::{Fact, NAMES, Story, Who};

impl Comparison {
    /// Whom the viewer knows, what decides over it, and what is said of whom.
    pub(super) async fn people(&mut self, tx: &mut Tx, eyes: &Eyes<'_>) -> evident::error::Result<()> {
        let (actor, everybody) = (eyes.actor(), eyes.story.everybody());
        let name = NAMES[eyes.who];
        let viewer = accounts::viewer(&actor);
        let who = |id: Uuid| everybody.iter().copied().find(|who| eyes.places.person(*who) == id);
        let may: Vec<Who> = everybody.iter().copied().filter(|who| eyes.knows(*who)).collect();
        let known = people::store::known(tx, viewer, None).await?;
        let shown = known.iter().map(|person| who(person.id));
        self.list(everybody.len(), shown, may.iter().copied().map(Some), || {
            format!("the people whom {name} knows")
        });
        let offered = Known::load(tx, &actor, None, eyes.places.today).await?;
        let others = may.iter().copied().filter(|who| *who != eyes.who).map(Some);
        self.list(everybody.len(), offered.people.iter().map(|p| who(p.id)), others, || {
            format!("the people whom {name} may name")
        });
        let ids: Vec<Uuid> = everybody.iter().map(|who| eyes.places.person(*who)).collect();
        for (person, id) in everybody.iter().copied().zip(ids.iter().copied()) {
            let found = people::store::find(tx, viewer, id).await?.is_some();
            self.one(found, may.contains(&person), || format!("{} to {name}", NAMES[person]));
            let standing = people::store::standing(tx, viewer, id).await?;
            let state = standing.map(|standing| directory::state(&actor, id, standing));
            self.list(1, [format!("{state:?}")], [format!("{:?}", Some(eyes.person(person)))], || {
                format!("what decides over {} for {name}", NAMES[person])
            });
        }
        let milestones = people::store::milestones(tx, viewer, &ids).await?;
        let reached = eyes.story.0.iter().filter_map(|fact| match fact {
            Fact::Reached { n, who, by, days } => Some((*n, *who, *by, *days)),
            _ => None,
        });
        let reached: Vec<_> = reached.collect();
        let readable: Vec<_> = reached
            .iter()
            .filter(|(_, who, by, days)| eyes.may(PersonAct::ReadMilestone(eyes.milestone(*who, *by, *days))))
            .collect();
        self.list(
            reached.len(),
            milestones.iter().map(|m| number(m.id)),
            readable.iter().map(|(n, ..)| *n),
            || format!("the milestones that {name} reads"),
        );
        for (n, who, ..) in &reached {
            let found = people::store::milestone(tx, viewer, eyes.places.milestone(*n)).await?;
            let may = readable.iter().any(|(other, ..)| other == n) && eyes.knows(*who);
            self.one(found.is_some(), may, || format!("milestone {n} to {name}"));
        }
        for level in people::store::levels(tx, viewer, &ids).await? {
            let fact = eyes.story.0.iter().find_map(|fact| match fact {
                Fact::Level { n, who, by, reports_to, .. } if *n == number(level.id) => {
                    Some((*n, *who, *by, *reports_to))
                }
                _ => None,
            });
            let (n, whose, by, reports_to) = fact.expect("a level of the story");
            // What a candidate recorded of somebody else is signed for themselves alone.
            let signed = by.is_some_and(|by| {
                let steward = [Role::Cto, Role::Admin].iter().any(|role| eyes.story.is(by, *role));
                steward
                    || [whose, eyes.who].iter().any(|one| eyes.story.person(*one) == eyes.story.person(by))
            });
            for (shown, who, what, told) in [
                (level.recorded_by_name, by, "recorded", signed),
                (level.reports_to_name, reports_to, "are reported to", true),
            ] {
                let may = told && who.is_some_and(|who| eyes.knows(who));
                self.one(shown.is_some(), may, || format!("those who {what} in level {n} to {name}"));
            }
        }
        Ok(())
    }

    /// The evidence that names leaders, how much of it there is, and what became of those who were developed.
    pub(super) async fn leaders(&mut self, tx: &mut Tx, eyes: &Eyes<'_>) -> evident::error::Result<()> {
        let (actor, all) = (eyes.actor(), entries(eyes.story));
        let name = NAMES[eyes.who];
        let viewer = Viewer::from(&actor);
        for person in eyes.story.everybody() {
            let id = eyes.places.person(person);
            let parts =
                |entry: &Entry| named(eyes.story, entry.n).iter().filter(|part| part.0 == person).count();
            let may: Vec<Entry> =
                all.iter().copied().filter(|entry| parts(entry) > 0 && eyes.reads(*entry)).collect();
            let shown = directory::store::named_in(tx, viewer, id).await?;
            let told_of = may.iter().flat_map(|entry| std::iter::repeat_n(entry.n, parts(entry)));
            self.list(all.len(), shown.iter().map(|found| number(found.id)), told_of, || {
                format!("the evidence that names {} to {name}", NAMES[person])
            });
            let counted = directory::store::counts(tx, viewer, &[id]).await?;
            let counted = counted.first().map_or(0, |(_, number)| *number);
            self.list(1, [counted], [i64::try_from(may.len()).expect("few")], || {
                format!("how much evidence names {} to {name}", NAMES[person])
            });
            let claims: BTreeSet<Who> = may
                .iter()
                .filter(|entry| develops(eyes.story, entry, person) && is_shared(eyes.story, entry.of))
                .map(|entry| entry.of)
                .collect();
            let shown = directory::store::claimants(tx, viewer, id).await?;
            self.list(1, [shown], [claims.len()], || {
                format!("how many developed {} to {name}", NAMES[person])
            });
        }
        let developed = |entry: &Entry| -> Vec<(u32, Uuid)> {
            let parts = named(eyes.story, entry.n).into_iter();
            let those =
                parts.filter(|part| develops(eyes.story, entry, part.0) && part.1 == NamedAs::Developed);
            those.map(|part| (entry.n, eyes.places.person(part.0))).collect()
        };
        for of in owners(eyes.story) {
            let within = Within::Dossier(eyes.places.dossier(of));
            let may: Vec<(u32, Uuid)> = all
                .iter()
                .filter(|entry| entry.of == of && eyes.reads(**entry))
                .flat_map(developed)
                .collect();
            let shown = told(tx, viewer, within).await?;
            self.list(
                may.len(),
                shown.iter().map(|t| (number(t.id), t.person_id)),
                may.iter().copied(),
                || format!("whom {} developed to {name}", NAMES[of]),
            );
            let about: BTreeSet<u32> = may.iter().map(|(n, _)| *n).collect();
            let shown = answered(tx, viewer, within).await?;
            let shown = shown.iter().map(|a| (number(a.entry_id), a.person_id, a.on_date));
            let said = eyes.story.0.iter().filter_map(|fact| match fact {
                Fact::Said { entry, who, days, by_link, .. }
                    if about.contains(entry) && eyes.story.stands(*entry, *who, *by_link) =>
                {
                    let on = eyes.places.today - chrono::TimeDelta::days(*days);
                    Some((*entry, eyes.places.person(*who), on))
                }
                _ => None,
            });
            self.list(about.len(), shown, said, || {
                format!("the answers about those whom {} developed to {name}", NAMES[of])
            });
        }
        let shared: Vec<(Who, u32, Uuid)> = all
            .iter()
            .filter(|entry| is_shared(eyes.story, entry.of) && eyes.reads(**entry))
            .flat_map(|entry| developed(entry).into_iter().map(|(n, person)| (entry.of, n, person)))
            .collect();
        let twice = shared
            .iter()
            .filter(|(of, _, person)| shared.iter().any(|(other, _, same)| other != of && same == person));
        let shown = told(tx, viewer, Within::Claimed).await?;
        self.list(
            shared.len(),
            shown.iter().map(|t| (number(t.id), t.person_id)),
            twice.map(|(_, n, person)| (*n, *person)),
            || format!("the leaders whom several developed to {name}"),
        );
        Ok(())
    }
}

/// Whether an entry says, final, that somebody was developed.
fn develops(story: &Story, entry: &Entry, person: Who) -> bool {
    let as_developed = |part: &Part| part.0 == person && part.1 == NamedAs::Developed;
    entry.status == Status::Final && named(story, entry.n).iter().any(as_developed)
}

fn is_shared(story: &Story, of: Who) -> bool {
    story.dossier(of).is_some_and(|(sharing, ..)| sharing != Sharing::Private)
}
