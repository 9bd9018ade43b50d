//! The leaders whom several candidates say that they developed, side by side, for CTOs.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;
use uuid::Uuid;

use super::history::History;
use super::pages::{by_entry, leaders, of, reached};
use super::store::{self, Answered, Told, Within};
use super::view::{EntryRow, Leader, Reading, answer_in_words, is_confirmed, latest};
use crate::accounts::{self, Actor};
use crate::error::Result;
use crate::evidence::NamedAnswer;
use crate::evidence::visibility::Viewer;
use crate::framework::load;
use crate::instance::Instance;
use crate::people;
use crate::people::store::{LevelEntry, Milestone};
use crate::review::CorroborationAnswer;
use crate::web::query::NoParams;
use crate::web::words::{list, month};
use crate::web::{self, Chrome};

#[derive(Template)]
#[template(path = "trajectories/claims.html")]
struct ClaimsPage {
    chrome: Chrome,
    claims: Vec<Claim>,
}

/// A leader, and each candidate who names them as developed.
struct Claim {
    id: Uuid,
    name: String,
    candidates: Vec<Candidate>,
}

/// What one candidate says, in a row.
struct Candidate {
    name: String,
    dossier: Uuid,
    /// From which month to which.
    when: String,
    /// The leader's levels then, and what each makes of it.
    levels: Vec<String>,
    /// How often the leader said what of being named.
    said: Vec<String>,
    /// How many entries others confirmed, and who.
    confirmed: String,
    /// The leader as this candidate's evidence has them.
    leader: Leader,
}

impl Candidate {
    /// The latest entries, for a first look.
    fn latest(&self) -> impl Iterator<Item = &EntryRow> {
        self.leader.entries.iter().take(FEW)
    }

    /// Whether there are more entries than a first look shows.
    fn has_more(&self) -> bool {
        self.leader.entries.len() > FEW
    }
}

/// How many entries of each candidate are seen at a first look.
const FEW: usize = 3;

/// `GET /dossiers/claims`
pub async fn page(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    _: NoParams,
) -> Result<Response> {
    let mut tx = instance.db.read().await?;
    let viewer = Viewer::from(&actor);
    let told = store::told(&mut tx, viewer, Within::Claimed).await?;
    let answered = store::answered(&mut tx, viewer, Within::Claimed).await?;
    let people = leaders(&told);
    let knows = accounts::viewer(&actor);
    let levels = people::store::levels(&mut tx, knows, &people).await?;
    let milestones = people::store::milestones(&mut tx, knows, &people).await?;
    drop(tx);
    let answers = by_entry(&answered);
    let reading = Reading {
        framework: load::built_in(),
        owner: false,
        confirms: false,
        as_of: instance.today(),
        from: None,
    };
    let claim = |person: &Uuid| claim(&reading, *person, &told, &levels, &milestones, &answers);
    web::page(&ClaimsPage { chrome, claims: people.iter().map(claim).collect() })
}

fn claim(
    reading: &Reading<'_>,
    person: Uuid,
    told: &[Told],
    levels: &[LevelEntry],
    milestones: &[Milestone],
    answers: &HashMap<Uuid, Vec<&Answered>>,
) -> Claim {
    let about: Vec<&Told> = told.iter().filter(|entry| entry.person_id == person).collect();
    let candidates = about.chunk_by(|a, b| a.dossier_id == b.dossier_id).filter_map(|entries| {
        let first = entries.first()?;
        let history = History::new(
            reading.framework,
            first.owner_person,
            of(levels, person),
            reached(milestones, person),
            reading.as_of,
        );
        let leader = reading.leader(entries, &history, answers);
        Some(Candidate {
            name: first.owner_name.clone(),
            dossier: first.dossier_id,
            when: when(entries, reading.as_of),
            levels: distinct(leader.entries.iter().rev().map(|entry| entry.level.clone())),
            said: said(entries),
            confirmed: confirmed(entries, answers, reading.as_of),
            leader,
        })
    });
    let candidates: Vec<Candidate> = candidates.collect();
    let name = about.first().map_or_else(String::new, |first| first.person_name.clone());
    Claim { id: person, name, candidates }
}

/// `Dec 2024 – Nov 2026`.
fn when(entries: &[&Told], today: NaiveDate) -> String {
    let last = |told: &&&Told| if told.ongoing { today } else { told.to_date.unwrap_or(told.from_date) };
    let first = entries.iter().map(|told| told.from_date).min().unwrap_or(today);
    let last = entries.iter().map(|told| last(&told)).max().unwrap_or(today);
    distinct([month(&first), month(&last)]).join(" – ")
}

/// What the leader said, the same together: `2 agreed`, `1 not answered yet`.
fn said(entries: &[&Told]) -> Vec<String> {
    let answers = [Some(NamedAnswer::Agreed), Some(NamedAnswer::Differs), Some(NamedAnswer::Unnamed), None];
    let counted = answers.into_iter().map(|answer| {
        let count = entries.iter().filter(|told| told.answer == answer).count();
        (count, answer_in_words(answer))
    });
    let given = counted.filter(|(count, _)| *count > 0);
    given.map(|(count, words)| format!("{words}: {count}")).collect()
}

/// `2 of 3, by Ruth Adler and Priya Raman`.
fn confirmed(entries: &[&Told], answers: &HashMap<Uuid, Vec<&Answered>>, today: NaiveDate) -> String {
    let number = entries.iter().filter(|told| is_confirmed(told, answers, today)).count();
    let given = entries.iter().flat_map(|told| latest(told, answers, today));
    let mut names: Vec<String> = given
        .filter(|answer| answer.answer == CorroborationAnswer::Confirmed)
        .map(|answer| answer.name.clone())
        .collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        "Nobody yet".into()
    } else {
        format!("{number} of {}, by {}", entries.len(), list(&names))
    }
}

/// Each once, in the order of their first.
fn distinct(words: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for word in words {
        if !seen.contains(&word) {
            seen.push(word);
        }
    }
    seen
}
