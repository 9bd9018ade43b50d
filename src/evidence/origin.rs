//! How what somebody says came: in their account, or by mail or link, which stands once somebody vouched for it.

use crate::word::word;
use chrono::NaiveDate;
use macro_rules_attribute::apply;

use crate::people::visibility::answer_stands;

/// As SQL, whether an answer `alias` in the dossier `d` stands today: what [`Origin::stands`] says of an answer of somebody
/// other than the candidate. What doesn't stand counts nowhere.
pub fn stands(alias: &str) -> String {
    answer_stands(alias, "d")
}

/// As SQL, whether a later answer of the same person that stands displaces the answer `alias` about an entry. Of two answers
/// `latest` decides which is the later, as readiness does: by date, and on one date by their place in the list.
pub fn is_displaced(table: &str, alias: &str, latest: &str) -> String {
    format!(
        "exists (select 1 from {table} l where l.entry_id = {alias}.entry_id and l.person_id = {alias}.person_id \
         and {latest} and {})",
        stands("l")
    )
}

/// As SQL, whether another answer `l` to "did it happen like this?" is later than `alias`.
pub fn is_later(alias: &str) -> String {
    format!("(l.on_date > {alias}.on_date or l.on_date = {alias}.on_date and l.position > {alias}.position)")
}

/// As SQL, whether a later answer that stands displaces the answer `alias` to "did it happen like this?".
pub fn is_taken_back(alias: &str) -> String {
    is_displaced("corroborations", alias, &is_later(alias))
}

/// As SQL, whether a later answer that stands displaces the answer `alias` to "does it still hold?".
pub fn holds_is_taken_back(alias: &str) -> String {
    is_displaced(
        "durability_answers",
        alias,
        &format!("l.months = {alias}.months and l.position > {alias}.position"),
    )
}

/// How an answer came.
#[apply(word!)]
#[derive(Default)]
pub enum Via {
    /// In the account of whose answer it is.
    #[default]
    Account,
    /// By a link that was mailed to an address and shown to nobody else.
    Mail,
    /// By a link that somebody handed over.
    Link,
}

/// That somebody says that an answer is really that person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Vouching<P> {
    /// Who says so.
    pub by: P,
    /// From which day on it counts: the later of the days of vouching and answering.
    pub on: NaiveDate,
}

/// How an answer came, and who vouched for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Origin<P> {
    /// How it came.
    pub via: Via,
    /// Who vouched for it, and when; read beside an account, where it changes nothing.
    pub vouched: Option<Vouching<P>>,
}

impl<P> Default for Origin<P> {
    fn default() -> Self {
        Origin::of(Via::Account)
    }
}

impl<P> Origin<P> {
    /// That of an answer for which nobody has vouched.
    pub fn of(via: Via) -> Self {
        Origin { via, vouched: None }
    }

    /// As its columns have it.
    pub fn from_columns(via: Via, by: Option<P>, on: Option<NaiveDate>) -> Self {
        Origin { via, vouched: by.zip(on).map(|(by, on)| Vouching { by, on }) }
    }
}

impl<P: PartialEq> Origin<P> {
    /// Whether somebody's answer stands by now, or will by the day from which its vouching counts.
    pub fn stands_ever(&self, by: &P, candidate: &P) -> bool {
        self.stands(by, candidate, NaiveDate::MAX)
    }

    /// Whether somebody's answer stands on a day, in the evidence of a candidate, who answers and vouches for nothing in it.
    /// What doesn't stand counts nowhere.
    pub fn stands(&self, by: &P, candidate: &P, as_of: NaiveDate) -> bool {
        if by == candidate {
            return false;
        }
        match self.via {
            Via::Account => true,
            Via::Mail | Via::Link => {
                self.vouched.as_ref().is_some_and(|vouched| vouched.by != *candidate && vouched.on <= as_of)
            }
        }
    }
}

impl<P> Origin<P> {
    /// From which day on an answer of a day can stand; none while nobody has vouched for it.
    pub fn since(&self, answered: NaiveDate) -> Option<NaiveDate> {
        match self.via {
            Via::Account => Some(answered),
            Via::Mail | Via::Link => self.vouched.as_ref().map(|vouched| vouched.on.max(answered)),
        }
    }
}

impl<P: Clone> Origin<P> {
    /// Who vouched, as its column has it.
    pub fn vouched_by(&self) -> Option<P> {
        self.vouched.as_ref().map(|vouched| vouched.by.clone())
    }

    /// When, as its column has it.
    pub fn vouched_on(&self) -> Option<NaiveDate> {
        self.vouched.as_ref().map(|vouched| vouched.on)
    }
}

#[cfg(test)]
mod tests {
    use super::{Origin, Via, Vouching};

    #[test]
    fn what_came_by_mail_or_link_stands_from_the_day_on_which_another_than_the_candidate_vouched() {
        let day = |text: &str| text.parse().expect("a day");
        let vouched = |via, by, on| Origin { via, vouched: Some(Vouching { by, on: day(on) }) };
        let stands = |origin: Origin<u8>, on| origin.stands(&3, &0, day(on));
        for via in [Via::Mail, Via::Link] {
            assert!(!stands(Origin::of(via), "2199-12-31"));
            assert!(!stands(vouched(via, 1, "2026-02-02"), "2026-02-01"));
            assert!(stands(vouched(via, 1, "2026-02-02"), "2026-02-02"));
            assert!(!stands(vouched(via, 0, "2026-02-02"), "2026-02-03"));
        }
        assert!(stands(Origin::of(Via::Account), "1900-01-01"));
        assert!(stands(vouched(Via::Account, 0, "2026-02-02"), "2026-02-01"));
        assert!(
            !Origin::of(Via::Account).stands(&0, &0, day("2199-12-31")),
            "nobody answers about their own"
        );
    }
}
