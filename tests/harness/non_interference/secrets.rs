//! What a viewer may not see, each kind as something that somebody else does.

mod leave;
mod others;
mod own;

use evident::accounts::Role;
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha12Rng;
use strum::VariantArray;
use uuid::Uuid;

use super::cast::{Cast, Fields, Who, entry, fields, naming};
use crate::stage::Stage;

/// A kind of difference between two worlds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, VariantArray, strum::Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Secret {
    /// A draft of somebody else, perhaps with somebody new in it.
    Draft,
    /// A draft edited, or thrown away.
    DraftChanged,
    /// An entry published in a private dossier.
    PrivateEntry,
    /// An entry for CTOs alone that none has confirmed.
    CtoEntry,
    /// The prose of an entry.
    Prose,
    /// What somebody wants, short of staying at E1.
    Aim,
    /// Why a dossier is no longer shared: by choice of E1, or private.
    Reason,
    /// Leave.
    Leave,
    /// On which days leave lies, where nothing that is seen of today follows from it.
    LeaveMoved,
    /// What somebody answered a signal.
    Signal,
    /// A development plan.
    Plan,
    /// A conversation about the path.
    Conversation,
    /// A check-in.
    CheckIn,
    /// A CTO's sitting that is not released.
    SittingDraft,
    /// A CTO's remark that is not released.
    Note,
    /// A judgement that the viewer is not shown, or not yet.
    Judgement,
    /// A reply to a CTO's remark.
    Reply,
    /// Who is offered what.
    Opportunity,
    /// A request to somebody else.
    Request,
    /// An answer that confirms nothing; an account that differs, in its first days.
    Answer,
    /// Whose evidence an answer by link is on, for which nobody has vouched yet.
    Linked,
    /// What somebody says of being named.
    NamedAnswer,
    /// A milestone.
    Milestone,
    /// Who added a person whom everybody knows.
    AddedBy,
    /// A role of an account elsewhere.
    Role,
    /// A link to choose a password anew.
    Link,
    /// Another's inbox.
    Inbox,
    /// Another's session.
    Session,
    /// A letter with a link to somebody without an account.
    Letter,
}

/// One thing that is done.
#[derive(Clone, Debug)]
pub enum Step {
    /// Somebody sends a form.
    Post(Who, String, Fields),
    /// Somebody signs in once more.
    SignIn(Who),
    /// A row says something else.
    Meddle(String),
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Step::Post(who, path, fields) => {
                let filled = fields.iter().filter(|(_, value)| !value.is_empty());
                let filled: Vec<String> = filled.map(|(name, value)| format!("{name}={value}")).collect();
                write!(f, "{who} posts {path} {}", filled.join(" "))
            }
            Step::SignIn(who) => write!(f, "{who} signs in"),
            Step::Meddle(sql) => write!(f, "{sql}"),
        }
    }
}

/// Where a difference is made up.
pub struct Scene<'s> {
    /// The world whose rows are chosen from.
    pub stage: &'s Stage,
    pub cast: &'s Cast,
    /// From whom it is to be hidden.
    pub viewer: Option<Who>,
    pub rng: ChaCha12Rng,
    /// Whether both worlds change, and differ in content alone.
    pub both: bool,
    /// Whether this is for the second of the two.
    pub second: bool,
    /// A word that stands in nothing but this.
    pub word: String,
}

impl Secret {
    /// Whether the two worlds both get their own, and never only one.
    pub fn is_of_both(self) -> bool {
        matches!(self, Secret::Reason | Secret::LeaveMoved | Secret::Linked)
    }

    /// What somebody does that the viewer may not see; nothing where there is nothing of the kind to do now.
    pub async fn steps(self, scene: &mut Scene<'_>) -> anyhow::Result<Vec<Step>> {
        match self {
            Secret::Draft => Ok(scene.draft()),
            Secret::DraftChanged => scene.draft_changed().await,
            Secret::PrivateEntry => Ok(scene.private_entry()),
            Secret::CtoEntry => Ok(scene.cto_entry()),
            Secret::Prose => scene.prose().await,
            Secret::Aim => scene.aim().await,
            Secret::Reason => scene.reason().await,
            Secret::Leave => Ok(scene.leave()),
            Secret::LeaveMoved => scene.leave_moved().await,
            Secret::Letter => scene.letter().await,
            Secret::Signal | Secret::Plan | Secret::Conversation => Ok(scene.development(self)),
            Secret::CheckIn => Ok(scene.check_in()),
            Secret::SittingDraft => scene.sitting_draft().await,
            Secret::Note => scene.note().await,
            Secret::Judgement => scene.judgement().await,
            Secret::Reply => scene.reply().await,
            Secret::Opportunity => Ok(scene.opportunity()),
            Secret::Request => scene.request().await,
            Secret::Answer => scene.answer().await,
            Secret::Linked => Ok(scene.linked()),
            Secret::NamedAnswer => scene.named_answer().await,
            Secret::Milestone => Ok(scene.milestone()),
            Secret::AddedBy | Secret::Role | Secret::Link | Secret::Session => Ok(scene.account(self)),
            Secret::Inbox => scene.inbox().await,
        }
    }
}

/// An id with whose it is.
type Owned = (Uuid, Uuid);

impl Scene<'_> {
    fn is(&self, role: Role) -> bool {
        self.viewer.is_some_and(|viewer| viewer.is(role))
    }

    /// One of these who is not the viewer.
    fn one(&mut self, of: &[Who]) -> Option<Who> {
        let others: Vec<Who> = of.iter().copied().filter(|who| Some(*who) != self.viewer).collect();
        others.choose(&mut self.rng).copied()
    }

    fn candidate(&mut self) -> Option<Who> {
        self.one(&[Who::Ada, Who::Ben, Who::Cleo, Who::Kim, Who::Lena])
    }

    /// Somebody whose dossier is their own alone; for who is no CTO, anybody.
    fn unread(&mut self) -> Option<Who> {
        if self.is(Role::Cto) { self.one(&[Who::Cleo, Who::Kim, Who::Lena]) } else { self.candidate() }
    }

    /// Who has this account.
    fn who(&self, account: Uuid) -> Option<Who> {
        self.cast.people.iter().find(|(_, person)| person.account == account).map(|(who, _)| *who)
    }

    fn person(&self, person: Uuid) -> Option<Who> {
        self.cast.people.iter().find(|(_, known)| known.person == person).map(|(who, _)| *who)
    }

    fn somewhen(&mut self) -> (String, String) {
        let (year, month) = (self.rng.random_range(2024..=2026), self.rng.random_range(1..=9));
        (format!("{year}-0{month}"), format!("{year}-0{}", (month + 1).min(9)))
    }

    /// The form of an entry that holds the word.
    fn written(&mut self, intent: &str) -> Fields {
        let criteria = [
            ("cross-domain-leadership", "strategic-coherence"),
            ("cto-partnership", "shapes-strategy"),
            ("developing-e1s", "delegates-decisions"),
            ("external-presence", "represents-company"),
        ];
        let (capability, criterion) = *criteria.choose(&mut self.rng).expect("four");
        let (from, to) = self.somewhen();
        let mut form = entry(intent, ("TITLE", capability, criterion, "", ""), &self.word);
        for (name, value) in &mut form {
            match name.as_str() {
                "title" => *value = format!("About {}", self.word),
                "from" => value.clone_from(&from),
                "to" => value.clone_from(&to),
                _ => {}
            }
        }
        form.extend(naming("Ruth Okafor", "sponsor"));
        form
    }

    /// Somebody new as the word's namesake. An admin knows of everybody.
    fn somebody_new(&mut self) -> Fields {
        if self.viewer == Some(Who::Mina) || self.rng.random_bool(0.5) {
            return Vec::new();
        }
        let name = format!("{} Holm", self.word);
        let mut form = fields(&[("as", "external"), ("organization", "external"), ("works_at", "Elsewhere")]);
        form.extend(fields(&[("person", &name), ("level", "E1"), ("domain", "")]));
        form
    }

    /// A final entry in one of these dossiers.
    async fn published(&mut self, of: &[Who], and: &str) -> anyhow::Result<Option<(Who, Uuid)>> {
        let sql = format!(
            "select d.owner_account, e.id from entries e join dossiers d on d.id = e.dossier_id \
             where e.status = 'final'{and} order by e.id"
        );
        let found: Vec<Owned> = self.stage.rows(sql).await?;
        let of: Vec<Uuid> = of.iter().map(|who| self.cast.people[who].account).collect();
        let found: Vec<Owned> = found.into_iter().filter(|(owner, _)| of.contains(owner)).collect();
        let chosen = found.choose(&mut self.rng).copied();
        Ok(chosen.and_then(|(owner, id)| Some((self.who(owner)?, id))))
    }

    /// One of these rows that is not the viewer's: whose, and its id.
    async fn of_others(&mut self, sql: &str) -> anyhow::Result<Option<(Who, Uuid)>> {
        let found: Vec<Owned> = self.stage.rows(sql).await?;
        let found: Vec<(Who, Uuid)> = found
            .into_iter()
            .filter_map(|(owner, id)| Some((self.who(owner).filter(|who| Some(*who) != self.viewer)?, id)))
            .collect();
        Ok(found.choose(&mut self.rng).copied())
    }
}
