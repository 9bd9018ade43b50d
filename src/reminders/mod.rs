//! Reminders: what the program suggests by itself, once a day, as a suggestion and never as a threat.
//!
//! Each is a job of its own that the runner (`server/jobs.rs`) begins once a day, and that does no harm when it is done
//! again: what was suggested once is not suggested again, also when its receiver has put it away. Nobody is reminded while on
//! leave, and nobody who stays at E1 by choice.

use chrono::{Datelike, Days, NaiveDate};
use uuid::Uuid;

use crate::audit::{Change, Event, Origin};
use crate::corroboration;
use crate::dashboard::cache;
use crate::dashboard::store::Reader;
use crate::db::Tx;
use crate::error::Result;
use crate::evidence::dossiers::{self, Dossier};
use crate::framework::{Capability, DevelopmentAction, Framework};
use crate::instance::{Instance, Settings};
use crate::jobs::{Job, Outcome, Queue, Run};
use crate::notices::{self, Kind, Notice, store};
use crate::readiness::{Assessment, Lens};
use crate::review::CheckInKind;
use crate::web::words::day;

/// The hour from which the day's reminders are found.
pub const REMINDERS_FROM: u32 = 5;

/// Finds capabilities whose evidence is about to grow quiet.
pub struct Lapsing;
/// Finds check-ins that are due.
pub struct CheckIns;
/// Finds lasting solutions of which it is time to ask whether they hold.
pub struct Durability;

impl Job for Lapsing {
    const NAME: &'static str = "reminders-lapsing";
    const QUEUE: Queue = Queue::Chores;
    type Payload = ();

    fn daily_from(_: &Settings) -> Option<u32> {
        Some(REMINDERS_FROM)
    }

    async fn run(run: Run, (): ()) -> Result<Outcome> {
        lapsing(&run.instance, run.job.origin()).await
    }
}

impl Job for CheckIns {
    const NAME: &'static str = "reminders-check-ins";
    const QUEUE: Queue = Queue::Chores;
    type Payload = ();

    fn daily_from(_: &Settings) -> Option<u32> {
        Some(REMINDERS_FROM)
    }

    async fn run(run: Run, (): ()) -> Result<Outcome> {
        check_ins(&run.instance, run.job.origin()).await
    }
}

impl Job for Durability {
    const NAME: &'static str = "reminders-durability";
    const QUEUE: Queue = Queue::Chores;
    type Payload = ();

    fn daily_from(_: &Settings) -> Option<u32> {
        Some(REMINDERS_FROM)
    }

    /// Offers to ask whether a lasting solution still holds, six and twelve months on.
    async fn run(run: Run, (): ()) -> Result<Outcome> {
        corroboration::durability::raise_due(&run.instance, run.job.origin()).await?;
        Ok(Outcome::Done)
    }
}

/// How long before a capability lapses something new is suggested.
const AHEAD: Days = Days::new(30);
/// How long before answers would stand apart a check-in is suggested.
const BEFORE_PAUSE: u32 = 30;
/// How many dossiers are looked at in one read.
const AT_ONCE: usize = 50;

/// Suggests something new for each capability that lapses within 30 days, drawn from the framework's development actions.
pub async fn lapsing(instance: &Instance, by: Origin) -> Result<Outcome> {
    let today = instance.today();
    let mut tx = instance.db.read().await?;
    let reminded = dossiers::reminded(&mut tx, today).await?;
    drop(tx);
    for some in reminded.chunks(AT_ONCE) {
        let mut tx = instance.db.read().await?;
        let assessed = cache::assessed(&mut tx, instance, some, Reader::Owner, today, Lens::All).await?;
        let mut news = Vec::new();
        for (dossier, assessment) in some.iter().zip(&assessed) {
            let suggestions = suggestions(dossier, dossier.framework()?, assessment, today);
            news.extend(unheard(&mut tx, suggestions).await?);
        }
        drop(tx);
        keep(instance, by, news).await?;
    }
    Ok(Outcome::Done)
}

/// Suggests a check-in a month before the last one stands apart from the next.
pub async fn check_ins(instance: &Instance, by: Origin) -> Result<Outcome> {
    let today = instance.today();
    let mut tx = instance.db.read().await?;
    let reminded = dossiers::reminded(&mut tx, today).await?;
    let mut news = Vec::new();
    for dossier in &reminded {
        let pause = dossier.framework()?.thresholds.question_pause_days.saturating_sub(BEFORE_PAUSE);
        let made = crate::review::store::check_ins(&mut tx, dossier.id).await?;
        let last = made.iter().find(|check_in| check_in.kind == CheckInKind::SelfAssessment);
        let Some(last) = last else { continue };
        if last.on.checked_add_days(Days::new(pause.into())).is_some_and(|due| due <= today) {
            let notice = Notice {
                to: dossier.owner_account,
                kind: Kind::CheckIn,
                about: notices::about_part(dossier.id, "check-in"),
                by: None,
                path: format!("/check-ins#since-{}", last.on),
            };
            let words =
                format!("The six questions are worth answering again; you last did on {}", day(&last.on));
            news.extend(unheard(&mut tx, vec![(notice, words)]).await?);
        }
    }
    drop(tx);
    keep(instance, by, news).await?;
    Ok(Outcome::Done)
}

/// What is suggested on a day for the capabilities of a dossier that lapse within 30 days.
fn suggestions(
    dossier: &Dossier,
    framework: &Framework,
    assessment: &Assessment,
    today: NaiveDate,
) -> Vec<(Notice, String)> {
    let soon = |on: &NaiveDate| *on > today && today.checked_add_days(AHEAD).is_some_and(|end| *on <= end);
    let capabilities = framework.capabilities.iter().zip(&assessment.capabilities);
    let lapsing = capabilities.filter_map(|(c, found)| Some((c, found.lapses_on.filter(soon)?)));
    lapsing
        .filter_map(|(capability, on)| {
            let action = idea(capability, on)?;
            let notice = Notice {
                to: dossier.owner_account,
                kind: Kind::Lapsing,
                about: notices::about_part(dossier.id, &capability.id),
                by: None,
                path: format!("/development?capability={}&by={on}#add", capability.id),
            };
            let words = format!(
                "{}: something new by {} would carry it on. The guide’s idea: {}",
                capability.name,
                day(&on),
                action.text.trim_end_matches('.')
            );
            Some((notice, words))
        })
        .collect()
}

/// One of the guide's development actions, another each time.
fn idea(capability: &Capability, on: NaiveDate) -> Option<&DevelopmentAction> {
    let actions = &capability.development_actions;
    actions.get(usize::try_from(on.ordinal0()).unwrap_or(0) % actions.len().max(1))
}

/// Those that their receivers were not told before.
async fn unheard(tx: &mut Tx, found: Vec<(Notice, String)>) -> Result<Vec<(Notice, String)>> {
    let mut unheard = Vec::new();
    for (notice, words) in found {
        if !store::was_told(tx, &notice).await? {
            unheard.push((notice, words));
        }
    }
    Ok(unheard)
}

/// Tells them, a few in each change; what was suggested before about the same, for another day, makes way.
async fn keep(instance: &Instance, by: Origin, news: Vec<(Notice, String)>) -> Result<()> {
    for some in news.chunks(AT_ONCE) {
        let mut change = Change::begin(instance, by).await?;
        let about: Vec<Uuid> = some.iter().map(|(notice, _)| notice.about).collect();
        notices::settle_all(&mut change, &[Kind::Lapsing, Kind::CheckIn], &about).await?;
        notices::remind(&mut change, some.to_vec()).await?;
        let told: Vec<(Uuid, Uuid)> = some.iter().map(|(notice, _)| (notice.to, notice.about)).collect();
        change.record(Event::RemindersRaised, None, &told);
        change.commit().await?;
    }
    Ok(())
}
