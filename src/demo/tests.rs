//! What a visitor of the demo relies on: the same company for the same seed, exact counts, every state and every kind of gap
//! on the committee's board, and dossiers that anybody could import.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use strum::VariantArray;

use super::*;
use crate::accounts::Role;
use crate::evidence::Status;
use crate::framework::load::{built_in, find};
use crate::portable;
use crate::readiness::{Assessment, Facts, GapKind, Lens, State, assess};
use crate::review::CorroborationAnswer;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 30).expect("a date")
}

fn assessed(dossier: &DemoDossier, lens: Lens) -> Assessment {
    let facts = Facts::from_dossier(&dossier.body, built_in()).expect("the candidate is among the people");
    assess(built_in(), &facts, today(), lens)
}

/// The states and kinds of gap on the committee's board.
fn board(dossiers: &[DemoDossier], lens: Lens) -> (BTreeSet<State>, BTreeSet<GapKind>) {
    let (mut states, mut kinds) = (BTreeSet::new(), BTreeSet::new());
    let shown =
        |dossier: &DemoDossier| dossier.sharing == Sharing::Committee && dossier.aim != Aim::E1ByChoice;
    for dossier in dossiers.iter().filter(|dossier| shown(dossier)) {
        for capability in assessed(dossier, lens).capabilities {
            states.insert(capability.state);
            kinds.extend(capability.gap_kinds());
        }
    }
    (states, kinds)
}

#[test]
fn every_state_and_every_gap_is_on_the_board_with_any_seed() {
    for (seed, entries) in (1..=20).map(|seed| (seed, 1680)).chain((1..=20).map(|seed| (seed, 240))) {
        let dossiers: Vec<DemoDossier> = company(built_in(), seed, 12, entries, today()).dossiers().collect();
        for lens in [Lens::Confirmed, Lens::All] {
            let (states, kinds) = board(&dossiers, lens);
            let no_state: Vec<_> = State::VARIANTS.iter().filter(|state| !states.contains(state)).collect();
            let no_kind: Vec<_> = GapKind::VARIANTS.iter().filter(|kind| !kinds.contains(kind)).collect();
            assert!(
                no_state.is_empty() && no_kind.is_empty(),
                "seed {seed}, {entries} entries, {lens}: {no_state:?} {no_kind:?}"
            );
        }
    }
}

#[test]
fn each_shape_comes_out_as_planned() {
    use State::{Emerging, Established, Lapsed, None};
    for seed in 1..=20 {
        let company = company(built_in(), seed, 12, 1680, today());
        let board: Vec<Assessment> =
            company.dossiers().map(|dossier| assessed(&dossier, Lens::Confirmed)).collect();
        let state = |place: usize, capability: usize| board[place].capabilities[capability].state;
        let gaps = |place: usize, capability: usize| {
            board[place].capabilities[capability].gap_kinds().collect::<Vec<_>>()
        };
        assert_eq!(state(0, 0), Established, "seed {seed}");
        assert_eq!(state(0, 3), Lapsed, "seed {seed}");
        assert!(assessed(&company.dossier(1), Lens::All).evidence_complete, "seed {seed}");
        assert_eq!(gaps(2, 2), [GapKind::Unconfirmed], "seed {seed}");
        assert_eq!(gaps(3, 1), [GapKind::Unheard], "seed {seed}");
        assert_eq!((state(4, 3), gaps(4, 2)), (None, vec![GapKind::Short]), "seed {seed}");
        assert_eq!((gaps(5, 0), gaps(5, 3)), (vec![GapKind::Narrow], vec![GapKind::Few]), "seed {seed}");
        assert_eq!(gaps(6, 0), [GapKind::DifferingAccount], "seed {seed}");
        assert_eq!(gaps(7, 1), [GapKind::Short], "seed {seed}");
        assert_eq!(state(8, 3), Emerging, "seed {seed}");
        assert_eq!(gaps(9, 1), [GapKind::NotYet], "seed {seed}");
    }
}

#[test]
fn the_same_seed_gives_the_same_company() {
    let make = |seed| company(built_in(), seed, 14, 300, today());
    let (one, same, other) = (make(7), make(7), make(8));
    assert_eq!(one.people, same.people);
    assert!(one.dossiers().eq(same.dossiers()));
    assert_ne!(one.people, other.people);
    assert!(!one.dossiers().eq(other.dossiers()));
    assert_eq!(one.dossier(9), same.dossiers().nth(9).expect("a tenth dossier"));
}

#[test]
fn counts_are_exact() {
    for (candidates, entries) in
        [(1, 1), (1, 700), (2, 9), (5, 5), (11, 200), (12, 12), (12, 60), (12, 1680), (50, 777)]
    {
        let company = company(built_in(), 3, candidates, entries, today());
        assert_eq!(company.len(), candidates);
        let written: usize = company.dossiers().map(|dossier| dossier.body.evidence.len()).sum();
        assert_eq!(written, entries, "{candidates} candidates");
        assert!(company.dossiers().all(|dossier| dossier.entries.len() == dossier.body.evidence.len()));
    }
}

#[test]
fn every_dossier_reads_back_without_faults() {
    let company = company(built_in(), 5, 40, 4000, today());
    for dossier in company.dossiers() {
        let text = dossier.body.to_json().expect("a dossier is JSON");
        let read = portable::read(text.as_bytes(), find);
        let read = read.map(|(body, _)| body).map_err(|faults| faults[0].to_string());
        assert_eq!(read, Ok(dossier.body));
    }
}

#[test]
fn nothing_lies_ahead_and_nothing_open_is_fresh() {
    let company = company(built_in(), 6, 30, 3600, today());
    for dossier in company.dossiers() {
        for (entry, extra) in dossier.body.evidence.iter().zip(&dossier.entries) {
            let recorded = entry.recorded_on.expect("every entry says when it was recorded");
            assert!(
                entry.to.or(entry.from).is_none_or(|last| last <= recorded || entry.ongoing),
                "{entry:?}"
            );
            assert!(recorded < today() && extra.created.date_naive() == recorded);
            assert!(extra.updated >= extra.created && extra.updated.date_naive() < today());
            assert!(entry.updates.iter().all(|update| recorded <= update.on && update.on < today()));
            assert!(entry.corroborations.iter().all(|answer| recorded <= answer.on && answer.on < today()));
            assert!(entry.assessments.iter().all(|one| recorded <= one.on && one.on < today()));
            let settled_in = calendar::back(today(), 15);
            let differs =
                entry.corroborations.iter().filter(|one| one.answer == CorroborationAnswer::Differs);
            assert!(differs.into_iter().all(|one| one.on < settled_in));
            let not_yet = entry.assessments.iter().filter(|one| one.judgement == Judgement::NotYet);
            assert!(not_yet.into_iter().all(|one| one.on < settled_in));
            let named: HashSet<&String> = entry.people.iter().map(|named| &named.person).collect();
            assert_eq!(named.len(), entry.people.len());
            assert!(
                entry.corroborations.iter().filter_map(|one| one.by.as_ref()).all(|by| named.contains(by))
            );
        }
    }
}

#[test]
fn the_default_company_is_as_described() {
    let company = company(built_in(), 1, 12, 1680, today());
    let names: HashSet<&str> = company.people.iter().map(|person| person.name.as_str()).collect();
    let emails: Vec<&str> =
        company.people.iter().filter_map(|person| Some(person.account.as_ref()?.email.as_str())).collect();
    assert_eq!(names.len(), company.people.len());
    assert_eq!(emails.iter().collect::<HashSet<_>>().len(), emails.len());
    let holding = |role| {
        let held = company.people.iter().filter_map(|person| person.account.as_ref());
        held.filter(|account| account.roles == [role]).count()
    };
    assert_eq!([Role::Candidate, Role::Cto, Role::Committee, Role::Admin].map(holding), [12, 1, 5, 1]);
    let mut sharing: BTreeMap<Sharing, usize> = BTreeMap::new();
    for dossier in company.dossiers() {
        *sharing.entry(dossier.sharing).or_default() += 1;
        assert_eq!(dossier.aim == Aim::E1ByChoice, dossier.sharing == Sharing::Private);
    }
    assert_eq!(sharing.into_values().collect::<Vec<_>>(), [1, 1, 10]);
    let first_days = company.dossier(11);
    assert!(first_days.body.evidence.iter().all(|entry| entry.status == Status::Draft));
}

#[test]
fn titles_and_narratives_hardly_repeat() {
    for seed in 1..=3 {
        for dossier in company(built_in(), seed, 12, 1680, today()).dossiers() {
            let evidence = &dossier.body.evidence;
            let titles: HashSet<&str> = evidence.iter().map(|entry| entry.title.as_str()).collect();
            assert!(
                titles.len() * 100 >= evidence.len() * 85,
                "{} of {} titles",
                titles.len(),
                evidence.len()
            );
            let action = |entry: &'_ portable::Entry| Some((entry.situation.clone(), entry.action.clone()?));
            let told: Vec<_> = evidence.iter().filter_map(action).collect();
            let different: HashSet<_> = told.iter().collect();
            assert!(
                different.len() * 100 >= told.len() * 98,
                "{} of {} narratives",
                different.len(),
                told.len()
            );
        }
    }
}

#[test]
fn all_kinds_of_facts_occur() {
    let company = company(built_in(), 1, 12, 1680, today());
    let dossiers: Vec<DemoDossier> = company.dossiers().collect();
    let entries: Vec<_> = dossiers.iter().flat_map(|dossier| &dossier.body.evidence).collect();
    let count =
        |holds: &dyn Fn(&portable::Entry) -> bool| entries.iter().filter(|entry| holds(entry)).count();
    assert!(count(&|entry| entry.status == Status::Withdrawn) > 3);
    assert!(count(&|entry| entry.ongoing && !entry.updates.is_empty()) > 10);
    assert!(count(&|entry| entry.audience == crate::evidence::Audience::Cto) > 10);
    assert!(count(&|entry| entry.for_cto) > 20);
    assert!(count(&|entry| entry.domain_cost.is_some()) > 50);
    assert!(count(&|entry| !entry.links.is_empty()) > 100);
    assert!(count(&|entry| entry.capabilities.len() > 1) > 50);
    for answer in CorroborationAnswer::VARIANTS {
        assert!(count(&|entry| entry.corroborations.iter().any(|one| one.answer == *answer)) > 3, "{answer}");
    }
    let months = dossiers.iter().flat_map(|dossier| &dossier.entries);
    assert!(months.filter(|extra| extra.precision == Precision::Month).count() > 80);
    assert!(dossiers.iter().any(|dossier| !dossier.unreleased_assessments.is_empty()));
    assert!(dossiers.iter().any(|dossier| dossier.unreleased_check_in.is_some()));
    assert!(dossiers.iter().any(|dossier| dossier.unreleased_feedback.is_some()));
}
