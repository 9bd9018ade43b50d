//! The jobs' runner: what is to be done by itself, one thing after another, mails at their pace, until the service stops.

use std::time::Duration;

use anyhow::Context;
use chrono::{NaiveDate, Timelike};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::accounts;
use crate::error::Result;
use crate::evidence::{recusals, telling};
use crate::instance::Instance;
use crate::jobs::{self, Job, Outcome, Taken};
use crate::mail::{Failure, Mailer};
use crate::notices::sending;
use crate::reminders;

/// How long the runner rests when there is nothing to do.
const REST: Duration = Duration::from_secs(5);
/// The hour from which the day's reminders are found.
const REMINDERS_FROM: u32 = 5;
/// Prepares the day's digests.
const DIGESTS: &str = "digests";
/// Asks the mail server whether it takes mails.
const MAIL_CHECK: &str = "mail-check";
/// Forgets what was done long ago, and tells who was recused unheard.
const TIDY: &str = "tidy";

/// What is done once a day, with the hour from which it is. A new one is a line here and an arm in [`Runner::work`]; the
/// digest has its own hour, and comes after.
const DAILY: &[(&str, u32)] = &[
    (reminders::LAPSING, REMINDERS_FROM),
    (reminders::CHECK_INS, REMINDERS_FROM),
    (reminders::DURABILITY, REMINDERS_FROM),
    (TIDY, REMINDERS_FROM),
];

/// Does an instance's jobs.
#[derive(Clone, Debug)]
pub struct Runner {
    instance: Instance,
    mailer: Option<Mailer>,
}

impl Runner {
    /// The runner of an instance; without a mail server, mails wait.
    ///
    /// # Errors
    /// When the mail server's settings can't be used; `Config::read` has told already.
    pub fn new(instance: Instance) -> anyhow::Result<Runner> {
        let mailer = instance.settings.mail.as_ref().map(Mailer::new).transpose();
        Ok(Runner { mailer: mailer.map_err(anyhow::Error::msg).context("mail can't be sent")?, instance })
    }

    /// Puts the day's jobs there, once their hour has come; on a day on which they are there, changes nothing.
    pub async fn schedule(&self) -> Result<()> {
        let now = self.instance.now();
        let hour = now.with_timezone(&self.instance.settings.zone).hour();
        let mail = self.instance.settings.mail.as_ref();
        let mails = mail.map(|mail| [(MAIL_CHECK, 0), (DIGESTS, mail.digest_hour)]).into_iter().flatten();
        let mut tx = self.instance.db.write().await?;
        for (name, from) in DAILY.iter().copied().chain(mails) {
            if hour >= from {
                let id = self.instance.ids.new_id(now);
                let job = Job { id, name, key: self.instance.today().to_string(), about: None, due: now };
                jobs::add(&mut tx, job, now).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Does one thing that is no mail; false when nothing is due.
    pub async fn chore(&self) -> Result<bool> {
        let others = [MAIL_CHECK, DIGESTS, accounts::actions::CATCH_UP];
        let names: Vec<&'static str> = DAILY.iter().map(|(name, _)| *name).chain(others).collect();
        let Some(job) = jobs::take(&self.instance, &names, None).await? else { return Ok(false) };
        let outcome = match self.guarded(&job, |runner, job| async move { runner.work(&job).await }).await {
            Some(outcome) => outcome,
            None => Outcome::Later("It failed on our side; the log says why.".into()),
        };
        jobs::finish(&self.instance, &job, &outcome).await?;
        Ok(true)
    }

    /// Sends one mail; false when none is due, or the pace asks to wait.
    pub async fn mail(&self) -> Result<bool> {
        let (Some(mailer), Some(mail)) = (&self.mailer, &self.instance.settings.mail) else {
            return Ok(false);
        };
        let Some(job) = jobs::take(&self.instance, sending::MAILS, Some(mail.per_minute)).await? else {
            return Ok(false);
        };
        let mailer = mailer.clone();
        let sent = self
            .guarded(&job, |runner, job| async move { sending::run(&runner.instance, &mailer, &job).await })
            .await;
        if sent.is_none() {
            let failed = Outcome::Later("It failed on our side; the log says why.".into());
            jobs::finish(&self.instance, &job, &failed).await?;
        }
        Ok(true)
    }

    async fn work(&self, job: &Taken) -> Result<Outcome> {
        match job.name.as_str() {
            reminders::LAPSING => reminders::lapsing(&self.instance).await,
            reminders::CHECK_INS => reminders::check_ins(&self.instance).await,
            reminders::DURABILITY => reminders::durability(&self.instance).await,
            MAIL_CHECK => Ok(match &self.mailer {
                None => Outcome::Done,
                Some(mailer) => match mailer.check().await {
                    Ok(()) => Outcome::Done,
                    Err(Failure::Later(why) | Failure::Refused { why, .. }) => Outcome::Later(why),
                },
            }),
            DIGESTS => sending::prepare_digests(&self.instance).await,
            accounts::actions::CATCH_UP => telling::catch_up_account(&self.instance, job.about).await,
            TIDY => {
                accounts::actions::tidy(&self.instance).await?;
                recusals::tell_unheard(&self.instance).await?;
                jobs::tidy(&self.instance).await
            }
            _ => Ok(Outcome::Refused("This version of the program does not know it.".into())),
        }
    }

    /// Runs a job's work in a task of its own, so that a panic in it ends nothing else; none when it failed.
    async fn guarded<T, F>(&self, job: &Taken, work: impl FnOnce(Runner, Taken) -> F) -> Option<T>
    where
        F: Future<Output = Result<T>> + Send + 'static,
        T: Send + 'static,
    {
        match tokio::spawn(work(self.clone(), job.clone())).await {
            Ok(Ok(done)) => Some(done),
            Ok(Err(error)) => {
                tracing::error!(job.id = %job.id, job.name, "a job failed: {error:#}");
                None
            }
            Err(error) => {
                tracing::error!(job.id = %job.id, job.name, "a job failed: {error}");
                None
            }
        }
    }

    /// Does whatever is due, until nothing is, or the service stops.
    async fn chores(self, stop: CancellationToken) {
        let mut scheduled: Option<(NaiveDate, u32)> = None;
        while rested(&stop).await {
            let now = self.instance.now().with_timezone(&self.instance.settings.zone);
            let hour = (now.date_naive(), now.hour());
            if scheduled != Some(hour) && logged(self.schedule().await).is_some() {
                scheduled = Some(hour);
            }
            while !stop.is_cancelled() && logged(self.chore().await) == Some(true) {}
        }
    }

    async fn mails(self, stop: CancellationToken) {
        while rested(&stop).await {
            while !stop.is_cancelled() && logged(self.mail().await) == Some(true) {}
        }
    }
}

/// Begins to do an instance's jobs. At `stop` nothing more is begun; what is under way is among `tasks`.
///
/// # Errors
/// When the mail server's settings can't be used.
pub fn start(instance: &Instance, tasks: &TaskTracker, stop: &CancellationToken) -> anyhow::Result<()> {
    let runner = Runner::new(instance.clone())?;
    tasks.spawn(runner.clone().chores(stop.clone()));
    tasks.spawn(runner.mails(stop.clone()));
    Ok(())
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
