//! Leaks that are planted, one for each kind of secret, to show that the crawler finds them: a page, a header or a status
//! that depends on what the viewer may not see.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::{Context, ensure};
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use strum::VariantArray;

use super::cast::Who;
use super::secrets::Secret;
use super::{Left, Twin, crawl};
use crate::stage::Stage;

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

/// Leaks by the page that leaks: how, and the number that shows.
type Leaks = HashMap<String, (Way, i64)>;

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
        let (mut hidden, mut later) = (Vec::new(), Vec::new());
        for secret in left_over {
            if twin.hide(secret).await? {
                // What is hidden later may move the number as well.
                hidden.push((secret, number(&twin.left, secret).await?, number(&twin.right, secret).await?));
            } else {
                later.push(secret);
            }
        }
        let clean = twin.crawl().await?;
        ensure!(clean.differences.is_empty(), "{viewer} sees without a leak: {:?}", clean.differences);
        // One page leaks one secret, so that a crawl finds many.
        let pages = crawl::pages(&twin.known);
        ensure!(!pages.is_empty(), "{viewer} reads no page");
        for leaking in hidden.chunks(pages.len()) {
            let (mut left, mut right) = (Leaks::new(), Leaks::new());
            for (page, (secret, one, other)) in pages.iter().zip(leaking) {
                let way = [Way::Body, Way::Header, Way::Status][*secret as usize % 3];
                left.insert(page.clone(), (way, *one));
                right.insert(page.clone(), (way, *other));
            }
            plant(&mut twin.left, left);
            plant(&mut twin.right, right);
            twin.known = Left::new();
            let seen = twin.crawl().await?;
            let found = |page: &String| seen.differences.iter().any(|(address, _)| address == page);
            let missed = pages.iter().zip(leaking).filter(|(page, _)| !found(page));
            unfound.extend(missed.map(|(_, (secret, ..))| *secret));
            twin.left.assemble()?;
            twin.right.assemble()?;
        }
        left_over = later;
    }
    Ok((unfound, left_over))
}

async fn number(stage: &Stage, secret: Secret) -> anyhow::Result<i64> {
    let found: Vec<(i64,)> = stage.rows(trace(secret)).await?;
    Ok(found.first().context("a number")?.0)
}

fn plant(stage: &mut Stage, leaks: Leaks) {
    let leaks = Arc::new(leaks);
    stage.wrap(|router| {
        router.layer(from_fn(move |request: Request, next: Next| leak(Arc::clone(&leaks), request, next)))
    });
}

async fn leak(leaks: Arc<Leaks>, request: Request, next: Next) -> Response {
    let asked = request.uri().to_string();
    let response = next.run(request).await;
    let Some((way, number)) = leaks.get(&asked).copied() else { return response };
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
