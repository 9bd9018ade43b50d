//! For whom a board is: whose dossiers it shows them, and how these are assessed.

use chrono::NaiveDate;

use crate::accounts::Actor;
use crate::dashboard::store::Reader;
use crate::db::{self, Tx};
use crate::evidence::dossiers::{self, Dossier};
use crate::readiness::Lens;

/// Whose board it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// The committee's: dossiers shared with it.
    Committee,
    /// CTOs': dossiers shared with CTOs.
    Cto,
}

impl Audience {
    /// Its address.
    pub fn path(self) -> &'static str {
        match self {
            Audience::Committee => "/committee",
            Audience::Cto => "/dossiers",
        }
    }

    /// The lens that it starts with.
    pub fn lens(self) -> Lens {
        match self {
            Audience::Committee => Lens::Confirmed,
            Audience::Cto => Lens::All,
        }
    }

    /// The dossiers on it for somebody, by what they may see.
    pub async fn dossiers(self, tx: &mut Tx, actor: &Actor) -> db::Result<Vec<Dossier>> {
        match self {
            Audience::Committee => dossiers::on_board(tx, actor).await,
            Audience::Cto => dossiers::shared_with_ctos(tx, actor).await,
        }
    }

    /// What is left out of the facts.
    pub fn reader(self, today: NaiveDate) -> Reader {
        match self {
            Audience::Committee => Reader::Committee { today },
            Audience::Cto => Reader::Cto,
        }
    }
}
