//! Guessing, held against a model of the waits: they grow for the name and for the address, and lock nobody out.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{PASSWORD, Tally, pass, sign_in};
use crate::dice::Dice;
use crate::support::World;

const NAME: &str = "guessed@example.com";
/// Failures that cost nothing, and the longest waits in seconds.
const FREE: u32 = 5;
const LONGEST_FOR_NAME: i64 = 30;
const LONGEST_FOR_ADDRESS: i64 = 900;

/// What the service should know of a name or an address.
#[derive(Clone, Copy, Default)]
struct Known {
    failures: u32,
    until: DateTime<Utc>,
}

impl Known {
    fn failed(&mut self, now: DateTime<Utc>, longest: i64) {
        self.failures += 1;
        let wait =
            if self.failures < FREE { 0 } else { 2_i64.pow((self.failures - FREE).min(12)).min(longest) };
        self.until = now + TimeDelta::seconds(wait);
    }
}

pub async fn round(world: &mut World, dice: &mut Dice, round: u64, tally: &mut Tally) {
    if round == 0 {
        world.somebody("Guessed", &[evident::accounts::Role::Candidate]).await;
    }
    // What was guessed the day before is forgotten.
    pass(world, TimeDelta::hours(25));
    let mut name = Known::default();
    let mut addresses: HashMap<[u8; 4], Known> = HashMap::new();
    for step in 0..20_u8 {
        let now = world.instance.now();
        let from =
            if dice.once_in(3) { [192, 0, 2, step] } else { [192, 0, 2, 200 + u8::from(dice.once_in(2))] };
        let right = dice.once_in(12);
        let password = if right { PASSWORD } else { "a wrong guess at it" };
        let answer = sign_in(&world.anonymous(), from, &[("email", NAME), ("password", password)]).await;
        let address = addresses.entry(from).or_default();
        let expected = if name.until > now || address.until > now {
            429
        } else if right {
            name = Known::default();
            303
        } else {
            name.failed(now, LONGEST_FOR_NAME);
            address.failed(now, LONGEST_FOR_ADDRESS);
            422
        };
        let status = answer.status.as_u16();
        tally.check(status == expected, || {
            format!("guess {step} of round {round}: {status} in place of {expected}")
        });
        if status == 429 {
            let told: i64 = answer.header("retry-after").parse().unwrap_or_default();
            let wait = if name.until > now { name.until } else { addresses[&from].until } - now;
            let honest = (wait.num_seconds()..=wait.num_seconds() + 1).contains(&told);
            tally.check(honest, || format!("told to wait {told} s in place of {wait}"));
        }
        // Sometimes at once, sometimes a second too early, sometimes to the second.
        let wait = (name.until - now).max(TimeDelta::zero());
        match dice.below(3) {
            0 => {}
            1 => pass(world, (wait - TimeDelta::seconds(1)).max(TimeDelta::zero())),
            _ => pass(world, wait),
        }
    }
    // However many guesses there were: half a minute later, and from elsewhere, the owner is let in.
    pass(world, TimeDelta::seconds(LONGEST_FOR_NAME));
    let answer =
        sign_in(&world.anonymous(), [198, 51, 100, 1], &[("email", NAME), ("password", PASSWORD)]).await;
    tally.check(answer.status == 303, || format!("locked out after round {round}: {}", answer.status));
    // A browser in which they signed in is let in however much is guessed elsewhere meanwhile.
    let known = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let known = known
        .filter(|cookie| cookie.starts_with("evident-device="))
        .find_map(|cookie| cookie.split(';').next());
    let Some(known) = known.map(str::to_owned) else {
        tally.check(false, || format!("no browser is known after round {round}"));
        return;
    };
    for n in 0..8 {
        let from = [203, 0, 113, n];
        sign_in(&world.anonymous(), from, &[("email", NAME), ("password", "a wrong guess at it")]).await;
    }
    let fields = [("email", NAME), ("password", PASSWORD)];
    let stranger = sign_in(&world.anonymous(), [198, 51, 100, 2], &fields).await;
    tally.check(stranger.status == 429, || {
        format!("guessing cost nothing in round {round}: {}", stranger.status)
    });
    let own = world.anonymous().with_cookie(&known);
    let own = sign_in(&own, [203, 0, 113, 1], &fields).await;
    tally.check(own.status == 303, || {
        format!("kept out of their own browser in round {round}: {}", own.status)
    });
}
