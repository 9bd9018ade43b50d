//! `/design`, on demo servers alone: every component in every state, in both themes, drawn by the templates of the pages.

use askama::Template;
use axum::response::Response;
use strum::VariantArray;

use crate::dashboard::grids::{Cell, GridRow, Month, MonthTable, share};
use crate::dashboard::strip::{Part as StripPart, Strip};
use crate::dashboard::view::{Card, GapView, Mark, Rule};
use crate::error::{FieldError, Result};
use crate::evidence::diff::{Difference, Part};
use crate::framework::{self, Framework};
use crate::readiness::State;
use crate::web::paging::Paging;
use crate::web::query::NoParams;
use crate::web::{self, Chrome};

/// The colours of `static/app.css` that have a name of their own.
const COLOURS: [&str; 14] = [
    "page", "panel", "wash", "ink", "ink-2", "hint", "control", "hairline", "accent", "focus", "danger",
    "warn", "ok", "rule",
];
/// Sizes of type, with what each is for.
const SIZES: [(&str, &str); 7] = [
    ("t36", "36/42, serif: a page’s title"),
    ("t28", "28/34, serif: a page’s title on a phone"),
    ("t22", "22/28, serif: a section, and the one sentence"),
    ("t18", "18/26, serif: a quotation"),
    ("t16", "16/24: text"),
    ("t14", "14/20: what goes with it"),
    ("t13", "13/18: tables’ heads and legends"),
];

#[derive(Template)]
#[template(path = "site/design.html")]
struct DesignPage {
    chrome: Chrome,
    framework: &'static Framework,
    themes: [&'static str; 2],
    colours: &'static [&'static str],
    sizes: &'static [(&'static str, &'static str)],
    states: &'static [State],
    cards: Vec<Card>,
    months: MonthTable,
    differences: Vec<Difference>,
    faults: Vec<FieldError>,
    paging: Paging,
}

/// `GET /design`
pub async fn page(chrome: Chrome, _: NoParams) -> Result<Response> {
    let framework = framework::load::built_in();
    web::page(&DesignPage {
        chrome,
        framework,
        themes: ["light", "dark"],
        colours: &COLOURS,
        sizes: &SIZES,
        states: State::VARIANTS,
        cards: State::VARIANTS
            .iter()
            .enumerate()
            .map(|(place, state)| card(framework, place, *state))
            .collect(),
        months: months(framework),
        differences: vec![Difference {
            label: "What came of it",
            parts: vec![
                Part::Gap,
                Part::Same("The three domains share one ".into()),
                Part::Removed("rota".into()),
                Part::Added("on-call rota, and nobody is paged for another’s alarms".into()),
                Part::Same(".".into()),
            ],
        }],
        faults: vec![FieldError::new("wrong", "Enter a month, as a number or a name.")],
        paging: Paging::new("/design", &[], 3, 50, 431),
    })
}

/// A state's card; the months are of no dossier, and only show how full a bar looks.
fn card(framework: &Framework, place: usize, state: State) -> Card {
    let (capability, t) =
        (&framework.capabilities[place % framework.capabilities.len()], &framework.thresholds);
    let months = [0, 7, 4, 13, 19, 24][place];
    let mark = |months, anchor| Mark { at: share(months, t.window_months), months, anchor };
    let open = state < State::Sustained;
    Card {
        id: capability.id.clone(),
        name: capability.name.clone(),
        state,
        months,
        window: t.window_months,
        shown: share(months, t.window_months),
        marks: vec![mark(t.sustained_months, "middle"), mark(t.established_months, "end")],
        asks: t.sustained_months,
        confirmed: place.min(capability.criteria.len()),
        criteria: capability.criteria.len(),
        voices: place,
        last: ("Lapses on", "5 Mar 2027".into()),
        next: capability.development_actions.first().map_or_else(String::new, |action| action.text.clone()),
        first: place == 0,
        rule: state.rule(t),
        rules: vec![
            Rule { met: true, text: "Heard from the CTO".into() },
            Rule { met: !open, text: format!("{months} of {} months shown", t.window_months) },
        ],
        evidence: Vec::new(),
        forecast: vec!["Without anything new, it lapses on 5 Mar 2027.".into()],
        gaps: if open { vec![gap("Too short", false), gap("Not heard", true)] } else { Vec::new() },
    }
}

fn gap(title: &'static str, waiting: bool) -> GapView {
    let text = if waiting {
        "waiting for the CTO since 3 May 2026"
    } else {
        "13 of 18 months; earliest 24 Apr 2027"
    };
    GapView {
        title,
        text: text.into(),
        change: "With evidence for every day from now on, 18 months are shown on 24 Apr 2027.".into(),
        waiting,
        missing: Vec::new(),
        entries: Vec::new(),
    }
}

/// Every depth of the heat, leave, and a silence.
fn months(framework: &Framework) -> MonthTable {
    let cell = |entries: u32, leave| Cell {
        entries,
        heat: entries.min(5),
        href: (entries > 0).then(|| "#heat".into()),
        period: "a month".into(),
        leave,
    };
    let capability = &framework.capabilities[0];
    let cells = (0..24).map(|month| cell(month % 7, month % 7 == 0 && month > 7)).collect();
    let part = |kind, x: u32, width: u32| StripPart { kind, x: x.to_string(), width: width.to_string() };
    MonthTable {
        years: vec![(2025, 12), (2026, 12)],
        months: "JFMAMJJASONDJFMAMJJASOND"
            .chars()
            .map(|letter| Month { letter: letter.to_string(), name: "a month".into() })
            .collect(),
        rows: vec![(
            GridRow { capability: capability.id.clone(), name: capability.name.clone(), sum: "", cells },
            Strip {
                parts: vec![part("shown", 1, 9), part("shown", 13, 10), part("leave", 14, 1)],
                said: "Silent from 1 Nov 2025 to 31 Jan 2026.".into(),
            },
        )],
    }
}
