//! What somebody is told: in the app, by mail read from a real SMTP server, and by the jobs that do it.

mod inbox;
mod jobs;
mod killed;
mod letters;
mod mail;
mod mailbox;
mod pace;
mod refused;
mod reminders;
mod telling;

use evident::db::Tx;

/// How many jobs are in each state, whoever they are for: waiting, given up, done.
async fn job_counts(tx: &mut Tx) -> (i64, i64, i64) {
    tx.query(
        "select count(*) filter (where done_at is null and failed_at is null), \
         count(*) filter (where failed_at is not null), count(*) filter (where done_at is not null) from jobs",
    )
    .one()
    .await
    .expect("counts")
}
