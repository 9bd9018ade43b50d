//! Whether an answer, its headers or the time that it takes tells who has an account.

use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use chrono::TimeDelta;
use evident::accounts::{Role, actions};

use super::{Tally, pass, sign_in};
use crate::dice::Dice;
use crate::support::{Answer, World};

/// Tries of each kind for each round, and how many before them are not timed.
const TRIES: u64 = 10;
const WARMING_UP: u64 = 2;
/// The least difference that is taken for one, whatever the spread.
const LEAST: Duration = Duration::from_millis(1);

/// An account, a disabled one, one whose invitation is open, and nobody; of one length, as their answers are to be.
const NAMES: [&str; 4] = ["timed@example.com", "ended@example.com", "asked@example.com", "other@example.com"];

/// Times tries with each kind of name; says how their medians differ and how far the times of one kind spread.
pub async fn known_and_unknown(world: &mut World, dice: &mut Dice, rounds: u64, tally: &mut Tally) -> String {
    let admin = world.somebody("Timing", &[Role::Admin]).await;
    world.somebody("Timed", &[Role::Candidate]).await;
    let ended = world.somebody("Ended", &[Role::Candidate]).await.actor().account;
    actions::set_disabled(&world.instance, admin.actor(), ended, true).await.expect("disabled");
    let invited = actions::NewAccount {
        name: "Invited".into(),
        known_as: String::new(),
        email: NAMES[2].into(),
        roles: vec![Role::Candidate],
    };
    actions::add_account(&world.instance, None, invited).await.expect("an account");

    let mut times: [Vec<Duration>; 4] = Default::default();
    for n in 0..rounds * TRIES + WARMING_UP {
        // So that no name has to wait.
        pass(world, TimeDelta::hours(25));
        let mut answers = Vec::new();
        let first = dice.below(NAMES.len());
        for kind in (0..NAMES.len()).map(|kind| (kind + first) % NAMES.len()) {
            let browser = world.anonymous();
            let from = [10, 0, u8::try_from(kind).unwrap_or(0), u8::try_from(n % 250).unwrap_or(0)];
            let began = Instant::now();
            let answer =
                sign_in(&browser, from, &[("email", NAMES[kind]), ("password", "a wrong guess")]).await;
            if n >= WARMING_UP {
                times[kind].push(began.elapsed());
            }
            answers.push(seen(&answer, NAMES[kind]));
        }
        tally.check(answers.iter().all(|answer| *answer == answers[0]), || {
            "an answer tells who has an account".into()
        });
    }
    let of = |kind: usize, hundredth: usize| {
        let mut sorted = times[kind].clone();
        sorted.sort_unstable();
        sorted[(sorted.len() - 1) * hundredth / 100]
    };
    let medians: Vec<Duration> = (0..NAMES.len()).map(|kind| of(kind, 50)).collect();
    let spread = (0..NAMES.len()).map(|kind| of(kind, 75).abs_diff(of(kind, 25))).max().unwrap_or_default();
    let difference = medians.iter().max().unwrap_or(&LEAST).abs_diff(*medians.iter().min().unwrap_or(&LEAST));
    // Medians of so many tries stray by their spread over the root of their number, and the widest apart of four by more.
    let strays = spread * 4 / u32::try_from(times[0].len().isqrt().max(1)).unwrap_or(1);
    tally.check(difference <= LEAST + strays, || {
        format!("the time tells who has an account: medians {medians:.2?}, spread {spread:.2?}")
    });
    format!(
        "medians of {} differ by {difference:.2?} of {:.2?}, spread {spread:.2?}",
        times[0].len(),
        medians[0]
    )
}

/// All that somebody sees of an answer, but for the name that they typed.
fn seen(answer: &Answer, name: &str) -> (u16, HeaderMap, String) {
    (answer.status.as_u16(), answer.headers.clone(), answer.body.replace(name, "NAME"))
}
