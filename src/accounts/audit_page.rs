//! The audit log as an admin reads it.
//!
//! An admin is told who manages what, and that the log is whole. Who writes in their dossier, and how often, is nobody's to
//! know: of such changes the log shows the number alone. [`in_words`] lists what may be told, so a new kind of change is
//! withheld until somebody decides about it.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;

use super::{Actor, store};
use crate::audit::{self, Logged};
use crate::error::Result;
use crate::instance::Instance;
use crate::web::paging::Paging;
use crate::web::query::Params;
use crate::web::{self, Chrome, words};

/// Entries on a page.
const PER_PAGE: u32 = 100;

#[derive(Template)]
#[template(path = "admin/audit.html")]
struct AuditPage {
    chrome: Chrome,
    rows: Vec<Row>,
    paging: Paging,
    zone: String,
}

struct Row {
    seq: i64,
    /// None when it is withheld.
    told: Option<Told>,
}

struct Told {
    at: String,
    who: String,
    action: &'static str,
    subject: String,
    subject_id: Option<Uuid>,
    /// The page about the subject, if there is one.
    href: Option<String>,
}

/// `GET /admin/audit`
pub async fn log(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    mut params: Params,
) -> Result<Response> {
    let page = params.page();
    params.finish()?;
    let mut tx = instance.db.read().await?;
    let (last, _) = audit::head(&mut tx).await?;
    let paging =
        Paging::new("/admin/audit", &[], page, PER_PAGE as usize, usize::try_from(last).unwrap_or(0));
    let skipped = i64::try_from(paging.skipped()).unwrap_or(last);
    let logged = audit::latest(&mut tx, last - skipped, PER_PAGE.into()).await?;
    let names: HashMap<Uuid, String> =
        store::all(&mut tx).await?.into_iter().map(|account| (account.id, account.name)).collect();
    let zone = actor.zone(&instance);
    let rows =
        logged.into_iter().map(|entry| Row { seq: entry.seq, told: told(entry, &names, zone) }).collect();
    web::page(&AuditPage { chrome, rows, paging, zone: zone.to_string() })
}

fn told(entry: Logged, names: &HashMap<Uuid, String>, zone: chrono_tz::Tz) -> Option<Told> {
    let action = in_words(&entry.action)?;
    let who = match entry.actor {
        None => "Command line or program".to_owned(),
        Some(account) => names.get(&account).cloned().unwrap_or_else(|| account.to_string()),
    };
    let href = entry.subject_id.and_then(|id| match entry.subject.as_str() {
        "account" => Some(format!("/admin/accounts/{id}")),
        "person" => Some(format!("/people/{id}")),
        _ => None,
    });
    Some(Told {
        at: words::moment(&entry.at, zone),
        who,
        action,
        subject: entry.subject,
        subject_id: entry.subject_id,
        href,
    })
}

/// What an action is called for people, if it may be told at all.
fn in_words(action: &str) -> Option<&'static str> {
    Some(match action {
        "account.added" => "Added an account",
        "account.roles-set" => "Changed an account’s roles",
        "account.disabled" => "Disabled an account",
        "account.enabled" => "Enabled an account",
        "link.made" => "Made a single-use link",
        "password.set" => "Set a password",
        "session.begun" => "Signed in",
        "session.ended" => "Ended a session",
        "job.hurried" => "Had a job tried again",
        "level.recorded" => "Recorded a level",
        "level.confirmed" => "Confirmed a level",
        "person.merged" => "Merged two people",
        "person.merge-undone" => "Undid a merge",
        "person.told-apart" => "Told two namesakes apart",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn what_people_write_is_withheld() {
        assert_eq!(in_words("account.disabled"), Some("Disabled an account"));
        for private in ["entry.published", "dossier.opened", "milestone.recorded", "aim.set", "anything.new"]
        {
            assert_eq!(in_words(private), None, "{private}");
        }
    }
}
