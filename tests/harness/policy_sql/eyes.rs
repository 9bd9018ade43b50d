//! What somebody may see of a company, reckoned from its story alone with the policy function.

use evident::accounts::{Actor, Role};
use evident::evidence::{Aim, Audience, NamedAnswer, NamedAs, Sharing, Status};
use evident::policy::{
    self, Act, Decision, DossierState, EntryAct, EntryState, MilestoneState, PersonAct, PersonState,
    RequestState, SittingState,
};
use uuid::Uuid;

use crate::story::{Fact, NAMES, Places, Story, Who};

/// Somebody who looks.
#[derive(Clone, Copy)]
pub struct Eyes<'s> {
    pub story: &'s Story,
    pub places: &'s Places,
    pub who: Who,
}

/// An entry of a story.
#[derive(Clone, Copy)]
pub struct Entry {
    pub n: u32,
    pub of: Who,
    pub status: Status,
    pub audience: Audience,
    pub days: i64,
}

/// A part in an entry: whose, as what, and what they answered.
pub type Part = (Who, NamedAs, Option<NamedAnswer>);

/// Every entry of a story.
pub fn entries(story: &Story) -> Vec<Entry> {
    let entry = |fact: &Fact| match fact {
        Fact::Entry { n, of, status, audience, days, .. } => {
            Some(Entry { n: *n, of: *of, status: *status, audience: *audience, days: *days })
        }
        _ => None,
    };
    story.0.iter().filter_map(entry).collect()
}

/// Everybody with a dossier.
pub fn owners(story: &Story) -> Vec<Who> {
    let of = |fact: &Fact| match fact {
        Fact::Dossier { of, .. } => Some(*of),
        _ => None,
    };
    story.0.iter().filter_map(of).collect()
}

/// Whom an entry names, as what, with their answer.
pub fn named(story: &Story, entry: u32) -> Vec<Part> {
    let part = |fact: &Fact| match fact {
        Fact::Named { entry: n, who, named_as, answer, .. } if *n == entry => {
            Some((*who, *named_as, *answer))
        }
        _ => None,
    };
    story.0.iter().filter_map(part).collect()
}

impl Eyes<'_> {
    /// The viewer, as one who has signed in.
    pub fn actor(&self) -> Actor {
        Actor {
            account: self.places.account(self.who),
            person: self.places.person(self.who),
            name: NAMES[self.who].into(),
            roles: self.story.roles(self.who).unwrap_or_default().to_vec(),
            credential: evident::accounts::Credential::Session(Uuid::nil()),
            zone: None,
        }
    }

    /// Whether the viewer is a CTO.
    pub fn cto(&self) -> bool {
        self.story.is(self.who, Role::Cto)
    }

    /// Whether the policy allows it.
    pub fn may(&self, act: impl Into<Act>) -> bool {
        policy::decide(&self.actor().roles, act) == Decision::Allow
    }

    /// Whether the policy would allow it to the viewer with one role alone.
    #[expect(clippy::unused_self, reason = "it reads beside the others that ask what a viewer may")]
    pub fn may_as(&self, role: Role, act: impl Into<Act>) -> bool {
        policy::decide(&[role], act) == Decision::Allow
    }

    pub fn dossier(&self, of: Who) -> DossierState {
        let (sharing, aim, _) = self.story.dossier(of).expect("a dossier");
        let recused = entries(self.story).iter().any(|entry| {
            entry.of == of
                && entry.status == Status::Final
                && named(self.story, entry.n)
                    .iter()
                    .any(|(who, named_as, _)| *who == self.who && *named_as == NamedAs::Developed)
        });
        DossierState { owner: of == self.who, sharing, aim, recused }
    }

    /// Of somebody over a dossier. Nobody is sponsor in a story, so that what is handed over is every CTO's.
    pub fn sitting(&self, over: Who, by: Who, released: bool) -> SittingState {
        let handed = Eyes { who: by, ..*self }.dossier(over).recused;
        SittingState { author: by == self.who, released, handed }
    }

    pub fn entry(&self, entry: Entry) -> EntryState {
        let Entry { of, status, audience, .. } = entry;
        EntryState { dossier: self.dossier(of), status, audience }
    }

    pub fn reads(&self, entry: Entry) -> bool {
        self.may(EntryAct::Read(self.entry(entry)))
    }

    pub fn request(&self, entry: Entry, who: Who, closed: bool) -> RequestState {
        RequestState { entry: self.entry(entry), asked: who == self.who, closed }
    }

    pub fn person(&self, who: Who) -> PersonState {
        let mut brought: Vec<Option<Who>> = Vec::new();
        for fact in &self.story.0 {
            if let Fact::Leader { who: other, added_by } = fact
                && self.story.person(*other) == who
            {
                brought.push(*added_by);
            }
        }
        let account = self.story.roles(who).is_some();
        let published = entries(self.story).into_iter().any(|entry| {
            let DossierState { sharing, aim, recused, .. } = self.dossier(entry.of);
            let shared = sharing != Sharing::Private && aim != Aim::E1ByChoice && !recused;
            let tells = |(other, _, answer): &Part| {
                let told = entry.audience == Audience::Dossier && *answer != Some(NamedAnswer::Unnamed);
                *other == who && (self.cto() || told)
            };
            entry.status == Status::Final && shared && named(self.story, entry.n).iter().any(tells)
        });
        PersonState {
            own: who == self.who,
            added: brought.contains(&Some(self.who)),
            known: account || brought.contains(&None) || published,
            account,
        }
    }

    pub fn knows(&self, who: Who) -> bool {
        self.may(PersonAct::Read(self.person(who)))
    }

    pub fn milestone(&self, who: Who, by: Option<Who>, days: i64) -> MilestoneState {
        let rests = entries(self.story).into_iter().any(|entry| {
            let agreed = |fact: &Fact| match fact {
                Fact::Named { entry: n, who: named, named_as, answer, by_link } => {
                    (*n, *named) == (entry.n, who)
                        && self.story.stands(*n, who, *by_link)
                        && (*named_as, *answer) == (NamedAs::Developed, Some(NamedAnswer::Agreed))
                }
                _ => false,
            };
            entry.of == self.who
                && entry.status == Status::Final
                && entry.days > days
                && self.story.0.iter().any(agreed)
        });
        MilestoneState { own: who == self.who, recorded: by == Some(self.who), by_admin: by.is_none(), rests }
    }
}
