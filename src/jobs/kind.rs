//! What a job is: its name in its row, the queue that it waits in, what it is told besides, and what it does.

use std::pin::Pin;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Outcome, Taken};
use crate::error::Result;
use crate::instance::{Instance, Settings};
use crate::mail::Mailer;

/// Jobs that wait for each other. Each queue has its own places, so that what takes long in one holds up no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::VariantArray)]
pub enum Queue {
    /// What talks to the mail server, at its pace.
    Mails,
    /// What is soon done.
    Chores,
}

impl Queue {
    /// How many of its jobs an instance does at once.
    pub fn at_once(self) -> usize {
        match self {
            Queue::Mails => 1,
            Queue::Chores => 2,
        }
    }
}

/// A job under way, with what it may need.
#[derive(Clone, Debug)]
pub struct Run {
    /// The instance that does it.
    pub instance: Instance,
    /// How mail is sent; none without a mail server.
    pub mailer: Option<Mailer>,
    /// The job.
    pub job: Taken,
}

/// A kind of job. It is done at least once, and must do no harm when it is done again.
pub trait Job: 'static {
    /// Its name in rows, which never changes.
    const NAME: &'static str;
    /// Where it waits.
    const QUEUE: Queue;
    /// What it is told besides what it is about; `()` for nothing. It is kept as JSON: a later version of the program must be able
    /// to read what an earlier one wrote.
    type Payload: Serialize + DeserializeOwned + Send + 'static;

    /// The hour of the day from which it is done by itself, once each day; none for what is done when it is asked for.
    fn daily_from(_: &Settings) -> Option<u32> {
        None
    }

    /// Does it.
    fn run(run: Run, payload: Self::Payload) -> impl Future<Output = Result<Outcome>> + Send + 'static;
}

type Running = Pin<Box<dyn Future<Output = Result<Outcome>> + Send>>;

/// A [`Job`] as a line in a list, which the server puts together of those of the features.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// [`Job::NAME`]
    pub name: &'static str,
    /// [`Job::QUEUE`]
    pub queue: Queue,
    /// [`Job::daily_from`]
    pub daily_from: fn(&Settings) -> Option<u32>,
    run: fn(Run) -> Running,
}

impl Kind {
    /// The line of a job.
    pub const fn of<J: Job>() -> Kind {
        Kind { name: J::NAME, queue: J::QUEUE, daily_from: J::daily_from, run: run::<J> }
    }

    /// Does a job of this kind.
    pub fn run(&self, run: Run) -> Running {
        (self.run)(run)
    }
}

fn run<J: Job>(run: Run) -> Running {
    match serde_json::from_str(run.job.payload.as_deref().unwrap_or("null")) {
        Ok(payload) => Box::pin(J::run(run, payload)),
        Err(_) => Box::pin(async {
            Ok(Outcome::Refused("It was told what this version of the program does not understand.".into()))
        }),
    }
}
