//! People side by side: `/compare`. Each viewer compares those on their own board: a CTO sees counts, voices and lapse
//! dates, the committee states, months and kinds of gaps.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use uuid::Uuid;

use super::audience::Audience;
use super::guides;
use super::list::{self, Choice};
use super::selection::day_for;
use super::words;
use crate::accounts::{Actor, Role};
use crate::dashboard::cache::assessed;
use crate::error::{Error, Result};
use crate::evidence::dossiers::Dossier;
use crate::framework::Capability;
use crate::instance::Instance;
use crate::readiness::{Assessment, CapabilityReadiness, Lens};
use crate::web::query::Params;
use crate::web::{self, Chrome};

#[derive(Template)]
#[template(path = "board/compare.html")]
struct ComparePage {
    chrome: Chrome,
    board: &'static str,
    title: String,
    as_of: String,
    /// Whether the viewer may choose the day.
    any_day: bool,
    day: String,
    evidence: &'static str,
    lenses: Vec<Choice>,
    differences: bool,
    people: Vec<Person>,
    groups: Vec<Group>,
}

#[derive(Template)]
#[template(path = "board/choose.html")]
struct ChoosePage {
    chrome: Chrome,
    board: &'static str,
    problem: String,
}

/// Somebody who is compared.
struct Compared {
    dossier: Dossier,
    assessment: Arc<Assessment>,
}

/// The head of a column.
struct Person {
    name: String,
    dossier: Uuid,
    href: Option<String>,
}

/// Attributes that belong together: of a capability, or of the whole.
struct Group {
    capability: Option<&'static Capability>,
    attributes: Vec<Attribute>,
}

/// A row: one attribute of everybody.
#[derive(Debug)]
struct Attribute {
    label: &'static str,
    values: Vec<Value>,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Text(String),
    State(crate::readiness::State),
}

impl Value {
    /// In words.
    fn word(&self) -> &str {
        match self {
            Value::Text(text) => text,
            Value::State(state) => words::state(*state),
        }
    }
}

impl Attribute {
    /// Whether everybody has the same.
    fn is_same(&self) -> bool {
        self.values.windows(2).all(|pair| pair[0] == pair[1])
    }
}

/// What the address asks for.
struct Asked {
    dossiers: Vec<Uuid>,
    as_of: Option<NaiveDate>,
    lens: Option<Lens>,
    differences: bool,
}

impl Asked {
    /// Reads it; how many are chosen is left to the page to say.
    fn read(mut params: Params) -> Result<Asked> {
        let mut dossiers = Vec::new();
        for id in params.many("dossier") {
            match id.parse::<Uuid>() {
                Ok(id) if dossiers.contains(&id) => {
                    params.fault("dossier", "The same dossier stands twice. Compare a person with others.");
                }
                Ok(id) => dossiers.push(id),
                Err(_) => {
                    let shown: String = id.chars().take(60).collect();
                    params.fault("dossier", format!("“{shown}” is no dossier’s id."));
                }
            }
        }
        let differences = match params.one("differences").as_deref() {
            None => false,
            Some("1") => true,
            Some(_) => {
                params.fault("differences", "Write 1 for differences only, or leave it out.");
                false
            }
        };
        let asked = Asked { dossiers, as_of: params.date("as_of"), lens: params.word("lens"), differences };
        params.finish()?;
        Ok(asked)
    }
}

/// `GET /compare`
pub async fn page(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    params: Params,
) -> Result<Response> {
    let asked = Asked::read(params)?;
    // A CTO's board holds everybody who is on the committee's.
    let audience = if actor.is(Role::Cto) { Audience::Cto } else { Audience::Committee };
    let board = audience.path();
    let problem = match asked.dossiers.len() {
        0 => Some("Nobody is chosen yet: the address names no dossier."),
        1 => Some("One person is chosen: the address names a single dossier."),
        2..=4 => None,
        _ => Some(
            "More than four people are chosen: the address names too many dossiers to read side by side.",
        ),
    };
    if let Some(problem) = problem {
        let page = ChoosePage { chrome, board, problem: problem.into() };
        return web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let asked_day = day_for(&actor, asked.as_of, instance.today())?;
    let as_of = asked_day.unwrap_or_else(|| instance.today());
    let lens = asked.lens.unwrap_or(audience.lens());
    let mut tx = instance.db.read().await?;
    let mut dossiers = audience.dossiers(&mut tx, &actor).await?;
    dossiers.retain(|dossier| asked.dossiers.contains(&dossier.id));
    if dossiers.len() < asked.dossiers.len() {
        return Err(Error::NotFound);
    }
    let capabilities = guides::of(&dossiers);
    let reader = audience.reader(instance.today());
    let assessments = assessed(&mut tx, &instance, &dossiers, reader, as_of, lens).await?;
    let compared = |(dossier, assessment)| Compared { dossier, assessment };
    let rows: Vec<Compared> = dossiers.into_iter().zip(assessments).map(compared).collect();
    let mut groups = groups(&rows, audience, capabilities);
    if asked.differences {
        for group in &mut groups {
            group.attributes.retain(|attribute| !attribute.is_same());
        }
        groups.retain(|group| !group.attributes.is_empty());
    }
    let count = ["Two", "Three", "Four"][rows.len() - 2];
    let person = |row: Compared| Person {
        name: row.dossier.owner_name,
        dossier: row.dossier.id,
        href: (audience == Audience::Cto).then(|| format!("/dossiers/{}/readiness", row.dossier.id)),
    };
    web::page(&ComparePage {
        chrome,
        board,
        title: format!("{count} candidates, side by side"),
        as_of: web::words::day(&as_of),
        any_day: audience == Audience::Cto,
        day: asked_day.map(|day| day.to_string()).unwrap_or_default(),
        evidence: words::lens(lens),
        lenses: list::lens_choices(lens),
        differences: asked.differences,
        people: rows.into_iter().map(person).collect(),
        groups,
    })
}

fn groups(rows: &[Compared], audience: Audience, capabilities: Vec<&'static Capability>) -> Vec<Group> {
    let whole = |label, value: fn(&Compared) -> String| Attribute {
        label,
        values: rows.iter().map(|row| Value::Text(value(row))).collect(),
    };
    let attributes = vec![
        whole("Evidence complete", |row| yes_or_no(row.assessment.evidence_complete).into()),
        whole("Time at level", |row| time_at_level(row.assessment.months_at_level)),
    ];
    let mut groups = vec![Group { capability: None, attributes }];
    for capability in capabilities {
        let of = |row: &Compared, value: fn(&CapabilityReadiness) -> Value| {
            let found = row.assessment.capabilities.iter().find(|c| c.capability == capability.id);
            found.map_or(Value::Text(String::new()), value)
        };
        let attribute =
            |label, value| Attribute { label, values: rows.iter().map(|row| of(row, value)).collect() };
        let mut attributes = vec![
            attribute("State", |c| Value::State(c.state)),
            attribute("Months shown", |c| Value::Text(format!("{} of {}", c.months, c.window_months))),
        ];
        if audience == Audience::Cto {
            attributes.extend([
                attribute("Criteria confirmed", criteria_confirmed),
                attribute("Voices", |c| Value::Text(c.voices.len().to_string())),
                attribute("Asked voice", |c| {
                    Value::Text(if c.asked_voice.heard { "Heard" } else { "Not heard" }.into())
                }),
                attribute("Lapses", |c| {
                    Value::Text(c.lapses_on.as_ref().map_or("–".into(), web::words::day))
                }),
            ]);
        }
        attributes.push(attribute("Gaps", |c| match words::gap_kinds(c.gap_kinds()) {
            none if none.is_empty() => Value::Text("None".into()),
            gaps => Value::Text(gaps),
        }));
        groups.push(Group { capability: Some(capability), attributes });
    }
    groups
}

fn criteria_confirmed(capability: &CapabilityReadiness) -> Value {
    let criteria = &capability.criteria;
    let all = criteria.confirmed.len() + criteria.claimed.len() + criteria.missing.len();
    Value::Text(format!("{} of {all}", criteria.confirmed.len()))
}

fn yes_or_no(yes: bool) -> &'static str {
    if yes { "Yes" } else { "No" }
}

/// `4 years 10 months`.
fn time_at_level(months: Option<u32>) -> String {
    let Some(months) = months else { return "Not recorded".into() };
    let count = web::words::count::<u32>;
    match (months / 12, months % 12) {
        (0, months) => count(months, "month", "months"),
        (years, 0) => count(years, "year", "years"),
        (years, months) => format!("{} {}", count(years, "year", "years"), count(months, "month", "months")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Attribute, Value, time_at_level};

    #[test]
    fn time_reads_in_years_and_months() {
        let read = |months| time_at_level(Some(months));
        assert_eq!(
            [read(0), read(1), read(12), read(58)].join(", "),
            "0 months, 1 month, 1 year, 4 years 10 months"
        );
        assert_eq!(time_at_level(None), "Not recorded");
    }

    #[test]
    fn an_attribute_is_the_same_when_everybody_has_it_alike() {
        let row = |values: [&str; 3]| Attribute {
            label: "x",
            values: values.map(|value| Value::Text(value.into())).to_vec(),
        };
        assert!(row(["1", "1", "1"]).is_same());
        assert!(!row(["1", "1", "2"]).is_same());
        assert!(!row(["1", "2", "2"]).is_same());
    }
}
