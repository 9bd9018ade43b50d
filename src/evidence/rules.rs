//! What an entry must be before it is kept. Pure: today is an argument.

use chrono::{Datelike, NaiveDate};

use super::{Content, Status};
use crate::error::{Faults, FieldError};
use crate::framework::Framework;

/// Most entries of a dossier, but for those that were withdrawn.
pub const ENTRIES: i64 = 700;
/// Longest title, in characters.
pub const TITLE: usize = 200;
/// Most characters of an entry's narratives and updates together.
pub const ALL: usize = 150_000;
/// Longest update, in characters.
pub const UPDATE: usize = 20_000;
/// Most updates of an entry.
pub const UPDATES: usize = 200;
/// Most criteria of an entry.
pub const CRITERIA: usize = 3;
/// Most links of an entry.
pub const LINKS: usize = 20;
/// Longest link, in characters.
pub const LINK: usize = 2_000;
/// Most parts that people can have in an entry.
pub const PEOPLE: usize = 30;
/// Farthest horizon, in years.
pub const HORIZON: i64 = 50;

/// Tags the capabilities of the criteria that were chosen, and puts both into the guide's order, each once.
pub fn settle(content: &mut Content, framework: &Framework) {
    let chosen = std::mem::take(&mut content.criteria);
    for criterion in &chosen {
        if let Some((capability, _)) = framework.criterion(criterion) {
            content.capabilities.push(capability.id.clone());
        }
    }
    let place = |id: &String| framework.capability_index(id).unwrap_or(usize::MAX);
    content.capabilities.sort_by_key(place);
    content.capabilities.dedup();
    content.criteria = chosen;
    let order: Vec<&str> = framework
        .capabilities
        .iter()
        .flat_map(|capability| capability.criteria.iter().map(|criterion| criterion.id.as_str()))
        .collect();
    content.criteria.sort_by_key(|id| order.iter().position(|other| other == id).unwrap_or(usize::MAX));
    content.criteria.dedup();
}

/// Everything that keeps a content from being kept in a status, by field. Texts are taken to be cleaned already.
pub fn faults(content: &Content, status: Status, framework: &Framework, today: NaiveDate) -> Vec<FieldError> {
    let mut faults = Faults::default();
    if content.title.is_empty() {
        faults.add("title", "Say what happened, in a sentence.");
    } else if content.title.chars().count() > TITLE {
        faults.add(
            "title",
            format!("A title has at most {TITLE} characters. Put the rest into the text below."),
        );
    }
    dates(content, status, today, &mut faults);
    guide(content, status, framework, &mut faults);
    if length(content) > ALL {
        faults.add(
            longest(content),
            "The texts of an entry, its updates among them, have at most 150,000 characters together. Shorten this one, or link to the long form.",
        );
    }
    if content.horizon_years.is_some_and(|years| !(0..=HORIZON).contains(&years)) {
        faults.add("horizon_years", format!("Enter whole years from 0 to {HORIZON}."));
    }
    if content.people.len() > PEOPLE {
        faults
            .add("people", format!("An entry names at most {PEOPLE} people. Name those who mattered most."));
    }
    if content.links.len() > LINKS {
        faults.add("links", format!("An entry has at most {LINKS} links."));
    }
    faults.0
}

/// How many characters an entry's narratives and updates have together.
pub fn length(content: &Content) -> usize {
    let narratives = [&content.situation, &content.action, &content.impact, &content.domain_cost];
    let updates = content.updates.iter().map(|update| &update.text);
    narratives.into_iter().chain(updates).map(|text| text.chars().count()).sum()
}

/// The field of the longest narrative.
fn longest(content: &Content) -> &'static str {
    let narratives = [
        ("situation", &content.situation),
        ("action", &content.action),
        ("impact", &content.impact),
        ("domain_cost", &content.domain_cost),
    ];
    narratives.into_iter().max_by_key(|(_, text)| text.len()).map_or("situation", |(field, _)| field)
}

fn dates(content: &Content, status: Status, today: NaiveDate, faults: &mut Faults) {
    let planned = "This lies ahead. Work that is planned can be kept as a draft until it has happened.";
    match content.from {
        None if status != Status::Draft => {
            faults.add("from", "Enter the month in which it began, such as 3 2026.");
        }
        None if content.to.is_some() => faults.add("from", "Enter when it began, as there is an end."),
        Some(from) if status != Status::Draft && from > today => faults.add("from", planned),
        None | Some(_) => {}
    }
    let Some(to) = content.to else { return };
    if content.ongoing {
        faults.add("to", "It can’t have an end and still go on. Empty the end, or untick “still going on”.");
    }
    if content.from.is_some_and(|from| to < from) {
        faults.add("to", "The end lies before the beginning.");
    }
    let begun = if content.to_is_month { to.with_day(1).unwrap_or(to) } else { to };
    if status != Status::Draft && begun > today {
        faults.add("to", "This lies ahead. Leave the end empty and tick “still going on”.");
    }
}

fn guide(content: &Content, status: Status, framework: &Framework, faults: &mut Faults) {
    if status != Status::Draft && content.capabilities.is_empty() {
        faults.add("capabilities", "Choose at least one capability that it shows.");
    }
    if content.capabilities.iter().any(|id| framework.capability(id).is_none()) {
        faults.add("capabilities", "This capability is not in your guide. Choose from those shown.");
    }
    if content.criteria.iter().any(|id| framework.criterion(id).is_none()) {
        faults.add("capabilities", "This criterion is not in your guide. Choose from those shown.");
    } else if content.criteria.len() > CRITERIA {
        faults.add("capabilities", "Choose at most three criteria: those that it shows best.");
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{faults, settle};
    use crate::evidence::{Content, Status, Update};
    use crate::framework::load::built_in;

    fn day(text: &str) -> Option<NaiveDate> {
        text.parse().ok()
    }

    fn whole() -> Content {
        Content {
            title: "Keynote".into(),
            from: day("2026-03-01"),
            from_is_month: true,
            capabilities: vec!["external-presence".into()],
            ..Content::default()
        }
    }

    fn fields(content: &Content, status: Status) -> Vec<String> {
        let today = day("2026-11-22").expect("a date");
        faults(content, status, built_in(), today).into_iter().map(|fault| fault.field.to_string()).collect()
    }

    #[test]
    fn a_draft_needs_a_title_alone() {
        let draft = Content { title: "Keynote".into(), ..Content::default() };
        assert!(fields(&draft, Status::Draft).is_empty());
        assert_eq!(fields(&draft, Status::Final), ["from", "capabilities"]);
        assert_eq!(fields(&Content::default(), Status::Draft), ["title"]);
        assert!(fields(&whole(), Status::Final).is_empty());
    }

    #[test]
    fn dates_must_make_sense() {
        for (change, field) in [
            (Content { to: day("2026-02-28"), ..whole() }, "to"),
            (Content { to: day("2026-03-31"), ongoing: true, ..whole() }, "to"),
            (Content { from: day("2026-11-23"), ..whole() }, "from"),
            (Content { to: day("2026-11-23"), ..whole() }, "to"),
            (Content { to: day("2026-12-31"), to_is_month: true, ..whole() }, "to"),
        ] {
            assert_eq!(fields(&change, Status::Final), [field], "{change:?}");
        }
        // The month under way may be the last.
        assert!(
            fields(&Content { to: day("2026-11-30"), to_is_month: true, ..whole() }, Status::Final)
                .is_empty()
        );
        // A plan is a draft.
        assert!(fields(&Content { from: day("2027-05-01"), ..whole() }, Status::Draft).is_empty());
        let end_alone = Content { title: "x".into(), to: day("2026-05-01"), ..Content::default() };
        assert_eq!(fields(&end_alone, Status::Draft), ["from"]);
    }

    #[test]
    fn texts_are_bounded_together() {
        let text = |length: usize| "é".repeat(length);
        let mut much = Content { action: text(100_000), impact: text(50_000), ..whole() };
        assert!(fields(&much, Status::Final).is_empty());
        much.updates.push(Update { on: day("2026-04-01").expect("a day"), text: "x".into() });
        assert_eq!(fields(&much, Status::Final), ["action"]);
    }

    #[test]
    fn a_criterion_tags_its_capability_and_three_are_the_most() {
        let mut content = Content {
            criteria: vec![
                "external-presence/represents-company".into(),
                "cto-partnership/thought-partner".into(),
            ],
            ..whole()
        };
        settle(&mut content, built_in());
        assert_eq!(content.capabilities, ["cto-partnership", "external-presence"]);
        assert_eq!(
            content.criteria,
            ["cto-partnership/thought-partner", "external-presence/represents-company"]
        );
        content.criteria.extend(["a/b".into(), "c/d".into()]);
        assert_eq!(fields(&content, Status::Final), ["capabilities"]);
        content.criteria = (0..1_000).map(|n| format!("a/{n}")).collect();
        assert_eq!(fields(&content, Status::Draft), ["capabilities"]);
    }
}
