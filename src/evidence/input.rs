//! What is given to an action on evidence, typed: a page's form is read into it, and whatever else calls the action fills it in.

use uuid::Uuid;

use super::{Content, NamedAs, Status};
use crate::people::Organization;
use crate::web::typed::Page;

/// What an entry is to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryInput {
    /// All but the people and the updates, with texts and links as they were typed.
    pub content: Content,
    /// Who was involved.
    pub people: Vec<NamedInput>,
}

/// Somebody's part in an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedInput {
    /// Who.
    pub whom: Whom,
    /// As what.
    pub named_as: Option<NamedAs>,
    /// Of somebody new: where they belong.
    pub organization: Option<Organization>,
    /// Of somebody new and external: where they work; may be empty.
    pub works_at: String,
    /// Of somebody new: their level; may be empty.
    pub level: String,
    /// Of somebody new: their domain; may be empty.
    pub domain: String,
}

/// Whom somebody means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// The one with this id.
    Id(Uuid),
    /// The one with this name, or with this handle from the list of people; somebody new where nobody has it.
    Name(String),
}

impl Default for Whom {
    fn default() -> Self {
        Whom::Name(String::new())
    }
}

impl From<&str> for Whom {
    fn from(typed: &str) -> Whom {
        let typed = typed.trim();
        typed.parse().map_or_else(|_| Whom::Name(typed.to_owned()), Whom::Id)
    }
}

impl std::fmt::Display for Whom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Whom::Id(id) => id.fmt(f),
            Whom::Name(name) => f.write_str(name),
        }
    }
}

/// How a save came about, and what whoever asks for it has seen before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saving {
    /// Whether a draft saves itself.
    pub autosave: bool,
    /// What is asked for; without it, that the entry stays what it is.
    pub intent: Option<Intent>,
    /// The revision that was edited.
    pub revision: Option<i64>,
    /// What the script of a new form calls the draft before it was saved, so that a first save whose answer is lost is found
    /// again.
    pub draft: String,
    /// The open page that sends it, where a script tells.
    pub page: Option<Page>,
    /// Whether near-duplicates were seen, and the entry is meant.
    pub saw_duplicates: bool,
    /// Stands for the cost of a material edit, once that was seen and is meant.
    pub saw_cost: String,
}

/// What a save is to make of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum Intent {
    /// A draft.
    Draft,
    /// A published entry.
    Publish,
}

impl Saving {
    /// The status that is asked for, given the present one: drafts stay drafts unless they are published.
    ///
    /// # Errors
    /// Says what can't be.
    pub fn status(&self, present: Status) -> Result<Status, &'static str> {
        match (self.intent, present) {
            _ if self.autosave => Ok(Status::Draft),
            (Some(Intent::Publish), _) | (None, Status::Final | Status::Withdrawn) => Ok(Status::Final),
            (Some(Intent::Draft) | None, Status::Draft) => Ok(Status::Draft),
            (Some(Intent::Draft), _) => {
                Err("This was published, and can’t be a draft again. Withdraw it instead.")
            }
        }
    }
}
