//! A small company by chance, with a little of everything that there is.

use evident::accounts::Role;
use evident::evidence::{Aim, Audience, NamedAnswer, NamedAs, Status};
use evident::review::{CorroborationAnswer, Judgement};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use strum::VariantArray;

use crate::story::{Fact, Story, Who};

struct Dice(ChaCha12Rng);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0.random_range(0..most)
    }

    /// Holds once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn any<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn word<T: VariantArray + Copy>(&mut self) -> T {
        self.any(T::VARIANTS)
    }

    /// Days that lie on both sides of the fourteen for which something may be kept back.
    fn days(&mut self) -> i64 {
        self.any(&[0, 3, 13, 14, 15, 40, 300])
    }

    fn released(&mut self) -> Option<i64> {
        let days = self.days();
        (!self.once_in(2)).then_some(days)
    }

    fn times(&mut self, most: usize) -> std::ops::Range<usize> {
        0..self.below(most + 1)
    }
}

/// The company of a seed and a round.
pub fn story(seed: u64, round: u64) -> Story {
    let mut rng = ChaCha12Rng::seed_from_u64(seed);
    rng.set_stream(round);
    let mut dice = Dice(rng);
    let mut facts = Vec::new();
    let holders: Vec<Who> = (0..4 + dice.below(2)).collect();
    for who in holders.iter().copied() {
        let mut roles: Vec<Role> = Role::VARIANTS.iter().copied().filter(|_| dice.once_in(3)).collect();
        if roles.is_empty() {
            roles.push(dice.word());
        }
        facts.push(Fact::Account { who, roles });
    }
    // The first two have dossiers; whoever lost the role of a candidate has one still.
    let owners: Vec<Who> = holders.iter().copied().filter(|who| *who < 2 || dice.once_in(4)).collect();
    for of in owners.iter().copied() {
        let aim = if dice.once_in(5) { Aim::E1ByChoice } else { Aim::E2 };
        facts.push(Fact::Dossier { of, sharing: dice.word(), aim, shared: dice.days() });
    }
    let leaders: Vec<Who> = (7..8 + dice.below(3)).collect();
    for who in leaders.iter().copied() {
        let added_by = if dice.once_in(3) { None } else { Some(dice.any(&owners)) };
        facts.push(Fact::Leader { who, added_by });
    }
    let everybody: Vec<Who> = holders.iter().chain(&leaders).copied().collect();
    if dice.once_in(4) {
        facts.push(Fact::Merged { who: dice.any(&leaders), into: dice.any(&everybody) });
    }
    for n in 1..4 + number(dice.below(4)) {
        entry(&mut dice, &mut facts, n, &owners, &holders, &everybody);
    }
    let someone = |dice: &mut Dice| if dice.once_in(3) { None } else { Some(dice.any(&everybody)) };
    for n in dice.times(3).map(number) {
        let (by, reports_to) = (someone(&mut dice), someone(&mut dice));
        facts.push(Fact::Level { n, who: dice.any(&everybody), by, reports_to, days: dice.days() });
    }
    for n in dice.times(4).map(number) {
        let by = someone(&mut dice);
        facts.push(Fact::Reached { n, who: dice.any(&everybody), by, days: dice.days() });
    }
    for n in dice.times(4).map(number) {
        let released = dice.released();
        facts.push(Fact::Sat { n, over: dice.any(&owners), by: dice.any(&holders), released });
    }
    for n in dice.times(3).map(number) {
        let included = dice.once_in(3);
        facts.push(Fact::CheckedIn { n, of: dice.any(&owners), days: dice.days(), included });
    }
    if dice.once_in(3) {
        facts.push(Fact::Leave { of: dice.any(&owners), n: 1 });
    }
    Story(facts).sound()
}

fn number(n: usize) -> u32 {
    u32::try_from(n).expect("few of each")
}

/// An entry, with what people say of it. What is about it has numbers of its own: ten times the entry’s and more.
fn entry(dice: &mut Dice, facts: &mut Vec<Fact>, n: u32, owners: &[Who], holders: &[Who], everybody: &[Who]) {
    let status = if dice.once_in(2) { Status::Final } else { dice.word() };
    let audience = if dice.once_in(3) { Audience::Cto } else { Audience::Dossier };
    facts.push(Fact::Entry {
        n,
        of: dice.any(owners),
        status,
        audience,
        days: dice.days(),
        for_cto: dice.once_in(3),
    });
    for _ in dice.times(3) {
        let named_as = if dice.once_in(2) { NamedAs::Developed } else { dice.word() };
        let said = dice.word::<NamedAnswer>();
        let answer = (!dice.once_in(3)).then_some(said);
        let by_link = answer.is_some() && dice.once_in(4);
        let who = dice.any(everybody);
        facts.push(Fact::Named { entry: n, who, named_as, answer, by_link });
        vouched(dice, facts, n, who, by_link, holders);
    }
    for more in dice.times(2).map(number) {
        let closed = dice.once_in(4);
        facts.push(Fact::Asked { n: 10 * n + more, entry: n, who: dice.any(everybody), closed });
    }
    for more in dice.times(2).map(number) {
        let answer = if dice.once_in(2) { CorroborationAnswer::Differs } else { dice.word() };
        let settled = answer == CorroborationAnswer::Differs && dice.once_in(3);
        let who = dice.any(everybody);
        let superseded = answer == CorroborationAnswer::Confirmed && dice.once_in(3);
        let (days, by_link) = (dice.days(), dice.once_in(4));
        let n_of_all = 10 * n + more;
        facts.push(Fact::Said { n: n_of_all, entry: n, who, answer, days, settled, by_link, superseded });
        vouched(dice, facts, n, who, by_link, holders);
    }
    for more in dice.times(2).map(number) {
        let judgement = dice.word::<Judgement>();
        let released = dice.released();
        let by = dice.any(holders);
        facts.push(Fact::Judged { n: 10 * n + more, entry: n, by, judgement, released });
    }
    if dice.once_in(2) {
        let released = dice.released();
        facts.push(Fact::Commented { n, entry: n, by: dice.any(holders), released });
    }
}

/// Somebody vouches for every other word by link; now and then the owner of the entry, whose word doesn't count.
fn vouched(dice: &mut Dice, facts: &mut Vec<Fact>, entry: u32, who: Who, by_link: bool, holders: &[Who]) {
    if by_link && dice.once_in(2) {
        facts.push(Fact::Vouched { entry, who, by: dice.any(holders) });
    }
}
