//! Two worlds that differ only in what a viewer may not see give the viewer the same bytes, whatever they ask for.
//!
//! A pair of worlds begins as one: the same company, the same clock, the same ids. In the one, somebody does what is hidden
//! from the viewer, once to three times. Now and then the viewer, or somebody for them to see, does the same in both.
//! Then a crawler asks both worlds for everything. A further pair is the same two worlds with a further difference, so that what is
//! hidden adds up; after at most [`PAIRS`] of them the company begins anew, for another viewer.

mod cast;
mod crawl;
mod plant;
mod secrets;

use std::collections::BTreeMap;

use anyhow::{bail, ensure};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use strum::VariantArray;

use self::cast::{Cast, Fields, Who, entry, fields, naming};
use self::crawl::{Crawl, Left, Seen, difference};
use self::secrets::{Scene, Secret, Step};
use super::{Figure, Run};
use crate::stage::Stage;

/// So many pairs for one viewer, before the company begins anew.
const PAIRS: u64 = 40;

/// Each kind of viewer; none is somebody without an account, who was sent a link.
const VIEWERS: [Option<Who>; 9] = [
    Some(Who::Ben),
    Some(Who::Jonas),
    Some(Who::Ruth),
    Some(Who::Ada),
    Some(Who::Mina),
    None,
    Some(Who::Lena),
    Some(Who::Kim),
    Some(Who::Theo),
];

/// Compares so many pairs of worlds on each engine.
pub async fn run(run: Run) -> anyhow::Result<Figure> {
    let mut tally = Tally::default();
    let mut engines = Vec::new();
    for (left, right) in Stage::on_both().await?.into_iter().zip(Stage::on_both().await?) {
        // A small number of pairs has other viewers on the one engine than on the other.
        let mut turn = engines.len() * VIEWERS.len().div_ceil(2);
        let mut rng = ChaCha12Rng::seed_from_u64(run.seed.wrapping_mul(2).wrapping_add(engines.len() as u64));
        engines.push(left.engine());
        let mut twin = Twin::new(left, right);
        let mut compared = 0;
        while compared < run.count {
            let pairs = (run.count / VIEWERS.len() as u64).clamp(1, PAIRS).min(run.count - compared);
            twin.begin(VIEWERS[turn % VIEWERS.len()], rng.random()).await?;
            twin.pairs(pairs, &mut tally).await?;
            compared += pairs;
            turn += 1;
        }
    }
    let kinds = Secret::VARIANTS;
    // A leak can be planted only where nothing shows without it.
    let unfound = if tally.differing == 0 { plant::unfound(run.seed).await? } else { kinds.to_vec() };
    let rarest = kinds.iter().map(|secret| tally.kinds.get(secret).copied().unwrap_or(0)).min();
    let line = format!(
        "{} pairs of worlds on {}, {} pairs differing; {} answers compared, {} kinds of secrets, the rarest {} times, {} \
         planted leaks found",
        run.count,
        engines.join(" and on "),
        tally.differing,
        tally.answers,
        kinds.len(),
        rarest.unwrap_or(0),
        kinds.len() - unfound.len(),
    );
    for secret in &unfound {
        eprintln!("no planted leak of {secret} was found");
    }
    Ok(Figure { line, wrong: tally.differing + unfound.len() as u64 })
}

/// What was compared.
#[derive(Default)]
struct Tally {
    answers: u64,
    differing: u64,
    kinds: BTreeMap<Secret, u64>,
}

/// Two worlds.
struct Twin {
    left: Stage,
    right: Stage,
    cast: Option<Cast>,
    viewer: Option<Who>,
    known: Left,
    rng: ChaCha12Rng,
    /// How many changes were made up.
    number: u64,
    /// What was done since they were one.
    story: Vec<String>,
}

impl Twin {
    fn new(left: Stage, right: Stage) -> Twin {
        let rng = ChaCha12Rng::seed_from_u64(0);
        Twin { left, right, cast: None, viewer: None, known: Left::new(), rng, number: 0, story: Vec::new() }
    }

    /// Sets the company up in both worlds.
    async fn begin(&mut self, viewer: Option<Who>, seed: u64) -> anyhow::Result<()> {
        self.left.begin(seed).await?;
        self.right.begin(seed).await?;
        let cast = cast::found(&self.left).await?;
        ensure!(cast == cast::found(&self.right).await?, "the two worlds did not begin as one");
        self.cast = Some(cast);
        self.viewer = viewer;
        self.known = Left::new();
        self.rng = ChaCha12Rng::seed_from_u64(seed);
        self.story = Vec::new();
        Ok(())
    }

    async fn pairs(&mut self, pairs: u64, tally: &mut Tally) -> anyhow::Result<()> {
        for _ in 0..pairs {
            for _ in 0..self.rng.random_range(1..=3) {
                let secret = self.hide_something().await?;
                *tally.kinds.entry(secret).or_default() += 1;
            }
            let mut seen = Seen::default();
            if self.rng.random_bool(0.2) {
                seen.differences.extend(self.show_something().await?);
            }
            if seen.differences.is_empty() {
                seen = self.crawl().await?;
            }
            tally.answers += seen.answers;
            if let Some((address, difference)) = seen.differences.first() {
                tally.differing += 1;
                eprintln!(
                    "{} sees on {} what they may not:\n  {address}: {difference}\nafter\n  {}",
                    self.viewer.map_or("who is signed out", Who::name),
                    self.left.engine(),
                    self.story.join("\n  ")
                );
                // What differs now would differ in every further pair.
                let seed = self.rng.random();
                self.begin(self.viewer, seed).await?;
            }
        }
        Ok(())
    }

    fn cast(&self) -> &Cast {
        self.cast.as_ref().expect("set up")
    }

    async fn hide_something(&mut self) -> anyhow::Result<Secret> {
        for _ in 0..1_000 {
            let secret = *Secret::VARIANTS.choose(&mut self.rng).expect("some");
            if self.hide(secret).await? {
                return Ok(secret);
            }
        }
        bail!("there is nothing to hide from {:?}", self.viewer)
    }

    /// Makes the worlds differ by a secret of this kind; false where there is none to be had from this viewer.
    async fn hide(&mut self, secret: Secret) -> anyhow::Result<bool> {
        self.number += 1;
        let (number, seed) = (self.number, self.rng.random());
        let both = secret.is_of_both();
        let mut made = Vec::new();
        for second in [false, true] {
            if !both && !second {
                continue;
            }
            // Where both worlds change, what is chosen has to be there in both.
            let stage = if both { &self.left } else { &self.right };
            let mut scene = Scene {
                stage,
                cast: self.cast(),
                viewer: self.viewer,
                rng: ChaCha12Rng::seed_from_u64(seed),
                both,
                second,
                word: if second { format!("Zephyr{number}") } else { format!("Quartzes{number}") },
            };
            let steps = secret.steps(&mut scene).await?;
            if steps.is_empty() {
                return Ok(false);
            }
            made.push((second, steps));
        }
        for (second, steps) in made {
            let stage = if second { &mut self.right } else { &mut self.left };
            stage.draw_from(seed)?;
            let side = match (both, second) {
                (false, _) => "in one world",
                (true, true) => "in the other",
                (true, false) => "in the one",
            };
            for step in &steps {
                self.story.push(format!("{side}, {step}"));
            }
            let cast = self.cast.as_ref().expect("set up");
            perform(stage, cast, &steps).await?;
            if !second {
                self.known = Left::new();
            }
        }
        Ok(true)
    }

    /// The viewer, or somebody for them to see, does the same in both worlds. Says where the answers differ, and how.
    async fn show_something(&mut self) -> anyhow::Result<Option<(String, String)>> {
        self.number += 1;
        let (who, path, form) = visible(self.viewer, self.number);
        self.story.push(format!("in both, {}", Step::Post(who, path.clone(), form.clone())));
        let seed = self.rng.random();
        let mut replies = Vec::new();
        for stage in [&mut self.left, &mut self.right] {
            stage.draw_from(seed)?;
            let token = self.cast.as_ref().and_then(|cast| cast.token(Some(who)));
            replies.push(stage.post(token, &path, &form).await?);
        }
        self.known = Left::new();
        ensure!(replies.iter().all(|reply| reply.status < 400), "{who} can't {path}: {:?}", replies[0]);
        if Some(who) != self.viewer {
            return Ok(None);
        }
        Ok(difference(&replies[0], &replies[1]).map(|difference| (format!("POST {path}"), difference)))
    }

    async fn crawl(&mut self) -> anyhow::Result<Seen> {
        let cast = self.cast.as_ref().expect("set up");
        let word = format!("Zephyr{}", self.number);
        let mut crawl = Crawl {
            left: &self.left,
            right: &self.right,
            token: cast.token(self.viewer),
            given: &cast.link,
            word: &word,
            shared: [cast.dossiers[&Who::Ada], cast.dossiers[&Who::Dana]],
            rng: ChaCha12Rng::seed_from_u64(self.rng.random()),
        };
        crawl.go(&mut self.known).await
    }
}

async fn perform(stage: &Stage, cast: &Cast, steps: &[Step]) -> anyhow::Result<()> {
    for step in steps {
        match step {
            Step::Post(who, path, fields) => {
                let reply = stage.post(cast.token(Some(*who)), path, fields).await?;
                ensure!(reply.status < 400, "{step} is answered {} {}", reply.status, reply.body);
            }
            Step::SignIn(who) => drop(stage.session(cast.people[who].account).await?),
            Step::Meddle(sql) => stage.meddle(sql.clone()).await?,
        }
    }
    Ok(())
}

/// What the viewer does themselves, or what others do for them to see.
fn visible(viewer: Option<Who>, number: u64) -> (Who, String, Fields) {
    let title = format!("Seen by everybody {number}");
    let work = ("", "external-presence", "recognized-externally", "2026-02", "2026-04");
    let mut published = entry("publish", work, "It is written.");
    published.retain(|(name, _)| name != "title");
    published.extend(fields(&[("title", &title)]));
    published.extend(naming("Noor Haddad", "partner"));
    match viewer {
        Some(Who::Ruth | Who::Theo) => {
            let form = [
                ("kind", "customer"),
                ("on", "2026-12-05"),
                ("what", title.as_str()),
                ("offered_to", "Ada Marsh"),
            ];
            (viewer.unwrap_or(Who::Ruth), "/opportunities".into(), fields(&form))
        }
        Some(Who::Mina) => {
            let email = format!("new{number}@example.com");
            let form = [("name", title.as_str()), ("known_as", ""), ("email", &email), ("role", "candidate")];
            (Who::Mina, "/admin/accounts".into(), fields(&form))
        }
        Some(who @ (Who::Ben | Who::Lena | Who::Kim)) => (who, "/evidence".into(), published),
        _ => (Who::Ada, "/evidence".into(), published),
    }
}
