//! The jobs' runner: what is to be done by itself, in each queue as much at once as it has places, until the service stops.

use std::time::Duration;

use anyhow::Context;
use chrono::{NaiveDate, TimeDelta, Timelike};
use strum::VariantArray;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::accounts;
use crate::corroboration::catching_up;
use crate::error::Result;
use crate::evidence::recusals;
use crate::instance::{Instance, Settings};
use crate::jobs::{self, Job, Kind, LEASE, New, Outcome, Queue, Run, Taken};
use crate::mail::{Failure, Mailer};
use crate::notices::sending;
use crate::reminders::{self, REMINDERS_FROM};

/// How long a queue rests when there is nothing to do.
const REST: Duration = Duration::from_secs(5);

/// Everything that the program does by itself.
pub const ALL: &[Kind] = &[
    Kind::of::<reminders::Lapsing>(),
    Kind::of::<reminders::CheckIns>(),
    Kind::of::<reminders::Durability>(),
    Kind::of::<Tidy>(),
    Kind::of::<MailCheck>(),
    Kind::of::<sending::Digests>(),
    Kind::of::<catching_up::CatchUp>(),
    Kind::of::<sending::Letter>(),
    Kind::of::<sending::AtOnce>(),
    Kind::of::<sending::Digest>(),
];

/// Forgets what was done long ago and what counts no longer, and tells who was recused unheard.
struct Tidy;

impl Job for Tidy {
    const NAME: &'static str = "tidy";
    const QUEUE: Queue = Queue::Chores;
    type Payload = ();

    fn daily_from(_: &Settings) -> Option<u32> {
        Some(REMINDERS_FROM)
    }

    async fn run(run: Run, (): ()) -> Result<Outcome> {
        accounts::actions::tidy(&run.instance).await?;
        recusals::tell_unheard(&run.instance, run.job.origin()).await?;
        jobs::tidy(&run.instance).await
    }
}

/// Asks the mail server whether it takes mails.
struct MailCheck;

impl Job for MailCheck {
    const NAME: &'static str = "mail-check";
    const QUEUE: Queue = Queue::Chores;
    type Payload = ();

    fn daily_from(settings: &Settings) -> Option<u32> {
        settings.mail.as_ref().map(|_| 0)
    }

    async fn run(run: Run, (): ()) -> Result<Outcome> {
        let Some(mailer) = run.mailer else { return Ok(Outcome::Done) };
        Ok(match mailer.check().await {
            Ok(()) => Outcome::Done,
            Err(Failure::Later(why) | Failure::Refused { why, .. }) => Outcome::Later(why),
        })
    }
}

/// Does an instance's jobs.
#[derive(Clone, Debug)]
pub struct Runner {
    instance: Instance,
    mailer: Option<Mailer>,
    kinds: &'static [Kind],
    lease: TimeDelta,
}

impl Runner {
    /// The runner of an instance, which does [`ALL`]; without a mail server, mails wait.
    ///
    /// # Errors
    /// When the mail server's settings can't be used; `Config::read` has told already.
    pub fn new(instance: Instance) -> anyhow::Result<Runner> {
        Runner::of(instance, ALL, LEASE)
    }

    /// As [`Runner::new`], of these jobs, each taken for this long at a time.
    pub fn of(instance: Instance, kinds: &'static [Kind], lease: TimeDelta) -> anyhow::Result<Runner> {
        let mailer = instance.settings.mail.as_ref().map(Mailer::new).transpose();
        let mailer = mailer.map_err(anyhow::Error::msg).context("mail can't be sent")?;
        Ok(Runner { instance, mailer, kinds, lease })
    }

    /// Puts the day's jobs there, once their hour has come; on a day on which they are there, changes nothing.
    pub async fn schedule(&self) -> Result<()> {
        let now = self.instance.now();
        let hour = now.with_timezone(&self.instance.settings.zone).hour();
        let mut tx = self.instance.db.write().await?;
        for kind in self.kinds {
            if (kind.daily_from)(&self.instance.settings).is_some_and(|from| hour >= from) {
                let (id, key) = (self.instance.ids.new_id(now), self.instance.today().to_string());
                let job = New { id, name: kind.name, key, about: None, payload: None, due: now };
                jobs::add(&mut tx, job, now).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Does the next job of a queue; false when none is due, or its pace asks to wait.
    pub async fn next(&self, queue: Queue) -> Result<bool> {
        let pace = match (queue, &self.instance.settings.mail) {
            (Queue::Mails, None) => return Ok(false),
            (Queue::Mails, Some(mail)) => Some(mail.per_minute),
            (Queue::Chores, _) => None,
        };
        let mut kinds = self.kinds.iter().filter(|kind| kind.queue == queue);
        let names: Vec<&'static str> = kinds.clone().map(|kind| kind.name).collect();
        let Some(job) = jobs::take(&self.instance, &names, pace, self.lease).await? else {
            return Ok(false);
        };
        let Some(kind) = kinds.find(|kind| kind.name == job.name) else { return Ok(true) };
        let written = match self.held(kind, &job).await {
            Some(outcome) => jobs::finish(&self.instance, &job, &outcome).await?,
            None => false,
        };
        if !written {
            tracing::warn!(job.id = %job.id, job.name, "a job was taken by another instance meanwhile");
        }
        Ok(true)
    }

    /// Does a job in a task of its own, so that a panic in it ends nothing else, and holds its lease meanwhile; none when the
    /// lease was lost, and the work given up.
    async fn held(&self, kind: &Kind, job: &Taken) -> Option<Outcome> {
        let run = Run { instance: self.instance.clone(), mailer: self.mailer.clone(), job: job.clone() };
        let mut work = tokio::spawn(kind.run(run));
        let third = (self.lease / 3).to_std().unwrap_or(REST);
        let mut renewals = interval_at(Instant::now() + third, third);
        renewals.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let error = loop {
            tokio::select! {
                done = &mut work => match done {
                    Ok(Ok(outcome)) => return Some(outcome),
                    Ok(Err(error)) => break anyhow::Error::from(error),
                    Err(error) => break error.into(),
                },
                _ = renewals.tick() => match jobs::renew(&self.instance, job, self.lease).await {
                    Ok(true) => {}
                    // What settles itself may have done so a moment ago.
                    Ok(false) if work.is_finished() => {}
                    Ok(false) => {
                        work.abort();
                        return None;
                    }
                    // There is time to ask twice more.
                    Err(error) => tracing::warn!(job.id = %job.id, "a job's lease was not renewed: {error:#}"),
                },
            }
        };
        tracing::error!(job.id = %job.id, job.name, "a job failed: {error:#}");
        Some(Outcome::Later("It failed on our side; the log says why.".into()))
    }

    /// Begins to do jobs. At `stop` nothing more is begun; what is under way is among `tasks`.
    pub fn start(self, tasks: &TaskTracker, stop: &CancellationToken) {
        tasks.spawn(self.clone().days(stop.clone()));
        for queue in Queue::VARIANTS {
            for _ in 0..queue.at_once() {
                tasks.spawn(self.clone().place(*queue, stop.clone()));
            }
        }
    }

    /// Puts the day's jobs there, until the service stops.
    async fn days(self, stop: CancellationToken) {
        let mut scheduled: Option<(NaiveDate, u32)> = None;
        while rested(&stop).await {
            let now = self.instance.now().with_timezone(&self.instance.settings.zone);
            let hour = (now.date_naive(), now.hour());
            if scheduled != Some(hour) && logged(self.schedule().await).is_some() {
                scheduled = Some(hour);
            }
        }
    }

    /// Does whatever is due in a queue, one after another, until the service stops.
    async fn place(self, queue: Queue, stop: CancellationToken) {
        while rested(&stop).await {
            while !stop.is_cancelled() && logged(self.next(queue).await) == Some(true) {}
        }
    }
}

/// Rests; false when the service stops.
async fn rested(stop: &CancellationToken) -> bool {
    tokio::select! {
        () = stop.cancelled() => false,
        () = tokio::time::sleep(REST) => true,
    }
}

fn logged<T>(result: Result<T>) -> Option<T> {
    result
        .inspect_err(|error| tracing::warn!("jobs wait, since the database did not serve them: {error:#}"))
        .ok()
}
