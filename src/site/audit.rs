//! The audit log as an admin reads it.
//!
//! An admin is told who manages what, and that the log is whole. Who writes, reads or signs in, and how often, is nobody's to
//! know: such entries stay in the chain, and are not on the page, which numbers only what it shows; and the head that it
//! shows is that of the last midnight. [`Event::told`] says what may be shown, and by what somebody acted is told in words,
//! never which session it was.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;

use crate::accounts::{Actor, store};
use crate::audit::{self, By, Event, Logged};
use crate::clock;
use crate::db::{self, Tx};
use crate::error::Result;
use crate::instance::Instance;
use crate::web::paging::Paging;
use crate::web::query::Params;
use crate::web::{self, Chrome, words};

/// Entries on a page.
const PER_PAGE: usize = 100;

#[derive(Template)]
#[template(path = "admin/audit.html")]
struct AuditPage {
    chrome: Chrome,
    rows: Vec<Row>,
    paging: Paging,
    zone: String,
}

struct Row {
    /// Counts what is shown, from 1.
    number: usize,
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
    let shown = number_shown(&mut tx).await?;
    let paging = Paging::new("/admin/audit", &[], page, PER_PAGE, shown);
    let logged = audit::latest_of(&mut tx, &Event::all_told(), paging.skipped(), PER_PAGE).await?;
    let names: HashMap<Uuid, String> =
        store::all(&mut tx).await?.into_iter().map(|account| (account.id, account.name)).collect();
    let (zone, newest) = (actor.zone(&instance), shown.saturating_sub(paging.skipped()));
    let rows = logged.into_iter().enumerate();
    let rows = rows.map(|(place, entry)| row(newest.saturating_sub(place), entry, &names, zone)).collect();
    web::page(&AuditPage { chrome, rows, paging, zone: zone.to_string() })
}

/// How many entries are shown.
pub(super) async fn number_shown(tx: &mut Tx) -> db::Result<usize> {
    audit::number_of(tx, &Event::all_told()).await
}

/// The hash of the last entry from before today, in hexadecimal digits: it says nothing about what was done today.
pub(super) async fn head_of_midnight(tx: &mut Tx, instance: &Instance) -> db::Result<Option<String>> {
    let midnight = clock::day_begins(instance.today(), instance.settings.zone);
    Ok(audit::head_before(tx, midnight).await?.map(hex::encode))
}

fn row(number: usize, entry: Logged, names: &HashMap<Uuid, String>, zone: chrono_tz::Tz) -> Row {
    let who = who(&entry, names);
    let href = entry.subject_id.and_then(|id| match entry.subject.as_str() {
        "account" => Some(format!("/admin/accounts/{id}")),
        "person" => Some(format!("/people/{id}")),
        _ => None,
    });
    Row {
        number,
        at: words::moment(&entry.at, zone),
        who,
        action: Event::of(&entry.action).and_then(Event::told).unwrap_or_default(),
        subject: entry.subject,
        subject_id: entry.subject_id,
        href,
    }
}

/// Who acted, and by what where that isn't themselves, signed in.
fn who(entry: &Logged, names: &HashMap<Uuid, String>) -> String {
    let by = entry.origin.as_deref().and_then(|origin| origin.parse::<By>().ok());
    let Some(account) = entry.actor else {
        return match by {
            Some(By::CommandLine) => "Command line",
            Some(By::Job) => "The program",
            Some(By::Link | By::Session) => "By a link",
            // From before it was kept.
            None => "Command line or program",
        }
        .to_owned();
    };
    let name = names.get(&account).cloned().unwrap_or_else(|| account.to_string());
    if by == Some(By::Link) { format!("{name}, by a link") } else { name }
}
