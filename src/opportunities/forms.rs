//! What is typed about an opportunity, and its reading into what the actions take.

use serde::Deserialize;

use super::actions::OpportunityInput;
use super::store::Opportunity;
use crate::directory::forms::{read_day, whom};
use crate::error::{Faults, FieldError, Given};

/// An opportunity as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct OpportunityForm {
    /// Its kind.
    pub kind: String,
    /// The day.
    pub on: String,
    /// What it is.
    pub what: String,
    /// A name, or the address of a person's page.
    pub offered_to: String,
    /// The same; may be empty.
    pub taken_by: String,
    /// The revision that was read; empty for a new one.
    pub revision: String,
}

impl From<&Opportunity> for OpportunityForm {
    fn from(present: &Opportunity) -> Self {
        OpportunityForm {
            kind: present.kind.to_string(),
            on: present.on_date.to_string(),
            what: present.what.clone(),
            offered_to: present.offered_name.clone(),
            taken_by: present.taken_name.clone().unwrap_or_default(),
            revision: present.revision.to_string(),
        }
    }
}

impl OpportunityForm {
    /// What it says.
    pub fn read(&self) -> Given<OpportunityInput> {
        let mut faults = Faults::default();
        let input = OpportunityInput {
            kind: self.kind.parse().ok(),
            on: read_day("on", &self.on, &mut faults),
            what: self.what.clone(),
            offered_to: whom(&self.offered_to),
            taken_by: whom(&self.taken_by),
            revision: self.revision.parse().ok(),
        };
        Given { input, faults }
    }
}

/// The same faults by the ids of the page, on which the kind is the first of several buttons.
pub(super) fn placed(mut faults: Vec<FieldError>) -> Vec<FieldError> {
    for fault in faults.iter_mut().filter(|fault| fault.field == "kind") {
        fault.field = "kind-board-slot".into();
    }
    faults
}
