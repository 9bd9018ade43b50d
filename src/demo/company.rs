//! Who works at the demo's company and whom it knows: executives, CTOs past and present, candidates, the Directors whom
//! they develop, and people outside.

use std::collections::HashSet;
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;

use super::calendar::{back, forth};
use super::dice::{Dice, Purpose};
use super::leaders;
use super::names::{Names, given, mailbox};
use super::plan::{self, ARCHETYPES};
use super::{DemoAccount, DemoLevel, DemoMilestone, DemoPerson};
use crate::accounts::Role;
use crate::evidence::{Aim, Sharing};
use crate::people::Organization;

/// The company's own words: what it is called, what it is made of, what stories are filled with.
#[derive(Deserialize)]
pub(super) struct Words {
    pub(super) name: String,
    pub(super) slug: String,
    pub(super) domains: Vec<String>,
    executives: Vec<(String, String)>,
    pub(super) organizations: Vec<String>,
    pub(super) events: Vec<String>,
    pub(super) systems: Vec<String>,
    pub(super) teams: Vec<String>,
    pub(super) regions: Vec<String>,
    pub(super) cities: Vec<String>,
    pub(super) money: Vec<String>,
}

pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| {
    toml::from_str(include_str!("prose/company.toml")).expect("the demo's words are well-formed")
});

/// How long ago the current CTO took office, in days.
const CTO_SINCE: i64 = 430;
/// How long ago a Director who was hired away left, in days.
const LEFT: i64 = 150;
/// Places of people who are in every company.
pub(super) const CTO: usize = 0;
const FORMER_CTO: usize = 1;
const ADMIN: usize = 2;
const SENIOR_DIRECTORS: [usize; 2] = [3, 4];
const COMMITTEE: [usize; 5] = [3, 4, 5, 6, 7];
pub(super) const EXECUTIVES: std::ops::Range<usize> = 5..11;

/// One candidate's part in the company.
#[derive(Clone)]
pub(super) struct Candidacy {
    pub(super) owner: usize,
    pub(super) archetype: usize,
    pub(super) aim: Aim,
    pub(super) sharing: Sharing,
    pub(super) leave: Vec<(NaiveDate, NaiveDate)>,
    /// When they became a Director.
    pub(super) director: NaiveDate,
    pub(super) domain: String,
    /// Directors of other domains whom they work with.
    pub(super) peers: Vec<usize>,
    /// The long-standing Director, the recent one, and the manager, whom they develop.
    pub(super) developed: [usize; 3],
    /// When the recent one became a Director.
    pub(super) promoted: NaiveDate,
    /// When the long-standing one left, if so.
    pub(super) left: Option<NaiveDate>,
    /// Whom they know outside.
    pub(super) outside: Vec<usize>,
}

/// The people of a company, and the candidates' parts.
pub(super) struct Cast {
    pub(super) people: Vec<DemoPerson>,
    pub(super) candidacies: Vec<Candidacy>,
}

impl Cast {
    /// The CTO on a day, by place.
    pub(super) fn cto(today: NaiveDate, on: NaiveDate) -> usize {
        if on >= Self::cto_since(today) { CTO } else { FORMER_CTO }
    }

    /// When the current CTO took office.
    pub(super) fn cto_since(today: NaiveDate) -> NaiveDate {
        back(today, CTO_SINCE)
    }

    /// Those who sign in to look around: candidate, CTO, committee member, admin.
    pub(super) fn visitors(&self) -> [usize; 4] {
        [self.candidacies.first().map_or(CTO, |first| first.owner), CTO, COMMITTEE[2], ADMIN]
    }
}

struct Hiring {
    dice: Dice,
    names: Names,
    mailboxes: HashSet<String>,
    today: NaiveDate,
    people: Vec<DemoPerson>,
}

/// The instant at a quarter past some hour of a working day.
pub(super) fn instant(date: NaiveDate, dice: &mut Dice) -> DateTime<Utc> {
    let seconds = u32::try_from(dice.between(7 * 3600, 18 * 3600)).unwrap_or(0);
    date.and_time(NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap_or(NaiveTime::MIN))
        .and_utc()
}

impl Hiring {
    fn ago(&self, days: i64) -> NaiveDate {
        back(self.today, days)
    }

    fn add(&mut self, organization: Organization, levels: Vec<DemoLevel>) -> usize {
        let name = self.names.take(&mut self.dice);
        let created = instant(self.ago(2200), &mut self.dice);
        let id = self.dice.id(created.timestamp_millis());
        let milestones = Vec::new();
        let (employer, account) = (None, None);
        self.people.push(DemoPerson {
            id,
            name,
            organization,
            employer,
            levels,
            milestones,
            account,
            created,
        });
        self.people.len() - 1
    }

    fn account(&mut self, person: usize, roles: &[Role]) {
        let mailbox = mailbox(&self.people[person].name);
        let slug = &WORDS.slug;
        let mut email = format!("{mailbox}@{slug}.example");
        let mut namesakes = 1;
        while self.mailboxes.contains(&email) {
            namesakes += 1;
            email = format!("{mailbox}{namesakes}@{slug}.example");
        }
        self.mailboxes.insert(email.clone());
        self.people[person].account = Some(DemoAccount { email, roles: roles.to_vec() });
    }

    fn level(level: &str, from: NaiveDate, domain: Option<&str>, reports_to: Option<usize>) -> DemoLevel {
        DemoLevel { level: level.to_owned(), from, domain: domain.map(str::to_owned), reports_to, by: None }
    }

    /// The people in every company, at the places of the constants above.
    fn leadership(&mut self) {
        let (started, since) = (self.ago(2900), self.ago(CTO_SINCE));
        let mut office = Self::level("CTO", since, None, None);
        office.by = Some(ADMIN);
        self.add(Organization::Internal, vec![Self::level("E2", started, None, Some(FORMER_CTO)), office]);
        let former = vec![Self::level("CTO", started, None, None), Self::level("none", since, None, None)];
        self.add(Organization::Internal, former);
        self.add(Organization::Internal, vec![]);
        for _ in SENIOR_DIRECTORS {
            let levels = vec![
                Self::level("E2", self.ago(2500), None, Some(FORMER_CTO)),
                Self::level("E2", since, None, Some(CTO)),
            ];
            self.add(Organization::Internal, levels);
        }
        for (domain, level) in &WORDS.executives {
            self.add(Organization::Internal, vec![Self::level(level, self.ago(2400), Some(domain), None)]);
        }
        self.account(CTO, &[Role::Cto]);
        self.account(ADMIN, &[Role::Admin]);
        for member in COMMITTEE {
            self.account(member, &[Role::Committee]);
        }
        self.account(EXECUTIVES.end - 1, &[]);
    }

    fn director(&mut self, domain: &str, since: NaiveDate, leader: usize) -> usize {
        let manager = back(since, self.dice.between(700, 1500));
        let levels = vec![
            Self::level("M3", manager, Some(domain), None),
            Self::level("E1", since, Some(domain), Some(SENIOR_DIRECTORS[leader % SENIOR_DIRECTORS.len()])),
        ];
        self.add(Organization::Internal, levels)
    }

    fn developed(&mut self, candidacy: &mut Candidacy, place: usize) {
        let (owner, domain) = (candidacy.owner, candidacy.domain.clone());
        let long_ago = back(self.today, self.dice.between(2000, 2300));
        let manager = |from| Self::level("M3", from, Some(&domain), Some(owner));
        let levels = vec![manager(self.ago(2600)), Self::level("E1", long_ago, Some(&domain), Some(owner))];
        let first = self.add(Organization::Internal, levels);
        let levels =
            vec![manager(self.ago(2300)), Self::level("E1", candidacy.promoted, Some(&domain), Some(owner))];
        let second = self.add(Organization::Internal, levels);
        if place % 4 == 2 {
            let mut claimed = Self::level("E2", self.ago(45), Some(&domain), None);
            claimed.by = Some(owner);
            self.people[second].levels.push(claimed);
        }
        let third = self.add(Organization::Internal, vec![manager(self.ago(1500))]);
        candidacy.developed = [first, second, third];
        if let Some(left) = candidacy.left {
            self.people[first].levels.push(Self::level("none", left, None, None));
        } else if place.is_multiple_of(2) {
            self.account(first, &[]);
        }
        self.account(second, &[]);
    }

    /// What developed Directors reached: recorded by an admin or the CTO, and once in a while by the candidate alone.
    fn milestones(&mut self, candidacy: &Candidacy, place: usize) {
        let archetype = &ARCHETYPES[candidacy.archetype];
        let [first, second, _] = candidacy.developed;
        let voices = &super::reviews::VOICES;
        let organization = self.dice.pick(&WORDS.organizations).clone();
        let mut reached =
            |person: usize, on: NaiveDate, lists: &[String], by: Option<usize>, dice: &mut Dice| {
                let what = dice
                    .pick(lists)
                    .replace("{org}", &organization)
                    .replace("{own}", &candidacy.domain)
                    .replace("{quarter}", &super::story::quarter(on))
                    .replace("{weeks}", "six")
                    .replace("{region}", dice.line(&WORDS.regions));
                let kind = leaders::kind_of(&what);
                self.people[person].milestones.push(DemoMilestone { on, kind, what, by });
            };
        let mut dice = Dice::new(self.dice.below(usize::MAX) as u64, Purpose::People, place);
        if let Some(left) = candidacy.left {
            reached(first, left, &voices.milestone_left, Some(CTO), &mut dice);
        } else if archetype.complete || dice.chance(60) {
            let on = back(self.today, dice.between(30, 200));
            reached(first, on, &voices.milestone, Some(CTO), &mut dice);
        }
        if dice.chance(30) {
            let on = back(self.today, dice.between(20, 300));
            let by = if dice.chance(50) { Some(candidacy.owner) } else { None };
            reached(second, on, &voices.milestone, by, &mut dice);
        }
    }
}

/// Everyone in a company of so many candidates.
pub(super) fn hire(seed: u64, candidates: usize, today: NaiveDate) -> Cast {
    let dice = Dice::new(seed, Purpose::People, 0);
    let (names, mailboxes) = (Names::default(), HashSet::new());
    let mut hiring =
        Hiring { dice, names, mailboxes, today, people: Vec::with_capacity(40 + candidates * 5) };
    hiring.leadership();
    let mut candidacies = Vec::with_capacity(candidates);
    for place in 0..candidates {
        let mut dice = Dice::new(seed, Purpose::Plan, place);
        let (archetype, aim, sharing) = plan::cast(place, &mut dice);
        let shape = &ARCHETYPES[archetype];
        let director = hiring.ago(dice.between(shape.director.0, shape.director.1));
        let leave = shape.leave.map(|(months, ended)| {
            let last = hiring.ago(ended + dice.between(0, 20));
            (back(last, months * 30 + dice.between(0, 12)), last)
        });
        let domain = WORDS.domains[(place * 7 + place / WORDS.domains.len()) % WORDS.domains.len()].clone();
        let owner = hiring.director(&domain, director, place);
        hiring.account(owner, &[Role::Candidate]);
        let one_voice = shape.courses[2].voices == plan::Voices::One;
        let left = (place % 3 == 2 && !one_voice && !shape.is_first_day()).then(|| hiring.ago(LEFT));
        candidacies.push(Candidacy {
            owner,
            archetype,
            aim,
            sharing,
            leave: leave.into_iter().collect(),
            director,
            domain,
            peers: Vec::new(),
            developed: [owner; 3],
            promoted: hiring.ago(dice.between(560, 720)),
            left,
            outside: Vec::new(),
        });
    }
    let mut directors: Vec<usize> = candidacies.iter().map(|candidacy| candidacy.owner).collect();
    for domain in WORDS.domains.iter().rev().take(8) {
        let since = back(today, hiring.dice.between(1500, 2100));
        let director = hiring.director(domain, since, directors.len());
        if directors.len().is_multiple_of(2) {
            hiring.account(director, &[]);
        }
        directors.push(director);
    }
    let outside: Vec<usize> = (0..(16 + candidates / 2)).map(|place| hiring.outsider(place)).collect();
    for (place, candidacy) in candidacies.iter_mut().enumerate() {
        hiring.developed(candidacy, place);
        hiring.milestones(candidacy, place);
        hiring.acquaint(candidacy, &directors, &outside);
    }
    Cast { people: hiring.people, candidacies }
}

impl Hiring {
    fn outsider(&mut self, place: usize) -> usize {
        let outsider = self.add(Organization::External, vec![]);
        let organizations = &WORDS.organizations;
        self.people[outsider].employer = Some(organizations[place % organizations.len()].clone());
        outsider
    }

    /// Six Directors of other domains, and five people outside.
    fn acquaint(&mut self, candidacy: &mut Candidacy, directors: &[usize], outside: &[usize]) {
        let start = self.dice.below(directors.len());
        for turn in 0..directors.len() {
            let director = directors[(start + turn) % directors.len()];
            let levels = &self.people[director].levels;
            let elsewhere = levels.iter().all(|level| level.domain.as_deref() != Some(&candidacy.domain));
            let seasoned =
                levels.iter().any(|level| level.level == "E1" && level.from < forth(self.today, -400));
            if elsewhere && seasoned && candidacy.peers.len() < 6 {
                candidacy.peers.push(director);
            }
        }
        let start = self.dice.below(outside.len());
        candidacy.outside = (0..5).map(|turn| outside[(start + turn * 3) % outside.len()]).collect();
    }
}

/// What colleagues call somebody.
pub(super) fn first_name(people: &[DemoPerson], place: usize) -> &str {
    given(&people[place].name)
}
