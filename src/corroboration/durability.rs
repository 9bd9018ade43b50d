//! Whether lasting solutions last: six and twelve months after an entry's end, its owner is offered to ask a leader of
//! another domain.
//!
//! An entry claims a lasting solution by naming the criterion [`LASTING`]: no field of its own is needed, and what was
//! logged before there was this question is asked about too.

use chrono::{Months, NaiveDate, TimeDelta};
use uuid::Uuid;

use super::following;
use crate::accounts::Actor;
use crate::audit::{Change, Event, Origin};
use crate::db::{self, Tx};
use crate::error::Result;
use crate::evidence::actions;
use crate::evidence::dossiers::{self, Dossier};
use crate::evidence::naming::KnownPerson;
use crate::evidence::telling;
use crate::instance::Instance;
use crate::notices::{self, Kind, Notice};
use crate::policy::EntryAct;
use crate::web::words::day;

/// The criterion whose entries claim that a solution lasts: asked about again after six and twelve months.
pub const LASTING: &str = "cross-domain-leadership/lasting-conflict-resolution";
/// After how many months it is asked.
pub const MOMENTS: [u32; 2] = [6, 12];
/// For how many days after its moment the question is still raised. Evidence of long ago is not asked about when it is
/// logged late.
const OFFERED_FOR: TimeDelta = TimeDelta::days(183);

/// An open offer to ask whether an entry's solution holds.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Moment {
    /// Its id.
    pub id: Uuid,
    /// After how many months.
    pub months: i64,
    /// Since when.
    pub due_on: NaiveDate,
}

/// The open offer of an entry; of two, the later.
pub async fn moment(tx: &mut Tx, entry: Uuid) -> db::Result<Option<Moment>> {
    tx.query(
        "select id, months, due_on from durability where entry_id = $1 and closed_at is null order by months desc limit 1",
    )
    .bind(entry)
    .optional()
    .await
}

/// The moment that is due on a day for an entry that ended on another: after how many months, and since when.
pub fn due(end: NaiveDate, today: NaiveDate) -> Option<(u32, NaiveDate)> {
    MOMENTS.into_iter().rev().find_map(|months| {
        let on = end.checked_add_months(Months::new(months))?;
        (on <= today && today < on + OFFERED_FOR).then_some((months, on))
    })
}

#[derive(sqlx::FromRow)]
struct Claiming {
    entry_id: Uuid,
    owner_account: Uuid,
    owner_person: Uuid,
    end_date: NaiveDate,
}

/// Raises what is due, and tells those who are named and got an account since. The daily job calls it; doing it twice
/// changes nothing more. Returns how many questions were raised.
pub async fn raise_due(instance: &Instance, by: Origin) -> Result<usize> {
    let today = instance.today();
    let mut change = Change::begin(instance, by).await?;
    let claiming: Vec<Claiming> = change
        .tx()
        .query(
            "select e.id as entry_id, d.owner_account, d.owner_person, coalesce(e.to_date, e.from_date) as end_date \
             from entries e join dossiers d on d.id = e.dossier_id join entry_criteria k on k.entry_id = e.id \
             where k.criterion = $1 and e.status = 'final' and e.ongoing = $2 and d.aim <> 'e1-by-choice' \
             and coalesce(e.to_date, e.from_date) <= $3 and coalesce(e.to_date, e.from_date) > $4 order by e.id",
        )
        .bind(LASTING)
        .bind(false)
        .bind(today)
        .bind(today - TimeDelta::days(560))
        .all()
        .await?;
    let mut raised = Vec::new();
    let mut reminders = Vec::new();
    for entry in claiming {
        let Some((months, on)) = due(entry.end_date, today) else { continue };
        let (new, at) = (change.new_id(), change.at());
        let added = change
            .tx()
            .query(
                "insert into durability (id, entry_id, months, due_on, raised_at) values ($1, $2, $3, $4, $5) \
                 on conflict do nothing",
            )
            .bind(new)
            .bind(entry.entry_id)
            .bind(i64::from(months))
            .bind(on)
            .bind(at)
            .run()
            .await?;
        if added == 1 {
            let path = format!("/evidence/{}/requests?question=holds", entry.entry_id);
            let notice = Notice { to: entry.owner_account, kind: Kind::HoldsDue, about: new, by: None, path };
            reminders.push((notice, suggestion(months, entry.end_date)));
            raised.push((entry.entry_id, entry.owner_person, months));
        }
    }
    notices::remind(&mut change, reminders).await?;
    let told = telling::catch_up(&mut change).await?;
    if raised.is_empty() && told == 0 {
        return Ok(0);
    }
    change.record(Event::DurabilityRaised, None, &raised);
    change.commit().await?;
    Ok(raised.len())
}

/// What suggests to ask, told apart from other solutions by its day and never by a title.
pub fn suggestion(months: u32, end: NaiveDate) -> String {
    format!(
        "What you settled by {} is over {months} months old: ask somebody whether it still holds",
        day(&end)
    )
}

/// Lets the offer be.
pub async fn let_be(instance: &Instance, actor: &Actor, id: &str) -> Result<Uuid> {
    let mut change = Change::begin(instance, actor).await?;
    let (dossier, entry) = actions::find(change.tx(), actor, id, EntryAct::Change).await?;
    dossiers::lock(change.tx(), dossier.id).await?;
    if let Some(moment) = moment(change.tx(), entry.id).await? {
        following::close_moments(&mut change, &[moment.id]).await?;
        change.record(Event::DurabilityLetBe, Some(entry.id), &moment.months);
        change.commit().await?;
    }
    Ok(entry.id)
}

/// Why somebody is not the one to ask whether a solution holds, if so: it takes a leader of another domain.
pub(super) async fn unfit(
    tx: &mut Tx,
    dossier: &Dossier,
    person: &KnownPerson,
    today: NaiveDate,
) -> db::Result<Option<String>> {
    let own: Option<(Option<String>,)> = tx
        .query(
            "select domain from person_levels where person_id = $1 and from_date <= $2 \
             order by from_date desc, position desc limit 1",
        )
        .bind(dossier.owner_person)
        .bind(today)
        .optional()
        .await?;
    let own = own.and_then(|(domain,)| domain);
    Ok(match &person.domain {
        None => Some(format!(
            "No domain is recorded for {}. Ask a leader of another domain whether this holds.",
            person.name
        )),
        Some(domain) if own.as_ref() == Some(domain) => Some(format!(
            "{} leads in your own domain. Ask a leader of another domain whether this holds.",
            person.name
        )),
        Some(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::due;

    #[test]
    fn a_question_is_due_after_its_months_and_not_for_ever() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let end = day("2026-01-31");
        let months = |today| due(end, day(today)).map(|(months, on)| (months, on.to_string()));
        assert_eq!(months("2026-07-30"), None);
        assert_eq!(months("2026-07-31"), Some((6, "2026-07-31".into())));
        assert_eq!(months("2027-01-29"), Some((6, "2026-07-31".into())));
        assert_eq!(months("2027-01-31"), Some((12, "2027-01-31".into())));
        assert_eq!(months("2027-08-02"), None);
        assert_eq!(due(day("2025-08-31"), day("2026-02-28")).map(|(months, _)| months), Some(6));
    }
}
