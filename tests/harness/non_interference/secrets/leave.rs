//! Leave that lies on other days, while nothing that a member sees today is other: states, months, gaps, time at level.

use chrono::{NaiveDate, TimeDelta};
use evident::accounts::Role;
use evident::dashboard::store::{Reader, facts};
use evident::framework::load::built_in;
use evident::readiness::{Assessment, DateRange, Facts, GapKind, Lens, State, assess};
use rand::RngExt;
use strum::VariantArray as _;

use super::{Scene, Step};
use crate::non_interference::cast::{Who, fields};

/// So many pairs of leave are tried; nearly always one of the first fits.
const TRIES: usize = 400;

/// What the committee is shown of somebody on a day.
type Shown = Vec<(bool, Option<u32>, Vec<(State, u32, Vec<GapKind>)>)>;

fn shown(facts: &Facts, leave: DateRange, day: NaiveDate) -> Shown {
    let facts = Facts { leave: facts.leave.iter().copied().chain([leave]).collect(), ..facts.clone() };
    let of = |assessment: Assessment| {
        let cells = assessment.capabilities.iter().map(|c| (c.state, c.months, c.gap_kinds().collect()));
        (assessment.evidence_complete, assessment.months_at_level, cells.collect())
    };
    Lens::VARIANTS.iter().map(|lens| of(assess(built_in(), &facts, day, *lens))).collect()
}

impl Scene<'_> {
    /// Dana was away, in the one world on other days than in the other. What else is done changes nothing of hers, so that
    /// what she shows today stays the same in both.
    pub(super) async fn leave_moved(&mut self) -> anyhow::Result<Vec<Step>> {
        if self.is(Role::Cto) {
            return Ok(Vec::new());
        }
        let dana = self.cast.dossiers[&Who::Dana];
        let had = "select id from leave_periods where dossier_id = $1";
        if !self.stage.rows_of::<(uuid::Uuid,)>(had, dana).await?.is_empty() {
            return Ok(Vec::new());
        }
        let today = self.stage.instance().today();
        let mut tx = self.stage.instance().db.read().await?;
        let found = facts(&mut tx, &[dana], Reader::Committee { today }).await?;
        drop(tx);
        let Some((_, facts)) = found.into_iter().next() else { return Ok(Vec::new()) };
        for _ in 0..TRIES {
            let days = TimeDelta::days(self.rng.random_range(20..150));
            let [one, other] = [0, 0].map(|_: i32| {
                let from = today - TimeDelta::days(self.rng.random_range(150..900));
                DateRange { from, to: from + days }
            });
            let same = shown(&facts, one, today) == shown(&facts, other, today);
            // Some other day would tell the two apart.
            let told = (-24..12).map(|month| today + TimeDelta::days(30 * month));
            let mut told = told.filter(|day| shown(&facts, one, *day) != shown(&facts, other, *day));
            if same && told.next().is_some() {
                let leave = if self.second { other } else { one };
                let (from, to) = (leave.from.to_string(), leave.to.to_string());
                let form = fields(&[("from", &from), ("to", &to)]);
                return Ok(vec![Step::Post(Who::Dana, "/settings/leave".into(), form)]);
            }
        }
        Ok(Vec::new())
    }
}
