//! Leaders: anyone who is named in evidence, inside or outside the company, with or without an account.

//!
//! They come before accounts: what a signed-in person may see and do here is in [`crate::directory`].

pub mod store;
pub mod visibility;

use crate::word::word;
use macro_rules_attribute::apply;
use uuid::Uuid;

/// The level whose holders' answers count as a CTO's.
pub const CTO: &str = "CTO";
/// Stands for a level once somebody has left.
pub const LEFT: &str = "none";

/// Whether somebody belongs to the company whose instance this is.
#[apply(word!)]
pub enum Organization {
    /// Inside the company.
    Internal,
    /// Anywhere else: a customer, a partner, a conference, another employer.
    External,
}

/// What somebody reached on a day.
#[apply(word!)]
pub enum MilestoneKind {
    /// Stood before the board.
    BoardExposure,
    /// Took on something beyond their own domain.
    StretchAssignment,
    /// Worked at the next level before having the title.
    NextLevelOpportunity,
    /// Was named as somebody's successor, or named theirs.
    SuccessionNamed,
    /// Was hired by another company, at a higher level.
    HiredAway,
    /// Anything else, in words.
    Other,
}

/// What decides whether a viewer may know of a person and record things about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Standing {
    /// Whether the viewer added them, or somebody who turned out to be them.
    pub added: bool,
    /// Whether anybody like the viewer may know of them.
    pub known: bool,
    /// Whether they have an account.
    pub account: bool,
}

impl MilestoneKind {
    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            MilestoneKind::BoardExposure => "Board exposure",
            MilestoneKind::StretchAssignment => "Stretch assignment",
            MilestoneKind::NextLevelOpportunity => "Next-level opportunity",
            MilestoneKind::SuccessionNamed => "Succession named",
            MilestoneKind::HiredAway => "Hired away at a higher level",
            MilestoneKind::Other => "Other",
        }
    }
}

impl Organization {
    /// The word for people.
    pub fn title(self) -> &'static str {
        match self {
            Organization::Internal => "In the company",
            Organization::External => "Outside the company",
        }
    }
}

/// The end of an id, which tells apart those who share a name: `Ada Marsh #3f09c1`.
pub fn ending(id: Uuid) -> String {
    let id = id.simple().to_string();
    id[id.len() - 6..].to_owned()
}

/// A name as it is kept: on one line, of what can be seen.
///
/// # Errors
/// Says what is wrong with it, for the person who typed it.
pub fn clean_name(text: &str) -> Result<String, String> {
    let name = crate::text::one_line(text)?;
    if name.is_empty() && !text.trim().is_empty() {
        Err("Enter a name. Nothing of what is here can be seen.".into())
    } else if name.is_empty() {
        Err("Enter a name.".into())
    } else if name.chars().count() > 200 {
        Err("A name has at most 200 characters.".into())
    } else {
        Ok(name)
    }
}
