//! What holds of the readiness rules for any facts.

use chrono::{Days, NaiveDate};
use evident::evidence::{Audience, Conduct, NamedAnswer, NamedAs, Scope};
use evident::framework::{Framework, load};
use evident::people::Organization;
use evident::readiness::{
    Assessment, CapabilityReadiness, CheckIn, Corroboration, DateRange, Entry, EntryAssessment, Facts,
    Feedback, GapKind, IndexSet, Lens, LevelEntry, Milestone, Named, Person, PersonIndex, Reading, State,
    assess,
};
use evident::review::{CheckInKind, CorroborationAnswer, Judgement, Origin, Reply, Via, Vouching};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::world::today;

const PEOPLE: u32 = 6;

fn framework() -> &'static Framework {
    load::built_in()
}

/// Days around today, more of them before it.
fn any_date() -> impl Strategy<Value = NaiveDate> {
    (0_u64..1100).prop_map(|day| today() + Days::new(90) - Days::new(day))
}

fn any_person() -> impl Strategy<Value = PersonIndex> {
    (0..PEOPLE).prop_map(PersonIndex)
}

fn any_level() -> impl Strategy<Value = LevelEntry> {
    let domain = select(vec!["Payments", "Platform", "Data"]);
    (option::of(0_u32..4), any_date(), option::of(domain), option::of(any_person()), any::<bool>()).prop_map(
        |(level, from, domain, reports_to, by_candidate)| LevelEntry {
            level,
            from,
            domain: domain.map(Into::into),
            reports_to,
            by_candidate,
        },
    )
}

fn any_people() -> impl Strategy<Value = Vec<Person>> {
    let organization = select(vec![Organization::Internal, Organization::Internal, Organization::External]);
    let milestone = (any_date(), any::<bool>()).prop_map(|(on, by_candidate)| Milestone { on, by_candidate });
    let person = (organization, vec(any_level(), 0..3), vec(milestone, 0..2));
    vec(person, PEOPLE as usize).prop_map(|people| {
        let known = |i: usize| LevelEntry {
            level: Some(if i == 1 { 3 } else { 1 }),
            from: today() - Days::new(3000),
            domain: Some(["Payments", "Technology", "Platform", "Data"][i % 4].into()),
            reports_to: (i == 3).then_some(PersonIndex(0)),
            by_candidate: false,
        };
        let described =
            people.into_iter().enumerate().map(|(i, (organization, levels, milestones))| Person {
                id: format!("p{i}").into(),
                organization,
                levels: std::iter::once(known(i)).chain(levels).collect(),
                milestones,
            });
        described.collect()
    })
}

fn any_origin() -> impl Strategy<Value = Origin<PersonIndex>> {
    let via = select(vec![Via::Account, Via::Account, Via::Mail, Via::Link]);
    let vouched = option::of((any_person(), any_date()).prop_map(|(by, on)| Vouching { by, on }));
    (via, vouched).prop_map(|(via, vouched)| Origin { via, vouched })
}

fn any_corroboration() -> impl Strategy<Value = Corroboration> {
    use CorroborationAnswer::{Confirmed, Declined, Differs};
    let answer = select(vec![Confirmed, Confirmed, Confirmed, Differs, Declined]);
    let later = (option::of(any_date()), option::of(any_date()));
    (any_person(), any_date(), answer, any_origin(), later).prop_map(
        |(by, on, answer, origin, (settled_on, superseded_on))| Corroboration {
            by,
            on,
            answer,
            settled_on,
            origin,
            superseded_on,
        },
    )
}

fn any_assessment() -> impl Strategy<Value = EntryAssessment> {
    let judgement = select(vec![Judgement::Meets, Judgement::Partly, Judgement::NotYet]);
    (option::of(any_person()), any_date(), judgement, option::of(any_date()))
        .prop_map(|(by, on, judgement, superseded_on)| EntryAssessment { by, on, judgement, superseded_on })
}

fn any_entry() -> impl Strategy<Value = Entry> {
    let times =
        (any_date(), option::of(0_u64..300), any::<bool>(), option::of(0_u64..120), vec(0_u64..400, 0..3));
    let audience = select(vec![Audience::Dossier, Audience::Dossier, Audience::Cto]);
    let tags = (vec(0_usize..4, 1..3), vec(0_usize..20, 0..4));
    let scope = option::of(select(vec![Scope::OwnDomain, Scope::Company]));
    let conduct = option::of(select(vec![Conduct::Personally, Conduct::WithPeers]));
    let named_as = select(vec![NamedAs::Developed, NamedAs::Peer]);
    let named = (any_person(), named_as, option::of(select(vec![NamedAnswer::Agreed, NamedAnswer::Differs])));
    let named = (named, any_origin()).prop_map(|((person, named_as, answer), origin)| Named {
        person,
        named_as,
        answer,
        origin,
    });
    let said = (vec(named, 0..3), vec(any_corroboration(), 0..5), vec(any_assessment(), 0..3));
    (times, audience, tags, (scope, conduct), any::<(bool, bool)>(), said).prop_map(
        |(times, audience, tags, (scope, conduct), (states_impact, has_link), said)| {
            let (from, length, ongoing, recorded, updates) = times;
            Entry {
                id: "".into(),
                from,
                to: length.filter(|_| !ongoing).map(|days| from + Days::new(days)),
                ongoing,
                recorded_on: recorded.map(|days| from + Days::new(days)),
                scope,
                conduct,
                audience,
                capabilities: tags.0.into_iter().collect(),
                criteria: tags.1.into_iter().collect(),
                states_impact,
                has_link,
                people: said.0,
                updates: updates.into_iter().map(|days| from + Days::new(days)).collect(),
                corroborations: said.1,
                assessments: said.2,
            }
        },
    )
}

fn any_leave() -> impl Strategy<Value = DateRange> {
    (any_date(), 0_u64..200).prop_map(|(from, days)| DateRange { from, to: from + Days::new(days) })
}

fn any_check_in() -> impl Strategy<Value = CheckIn> {
    let kind = select(vec![CheckInKind::SelfAssessment, CheckInKind::SelfAssessment, CheckInKind::Cto]);
    let reply = select(vec![Reply::Yes, Reply::Yes, Reply::Partly, Reply::NotYet]);
    (kind, option::of(any_person()), any_date(), vec(reply, 0..6))
        .prop_map(|(kind, by, on, replies)| CheckIn { kind, by, on, answers: (0..).zip(replies).collect() })
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let feedback = (option::of(any_person()), any_date()).prop_map(|(by, on)| Feedback { by, on });
    let lists = (vec(any_entry(), 0..14), vec(any_check_in(), 0..10), vec(feedback, 0..3));
    (any_people(), vec(any_leave(), 0..3), lists).prop_map(
        |(people, leave, (mut entries, check_ins, feedback))| {
            for (i, entry) in entries.iter_mut().enumerate() {
                entry.id = format!("e{i}").into();
            }
            Facts { candidate: PersonIndex(0), people, leave, entries, check_ins, feedback }
        },
    )
}

fn any_lens() -> impl Strategy<Value = Lens> {
    select(vec![Lens::All, Lens::Confirmed])
}

fn on_today(facts: &Facts, lens: Lens) -> Assessment {
    assess(framework(), facts, today(), lens)
}

/// An entry of a capability on one day, and nothing more.
fn plain_entry(capability: usize, from: NaiveDate) -> Entry {
    Entry {
        id: "new".into(),
        from,
        to: None,
        ongoing: false,
        recorded_on: None,
        scope: None,
        conduct: None,
        audience: Audience::Dossier,
        capabilities: [capability].into_iter().collect(),
        criteria: IndexSet::default(),
        states_impact: false,
        has_link: false,
        people: Vec::new(),
        updates: Vec::new(),
        corroborations: Vec::new(),
        assessments: Vec::new(),
    }
}

/// The same facts as they were known at the end of today.
fn as_known_today(facts: &Facts) -> Facts {
    let mut facts = facts.clone();
    for person in &mut facts.people {
        person.levels.retain(|l| l.from <= today());
        person.milestones.retain(|m| m.on <= today());
    }
    facts.entries.retain(|e| e.from <= today());
    for entry in &mut facts.entries {
        entry.updates.retain(|&on| on <= today());
        entry.assessments.retain(|a| a.on <= today());
        entry.corroborations.retain(|c| c.on <= today());
        for answer in &mut entry.corroborations {
            answer.settled_on = answer.settled_on.filter(|&on| on <= today());
            answer.superseded_on = answer.superseded_on.filter(|&on| on <= today());
        }
        for judged in &mut entry.assessments {
            judged.superseded_on = judged.superseded_on.filter(|&on| on <= today());
        }
        for origin in origins(entry) {
            origin.vouched = origin.vouched.filter(|vouched| vouched.on <= today());
        }
        if entry.recorded_on.is_none_or(|on| on <= today()) {
            entry.to = entry.to.map(|to| if to > today() { today() + Days::new(1) } else { to });
        }
    }
    facts.check_ins.retain(|c| c.on <= today());
    facts.feedback.retain(|f| f.on <= today());
    facts
}

/// How everything that was answered about an entry came.
fn origins(entry: &mut Entry) -> impl Iterator<Item = &mut Origin<PersonIndex>> {
    let answers = entry.corroborations.iter_mut().map(|answer| &mut answer.origin);
    answers.chain(entry.people.iter_mut().map(|named| &mut named.origin))
}

/// The same facts in another order, in which what has one date keeps its place.
fn reordered(facts: &Facts) -> Facts {
    use std::cmp::Reverse;
    let mut facts = facts.clone();
    facts.entries.reverse();
    facts.leave.reverse();
    facts.feedback.reverse();
    facts.check_ins.sort_by_key(|c| Reverse(c.on));
    for person in &mut facts.people {
        person.levels.sort_by_key(|l| Reverse(l.from));
        person.milestones.reverse();
    }
    for entry in &mut facts.entries {
        entry.people.reverse();
        entry.updates.reverse();
        entry.corroborations.sort_by_key(|c| Reverse(c.on));
        entry.assessments.sort_by_key(|a| Reverse(a.on));
    }
    facts
}

fn assert_not_lower(before: &CapabilityReadiness, after: &CapabilityReadiness) -> Result<(), TestCaseError> {
    prop_assert!(after.months >= before.months, "months");
    prop_assert!(after.entries >= before.entries, "entries");
    prop_assert!(after.criteria.confirmed.len() >= before.criteria.confirmed.len(), "confirmed criteria");
    prop_assert!(after.criteria.missing.len() <= before.criteria.missing.len(), "claimed criteria");
    prop_assert!(before.voices.iter().all(|voice| after.voices.contains(voice)), "voices");
    Ok(())
}

/// Mends the cause of a gap, with people whom nothing else is known of.
fn mend(facts: &Facts, capability: usize, readiness: &CapabilityReadiness, kind: GapKind) -> Facts {
    let mut facts = facts.clone();
    let voices: Vec<PersonIndex> = [Organization::Internal, Organization::External, Organization::Internal]
        .into_iter()
        .map(|organization| {
            let index = u32::try_from(facts.people.len()).expect("few people");
            let level = LevelEntry {
                level: Some(3),
                from: today() - Days::new(3000),
                domain: Some("Elsewhere".into()),
                reports_to: None,
                by_candidate: false,
            };
            let id = format!("voice{index}").into();
            facts.people.push(Person { id, organization, levels: vec![level], milestones: Vec::new() });
            PersonIndex(index)
        })
        .collect();
    let heard = |mut entry: Entry| {
        entry.has_link = true;
        for &person in &voices {
            let origin = Origin::default();
            entry.people.push(Named { person, named_as: NamedAs::Developed, answer: None, origin });
            entry.corroborations.push(Corroboration {
                by: person,
                on: today(),
                answer: CorroborationAnswer::Confirmed,
                settled_on: None,
                origin,
                superseded_on: None,
            });
        }
        entry
    };
    let all: Vec<usize> = {
        let before: usize = framework().capabilities[..capability].iter().map(|c| c.criteria.len()).sum();
        (before..before + framework().capabilities[capability].criteria.len()).collect()
    };
    match kind {
        GapKind::NoEvidence | GapKind::Lapsed | GapKind::Unconfirmed | GapKind::Unheard => {
            facts.entries.push(heard(plain_entry(capability, today())));
        }
        GapKind::Few => {
            let missing = framework().thresholds.sustained_entries - readiness.entries;
            facts.entries.extend((0..missing).map(|_| heard(plain_entry(capability, today()))));
        }
        GapKind::Narrow => facts.entries.extend(all.iter().map(|&criterion| {
            let criteria = [criterion].into_iter().collect();
            heard(Entry { criteria, ..plain_entry(capability, today()) })
        })),
        GapKind::Short => {
            let from = today() - Days::new(1600);
            let updates = (0..10).map(|i| from + Days::new(i * 160 + 160)).collect();
            facts.entries.push(heard(Entry { updates, ..plain_entry(capability, from) }));
        }
        GapKind::DifferingAccount => {
            for answer in facts.entries.iter_mut().flat_map(|e| &mut e.corroborations) {
                answer.settled_on = Some(today());
            }
        }
        GapKind::NotYet => {
            for entry in &mut facts.entries {
                let judgement = Judgement::Partly;
                let by = Some(voices[0]);
                entry.assessments.push(EntryAssessment { by, on: today(), judgement, superseded_on: None });
            }
        }
    }
    facts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_comes_after_the_day_changes_nothing(facts in any_facts(), lens in any_lens()) {
        prop_assert_eq!(on_today(&facts, lens), on_today(&as_known_today(&facts), lens));
    }

    #[test]
    fn vouching_and_superseding_on_a_later_day_change_nothing(
        facts in any_facts(), by in any_person(), lens in any_lens()
    ) {
        let mut later = facts.clone();
        let tomorrow = today() + Days::new(1);
        for entry in &mut later.entries {
            for origin in origins(entry) {
                origin.vouched = origin.vouched.or(Some(Vouching { by, on: tomorrow }));
            }
            for answer in &mut entry.corroborations {
                answer.superseded_on = answer.superseded_on.or(Some(tomorrow));
            }
            for judged in &mut entry.assessments {
                judged.superseded_on = judged.superseded_on.or(Some(tomorrow));
            }
        }
        prop_assert_eq!(on_today(&facts, lens), on_today(&later, lens));
    }

    #[test]
    fn what_does_not_stand_counts_nowhere(facts in any_facts(), lens in any_lens()) {
        let mut standing = facts.clone();
        let candidate = facts.candidate;
        for entry in &mut standing.entries {
            entry.corroborations.retain(|answer| answer.origin.stands(&answer.by, &candidate, today()));
            for named in &mut entry.people {
                named.answer = named.answer.filter(|_| named.origin.stands(&named.person, &candidate, today()));
            }
        }
        prop_assert_eq!(on_today(&facts, lens), on_today(&standing, lens));
    }

    #[test]
    fn what_came_by_account_stands_whoever_vouched(facts in any_facts(), lens in any_lens()) {
        let mut plain = facts.clone();
        for origin in plain.entries.iter_mut().flat_map(origins).filter(|origin| origin.via == Via::Account) {
            origin.vouched = None;
        }
        prop_assert_eq!(on_today(&facts, lens), on_today(&plain, lens));
    }

    #[test]
    fn order_changes_nothing_but_among_answers_of_one_date(facts in any_facts(), lens in any_lens()) {
        prop_assert_eq!(on_today(&facts, lens), on_today(&reordered(&facts), lens));
    }

    #[test]
    fn one_more_entry_never_lowers_anything(facts in any_facts(), entry in any_entry(), lens in any_lens()) {
        let before = on_today(&facts, lens);
        let mut more = facts.clone();
        more.entries.push(entry);
        for (before, after) in before.capabilities.iter().zip(on_today(&more, lens).capabilities) {
            assert_not_lower(before, &after)?;
        }
    }

    #[test]
    fn going_on_for_longer_never_lowers_anything(
        facts in any_facts(), place in any::<prop::sample::Index>(), longer in 0_u64..400, how in 0..3, lens in any_lens()
    ) {
        prop_assume!(!facts.entries.is_empty());
        let mut more = facts.clone();
        let entry = place.get_mut(&mut more.entries);
        match how {
            0 if !entry.ongoing => entry.to = Some(entry.to.unwrap_or(entry.from) + Days::new(longer)),
            1 => (entry.to, entry.ongoing) = (None, true),
            _ => entry.updates.push(entry.from + Days::new(longer)),
        }
        let before = on_today(&facts, lens);
        for (before, after) in before.capabilities.iter().zip(on_today(&more, lens).capabilities) {
            assert_not_lower(before, &after)?;
        }
    }

    #[test]
    fn leave_never_makes_a_capability_lapse(facts in any_facts(), leave in any_leave(), lens in any_lens()) {
        let before = on_today(&facts, lens);
        let mut away = facts.clone();
        away.leave.push(leave);
        for (before, after) in before.capabilities.iter().zip(on_today(&away, lens).capabilities) {
            prop_assert!(after.state != State::Lapsed || before.state == State::Lapsed);
            prop_assert!(after.lapses_on.is_none() || before.lapses_on.is_none_or(|on| Some(on) <= after.lapses_on));
        }
    }

    #[test]
    fn a_capability_depends_on_its_own_entries_alone(facts in any_facts(), lens in any_lens()) {
        let all = on_today(&facts, lens);
        for (capability, expected) in all.capabilities.iter().enumerate() {
            let mut own = facts.clone();
            own.entries.retain(|e| e.capabilities.contains(capability));
            for entry in &mut own.entries {
                entry.capabilities = [capability].into_iter().collect();
            }
            prop_assert_eq!(&on_today(&own, lens).capabilities[capability], expected);
        }
    }

    #[test]
    fn every_gap_disappears_once_its_cause_is_mended(facts in any_facts(), lens in any_lens()) {
        // No domain is another than one that is not known, so the candidate's is.
        let mut facts = facts;
        facts.people[0].levels.truncate(1);
        for (capability, readiness) in on_today(&facts, lens).capabilities.iter().enumerate() {
            for kind in readiness.gap_kinds() {
                let mended = on_today(&mend(&facts, capability, readiness, kind), lens);
                let left: Vec<GapKind> = mended.capabilities[capability].gap_kinds().collect();
                prop_assert!(!left.contains(&kind), "{kind} is left of {:?}", readiness.gaps);
            }
        }
    }

    #[test]
    fn what_is_drawn_adds_up_to_what_is_said(facts in any_facts(), lens in any_lens()) {
        let reading = Reading::new(framework(), &facts, today());
        let months = reading.month_grid(lens);
        for (capability, readiness) in reading.assess(lens).capabilities.iter().enumerate() {
            let away = |day: NaiveDate| facts.leave.iter().any(|l| l.from <= day && day <= l.to);
            let spans = reading.shown_spans(capability, lens);
            let days = spans.iter().flat_map(|s| s.from.iter_days().take_while(|day| *day <= s.to));
            let present = days.filter(|&day| !away(day)).count() + usize::from(away(today()) && spans.last().is_some_and(|s| s.to == today()));
            prop_assert_eq!(present * 16 / 487, readiness.months as usize);
            let counted = reading.counted_entries(capability, lens);
            prop_assert_eq!(counted.iter().filter(|e| e.in_window).count(), readiness.entries as usize);
            prop_assert_eq!(counted.iter().map(|e| e.last_day).max(), readiness.last_day);
            prop_assert_eq!(months[capability].len(), 24);
            prop_assert_eq!(
                reading.quarter_grid(capability, lens).len(),
                framework().capabilities[capability].criteria.len()
            );
        }
    }
}
