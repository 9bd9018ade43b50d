//! Fuzzing: every parser with inputs that are made from sound ones, by their structure and byte by byte.
//!
//! What guides it is not the code that an input reaches, but what comes of it: an input with an outcome that no earlier
//! one had (a fault of another kind, an element within another) is kept and changed further. That needs nothing but
//! the stable compiler. A round is one run of one parser; runs are shared out by what they cost.

mod mutate;
mod seeds;
mod targets;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::dice::Dice;
use crate::{Figure, Run};
use targets::{Outcomes, TARGETS, Target};

/// Independent lanes of each target, so that the same seed does the same on any number of cores.
const LANES: u64 = 4;
/// Most inputs that a lane keeps.
const MOST_KEPT: usize = 2_000;
/// A run that takes longer than this is a fault: somebody could keep the service busy with it.
const SLOW: Duration = Duration::from_secs(2);
/// How long a failing input is made smaller.
const SHRINKING: Duration = Duration::from_mins(1);

/// What a lane has done.
#[derive(Default)]
struct Lane {
    runs: u64,
    took: Duration,
    outcomes: usize,
    /// The smallest input of each failure, by what it said.
    failures: BTreeMap<String, Vec<u8>>,
}

pub fn run(run: Run) -> Figure {
    let lanes: Vec<(&Target, u64)> =
        TARGETS.iter().flat_map(|target| (0..LANES).map(move |lane| (target, lane))).collect();
    let done: Mutex<Vec<(&str, Lane)>> = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    let began = Instant::now();
    // Failures are told at the end; each would otherwise be printed thousands of times.
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((target, lane)) = lanes.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let ended = fuzz(target, run, *lane);
                    done.lock().expect("no lane panics").push((target.name, ended));
                }
            });
        }
    });
    panic::set_hook(hook);
    let took = began.elapsed();
    let done = done.into_inner().expect("no lane panics");
    let mut runs = 0;
    let mut failures = BTreeMap::new();
    for target in TARGETS {
        let of = || done.iter().filter(|(name, _)| *name == target.name).map(|(_, lane)| lane);
        let its: u64 = of().map(|lane| lane.runs).sum();
        let seconds: f64 = of().map(|lane| lane.took.as_secs_f64()).sum();
        let most = of().map(|lane| lane.outcomes).max().unwrap_or_default();
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let rate = its as f64 / seconds;
        println!("  {:<10} {its} runs, {rate:.0} a second and core, {most} outcomes", target.name);
        runs += its;
        failures
            .extend(of().flat_map(|lane| &lane.failures).map(|(what, input)| ((target.name, what), input)));
    }
    for ((target, what), input) in &failures {
        println!("  FAILED {target}: {what}\n    with \"{}\"", input.escape_ascii());
    }
    Figure {
        line: format!(
            "{runs} runs of {} parsers in {} s, guided by outcomes, {} crashes or wrong results",
            TARGETS.len(),
            took.as_secs(),
            failures.len()
        ),
        wrong: failures.len() as u64,
    }
}

fn fuzz(target: &Target, run: Run, lane: u64) -> Lane {
    let place = TARGETS.iter().position(|other| other.name == target.name).unwrap_or_default() as u64;
    let mut dice = Dice::new(run.seed, place * LANES + lane);
    let mut corpus = (target.seeds)();
    let mut outcomes = Outcomes::default();
    let mut ended = Lane { runs: (run.count * target.share / 100 / LANES).max(1), ..Lane::default() };
    let began = Instant::now();
    for seed in &corpus {
        attempt(target, seed, &mut outcomes, &mut ended);
    }
    for _ in 0..ended.runs {
        let input = mutate::next(&mut dice, target.shape, &corpus, target.words);
        attempt(target, &input, &mut outcomes, &mut ended);
        if outcomes.fresh() && corpus.len() < MOST_KEPT {
            corpus.push(input);
        }
    }
    ended.took = began.elapsed();
    ended.outcomes = outcomes.len();
    ended
}

fn attempt(target: &Target, input: &[u8], outcomes: &mut Outcomes, lane: &mut Lane) {
    let Some(what) = failure(target, input, outcomes) else { return };
    if let Entry::Vacant(entry) = lane.failures.entry(what) {
        let what = entry.key();
        let smallest = shrink(input, |smaller| {
            failure(target, smaller, &mut Outcomes::default()).as_ref() == Some(what)
        });
        entry.insert(smallest);
    }
}

/// What went wrong with an input, in so few words that the same failure is always told alike.
fn failure(target: &Target, input: &[u8], outcomes: &mut Outcomes) -> Option<String> {
    let began = Instant::now();
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| (target.run)(input, outcomes)));
    let Err(panic) = outcome else {
        if began.elapsed() < SLOW {
            return None;
        }
        // Not when the machine was busy with something else at that moment.
        let began = Instant::now();
        (target.run)(input, outcomes);
        return (began.elapsed() > SLOW).then(|| format!("took more than {} s", SLOW.as_secs()));
    };
    let message = panic.downcast_ref::<String>().map(String::as_str);
    let message =
        message.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without a word");
    let first = message.lines().next().unwrap_or_default();
    Some(first.split(['"', '“', '`']).next().unwrap_or_default().trim().to_owned())
}

/// The smallest part of an input that still fails: takes out ever shorter pieces.
fn shrink(input: &[u8], fails: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut smallest = input.to_vec();
    let began = Instant::now();
    let mut piece = smallest.len() / 2;
    while piece > 0 {
        let mut at = 0;
        while at < smallest.len() && began.elapsed() < SHRINKING {
            let shorter = [&smallest[..at], &smallest[smallest.len().min(at + piece)..]].concat();
            if fails(&shorter) {
                smallest = shorter;
            } else {
                at += piece;
            }
        }
        piece /= 2;
    }
    smallest
}
