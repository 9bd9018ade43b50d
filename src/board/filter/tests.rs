//! The filter held to the contract's sentences, and to what must hold of any board and any choice.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use proptest::prelude::*;
use strum::VariantArray;
use uuid::Uuid;

use super::{Counts, Filter, Match};
use crate::board::Row;
use crate::framework::{AskedVoice, load::built_in};
use crate::readiness::{
    AskedVoiceReadiness, Assessment, CapabilityReadiness, CriteriaReadiness, Gap, GapKind, Lens,
    PromptlyRecorded, State, Summary,
};

const XD: &str = "cross-domain-leadership";
const CP: &str = "cto-partnership";
const EP: &str = "external-presence";

fn gap(kind: GapKind) -> Gap {
    match kind {
        GapKind::NoEvidence => Gap::NoEvidence,
        GapKind::Lapsed => Gap::Lapsed { since: NaiveDate::default() },
        GapKind::Short => Gap::Short { months: 3, needed: 18, earliest: None },
        GapKind::Few => Gap::Few { entries: 1, needed: 4 },
        GapKind::Narrow => Gap::Narrow { confirmed: 0, needed: 3, missing: Vec::new() },
        GapKind::Unconfirmed => Gap::Unconfirmed { voices: 0, needed: 2 },
        GapKind::Unheard => Gap::Unheard { asks_for: AskedVoice::Cto },
        GapKind::DifferingAccount => Gap::DifferingAccount { entries: Vec::new() },
        GapKind::NotYet => Gap::NotYet { entries: Vec::new() },
    }
}

/// A row of the four capabilities in framework order.
fn row(name: &str, capabilities: &[(State, Vec<GapKind>)]) -> Row {
    let capability = |(place, (state, kinds)): (usize, &(State, Vec<GapKind>))| CapabilityReadiness {
        capability: built_in().capabilities[place].id.clone(),
        state: *state,
        months: 0,
        window_months: 24,
        entries: 0,
        criteria: CriteriaReadiness::default(),
        voices: Vec::new(),
        asked_voice: AskedVoiceReadiness { asks_for: AskedVoice::Cto, heard: false },
        last_day: None,
        lapses_on: None,
        sustained_on: None,
        promptly_recorded: PromptlyRecorded::default(),
        gaps: kinds.iter().copied().map(gap).collect(),
    };
    let assessment = Assessment {
        as_of: NaiveDate::default(),
        framework: "e1-to-e2".into(),
        lens: Lens::All,
        months_at_level: None,
        evidence_complete: false,
        capabilities: capabilities.iter().enumerate().map(capability).collect(),
        questions: Vec::new(),
        track_record: Vec::new(),
        signals: Vec::new(),
    };
    Row::new(name, Uuid::nil(), Arc::new(Summary::of(built_in(), &assessment)))
}

fn board() -> Vec<Row> {
    let good = || (State::Sustained, Vec::new());
    vec![
        row("Ada Marsh", &[good(), good(), good(), (State::Lapsed, vec![GapKind::Lapsed, GapKind::Short])]),
        row("Zoë O’Shea", &[(State::Developing, vec![GapKind::Short]), good(), good(), good()]),
        row(
            "Bruno Keller",
            &[
                (State::Emerging, vec![GapKind::Few]),
                (State::Sustained, vec![GapKind::DifferingAccount]),
                good(),
                (State::None, vec![GapKind::NoEvidence]),
            ],
        ),
        row("Chidi Eze", &[good(), good(), good(), (State::Established, Vec::new())]),
    ]
}

fn names(filter: &Filter) -> String {
    let board = board();
    let kept = board.iter().filter(|row| filter.keeps(row));
    kept.map(|row| row.name.split(' ').next().unwrap_or_default()).collect::<Vec<_>>().join(" ")
}

fn gaps(ids: &[&str]) -> Filter {
    Filter { gaps: ids.iter().map(ToString::to_string).collect(), ..Filter::default() }
}

#[test]
fn nothing_chosen_shows_everybody() {
    assert_eq!(names(&Filter::default()), "Ada Zoë Bruno Chidi");
}

#[test]
fn a_capability_counts_as_a_gap_when_it_has_any_gap() {
    assert_eq!(names(&gaps(&[EP])), "Ada Bruno");
    // Sustained, and an account differs: that is a gap too.
    assert_eq!(names(&gaps(&[CP])), "Bruno");
    assert_eq!(names(&gaps(&[XD, EP])), "Ada Zoë Bruno");
    assert_eq!(names(&Filter { matching: Match::All, ..gaps(&[XD, EP]) }), "Bruno");
}

#[test]
fn kinds_are_looked_for_in_the_chosen_capabilities_or_in_all() {
    let kinds = |kinds: &[GapKind]| kinds.to_vec();
    assert_eq!(names(&Filter { kinds: kinds(&[GapKind::Short]), ..Filter::default() }), "Ada Zoë");
    assert_eq!(names(&Filter { kinds: kinds(&[GapKind::Short]), ..gaps(&[EP]) }), "Ada");
    let short_or_few = kinds(&[GapKind::Short, GapKind::Few]);
    assert_eq!(names(&Filter { kinds: short_or_few.clone(), ..gaps(&[XD]) }), "Zoë Bruno");
    // Each of the capabilities must have one of the kinds; Bruno's external presence has neither.
    let both = Filter { kinds: short_or_few, matching: Match::All, ..gaps(&[XD, EP]) };
    assert_eq!(names(&both), "");
}

#[test]
fn match_says_nothing_where_no_capability_is_chosen() {
    let all = Filter { kinds: vec![GapKind::Short], matching: Match::All, ..Filter::default() };
    assert_eq!(names(&all), "Ada Zoë");
}

#[test]
fn states_are_looked_for_in_the_chosen_capabilities_or_in_all() {
    let at_most = |state| Filter { state: Some(state), ..Filter::default() };
    assert_eq!(names(&at_most(State::None)), "Bruno");
    assert_eq!(names(&at_most(State::Lapsed)), "Ada Bruno");
    assert_eq!(names(&at_most(State::Developing)), "Ada Zoë Bruno");
    assert_eq!(names(&at_most(State::Established)), "Ada Zoë Bruno Chidi");
    assert_eq!(names(&Filter { state: Some(State::Lapsed), ..gaps(&[XD]) }), "");
    assert_eq!(names(&Filter { state: Some(State::Emerging), ..gaps(&[XD]) }), "Bruno");
    assert_eq!(names(&Filter { state: Some(State::Lapsed), ..gaps(&[XD, EP]) }), "Ada Bruno");
}

#[test]
fn names_are_matched_whatever_the_case_and_the_accents() {
    let named = |q: &str| names(&Filter { q: Some(q.into()), ..Filter::default() });
    assert_eq!(named("zoe"), "Zoë");
    assert_eq!(named("ZOË o'sh"), "Zoë");
    assert_eq!(named("shea"), "Zoë");
    assert_eq!(named("marsh ada"), "Ada");
    assert_eq!(named("d"), "Ada Chidi");
    assert_eq!(named("e k"), "");
    assert_eq!(named("?"), "");
}

fn any_capability() -> impl Strategy<Value = (State, Vec<GapKind>)> {
    (prop::sample::select(State::VARIANTS), prop::sample::subsequence(GapKind::VARIANTS, 0..=4))
}

fn any_board() -> impl Strategy<Value = Vec<Row>> {
    let capabilities = prop::collection::vec(any_capability(), 4);
    let row = ("[A-Dé]{1,3} [A-D]{1,3}", capabilities).prop_map(|(name, four)| row(&name, &four));
    prop::collection::vec(row, 0..12)
}

fn any_filter() -> impl Strategy<Value = Filter> {
    let ids: Vec<String> = built_in().capabilities.iter().map(|c| c.id.clone()).collect();
    (
        prop::sample::subsequence(ids, 0..=4),
        prop::sample::subsequence(GapKind::VARIANTS, 0..=4),
        prop::sample::select(Match::VARIANTS),
        prop::option::of(prop::sample::select(State::VARIANTS)),
        prop::option::of("[a-e]"),
    )
        .prop_map(|(gaps, kinds, matching, state, q)| Filter { gaps, kinds, matching, state, q })
}

fn kept(filter: &Filter, board: &[Row]) -> BTreeSet<usize> {
    (0..board.len()).filter(|place| filter.keeps(&board[*place])).collect()
}

proptest! {
    #[test]
    fn any_and_all_are_the_union_and_the_intersection_of_single_gaps(
        board in any_board(),
        filter in any_filter(),
    ) {
        let filter = Filter { state: None, ..filter };
        let single = |id: &String| kept(&Filter { gaps: vec![id.clone()], ..filter.clone() }, &board);
        let any = kept(&Filter { matching: Match::Any, ..filter.clone() }, &board);
        let all = kept(&Filter { matching: Match::All, ..filter.clone() }, &board);
        prop_assert!(all.is_subset(&any));
        if !filter.gaps.is_empty() {
            let union: BTreeSet<usize> = filter.gaps.iter().flat_map(single).collect();
            prop_assert_eq!(any, union);
            let shared = filter.gaps.iter().map(single).reduce(|a, b| &a & &b).unwrap_or_default();
            prop_assert_eq!(all, shared);
        }
    }

    #[test]
    fn counts_are_the_totals_of_the_single_choices(board in any_board()) {
        let counts = Counts::of(&board, &built_in().capabilities);
        prop_assert_eq!(counts.gap.len(), 4);
        prop_assert_eq!(counts.kind.len(), GapKind::VARIANTS.len());
        for (id, count) in &counts.gap {
            prop_assert_eq!(kept(&gaps(&[id]), &board).len(), *count);
        }
        for (kind, count) in &counts.kind {
            let filter = Filter { kinds: vec![*kind], ..Filter::default() };
            prop_assert_eq!(kept(&filter, &board).len(), *count);
        }
    }

    #[test]
    fn the_order_of_choices_and_of_rows_changes_nothing(board in any_board(), filter in any_filter()) {
        let mut turned = filter.clone();
        turned.gaps.reverse();
        turned.kinds.reverse();
        prop_assert_eq!(kept(&filter, &board), kept(&turned, &board));
        let backwards: Vec<Row> = board.iter().rev().cloned().collect();
        let mirrored: BTreeSet<usize> =
            kept(&filter, &backwards).into_iter().map(|place| board.len() - 1 - place).collect();
        prop_assert_eq!(kept(&filter, &board), mirrored);
    }

    #[test]
    fn a_higher_state_and_one_kind_more_never_show_fewer(board in any_board(), filter in any_filter()) {
        let states = State::VARIANTS.iter().map(|state| kept(&Filter { state: Some(*state), ..filter.clone() }, &board));
        let states: Vec<_> = states.collect();
        prop_assert!(states.windows(2).all(|pair| pair[0].is_subset(&pair[1])));
        if !filter.kinds.is_empty() {
            let fewer = Filter { kinds: filter.kinds[..1].to_vec(), ..filter.clone() };
            prop_assert!(kept(&fewer, &board).is_subset(&kept(&filter, &board)));
        }
    }
}
