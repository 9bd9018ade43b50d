//! A readiness page without its frame: drawn from a dossier's facts, so that it can be kept for as long as they stand.

use std::collections::BTreeMap;

use askama::Template;
use chrono::{Months, NaiveDate};

use super::grids::{Links, MonthTable, QuarterTable};
use super::sources::{self, EntryLine, Quarter};
use super::store::{self, Reader};
use super::view::{Card, Known, cards};
use super::{responses, words};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::evidence::dossiers::Dossier;
use crate::framework::Framework;
use crate::readiness::{Assessment, DateRange, Facts, Lens, Reading, State};
use crate::review::Reply;
use crate::web;
use crate::web::words::day;

/// A page without its frame, as it was drawn for one state of a dossier.
#[derive(Debug)]
pub(super) struct Drawn {
    pub(super) title: String,
    pub(super) sheet: String,
    /// HTML.
    pub(super) main: String,
}

#[derive(Template)]
#[template(path = "dashboard/_main.html")]
struct ReadinessMain {
    dossier: Dossier,
    /// Whether it is the candidate who looks.
    owner: bool,
    at_level: String,
    framework: &'static Framework,
    headline: String,
    as_of: NaiveDate,
    lens: Lens,
    steps: Vec<Step>,
    query: String,
    cards: Vec<Card>,
    months: MonthTable,
    quarters: Vec<QuarterTable>,
    questions: Vec<QuestionRow>,
    track_record: Vec<Item>,
    signals: Vec<(SignalView, Vec<EntryLine>)>,
    leave: Vec<String>,
    quarters_of_entries: Vec<Quarter>,
    complete: bool,
}

/// A step to another day.
struct Step {
    label: &'static str,
    href: String,
    current: bool,
}

/// One of the six questions.
struct QuestionRow {
    text: String,
    own: &'static str,
    cto: &'static str,
    yes_for: String,
    consistent: bool,
    diverging: bool,
}

/// One part of the track record.
struct Item {
    text: String,
    met: bool,
    judged: bool,
}

/// A pitfall, and what the evidence hints at; with what its owner answered.
pub struct SignalView {
    /// The pitfall's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub text: String,
    /// Whether the evidence hints at it.
    pub signal: bool,
    /// Why, in a sentence.
    pub because: String,
    /// The rule that raises it, in a sentence.
    pub rule: String,
    /// What its owner answered.
    pub answer: Option<responses::Response>,
}

impl SignalView {
    /// The field of the answer.
    pub fn field(&self) -> String {
        format!("response-{}", self.id)
    }
}

/// The facts of one dossier as a reader may know them.
pub(super) async fn facts_of(tx: &mut Tx, dossier: &Dossier, reader: Reader) -> Result<Facts> {
    let mut found = store::facts(tx, &[dossier.id], reader).await?;
    found.pop().map(|(_, facts)| facts).ok_or(Error::NotFound)
}

/// Draws the page.
pub(super) async fn draw(
    tx: &mut Tx,
    dossier: Dossier,
    reader: Reader,
    as_of: NaiveDate,
    lens: Lens,
    today: NaiveDate,
) -> Result<Drawn> {
    let framework = dossier.framework()?;
    let entries = sources::final_entries(tx, dossier.id).await?;
    let facts = facts_of(tx, &dossier, reader).await?;
    let names = sources::voices(tx, dossier.id).await?;
    let owner = reader == Reader::Owner;
    let answers = if owner { responses::of(tx, dossier.id).await? } else { BTreeMap::new() };
    let reading = Reading::new(framework, &facts, as_of);
    let assessment = reading.assess(lens);
    let known = Known { entries: entries.iter().map(|e| (e.id.to_string(), e.clone())).collect(), names };
    let links = if owner { Links::List } else { Links::Anchors };
    let address = format!("/dossiers/{}/readiness", dossier.id);
    let main = ReadinessMain {
        owner,
        at_level: at_level(&reading, &assessment),
        framework,
        headline: words::headline(framework, &assessment),
        as_of,
        lens,
        steps: steps(&address, as_of, today, lens),
        query: format!("as_of={as_of}&lens={lens}"),
        cards: cards(&reading, &assessment, &known),
        months: MonthTable::of(&reading, lens, links),
        quarters: (0..framework.capabilities.len())
            .map(|c| QuarterTable::of(&reading, c, lens, links))
            .collect(),
        questions: questions(framework, &assessment),
        track_record: track_record(framework, &assessment),
        signals: if owner {
            with_evidence(signals(framework, &assessment, answers), &reading, &known)
        } else {
            Vec::new()
        },
        leave: facts.leave.iter().copied().map(leave).collect(),
        quarters_of_entries: sources::by_quarter(
            entries.into_iter().filter(|entry| entry.from_date <= as_of).collect(),
        ),
        complete: assessment.evidence_complete,
        dossier,
    };
    let name = &main.dossier.owner_name;
    Ok(Drawn {
        title: if owner { "Readiness".into() } else { format!("Readiness: {name}") },
        sheet: format!("{name} · Readiness · as of {}", day(&as_of)),
        main: main.render()?,
    })
}

impl ReadinessMain {
    /// Whether no entry counts for anything.
    fn is_empty(&self) -> bool {
        self.cards.iter().all(|card| card.state == State::None)
    }
}

/// `E1 for 4 years 10 months`.
fn at_level(reading: &Reading<'_>, assessment: &Assessment) -> String {
    match (reading.level(), assessment.months_at_level) {
        (Some(level), Some(months)) => {
            format!("{level} for {} (context, never a gate)", words::years_and_months(months))
        }
        _ => "No level recorded yet".into(),
    }
}

/// Links to the days around, and to today.
fn steps(address: &str, as_of: NaiveDate, today: NaiveDate, lens: Lens) -> Vec<Step> {
    let step = |label, date: Option<NaiveDate>| {
        let date = date.filter(|date| web::forms::day(&date.to_string()).is_ok())?;
        let href = format!("{address}?as_of={date}&lens={lens}");
        Some(Step { label, href, current: date == as_of })
    };
    let back = |months| as_of.checked_sub_months(Months::new(months));
    let ahead = |months| as_of.checked_add_months(Months::new(months));
    [
        step("A year earlier", back(12)),
        step("3 months earlier", back(3)),
        step("Today", Some(today)),
        step("3 months later", ahead(3)),
        step("A year later", ahead(12)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn leave(leave: DateRange) -> String {
    format!("{} – {}", day(&leave.from), day(&leave.to))
}

fn reply(reply: Option<Reply>) -> &'static str {
    match reply {
        Some(Reply::Yes) => "Yes",
        Some(Reply::Partly) => "Partly",
        Some(Reply::NotYet) => "Not yet",
        None => "No answer",
    }
}

/// Divergences first.
fn questions(framework: &Framework, assessment: &Assessment) -> Vec<QuestionRow> {
    let mut rows: Vec<QuestionRow> = framework
        .questions
        .iter()
        .zip(&assessment.questions)
        .map(|(question, readiness)| QuestionRow {
            text: question.text.clone(),
            own: reply(readiness.own.latest),
            cto: reply(readiness.cto.latest),
            yes_for: web::words::count(readiness.own.months, "month", "months"),
            consistent: readiness.consistent,
            diverging: readiness.diverging,
        })
        .collect();
    rows.sort_by_key(|row| !row.diverging);
    rows
}

fn track_record(framework: &Framework, assessment: &Assessment) -> Vec<Item> {
    let items = framework.track_record.iter().zip(&assessment.track_record);
    items
        .map(|(item, readiness)| Item {
            text: item.text.clone(),
            met: readiness.met == Some(true),
            judged: readiness.met.is_none(),
        })
        .collect()
}

/// Each signal with the entries that speak for it, the latest first.
fn with_evidence(
    signals: Vec<SignalView>,
    reading: &Reading<'_>,
    known: &Known,
) -> Vec<(SignalView, Vec<EntryLine>)> {
    let evidence = |id: &str| -> Vec<EntryLine> {
        let pitfall = reading.framework().pitfalls.iter().find(|pitfall| pitfall.id == id);
        let rule = pitfall.and_then(|pitfall| pitfall.rule.as_ref());
        let entries = rule.map(|rule| reading.signal_entries(rule)).unwrap_or_default();
        let mut lines: Vec<EntryLine> = entries
            .into_iter()
            .filter_map(|entry| known.entries.get(&*reading.facts().entries[entry].id).cloned())
            .collect();
        lines.sort_by_key(|line| (std::cmp::Reverse(line.from_date), line.id));
        lines
    };
    signals
        .into_iter()
        .map(|view| {
            let evidence = evidence(&view.id);
            (view, evidence)
        })
        .collect()
}

/// The signals with their owner's answers. What is hinted at comes first.
pub fn signals(
    framework: &Framework,
    assessment: &Assessment,
    mut answers: BTreeMap<String, responses::Response>,
) -> Vec<SignalView> {
    let mut views: Vec<SignalView> = framework
        .pitfalls
        .iter()
        .zip(&assessment.signals)
        .map(|(pitfall, signal)| SignalView {
            id: pitfall.id.clone(),
            answer: answers.remove(&pitfall.id),
            name: pitfall.name.clone(),
            text: pitfall.text.clone(),
            rule: words::signal(framework, pitfall.rule.as_ref()),
            signal: signal.signal == Some(true),
            because: match (signal.signal, signal.matching, signal.of) {
                (None, ..) => "There is too little to say.".into(),
                (Some(hints), Some(matching), Some(of)) => {
                    let entries = web::words::count(of, "entry", "entries");
                    let is = if hints { "more than half" } else { "no signal; more than half would be one" };
                    format!("{matching} of {entries} that say so: {is}.")
                }
                (Some(true), ..) => "Your evidence hints at it.".into(),
                (Some(false), ..) => "No signal.".into(),
            },
        })
        .collect();
    views.sort_by_key(|view| !view.signal);
    views
}
