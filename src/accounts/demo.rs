//! What marks a database as a demo's: what it was made from, and as whom visitors sign in.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Role;
use crate::db::Tx;
use crate::error::Result;
use crate::instance;

/// What a demo was made from. The same numbers make the same company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoMark {
    /// The seed.
    pub seed: u64,
    /// How many candidates.
    pub candidates: usize,
    /// How many entries in all.
    pub entries: usize,
    /// The day from which it looks back.
    pub today: NaiveDate,
    /// The account that a visitor of each role takes.
    pub visitors: BTreeMap<Role, Uuid>,
    /// Whether everything was written.
    pub complete: bool,
}

/// The mark of a database; none on a real instance.
pub async fn mark(tx: &mut Tx) -> Result<Option<DemoMark>> {
    let mark = instance::demo(tx).await?;
    Ok(mark.map(|mark| serde_json::from_str(&mark)).transpose().map_err(anyhow::Error::from)?)
}

/// Marks a database.
pub async fn set_mark(tx: &mut Tx, mark: &DemoMark) -> Result<()> {
    let mark = serde_json::to_string(mark).map_err(anyhow::Error::from)?;
    Ok(instance::set_demo(tx, mark).await?)
}
