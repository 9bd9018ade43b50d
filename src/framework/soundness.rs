//! Whether a framework holds together: what its shape alone can't say. Lists every fault that it finds.

use std::collections::HashMap;

use super::load::Fault;
use super::{Capability, Framework, SignalRule, TrackRecordRule};

const MAX_CAPABILITIES: usize = 16;
const MAX_CRITERIA: usize = 64;
const MAX_ID_CHARS: usize = 64;
/// Fifty years: no rule looks further, and calendars stay within what a date can hold.
const MAX_MONTHS: u32 = 600;
/// Fifty years, in days.
const MAX_DAYS: u32 = 18_300;

/// Every fault in the meaning of a framework, in the order of its parts.
pub(super) fn faults(framework: &Framework) -> Vec<Fault> {
    let mut found = Found::default();
    head(framework, &mut found);
    thresholds(framework, &mut found);
    capabilities(framework, &mut found);
    shifts_and_pitfalls(framework, &mut found);
    track_record_and_questions(framework, &mut found);
    timeline(framework, &mut found);
    found.faults
}

#[derive(Default)]
struct Found {
    faults: Vec<Fault>,
}

impl Found {
    fn add(&mut self, place: impl Into<String>, what: impl Into<String>) {
        self.faults.push(Fault::at(place, what));
    }

    /// A text that people read: neither blank nor with characters that no page can show.
    fn text(&mut self, place: impl Into<String>, text: &str) {
        if text.trim().is_empty() {
            self.add(place, "is blank");
        } else if text.chars().any(|c| c.is_control() && c != '\n') {
            self.add(place, "contains a control character");
        }
    }
}

/// The ids of one kind, each with the place that has it.
#[derive(Default)]
struct Ids<'a> {
    places: HashMap<&'a str, String>,
}

impl<'a> Ids<'a> {
    fn plain(&mut self, place: String, id: &'a str, found: &mut Found) {
        if is_kebab_case(id) {
            self.unique(place, id, found);
        } else {
            found.add(place, format!("{id:?} is not an id: {ID_RULE}"));
        }
    }

    fn of_capability(&mut self, place: String, id: &'a str, capability: &str, found: &mut Found) {
        match id.split_once('/') {
            Some((prefix, slug)) if is_kebab_case(prefix) && is_kebab_case(slug) => {
                if prefix == capability {
                    self.unique(place, id, found);
                } else {
                    found.add(place, format!("{id:?} stands in {capability:?}, so its id must begin with that and a slash"));
                }
            }
            _ => found.add(
                place,
                format!("{id:?} is not an id of this kind: it is its capability's id, a slash and a name; {ID_RULE}"),
            ),
        }
    }

    fn unique(&mut self, place: String, id: &'a str, found: &mut Found) {
        if let Some(first) = self.places.get(id) {
            found.add(place, format!("repeats {id:?}, the id of {first}"));
        } else {
            let owner = place.strip_suffix(".id").unwrap_or(&place).to_owned();
            self.places.insert(id, owner);
        }
    }
}

const ID_RULE: &str =
    "write lower-case letters and digits, in words joined by hyphens, at most 64 characters";

fn is_kebab_case(id: &str) -> bool {
    id.len() <= MAX_ID_CHARS
        && id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

fn head(framework: &Framework, found: &mut Found) {
    Ids::default().plain("id".into(), &framework.id, found);
    if framework.version == 0 {
        found.add("version", "is 0; versions count from 1");
    }
    found.text("name", &framework.name);
    for (i, level) in framework.levels.iter().enumerate() {
        let place = format!("levels[{i}]");
        if level.trim().eq_ignore_ascii_case("none") {
            found.add(place, format!("{level:?} is not for a level: it says that somebody has left"));
        } else if framework.levels[..i].contains(level) {
            found.add(place, format!("{level:?} is listed already"));
        } else {
            found.text(place, level);
        }
    }
    let from = level(framework, "from_level", &framework.from_level, found);
    let to = level(framework, "to_level", &framework.to_level, found);
    if let (Some(from), Some(to)) = (from, to)
        && from >= to
    {
        found.add(
            "to_level",
            format!(
                "{:?} is not above {:?}, the level that the guide leads from",
                framework.to_level, framework.from_level
            ),
        );
    }
    found.text("question", &framework.question);
}

/// The rank of a level that something names, which is a fault if there is no such level.
fn level(framework: &Framework, place: &str, name: &str, found: &mut Found) -> Option<usize> {
    let rank = framework.level_rank(name);
    if rank.is_none() {
        found.add(place, format!("{name:?} is not one of the levels"));
    }
    rank
}

fn thresholds(framework: &Framework, found: &mut Found) {
    let t = &framework.thresholds;
    for (name, value) in [
        ("window_months", t.window_months),
        ("sustained_months", t.sustained_months),
        ("established_months", t.established_months),
        ("entry_covers_days", t.entry_covers_days),
        ("sustained_entries", t.sustained_entries),
        ("sustained_criteria", t.sustained_criteria),
        ("sustained_voices", t.sustained_voices),
        ("established_entries", t.established_entries),
        ("established_criteria", t.established_criteria),
        ("established_voices", t.established_voices),
        ("question_pause_days", t.question_pause_days),
        ("feedback_max_age_days", t.feedback_max_age_days),
        ("signal_window_months", t.signal_window_months),
        ("signal_min_entries", t.signal_min_entries),
    ] {
        if value == 0 {
            found.add(
                format!("thresholds.{name}"),
                "is 0, which would ask for nothing; it must be at least 1",
            );
        }
    }
    for (name, value, most) in [
        ("window_months", t.window_months, MAX_MONTHS),
        ("signal_window_months", t.signal_window_months, MAX_MONTHS),
        ("entry_covers_days", t.entry_covers_days, MAX_DAYS),
        ("question_pause_days", t.question_pause_days, MAX_DAYS),
        ("feedback_max_age_days", t.feedback_max_age_days, MAX_DAYS),
        ("prompt_days", t.prompt_days, MAX_DAYS),
    ] {
        if value > most {
            found.add(format!("thresholds.{name}"), format!("is {value}, more than fifty years ({most})"));
        }
    }
    // Each pair: the first may not be more than the second.
    for (lesser, low, greater, high) in [
        ("developing_months", t.developing_months, "sustained_months", t.sustained_months),
        ("sustained_months", t.sustained_months, "established_months", t.established_months),
        ("established_months", t.established_months, "window_months", t.window_months),
        ("sustained_months", t.sustained_months, "window_months", t.window_months),
        ("developing_criteria", t.developing_criteria, "sustained_criteria", t.sustained_criteria),
        ("sustained_criteria", t.sustained_criteria, "established_criteria", t.established_criteria),
        ("sustained_entries", t.sustained_entries, "established_entries", t.established_entries),
        ("sustained_voices", t.sustained_voices, "established_voices", t.established_voices),
    ] {
        if low > high {
            found.add(format!("thresholds.{lesser}"), format!("is {low}, more than {greater} ({high})"));
        }
    }
    let questions = framework.questions.len();
    if t.question_most as usize > questions {
        found.add(
            "thresholds.question_most",
            format!("is {}, more than the number of questions ({questions})", t.question_most),
        );
    }
}

fn capabilities(framework: &Framework, found: &mut Found) {
    let count = framework.capabilities.len();
    if count == 0 {
        found.add("capabilities", "there is none; a framework has at least one");
    }
    if count > MAX_CAPABILITIES {
        found.add("capabilities", format!("there are {count}; a framework has at most {MAX_CAPABILITIES}"));
    }
    let criteria: usize = framework.capabilities.iter().map(|capability| capability.criteria.len()).sum();
    if criteria > MAX_CRITERIA {
        found.add(
            "capabilities",
            format!("they have {criteria} criteria; a framework has at most {MAX_CRITERIA}"),
        );
    }
    let mut ids = Ids::default();
    // Criteria and development actions share one space, so that either can be linked to by its id.
    let mut inner_ids = Ids::default();
    for (i, capability) in framework.capabilities.iter().enumerate() {
        let place = format!("capabilities[{i}]");
        ids.plain(format!("{place}.id"), &capability.id, found);
        found.text(format!("{place}.name"), &capability.name);
        found.text(format!("{place}.summary"), &capability.summary);
        if capability.carry_days > MAX_DAYS {
            found.add(
                format!("{place}.carry_days"),
                format!("is {}, more than fifty years ({MAX_DAYS})", capability.carry_days),
            );
        }
        enough_criteria(framework, capability, &place, found);
        for (j, criterion) in capability.criteria.iter().enumerate() {
            let place = format!("{place}.criteria[{j}]");
            inner_ids.of_capability(format!("{place}.id"), &criterion.id, &capability.id, found);
            found.text(format!("{place}.text"), &criterion.text);
            found.text(format!("{place}.example"), &criterion.example);
            found.text(format!("{place}.counter_example"), &criterion.counter_example);
        }
        for (j, action) in capability.development_actions.iter().enumerate() {
            let place = format!("{place}.development_actions[{j}]");
            inner_ids.of_capability(format!("{place}.id"), &action.id, &capability.id, found);
            found.text(format!("{place}.text"), &action.text);
        }
    }
}

/// A threshold that a capability has too few criteria to ever reach would keep everyone out for good.
fn enough_criteria(framework: &Framework, capability: &Capability, place: &str, found: &mut Found) {
    let t = &framework.thresholds;
    let count = capability.criteria.len();
    for (name, needed) in [
        ("developing_criteria", t.developing_criteria),
        ("sustained_criteria", t.sustained_criteria),
        ("established_criteria", t.established_criteria),
    ] {
        if needed as usize > count {
            found.add(
                format!("{place}.criteria"),
                format!("has {count}, fewer than thresholds.{name} asks for ({needed})"),
            );
        }
    }
}

fn shifts_and_pitfalls(framework: &Framework, found: &mut Found) {
    let mut ids = Ids::default();
    for (i, shift) in framework.shifts.iter().enumerate() {
        ids.plain(format!("shifts[{i}].id"), &shift.id, found);
        found.text(format!("shifts[{i}].from"), &shift.from);
        found.text(format!("shifts[{i}].to"), &shift.to);
    }
    let mut ids = Ids::default();
    for (i, pitfall) in framework.pitfalls.iter().enumerate() {
        ids.plain(format!("pitfalls[{i}].id"), &pitfall.id, found);
        found.text(format!("pitfalls[{i}].name"), &pitfall.name);
        found.text(format!("pitfalls[{i}].text"), &pitfall.text);
        if let Some(rule) = &pitfall.rule {
            signal_rule(framework, rule, &format!("pitfalls[{i}].rule"), found);
        }
    }
}

fn signal_rule(framework: &Framework, rule: &SignalRule, place: &str, found: &mut Found) {
    match rule {
        SignalRule::Share { field, value } => {
            let values = field.values();
            if !values.contains(&value.as_str()) {
                found.add(format!("{place}.value"), format!("{value:?} is not one of {}", values.join(", ")));
            }
        }
        SignalRule::BelowLevel { level: name } => {
            level(framework, &format!("{place}.level"), name, found);
        }
        SignalRule::Silent { capability, unmet } => {
            known_capability(framework, capability, place, found);
            if let Some(item) = unmet
                && !framework.track_record.iter().any(|known| known.id == *item)
            {
                found.add(format!("{place}.unmet"), format!("{item:?} is not an item of the track record"));
            }
        }
    }
}

fn known_capability(framework: &Framework, id: &str, place: &str, found: &mut Found) {
    if framework.capability(id).is_none() {
        found.add(format!("{place}.capability"), format!("{id:?} is not one of the capabilities"));
    }
}

fn track_record_and_questions(framework: &Framework, found: &mut Found) {
    let mut ids = Ids::default();
    for (i, item) in framework.track_record.iter().enumerate() {
        let place = format!("track_record[{i}]");
        ids.plain(format!("{place}.id"), &item.id, found);
        found.text(format!("{place}.text"), &item.text);
        match &item.rule {
            Some(TrackRecordRule::Impact { capability } | TrackRecordRule::Developed { capability }) => {
                known_capability(framework, capability, &format!("{place}.rule"), found);
            }
            Some(TrackRecordRule::Feedback {}) | None => {}
        }
    }
    let mut ids = Ids::default();
    for (i, question) in framework.questions.iter().enumerate() {
        ids.plain(format!("questions[{i}].id"), &question.id, found);
        found.text(format!("questions[{i}].text"), &question.text);
    }
}

fn timeline(framework: &Framework, found: &mut Found) {
    let timeline = &framework.timeline;
    found.text("timeline.demonstration", &timeline.demonstration);
    found.text("timeline.typical_at_level", &timeline.typical_at_level);
    for (i, line) in timeline.reflects.iter().enumerate() {
        found.text(format!("timeline.reflects[{i}]"), line);
    }
    found.text("timeline.last_word", &timeline.last_word);
}
