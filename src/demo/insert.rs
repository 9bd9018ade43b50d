//! Writes the rows of a demo's dossiers, table by table.

use uuid::Uuid;

use super::load::midday;
use super::rows::{DossierRows, EntryRow};
use crate::db::{Tx, insert_all};
use crate::error::Result;
use crate::evidence::{Content, Sharing};

/// Writes the rows of several dossiers.
pub(super) async fn insert(dossiers: &[DossierRows], tx: &mut Tx) -> Result<()> {
    insert_all(
        tx,
        "dossiers (id, owner_account, owner_person, framework, sharing, shared_on, aim, sponsor, version, created_at)",
        dossiers,
        |query, dossier| {
            let shared_on = (dossier.sharing != Sharing::Private).then(|| dossier.created.date_naive());
            query
                .bind(dossier.id)
                .bind(dossier.owner_account)
                .bind(dossier.owner_person)
                .bind(dossier.framework.clone())
                .bind(dossier.sharing)
                .bind(shared_on)
                .bind(dossier.aim)
                .bind(dossier.sponsor)
                .bind(0_i64)
                .bind(dossier.created)
        },
    )
    .await?;
    let leave: Vec<_> =
        dossiers.iter().flat_map(|dossier| dossier.leave.iter().map(move |leave| (dossier, leave))).collect();
    insert_all(
        tx,
        "leave_periods (id, dossier_id, from_date, to_date, created_at)",
        &leave,
        |query, (dossier, (id, from, to))| {
            query.bind(*id).bind(dossier.id).bind(*from).bind(*to).bind(dossier.created)
        },
    )
    .await?;
    insert_entries(dossiers, tx).await?;
    insert_answers(dossiers, tx).await?;
    insert_statements(dossiers, tx).await
}

async fn insert_entries(dossiers: &[DossierRows], tx: &mut Tx) -> Result<()> {
    let entries: Vec<_> = dossiers
        .iter()
        .flat_map(|dossier| dossier.entries.iter().map(move |entry| (dossier, entry)))
        .collect();
    insert_all(
        tx,
        "entries (id, dossier_id, status, title, from_date, to_date, from_is_month, to_is_month, ongoing, recorded_on, \
         situation, action, impact, domain_cost, scope, conduct, setting, horizon_years, for_cto, audience, revision, \
         search_words, created_at, updated_at)",
        &entries,
        |query, (dossier, entry)| {
            let content = &entry.content;
            query
                .bind(entry.id)
                .bind(dossier.id)
                .bind(entry.status)
                .bind(content.title.clone())
                .bind(content.from)
                .bind(content.to)
                .bind(content.from_is_month)
                .bind(content.to_is_month)
                .bind(content.ongoing)
                .bind(entry.recorded_on)
                .bind(content.situation.clone())
                .bind(content.action.clone())
                .bind(content.impact.clone())
                .bind(content.domain_cost.clone())
                .bind(content.scope)
                .bind(content.conduct)
                .bind(content.setting)
                .bind(content.horizon_years)
                .bind(content.for_cto)
                .bind(content.audience)
                .bind(entry.revision())
                .bind(entry.search_words.clone())
                .bind(entry.created)
                .bind(entry.updated)
        },
    )
    .await?;
    let revisions = "entry_revisions (entry_id, number, saved_by, saved_at, content)";
    let earlier = |(dossier, entry): &(&DossierRows, &EntryRow)| {
        Some((entry.id, 1_i64, dossier.owner_account, entry.created, entry.earlier.clone()?))
    };
    let mut kept: Vec<_> = entries.iter().filter_map(earlier).collect();
    kept.extend(entries.iter().map(|(dossier, entry)| {
        (entry.id, entry.revision(), dossier.owner_account, entry.saved, entry.kept.clone())
    }));
    insert_all(tx, revisions, &kept, |query, (entry, number, by, at, content)| {
        query.bind(*entry).bind(*number).bind(*by).bind(*at).bind(content.clone())
    })
    .await?;
    insert_parts(&entries, tx).await
}

/// What an entry holds several of.
async fn insert_parts(entries: &[(&DossierRows, &EntryRow)], tx: &mut Tx) -> Result<()> {
    let words = |of: fn(&Content) -> &Vec<String>| -> Vec<(Uuid, i64, String)> {
        let each = |(_, entry): &(&DossierRows, &EntryRow)| {
            let id = entry.id;
            of(&entry.content)
                .iter()
                .zip(0..)
                .map(move |(word, position)| (id, position, word.clone()))
                .collect::<Vec<_>>()
        };
        entries.iter().flat_map(each).collect()
    };
    let capabilities = words(|content| &content.capabilities);
    insert_all(tx, "entry_capabilities (entry_id, capability)", &capabilities, |query, (id, _, word)| {
        query.bind(*id).bind(word.clone())
    })
    .await?;
    let criteria = words(|content| &content.criteria);
    insert_all(tx, "entry_criteria (entry_id, criterion)", &criteria, |query, (id, _, word)| {
        query.bind(*id).bind(word.clone())
    })
    .await?;
    let links = words(|content| &content.links);
    insert_all(tx, "entry_links (entry_id, position, url)", &links, |query, (id, position, url)| {
        query.bind(*id).bind(*position).bind(url.clone())
    })
    .await?;
    let people: Vec<_> = entries
        .iter()
        .flat_map(|(_, entry)| {
            entry.content.people.iter().zip(&entry.answers).zip(0_i64..).map(move |named| (entry.id, named))
        })
        .collect();
    insert_all(
        tx,
        "entry_people (entry_id, person_id, named_as, position, answer, via, vouched_by, vouched_on)",
        &people,
        |query, (entry, ((named, (answer, origin)), position))| {
            query
                .bind(*entry)
                .bind(named.person)
                .bind(named.named_as)
                .bind(*position)
                .bind(*answer)
                .bind(origin.via)
                .bind(origin.vouched_by())
                .bind(origin.vouched_on())
        },
    )
    .await?;
    let updates: Vec<_> = entries
        .iter()
        .flat_map(|(_, entry)| entry.updates.iter().map(move |update| (entry.id, update)))
        .collect();
    insert_all(
        tx,
        "entry_updates (id, entry_id, on_date, text, created_at)",
        &updates,
        |query, (entry, (id, update))| {
            query.bind(*id).bind(*entry).bind(update.on).bind(update.text.clone()).bind(midday(update.on))
        },
    )
    .await?;
    Ok(())
}

async fn insert_answers(dossiers: &[DossierRows], tx: &mut Tx) -> Result<()> {
    let corroborations: Vec<_> = dossiers.iter().flat_map(|dossier| &dossier.corroborations).collect();
    insert_all(
        tx,
        "corroborations (id, entry_id, person_id, position, answer, on_date, comment, revision, settled_on, created_at, via, \
         vouched_by, vouched_on, superseded_on)",
        &corroborations,
        |query, row| {
            query
                .bind(row.id)
                .bind(row.entry)
                .bind(row.person)
                .bind(row.position)
                .bind(row.answer)
                .bind(row.on)
                .bind("")
                .bind(row.revision)
                .bind(row.settled_on)
                .bind(midday(row.on))
                .bind(row.origin.via)
                .bind(row.origin.vouched_by())
                .bind(row.origin.vouched_on())
                .bind(row.superseded_on)
        },
    )
    .await?;
    let assessments: Vec<_> = dossiers.iter().flat_map(|dossier| &dossier.assessments).collect();
    insert_all(
        tx,
        "assessments (id, entry_id, person_id, position, judgement, reason, released_on, created_at, superseded_on)",
        &assessments,
        |query, row| {
            query
                .bind(row.id)
                .bind(row.entry)
                .bind(row.person)
                .bind(row.position)
                .bind(row.judgement)
                .bind(row.reason.clone())
                .bind(row.released_on)
                .bind(row.created)
                .bind(row.superseded_on)
        },
    )
    .await?;
    Ok(())
}

async fn insert_statements(dossiers: &[DossierRows], tx: &mut Tx) -> Result<()> {
    let check_ins: Vec<_> = dossiers
        .iter()
        .flat_map(|dossier| dossier.check_ins.iter().map(move |row| (dossier.id, row)))
        .collect();
    insert_all(
        tx,
        "check_ins (id, dossier_id, kind, person_id, position, on_date, included, created_at)",
        &check_ins,
        |query, (dossier, row)| {
            query
                .bind(row.id)
                .bind(*dossier)
                .bind(row.kind)
                .bind(row.person)
                .bind(row.position)
                .bind(row.on)
                .bind(true)
                .bind(row.created)
        },
    )
    .await?;
    let answers: Vec<_> = check_ins
        .iter()
        .flat_map(|(_, row)| row.answers.iter().map(move |(question, reply)| (row.id, question, *reply)))
        .collect();
    insert_all(
        tx,
        "check_in_answers (check_in_id, question, answer)",
        &answers,
        |query, (check_in, question, reply)| query.bind(*check_in).bind((*question).clone()).bind(*reply),
    )
    .await?;
    let feedback: Vec<_> = dossiers
        .iter()
        .flat_map(|dossier| dossier.feedback.iter().map(move |row| (dossier.id, row)))
        .collect();
    insert_all(
        tx,
        "feedback (id, dossier_id, person_id, position, broader_scope, text, released_on, created_at)",
        &feedback,
        |query, (dossier, row)| {
            query
                .bind(row.id)
                .bind(*dossier)
                .bind(row.person)
                .bind(row.position)
                .bind(row.broader_scope)
                .bind(row.text.clone())
                .bind(row.released_on)
                .bind(row.created)
        },
    )
    .await?;
    Ok(())
}
