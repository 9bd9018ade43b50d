//! States, gaps and lenses in words, as boards and comparisons show them.

use crate::readiness::{GapKind, Lens, State};

/// A state.
pub fn state(state: State) -> &'static str {
    match state {
        State::None => "None",
        State::Lapsed => "Lapsed",
        State::Emerging => "Emerging",
        State::Developing => "Developing",
        State::Sustained => "Sustained",
        State::Established => "Established",
    }
}

/// A kind of gap.
pub fn gap_kind(kind: GapKind) -> &'static str {
    match kind {
        GapKind::NoEvidence => "No evidence",
        GapKind::Lapsed => "Quiet",
        GapKind::Short => "Too short",
        GapKind::Few => "Too few entries",
        GapKind::Narrow => "Too narrow",
        GapKind::Unconfirmed => "Unconfirmed",
        GapKind::Unheard => "Asked voice not heard",
        GapKind::DifferingAccount => "An account differs",
        GapKind::NotYet => "Assessed not yet",
    }
}

/// Several kinds, as one phrase: `Quiet, too short, asked voice not heard`.
pub fn gap_kinds(kinds: impl Iterator<Item = GapKind>) -> String {
    let labels = kinds.map(gap_kind).enumerate();
    let phrase = labels.map(|(place, label)| if place == 0 { label.to_owned() } else { within(label) });
    phrase.collect::<Vec<_>>().join(", ")
}

/// What a kind of gap means.
pub fn gap_meaning(kind: GapKind) -> &'static str {
    match kind {
        GapKind::NoEvidence => "No entry counts for the capability",
        GapKind::Lapsed => "The evidence has stopped speaking: nothing new for longer than it carries",
        GapKind::Short => "Fewer months are shown than it takes to be sustained",
        GapKind::Few => "Fewer entries than it takes to be sustained",
        GapKind::Narrow => "Fewer criteria are confirmed than it takes to be sustained",
        GapKind::Unconfirmed => "Fewer people have confirmed evidence than it takes to be sustained",
        GapKind::Unheard => "Whoever can best judge the capability was not heard",
        GapKind::DifferingAccount => "Somebody saw an entry differently, and it is not settled",
        GapKind::NotYet => "A CTO judged an entry not yet to show the capability",
    }
}

/// A lens.
pub fn lens(lens: Lens) -> &'static str {
    match lens {
        Lens::All => "All evidence",
        Lens::Confirmed => "Confirmed by others",
    }
}

/// Words that stood at the start of a line, for the middle of a sentence: an ordinary first word loses its capital, an
/// abbreviation such as CTO keeps it.
pub fn within(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{gap_kinds, within};
    use crate::readiness::GapKind;

    #[test]
    fn gaps_read_as_one_phrase() {
        let kinds = [GapKind::Lapsed, GapKind::Short, GapKind::Unheard];
        assert_eq!(gap_kinds(kinds.into_iter()), "Quiet, too short, asked voice not heard");
        assert_eq!(gap_kinds([].into_iter()), "");
    }

    #[test]
    fn abbreviations_keep_their_capitals() {
        assert_eq!(within("External presence"), "external presence");
        assert_eq!(within("CTO partnership"), "CTO partnership");
        assert_eq!(within(""), "");
    }
}
