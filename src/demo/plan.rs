//! The shapes that a dossier takes: for each capability a course that its evidence follows, fixed for the first twelve
//! candidates so that together they show every state and every kind of gap, varied by chance for those after them.

use super::dice::Dice;
use crate::evidence::{Aim, Sharing};

/// Who confirms the evidence of a capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Voices {
    /// Several people, the one asked for among them.
    Several,
    /// One person alone, and it is the one asked for.
    One,
    /// Several people, none of whom is the one asked for.
    Others,
    /// Nobody.
    Nobody,
}

/// What else is said about it that is still open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    Nothing,
    /// Somebody remembers one entry otherwise.
    Account,
    /// The CTO judged one entry "not yet".
    Judgement,
}

/// How the evidence for one capability runs. Days are counted backwards from today, leave not counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course {
    /// The first day spoken for, from–to; none without evidence.
    pub(super) since: Option<(i64, i64)>,
    /// How long it has been quiet, beyond what evidence carries; none while it goes on.
    pub(super) silent: Option<(i64, i64)>,
    /// Fewest entries that show it.
    pub(super) least: usize,
    /// Most entries in the window; none without a limit.
    pub(super) most: Option<usize>,
    /// How many of the criteria are ever named.
    pub(super) criteria: usize,
    pub(super) voices: Voices,
    pub(super) open: Open,
    /// Whether evidence from before the first day spoken for may be added.
    pub(super) history: bool,
}

const STEADY: Course = Course {
    since: Some((745, 790)),
    silent: None,
    least: 5,
    most: None,
    criteria: 5,
    voices: Voices::Several,
    open: Open::Nothing,
    history: true,
};
const SUSTAINED: Course = Course { since: Some((572, 700)), least: 4, history: false, ..STEADY };
const SHORT: Course = Course { since: Some((225, 470)), least: 3, most: Some(24), ..SUSTAINED };
const BEGUN: Course = Course { since: Some((60, 140)), least: 1, most: Some(5), ..SUSTAINED };
const LAPSED: Course =
    Course { since: Some((800, 950)), silent: Some((20, 150)), least: 3, most: Some(26), ..SUSTAINED };
const FEW: Course = Course { since: Some((575, 610)), least: 3, most: Some(3), ..SUSTAINED };
const NARROW: Course = Course { criteria: 2, ..STEADY };
const ONE_VOICE: Course = Course { voices: Voices::One, ..SUSTAINED };
const UNHEARD: Course = Course { voices: Voices::Others, ..STEADY };
const CLAIMED: Course = Course { voices: Voices::Nobody, ..STEADY };
const DISPUTED: Course = Course { open: Open::Account, ..STEADY };
const DOUBTED: Course = Course { open: Open::Judgement, ..SUSTAINED };
const NONE: Course = Course { since: None, least: 0, most: Some(0), ..SUSTAINED };

/// The shape of one dossier.
#[derive(Debug)]
pub(super) struct Archetype {
    /// In the framework's order: across domains, with the CTO, developing Directors, outside.
    pub(super) courses: [Course; 4],
    /// How long the candidate has been a Director, in days, from–to.
    pub(super) director: (i64, i64),
    /// Share of the company's entries.
    pub(super) weight: usize,
    /// How many months of leave, and how many days ago the latest ended.
    pub(super) leave: Option<(i64, i64)>,
    /// Whether all else that makes evidence complete is there.
    pub(super) complete: bool,
    /// Whether the CTO spoke to it lately.
    pub(super) feedback: bool,
    /// Whether it is about the own domain, done personally, and developing managers of engineers.
    pub(super) inward: bool,
    pub(super) aim: Aim,
    pub(super) sharing: Sharing,
}

const USUAL: Archetype = Archetype {
    courses: [STEADY, SUSTAINED, SUSTAINED, SUSTAINED],
    director: (1150, 1900),
    weight: 10,
    leave: None,
    complete: false,
    feedback: true,
    inward: false,
    aim: Aim::E2,
    sharing: Sharing::Committee,
};

/// How many candidates it takes to show every state and every kind of gap.
pub(super) const FIXED: usize = 12;

/// The candidate who stays by choice, and the one on the first day, among the archetypes.
const BY_CHOICE: usize = 10;
const FIRST_DAY: usize = 11;

pub(super) static ARCHETYPES: [Archetype; 18] = [
    // Nearly there, and quiet outside for some months.
    Archetype { courses: [STEADY, SUSTAINED, SUSTAINED, LAPSED], weight: 12, ..USUAL },
    // The evidence is complete.
    Archetype { courses: [STEADY, STEADY, SUSTAINED, SUSTAINED], weight: 13, complete: true, ..USUAL },
    // One Director speaks for all of the development.
    Archetype { courses: [STEADY, SUSTAINED, ONE_VOICE, STEADY], weight: 11, ..USUAL },
    // Everyone has confirmed the partnership but the CTO.
    Archetype { courses: [SUSTAINED, UNHEARD, STEADY, SUSTAINED], weight: 10, feedback: false, ..USUAL },
    // Strong inside, unknown outside.
    Archetype { courses: [STEADY, SUSTAINED, SHORT, NONE], weight: 9, ..USUAL },
    // Always the same two things across domains, and three appearances outside.
    Archetype { courses: [NARROW, SUSTAINED, STEADY, FEW], weight: 12, ..USUAL },
    // Somebody remembers one decision otherwise.
    Archetype { courses: [DISPUTED, SUSTAINED, SUSTAINED, STEADY], weight: 12, ..USUAL },
    // Back from parental leave, nothing lost by it.
    Archetype {
        courses: [SUSTAINED, SHORT, SUSTAINED, STEADY],
        leave: Some((5, 95)),
        aim: Aim::Undecided,
        ..USUAL
    },
    // A Director for a little more than a year.
    Archetype {
        courses: [SHORT, SHORT, BEGUN, BEGUN],
        director: (480, 540),
        weight: 4,
        aim: Aim::Undecided,
        ..USUAL
    },
    // One judgement that says "not yet".
    Archetype { courses: [STEADY, DOUBTED, STEADY, SHORT], weight: 11, ..USUAL },
    // Stays a Director, by choice.
    Archetype {
        courses: [STEADY, SHORT, STEADY, BEGUN],
        weight: 8,
        aim: Aim::E1ByChoice,
        sharing: Sharing::Private,
        ..USUAL
    },
    // The first days.
    Archetype {
        courses: [NONE; 4],
        director: (3, 3),
        weight: 0,
        feedback: false,
        aim: Aim::Undecided,
        sharing: Sharing::Sponsor,
        ..USUAL
    },
    // A Director with more domains.
    Archetype { courses: [SUSTAINED, LAPSED, ONE_VOICE, NONE], feedback: false, inward: true, ..USUAL },
    // A hard year: most of it has gone quiet.
    Archetype { courses: [LAPSED, SHORT, LAPSED, BEGUN], weight: 6, ..USUAL },
    // Says much that nobody has confirmed.
    Archetype { courses: [STEADY, UNHEARD, CLAIMED, CLAIMED], weight: 9, ..USUAL },
    // Known outside, and heard of by few inside.
    Archetype { courses: [SHORT, SHORT, UNHEARD, STEADY], weight: 8, ..USUAL },
    // A long sabbatical a year ago.
    Archetype { courses: [STEADY, SUSTAINED, ONE_VOICE, FEW], leave: Some((3, 360)), weight: 9, ..USUAL },
    // Steady in everything, with the same two criteria in two of them.
    Archetype { courses: [SUSTAINED, NARROW, STEADY, NARROW], weight: 12, ..USUAL },
];

/// The archetype, aim and sharing of the candidate at a place in the company.
pub(super) fn cast(place: usize, dice: &mut Dice) -> (usize, Aim, Sharing) {
    if let Some(archetype) = ARCHETYPES[..FIXED].get(place) {
        return (place, archetype.aim, archetype.sharing);
    }
    match dice.below(40) {
        0 => (FIRST_DAY, Aim::Undecided, if dice.chance(50) { Sharing::Private } else { Sharing::Sponsor }),
        1 | 2 => (BY_CHOICE, Aim::E1ByChoice, Sharing::Private),
        3..=6 => (any(dice), Aim::E2, if dice.chance(50) { Sharing::Private } else { Sharing::Sponsor }),
        roll => (any(dice), if roll < 12 { Aim::Undecided } else { Aim::E2 }, Sharing::Committee),
    }
}

/// An archetype other than the two that stand for a single situation.
fn any(dice: &mut Dice) -> usize {
    let place = dice.below(ARCHETYPES.len() - 2);
    if place < BY_CHOICE { place } else { place + 2 }
}

impl Archetype {
    /// The fewest final entries that show all of its courses.
    pub(super) fn least(&self) -> usize {
        self.courses.iter().map(|course| course.least).sum()
    }

    /// Whether nothing has been published yet.
    pub(super) fn is_first_day(&self) -> bool {
        self.courses.iter().all(|course| course.since.is_none())
    }
}

/// Whether further evidence can't change what a course shows.
pub(super) fn is_free(course: &Course) -> bool {
    course.history && course.voices == Voices::Several && course.criteria >= 5
}

/// How the entries are shared out among the courses: what each needs first, the rest by weight, within their limits.
pub(super) fn share_out(courses: &[Course; 4], entries: usize, dice: &mut Dice) -> [usize; 4] {
    let mut shares = [0; 4];
    let mut left = entries;
    while left > 0 {
        let needy =
            (0..4).filter(|place| shares[*place] < courses[*place].least).min_by_key(|place| shares[*place]);
        let Some(needy) = needy else { break };
        shares[needy] += 1;
        left -= 1;
    }
    let weights = [34, 24, 24, 18].map(|weight: usize| weight + dice.below(10));
    for (place, course) in courses.iter().enumerate() {
        let share = left * weights[place] / weights.iter().sum::<usize>();
        let room = course.most.unwrap_or(usize::MAX) - shares[place];
        shares[place] += share.min(room);
    }
    let spread: usize = shares.iter().sum();
    let open = (0..4).filter(|place| courses[*place].since.is_some() && courses[*place].most.is_none());
    let open: Vec<usize> = open.collect();
    for extra in 0..(entries - spread) {
        let place = if open.is_empty() { 0 } else { open[extra % open.len()] };
        shares[place] += 1;
    }
    shares
}
