//! How an answer came, as the third format has it.

use serde::Serialize;
use uuid::Uuid;

use crate::review::{Origin, Via, Vouching};

/// How an answer came, and who vouched for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Came {
    /// How.
    #[serde(skip_serializing_if = "is_by_account")]
    pub via: Via,
    /// Who said that it is really that person's, and from which day on that counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vouched: Option<Vouching<String>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_by_account(via: &Via) -> bool {
    *via == Via::Account
}

impl Came {
    /// Whether an earlier format can hold it.
    pub(super) fn is_plain(&self) -> bool {
        self.via == Via::Account && self.vouched.is_none()
    }
}

impl From<Origin<Uuid>> for Came {
    fn from(origin: Origin<Uuid>) -> Came {
        let vouched = origin.vouched.map(|Vouching { by, on }| Vouching { by: by.to_string(), on });
        Came { via: origin.via, vouched }
    }
}
