//! What things are called and how they are told: themes of the prose files, told phase by phase in a dossier's course.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use super::company::{Candidacy, Cast, EXECUTIVES, WORDS, first_name};
use super::dice::Dice;
use super::{DemoPerson, names};
use crate::evidence::Setting;

/// The stories of one capability.
#[derive(Deserialize)]
pub(super) struct Book {
    closing: Vec<String>,
    update: Vec<String>,
    #[serde(rename = "theme")]
    themes: Vec<Theme>,
}

#[derive(Deserialize)]
struct Theme {
    about: String,
    criteria: Vec<String>,
    setting: Setting,
    #[serde(default)]
    horizon: Option<u32>,
    situation: Vec<String>,
    /// Title, action and impact, in the order in which they happen.
    phases: Vec<[String; 3]>,
    #[serde(default)]
    cost: Vec<String>,
}

static BOOKS: LazyLock<[Book; 4]> = LazyLock::new(|| {
    [
        include_str!("prose/cross-domain-leadership.toml"),
        include_str!("prose/cto-partnership.toml"),
        include_str!("prose/developing-e1s.toml"),
        include_str!("prose/external-presence.toml"),
    ]
    .map(|text| toml::from_str(text).expect("the demo's stories are well-formed"))
});

/// The people and words that the slots of a text stand for.
#[derive(Clone)]
pub(super) struct Scene {
    pub(super) peer: usize,
    pub(super) developed: usize,
    pub(super) outside: usize,
    pub(super) executive: usize,
    pub(super) cto: usize,
    own: String,
    domain: String,
    third: String,
    system: &'static str,
    team: &'static str,
    region: &'static str,
    city: &'static str,
    event: &'static str,
    organization: String,
    few: &'static str,
    weeks: &'static str,
    many: i64,
    percent: i64,
    money: &'static str,
    date: NaiveDate,
}

/// A story under way.
struct Thread {
    theme: usize,
    phase: usize,
    /// As things stood at the beginning: what led to it stays the same in every phase.
    opening: Scene,
    scene: Scene,
}

/// Tells the stories of one capability in one dossier, in the order in which they happened.
pub(super) struct Teller {
    book: &'static Book,
    under_way: Vec<Thread>,
    deck: Vec<usize>,
}

/// What is told of one beat.
pub(super) struct Told {
    pub(super) scene: Scene,
    pub(super) title: String,
    pub(super) situation: Option<String>,
    pub(super) action: String,
    pub(super) impact: String,
    pub(super) cost: Option<String>,
    pub(super) setting: Setting,
    pub(super) horizon: Option<u32>,
    /// The criteria that the theme speaks of, without the capability.
    pub(super) criteria: &'static [String],
    /// The theme, as the end of an address.
    pub(super) slug: String,
}

/// In whose dossier a story is told.
pub(super) struct Place<'a> {
    pub(super) people: &'a [DemoPerson],
    pub(super) candidacy: &'a Candidacy,
    pub(super) today: NaiveDate,
}

impl Teller {
    pub(super) fn new(capability: usize, dice: &mut Dice) -> Self {
        let book = &BOOKS[capability];
        let mut deck: Vec<usize> = (0..book.themes.len()).collect();
        dice.shuffle(&mut deck);
        Self { book, under_way: Vec::new(), deck }
    }

    /// The next part of a story that speaks of a criterion.
    pub(super) fn tell(
        &mut self,
        criterion: &str,
        date: NaiveDate,
        developed: usize,
        place: &Place<'_>,
        dice: &mut Dice,
    ) -> Told {
        let book = self.book;
        let suits = |theme: usize| book.themes[theme].criteria.iter().any(|one| one == criterion);
        let known = self
            .under_way
            .iter()
            .position(|thread| suits(thread.theme) && thread.scene.developed == developed)
            .filter(|_| self.under_way.len() > 2 || dice.chance(55));
        let mut thread = if let Some(known) = known {
            self.under_way.remove(known)
        } else {
            let next = self.deck.iter().position(|theme| suits(*theme)).unwrap_or(0);
            let theme = self.deck.remove(next);
            self.deck.push(theme);
            let scene = Scene::new(date, developed, place, dice);
            Thread { theme, phase: 0, opening: scene.clone(), scene }
        };
        thread.scene.turn(date, place.today, dice);
        thread.opening.cto = thread.scene.cto;
        let theme = &book.themes[thread.theme];
        let [title, action, impact] = &theme.phases[thread.phase];
        let scene = thread.scene.clone();
        let fill = |text: &str| scene.fill(text, place.people);
        let mut action = fill(action);
        if dice.chance(55) {
            action.push(' ');
            action.push_str(&fill(dice.line(&book.closing)));
        }
        let told = Told {
            title: fill(title),
            situation: (thread.phase == 0 || dice.chance(60))
                .then(|| thread.opening.fill(dice.line(&theme.situation), place.people)),
            action,
            impact: fill(impact),
            cost: (!theme.cost.is_empty() && dice.chance(40)).then(|| fill(dice.line(&theme.cost))),
            setting: theme.setting,
            horizon: theme.horizon.filter(|_| dice.chance(60)),
            criteria: &theme.criteria,
            slug: slug(&theme.about),
            scene,
        };
        thread.phase += 1;
        if thread.phase < theme.phases.len() {
            self.under_way.push(thread);
            if self.under_way.len() > 4 {
                self.under_way.remove(0);
            }
        }
        told
    }

    /// What is said of it later, at each of these dates.
    pub(super) fn updates(
        &self,
        told: &Scene,
        dates: &[NaiveDate],
        place: &Place<'_>,
        dice: &mut Dice,
    ) -> Vec<String> {
        let first = dice.below(self.book.update.len());
        let mut scene = told.clone();
        let lines = self.book.update.iter().cycle().skip(first);
        dates
            .iter()
            .zip(lines)
            .map(|(on, line)| {
                scene.turn(*on, place.today, dice);
                scene.fill(line, place.people)
            })
            .collect()
    }
}

const NUMBERS: [&str; 8] = ["three", "four", "five", "six", "seven", "eight", "nine", "ten"];

impl Scene {
    /// A story's cast and places, chosen once for all of its phases.
    pub(super) fn new(date: NaiveDate, developed: usize, place: &Place<'_>, dice: &mut Dice) -> Self {
        let candidacy = place.candidacy;
        let peer = *dice.pick(&candidacy.peers);
        let outside = *dice.pick(&candidacy.outside);
        let domain = domain_of(&place.people[peer]);
        let others = WORDS.domains.iter().filter(|other| **other != domain && **other != candidacy.domain);
        let third = others.clone().nth(dice.below(others.count()));
        let mut scene = Self {
            peer,
            developed,
            outside,
            executive: EXECUTIVES.start + dice.below(EXECUTIVES.len()),
            cto: 0,
            own: candidacy.domain.clone(),
            third: third.cloned().unwrap_or_default(),
            domain,
            system: dice.line(&WORDS.systems),
            team: dice.line(&WORDS.teams),
            region: dice.line(&WORDS.regions),
            city: dice.line(&WORDS.cities),
            event: dice.line(&WORDS.events),
            organization: place.people[outside].employer.clone().unwrap_or_default(),
            few: "",
            weeks: "",
            many: 0,
            percent: 0,
            money: "",
            date,
        };
        scene.turn(date, place.today, dice);
        scene
    }

    /// Numbers and dates are those of the part that is told.
    fn turn(&mut self, date: NaiveDate, today: NaiveDate, dice: &mut Dice) {
        self.date = date;
        self.cto = Cast::cto(today, date);
        self.few = NUMBERS[dice.below(5)];
        self.weeks = NUMBERS[dice.below(NUMBERS.len())];
        self.many = dice.between(11, 48);
        self.percent = dice.between(12, 46);
        self.money = dice.line(&WORDS.money);
    }

    /// A text with its slots filled; a slot that opens a sentence gets a capital.
    pub(super) fn fill(&self, text: &str, people: &[DemoPerson]) -> String {
        let mut filled = String::with_capacity(text.len() + 48);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let (slot, after) = after.split_once('}').unwrap_or((after, ""));
            let begins = filled.is_empty() || filled.ends_with(". ") || filled.ends_with("? ");
            let at = filled.len();
            self.slot(slot, people, &mut filled);
            if filled[at..].starts_with("the ") && filled[..at].to_lowercase().ends_with("the ") {
                filled.replace_range(at..at + 4, "");
            }
            let plural = matches!(slot, "own" | "domain" | "third" | "org") && filled.ends_with('s');
            let after = if plural && after.starts_with("'s ") {
                filled.push('\'');
                &after[2..]
            } else {
                after
            };
            if begins || slot == "System" {
                capitalise(&mut filled, at);
            }
            rest = after;
        }
        filled.push_str(rest);
        filled
    }

    fn slot(&self, slot: &str, people: &[DemoPerson], out: &mut String) {
        let full = |place: usize| people[place].name.as_str();
        match slot {
            "own" => out.push_str(&self.own),
            "domain" => out.push_str(&self.domain),
            "third" => out.push_str(&self.third),
            "peer" => out.push_str(full(self.peer)),
            "peer1" => out.push_str(first_name(people, self.peer)),
            "dev" => out.push_str(full(self.developed)),
            "dev1" => out.push_str(first_name(people, self.developed)),
            "ext" => out.push_str(full(self.outside)),
            "ext1" => out.push_str(first_name(people, self.outside)),
            "exec" => out.push_str(full(self.executive)),
            "exec1" => out.push_str(first_name(people, self.executive)),
            "cto1" => out.push_str(first_name(people, self.cto)),
            "org" => out.push_str(&self.organization),
            "system" | "System" => out.push_str(self.system),
            "team" => out.push_str(self.team),
            "region" => out.push_str(self.region),
            "city" => out.push_str(self.city),
            "event" => out.push_str(self.event),
            "few" => out.push_str(self.few),
            "weeks" => out.push_str(self.weeks),
            "m" => out.push_str(&self.many.to_string()),
            "pct" => out.push_str(&self.percent.to_string()),
            "money" => out.push_str(self.money),
            "quarter" => out.push_str(&quarter(self.date)),
            "year" => out.push_str(&self.date.year().to_string()),
            "year1" => out.push_str(&(self.date.year() + 1).to_string()),
            "year5" => out.push_str(&(self.date.year() + 5).to_string()),
            unknown => unreachable!("the demo's prose has no slot {unknown}"),
        }
    }

    /// Where a text about this is kept outside: the event's page.
    pub(super) fn event_address(&self, about: &str) -> String {
        format!("https://{}.example/{}/{about}", slug(self.event), self.date.year())
    }
}

/// The domain that somebody leads.
fn domain_of(person: &DemoPerson) -> String {
    person.levels.iter().rev().find_map(|level| level.domain.clone()).unwrap_or_default()
}

/// The quarter of a date, as `Q3`.
pub(super) fn quarter(date: NaiveDate) -> String {
    format!("Q{}", date.month0() / 3 + 1)
}

fn capitalise(text: &mut String, at: usize) {
    if let Some(first) = text[at..].chars().next() {
        let capital: String = first.to_uppercase().collect();
        text.replace_range(at..at + first.len_utf8(), &capital);
    }
}

fn slug(text: &str) -> String {
    names::mailbox(text).replace('.', "-")
}
