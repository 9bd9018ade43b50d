//! Leaks that are planted, one for each kind of secret, to show that the crawler finds them: a page, a header or a status
//! that depends on what the viewer may not see.

use anyhow::ensure;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use evident::db::Db;
use strum::VariantArray;

use super::cast::Who;
use super::secrets::Secret;
use super::{Left, Twin};
use crate::stage::Stage;

/// The page that leaks; everybody who is signed in reads it.
const PAGE: &str = "/people";

/// What a leak shows: a number that the secret moves.
fn trace(secret: Secret) -> &'static str {
    match secret {
        Secret::Draft => "select count(*) from entries where status = 'draft'",
        Secret::DraftChanged => {
            "select count(*) from audit_entries where action in ('entry.drafted', 'entry.discarded')"
        }
        Secret::PrivateEntry => {
            "select count(*) from entries e join dossiers d on d.id = e.dossier_id where d.sharing = 'private'"
        }
        Secret::CtoEntry => "select count(*) from entries where audience = 'cto'",
        Secret::Prose => {
            "select coalesce(sum(length(situation) + 100 * revision), 0) from entries where status = 'final'"
        }
        Secret::Aim => "select count(*) from dossiers where aim = 'undecided'",
        Secret::Reason => "select count(*) from dossiers where aim = 'e1-by-choice'",
        Secret::Leave => "select count(*) from leave_periods",
        Secret::LeaveMoved => {
            "select coalesce(cast(sum(julianday(from_date)) as integer), 0) from leave_periods"
        }
        Secret::Letter => "select count(*) from jobs where name = 'letter'",
        Secret::Signal => "select coalesce(sum(length(text)), 0) from signal_responses",
        Secret::Plan => "select count(*) from plan_actions",
        Secret::Conversation => "select count(*) from path_conversations",
        Secret::CheckIn => "select count(*) from check_ins where kind = 'self'",
        Secret::SittingDraft => "select coalesce(sum(revision), 0) from sittings where released_on is null",
        Secret::Note => {
            "select (select count(*) from comments where released_on is null) \
             + (select count(*) from assessments where released_on is null)"
        }
        Secret::Judgement => "select count(*) from assessments where released_on is not null",
        Secret::Reply => {
            "select (select coalesce(sum(length(reply)), 0) from comments) \
             + (select coalesce(sum(length(reply)), 0) from assessments)"
        }
        Secret::Opportunity => "select count(*) from opportunities",
        Secret::Request => "select count(*) from requests",
        Secret::Answer => "select count(*) from corroborations",
        Secret::Linked => {
            "select count(*) from corroborations c join entries e on e.id = c.entry_id \
             join dossiers d on d.id = e.dossier_id join people p on p.id = d.owner_person \
             where c.via = 'link' and p.name = 'Kim Sol'"
        }
        Secret::NamedAnswer => "select count(*) from audit_entries where action = 'naming.answered'",
        Secret::Milestone => "select count(*) from milestones",
        Secret::AddedBy => {
            "select count(*) from people p join accounts a on a.id = p.added_by \
             where p.name = 'Imre Novak' and a.email = 'ada.marsh@example.com'"
        }
        Secret::Role => "select count(*) from account_roles",
        Secret::Link => "select count(*) from account_links",
        Secret::Inbox => "select count(*) from notices where settled_at is not null",
        Secret::Session => "select count(*) from sessions",
    }
}

/// How a leak shows.
#[derive(Clone, Copy)]
enum Way {
    Body,
    Header,
    Status,
}

/// Plants one leak of each kind, and one to an admin of each kind that is kept from admins; says which were not found.
pub async fn unfound(seed: u64) -> anyhow::Result<Vec<Secret>> {
    let mut twin = Twin::new(Stage::on_sqlite().await?, Stage::on_sqlite().await?);
    let all: Vec<Secret> = Secret::VARIANTS.to_vec();
    let (mut unfound, left_over) =
        to(&mut twin, &[Who::Jonas, Who::Lena, Who::Ben, Who::Ruth], all.clone(), seed).await?;
    unfound.extend(left_over);
    let (of_admin, _) = to(&mut twin, &[Who::Mina], all, seed).await?;
    unfound.extend(of_admin);
    Ok(unfound)
}

/// Plants a leak of each of these kinds to the first of the viewers from whom it is kept. Which were not found, and which are
/// kept from none of them.
async fn to(
    twin: &mut Twin,
    viewers: &[Who],
    mut left_over: Vec<Secret>,
    seed: u64,
) -> anyhow::Result<(Vec<Secret>, Vec<Secret>)> {
    let mut unfound = Vec::new();
    for viewer in viewers.iter().copied() {
        twin.begin(Some(viewer), seed).await?;
        let mut later = Vec::new();
        for secret in left_over {
            if !twin.hide(secret).await? {
                later.push(secret);
                continue;
            }
            let way = [Way::Body, Way::Header, Way::Status][secret as usize % 3];
            plant(&mut twin.left, secret, way);
            plant(&mut twin.right, secret, way);
            twin.known = Left::new();
            if twin.crawl().await?.difference.is_none() {
                unfound.push(secret);
            }
            twin.left.assemble()?;
            twin.right.assemble()?;
            twin.known = Left::new();
        }
        let clean = twin.crawl().await?;
        ensure!(clean.difference.is_none(), "something shows without a leak: {:?}", clean.difference);
        left_over = later;
    }
    Ok((unfound, left_over))
}

fn plant(stage: &mut Stage, secret: Secret, way: Way) {
    let db = stage.instance().db.clone();
    stage.wrap(|router| {
        router
            .layer(from_fn(move |request: Request, next: Next| leak(db.clone(), secret, way, request, next)))
    });
}

async fn leak(db: Db, secret: Secret, way: Way, request: Request, next: Next) -> Response {
    let leaks = request.uri().path() == PAGE;
    let response = next.run(request).await;
    if !leaks {
        return response;
    }
    let mut tx = db.read().await.expect("a read");
    let (number,): (i64,) = tx.query(trace(secret)).one().await.expect("a number");
    let (mut parts, body) = response.into_parts();
    match way {
        Way::Body => {
            let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
            let text = format!("{}<!-- {number} -->", String::from_utf8_lossy(&bytes));
            parts.headers.remove("content-length");
            return Response::from_parts(parts, Body::from(text));
        }
        Way::Header => {
            parts.headers.insert("x-count", HeaderValue::from(number));
        }
        Way::Status => {
            let status = 200 + u16::try_from(number % 90).expect("small");
            parts.status = StatusCode::from_u16(status).expect("a status");
        }
    }
    Response::from_parts(parts, body)
}
