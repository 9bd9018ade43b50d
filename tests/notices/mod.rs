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
