//! The roles.

use crate::word::word;
use macro_rules_attribute::apply;

/// What an account is for. One account may hold several.
#[apply(word!)]
pub enum Role {
    /// Keeps a dossier of their own.
    Candidate,
    /// Reads what is shared, and judges it.
    Cto,
    /// Compares candidates, votes and decides.
    Committee,
    /// Manages accounts, levels, frameworks and cycles; reads no evidence.
    Admin,
}

impl Role {
    /// The role's name for people.
    pub fn title(self) -> &'static str {
        match self {
            Role::Candidate => "Candidate",
            Role::Cto => "CTO",
            Role::Committee => "Committee",
            Role::Admin => "Admin",
        }
    }

    /// Whether giving it is told to all admins and CTOs: it reads evidence, or gives such roles.
    pub fn is_trusted(self) -> bool {
        match self {
            Role::Candidate => false,
            Role::Cto | Role::Committee | Role::Admin => true,
        }
    }

    /// What the role lets somebody do, in a sentence for whoever gives it.
    pub fn purpose(self) -> &'static str {
        match self {
            Role::Candidate => "Keeps a dossier of their own evidence.",
            Role::Cto => "Reads the dossiers that are shared with CTOs, and judges them.",
            Role::Committee => "Compares the candidates whose dossiers are shared with the committee.",
            Role::Admin => "Manages accounts and levels; reads no evidence.",
        }
    }
}
