//! The directory of leaders: people as those who are signed in may know them, what is recorded about them, and the
//! evidence that names them.
//!
//! It stands above people, accounts and evidence, because a leader's page brings all three together.

pub mod actions;
pub mod chart;
pub mod correction;
pub mod forms;
pub mod input;
pub mod merging;
pub mod pages;
pub mod person;
pub(crate) mod reading;
mod routes;
pub mod store;

pub use routes::routes;

use uuid::Uuid;

use crate::accounts::{Actor, viewer};
use crate::people::{Organization, Standing};
use crate::policy::PersonState;

/// What the policy decides by, over a person.
pub fn state(actor: &Actor, person: Uuid, standing: Standing) -> PersonState {
    let Standing { added, known, account } = standing;
    PersonState { own: actor.person == person, added, known, account }
}

/// Where somebody belongs, in words for a list.
fn belongs(organization: Organization, works_at: Option<&str>) -> String {
    match (organization, works_at) {
        (Organization::Internal, _) => String::new(),
        (Organization::External, Some(place)) => place.to_owned(),
        (Organization::External, None) => organization.title().to_owned(),
    }
}
