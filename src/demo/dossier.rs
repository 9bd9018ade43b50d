//! One candidate's dossier: beats in their order, told, answered, and written in the portable form.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::calendar::{Calendar, back, forth};
use super::company::{CTO, Candidacy, Cast, EXECUTIVES, WORDS, instant};
use super::dice::{Dice, Purpose};
use super::directory::Directory;
use super::plan::{ARCHETYPES, Archetype, Voices, is_free, share_out};
use super::reviews::{Answer, VOICES};
use super::schedule::{Beat, Track};
use super::story::{Place, Scene, Teller, Told};
use super::voices::unname;
use super::{DemoDossier, DemoEntry, DemoPerson, Precision};
use crate::evidence::{Audience, Conduct, NamedAnswer, NamedAs, Scope, Status};
use crate::framework::Framework;
use crate::portable::{self, Came, Dossier, Entry, Leave, Named, Update};

/// Writes one dossier.
pub(super) struct Writer<'a> {
    pub(super) framework: &'a Framework,
    pub(super) people: &'a [DemoPerson],
    pub(super) candidacy: &'a Candidacy,
    pub(super) directory: &'a Directory,
    pub(super) today: NaiveDate,
    pub(super) calendar: Calendar,
    pub(super) written: DateTime<Utc>,
}

/// Capabilities that a kind of work often touches as well: across domains and with the CTO go together, and so on.
const ALSO: [usize; 4] = [1, 0, 0, 1];

impl Writer<'_> {
    /// The dossier of so many entries at a place in the company.
    pub(super) fn write(&self, seed: u64, place: usize, entries: usize) -> DemoDossier {
        let mut dice = Dice::new(seed, Purpose::Dossier, place);
        let dice = &mut dice;
        let archetype = &ARCHETYPES[self.candidacy.archetype];
        let drafts = if archetype.is_first_day() { entries } else { (entries / 8).min(1 + dice.below(3)) };
        let withdrawn = ((entries - drafts) / 50).min(2);
        let mut beats = self.beats(archetype, entries - drafts, withdrawn, dice);
        beats.sort_by_key(|beat| (beat.from, beat.capability));

        let place_of_story = Place { people: self.people, candidacy: self.candidacy, today: self.today };
        let mut tellers: Vec<Teller> = (0..4).map(|capability| Teller::new(capability, dice)).collect();
        let mut unreleased = Vec::new();
        let (mut evidence, mut extras) = (Vec::with_capacity(entries), Vec::with_capacity(entries));
        for beat in &beats {
            let developed = self.developed(archetype, beat, dice);
            let criterion = self.criterion(beat.capability, beat.criterion);
            let told = tellers[beat.capability].tell(&criterion, beat.from, developed, &place_of_story, dice);
            let (entry, extra) = self.entry(
                beat,
                told,
                &criterion,
                archetype,
                |scene, entry, dice| {
                    let texts = tellers[beat.capability].updates(scene, &beat.updates, &place_of_story, dice);
                    let updates = beat.updates.iter().zip(texts);
                    entry.updates = updates.map(|(on, text)| Update { on: *on, text }).collect();
                    let (released, kept) = self.assessments(beat, scene, evidence.len(), dice);
                    entry.assessments = released;
                    unreleased.extend(kept);
                },
                dice,
            );
            evidence.push(entry);
            extras.push(extra);
        }
        for number in 0..drafts {
            let (entry, extra) = self.draft(archetype, number, &place_of_story, dice);
            evidence.push(entry);
            extras.push(extra);
        }
        let scene = Scene::new(self.today, self.candidacy.developed[0], &place_of_story, dice);
        let (check_ins, unreleased_check_in) = self.check_ins(dice);
        let (feedback, unreleased_feedback) = self.feedback(&scene, dice);
        let started = extras.iter().map(|extra| extra.created).min().unwrap_or_else(|| self.midnight());
        let mut body = Dossier {
            format: portable::FORMAT,
            framework: self.framework.id.clone(),
            candidate: self.reference(self.candidacy.owner),
            leave: self.calendar.leave().iter().map(|(from, to)| Leave { from: *from, to: *to }).collect(),
            people: Vec::new(),
            evidence,
            check_ins,
            feedback,
            sittings: Vec::new(),
            plan: Vec::new(),
            conversations: Vec::new(),
            signal_responses: Vec::new(),
        };
        body.people = self.everyone(&body);
        body.format = body.lowest_format();
        DemoDossier {
            id: dice.id(self.written.timestamp_millis()),
            written: self.written,
            owner: self.candidacy.owner,
            aim: self.candidacy.aim,
            sharing: self.candidacy.sharing,
            sponsor: (self.candidacy.sharing != crate::evidence::Sharing::Private).then_some(CTO),
            created: started,
            body,
            entries: extras,
            unreleased_assessments: unreleased,
            unreleased_check_in,
            unreleased_feedback,
        }
    }

    fn midnight(&self) -> DateTime<Utc> {
        back(self.today, 1).and_time(chrono::NaiveTime::MIN).and_utc()
    }

    /// The id by which the portable form refers to a person.
    pub(super) fn reference(&self, person: usize) -> String {
        self.people[person].id.to_string()
    }

    fn criterion(&self, capability: usize, place: usize) -> String {
        let id = &self.framework.capabilities[capability].criteria[place].id;
        id.rsplit('/').next().unwrap_or(id).to_owned()
    }

    /// The beats of all courses, some of the strewn ones withdrawn.
    fn beats(&self, archetype: &Archetype, entries: usize, withdrawn: usize, dice: &mut Dice) -> Vec<Beat> {
        let mut beats = Vec::with_capacity(entries);
        let shares = share_out(&archetype.courses, entries, dice);
        let first_criterion = dice.below(5);
        for (capability, course) in archetype.courses.iter().enumerate() {
            let of = &self.framework.capabilities[capability];
            let track = Track {
                capability,
                course,
                carry: i64::from(of.carry_days),
                first_criterion,
                criteria: of.criteria.len(),
                calendar: &self.calendar,
                director: self.calendar.ago(self.candidacy.director),
            };
            beats.extend(track.beats(shares[capability], dice));
        }
        let strewn = |beat: &&mut Beat| beat.backbone.is_none() && !beat.ongoing && beat.updates.is_empty();
        for beat in beats.iter_mut().filter(strewn).take(withdrawn) {
            beat.status = Status::Withdrawn;
        }
        let free: Vec<bool> = archetype.courses.iter().map(is_free).collect();
        for beat in &mut beats {
            let also = ALSO[beat.capability];
            let may = beat.backbone.is_none() && beat.voices == Voices::Several && free[also];
            beat.also = (may && dice.chance(20)).then_some(also);
        }
        beats
    }

    /// Whom a beat is about, if it is about developing somebody.
    fn developed(&self, archetype: &Archetype, beat: &Beat, dice: &mut Dice) -> usize {
        let [long_standing, recent, manager] = self.candidacy.developed;
        if beat.capability != 2 || beat.voices == Voices::One && !archetype.inward {
            return long_standing;
        }
        if archetype.inward {
            return manager;
        }
        let gone = self.candidacy.left.is_some_and(|left| forth(beat.recorded, 25) >= left);
        if gone || beat.from >= self.candidacy.promoted && dice.chance(35) { recent } else { long_standing }
    }

    fn entry(
        &self,
        beat: &Beat,
        told: Told,
        criterion: &str,
        archetype: &Archetype,
        answer: impl FnOnce(&Scene, &mut Entry, &mut Dice),
        dice: &mut Dice,
    ) -> (Entry, DemoEntry) {
        let capability = &self.framework.capabilities[beat.capability];
        let mut capabilities = vec![capability.id.clone()];
        let mut criteria = vec![format!("{}/{criterion}", capability.id)];
        if beat.allowed >= capability.criteria.len() && dice.chance(45) {
            let second = format!("{}/{}", capability.id, dice.line(told.criteria));
            if !criteria.contains(&second) {
                criteria.push(second);
            }
        }
        if let Some(also) = beat.also {
            let also = &self.framework.capabilities[also];
            capabilities.push(also.id.clone());
            criteria.push(dice.pick(&also.criteria).id.clone());
        }
        let private = beat.backbone.is_none()
            && beat.capability < 2
            && beat.also.is_none()
            && beat.status == Status::Final
            && beat.voices == Voices::Several
            && dice.chance(7);
        let answers = self.corroborations(beat, &told.scene, dice);
        let people = self.named(beat, &told, &answers, dice);
        let (scope, conduct) = manner(beat.capability, archetype.inward, dice);
        let created = instant(beat.recorded, dice);
        let id = dice.id(self.written.timestamp_millis());
        let scene = told.scene;
        let mut entry = Entry {
            id: id.to_string(),
            title: told.title,
            from: Some(beat.from),
            to: beat.to,
            ongoing: beat.ongoing,
            status: beat.status,
            recorded_on: Some(beat.recorded),
            situation: told.situation,
            action: Some(told.action),
            impact: (beat.backbone.is_some() || !dice.chance(14)).then_some(told.impact),
            domain_cost: told.cost,
            scope,
            conduct,
            setting: Some(told.setting),
            horizon_years: told.horizon,
            for_cto: criterion == "deputizes-for-cto" || criterion == "represents-cto",
            audience: if private { Audience::Cto } else { Audience::Dossier },
            capabilities,
            criteria,
            people,
            links: Self::links(beat, &scene, &told.slug, dice),
            updates: Vec::new(),
            corroborations: answers.into_iter().map(|answer| self.portable(answer)).collect(),
            assessments: Vec::new(),
            durability: Vec::new(),
            comments: Vec::new(),
        };
        answer(&scene, &mut entry, dice);
        let rewritten = self.add_voices(beat, id, &mut entry);
        if entry.people.iter().any(|named| named.answer == Some(NamedAnswer::Unnamed)) {
            unname(&mut entry, &self.people[scene.developed].name);
        }
        let edited = if dice.chance(25) { forth(beat.recorded, dice.between(1, 9)) } else { beat.recorded };
        let last = beat.updates.last().copied().unwrap_or(edited).min(back(self.today, 1));
        let updated = if last > beat.recorded { instant(last, dice) } else { created };
        let precision = if beat.by_month { Precision::Month } else { Precision::Day };
        (entry, DemoEntry { id, precision, created, updated, rewritten })
    }

    /// Those whom the text speaks of, those it is about, and those who answered.
    fn named(&self, beat: &Beat, told: &Told, answers: &[Answer], dice: &mut Dice) -> Vec<Named> {
        let scene = &told.scene;
        let mut named: Vec<(usize, NamedAs, Option<NamedAnswer>)> = Vec::new();
        let mut name = |person: usize, named_as: NamedAs, answer: Option<NamedAnswer>| {
            if named.iter().all(|(known, ..)| *known != person) {
                named.push((person, named_as, answer));
            }
        };
        if beat.capability == 2 {
            let answer = match dice.below(20) {
                _ if beat.backbone.is_some() => Some(NamedAnswer::Agreed),
                0..=11 => Some(NamedAnswer::Agreed),
                12 => Some(NamedAnswer::Differs),
                13 => Some(NamedAnswer::Unnamed),
                _ => None,
            };
            name(scene.developed, NamedAs::Developed, answer);
        }
        let texts = [Some(&told.title), told.situation.as_ref(), Some(&told.action), Some(&told.impact)];
        let speaks_of = |person: usize| {
            let first = super::company::first_name(self.people, person);
            texts.iter().flatten().any(|text| text.contains(first))
        };
        for (person, named_as) in [
            (scene.peer, NamedAs::Peer),
            (scene.outside, NamedAs::External),
            (scene.executive, NamedAs::Stakeholder),
            (scene.cto, NamedAs::Sponsor),
        ] {
            if speaks_of(person) {
                name(person, named_as, None);
            }
        }
        for (person, ..) in answers {
            let named_as = match *person {
                person if self.people[person].employer.is_some() => NamedAs::External,
                person if person == Cast::cto(self.today, beat.from) => NamedAs::Sponsor,
                person if EXECUTIVES.contains(&person) => NamedAs::Stakeholder,
                _ => NamedAs::Partner,
            };
            name(*person, named_as, None);
        }
        let named = named.into_iter();
        named
            .map(|(person, named_as, answer)| Named {
                person: self.reference(person),
                named_as,
                answer,
                origin: Came::default(),
            })
            .collect()
    }

    fn links(beat: &Beat, scene: &Scene, about: &str, dice: &mut Dice) -> Vec<String> {
        let on = beat.from.format("%Y-%m");
        match beat.capability {
            3 if beat.voices == Voices::Others => Vec::new(),
            3 if dice.chance(60) => vec![scene.event_address(about)],
            0..=2 if dice.chance(22) => {
                vec![format!("https://wiki.{}.example/decisions/{on}-{about}", WORDS.slug)]
            }
            _ => Vec::new(),
        }
    }

    /// Something begun: a title, and perhaps a note to oneself.
    fn draft(
        &self,
        archetype: &Archetype,
        number: usize,
        place: &Place<'_>,
        dice: &mut Dice,
    ) -> (Entry, DemoEntry) {
        let recorded =
            back(self.today, if archetype.is_first_day() { dice.between(1, 2) } else { dice.between(1, 40) });
        let recorded = self.calendar.at_work(recorded).min(back(self.today, 1));
        let scene = Scene::new(recorded, self.candidacy.developed[0], place, dice);
        let titles = if archetype.is_first_day() { &VOICES.first_day_title } else { &VOICES.draft_title };
        let start = usize::try_from(self.candidacy.director.num_days_from_ce()).unwrap_or(0);
        let title = scene.fill(&titles[(start + number) % titles.len()], self.people);
        let created = instant(recorded, dice);
        let id = dice.id(self.written.timestamp_millis());
        let dated = dice.chance(60);
        let capability = &dice.pick(&self.framework.capabilities).id;
        let entry = Entry {
            id: id.to_string(),
            title,
            from: dated.then(|| back(recorded, 1)),
            to: None,
            ongoing: false,
            status: Status::Draft,
            recorded_on: Some(recorded),
            situation: dice.chance(70).then(|| scene.fill(dice.line(&VOICES.draft_situation), self.people)),
            action: None,
            impact: None,
            domain_cost: None,
            scope: None,
            conduct: None,
            setting: None,
            horizon_years: None,
            for_cto: false,
            audience: Audience::Dossier,
            capabilities: if dated { vec![capability.clone()] } else { Vec::new() },
            criteria: Vec::new(),
            people: Vec::new(),
            links: Vec::new(),
            updates: Vec::new(),
            corroborations: Vec::new(),
            assessments: Vec::new(),
            durability: Vec::new(),
            comments: Vec::new(),
        };
        (entry, DemoEntry { id, precision: Precision::Day, created, updated: created, rewritten: None })
    }

    /// Everyone whom the dossier refers to, and to whom they report.
    pub(super) fn everyone(&self, body: &Dossier) -> Vec<portable::Person> {
        let mut ids: BTreeSet<&str> = BTreeSet::from([body.candidate.as_str()]);
        for entry in &body.evidence {
            ids.extend(entry.people.iter().map(|named| named.person.as_str()));
            ids.extend(entry.corroborations.iter().filter_map(|one| one.by.as_deref()));
            let vouched = entry.corroborations.iter().filter_map(|one| one.origin.vouched.as_ref());
            ids.extend(vouched.map(|vouched| vouched.by.as_str()));
            ids.extend(entry.assessments.iter().filter_map(|one| one.by.as_deref()));
        }
        ids.extend(body.check_ins.iter().filter_map(|one| one.by.as_deref()));
        ids.extend(body.feedback.iter().filter_map(|one| one.by.as_deref()));
        self.directory.portable(self.people, &ids)
    }
}

/// How far the work reached, and how it was done.
fn manner(capability: usize, inward: bool, dice: &mut Dice) -> (Option<Scope>, Option<Conduct>) {
    let usual = match capability {
        0 => [Scope::CrossDomain, Scope::CrossDomain, Scope::Company],
        1 => [Scope::Company, Scope::Company, Scope::CrossDomain],
        2 => [Scope::CrossDomain, Scope::OwnDomain, Scope::CrossDomain],
        _ => [Scope::External; 3],
    };
    let scope = if inward && dice.chance(75) { Scope::OwnDomain } else { *dice.pick(&usual) };
    let conduct = match dice.below(100) {
        _ if inward && dice.chance(75) => Conduct::Personally,
        0..=44 => Conduct::WithPeers,
        45..=79 => Conduct::ThroughDirectors,
        _ => Conduct::Personally,
    };
    ((!dice.chance(5)).then_some(scope), (!dice.chance(8)).then_some(conduct))
}
