//! `evident demo`: a fictional company on a database of its own, served on loopback.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use chrono::{NaiveDate, NaiveTime};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use strum::VariantArray;

use super::serve;
use crate::accounts::demo::DemoMark;
use crate::accounts::{Role, actions};
use crate::clock::Clock;
use crate::config::{Config, Flags};
use crate::db::{Contents, Settings};
use crate::ids::Ids;
use crate::instance::Instance;
use crate::{demo, framework, telemetry};

const SEED: u64 = 7;
const ENTRIES_EACH: usize = 140;
/// Settings of a real instance that a demo leaves alone.
const NOT_THE_DEMOS: &[&str] = &[
    "EVIDENT_DATA",
    "EVIDENT_DATABASE_URL",
    "EVIDENT_DATABASE_URL_FILE",
    "EVIDENT_LISTEN",
    "EVIDENT_METRICS_LISTEN",
    "EVIDENT_URL",
    "EVIDENT_SMTP_URL",
    "EVIDENT_SMTP_URL_FILE",
];

/// What `demo` is told.
#[derive(Debug, clap::Args)]
pub struct DemoArgs {
    /// The loopback address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    listen: String,
    /// The same seed makes the same company
    #[arg(long, value_name = "N", default_value_t = SEED)]
    seed: u64,
    /// How many candidates there are
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=5_000))]
    candidates: usize,
    /// How many entries there are in all; 140 a candidate by default
    #[arg(long, value_name = "N", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(0..=2_000_000))]
    entries: Option<usize>,
    /// An empty PostgreSQL database in place of an embedded one
    #[arg(long, value_name = "URL", conflicts_with = "data")]
    database: Option<String>,
    /// A folder to keep the demo in; without one it is gone when it stops
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The day to take for today
    #[arg(long, value_name = "DATE", value_parser = read_day)]
    today: Option<NaiveDate>,
    /// The time of day at which its clock begins, such as 09:30; by default it is what it is
    #[arg(long, value_name = "TIME", value_parser = read_time)]
    at: Option<NaiveTime>,
    /// Print one line of JSON once it serves
    #[arg(long)]
    json: bool,
}

fn read_day(text: &str) -> Result<NaiveDate, String> {
    crate::web::forms::day(text)
}

fn read_time(text: &str) -> Result<NaiveTime, String> {
    NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| "write the time of day like 09:30".to_owned())
}

/// What `--json` prints.
#[derive(Serialize)]
struct Serving {
    url: String,
    sign_in: SignIn,
    dossiers: usize,
    entries: usize,
}

/// A single-use address for each role.
#[derive(Serialize)]
struct SignIn {
    candidate: String,
    cto: String,
    committee: String,
    admin: String,
}

/// Sets the demo up and serves it until the process is asked to stop.
///
/// # Errors
/// What keeps it from starting, in a sentence that says what to do.
pub async fn run(args: DemoArgs) -> anyhow::Result<()> {
    let environment = std::env::vars().filter(|(name, _)| !NOT_THE_DEMOS.contains(&name.as_str()));
    let flags = Flags { file: None, listen: Some(args.listen.clone()) };
    let config =
        Config::read(&flags, environment).map_err(|faults| anyhow::anyhow!(faults.join("\nevident: ")))?;
    if !config.listen.ip().is_loopback() {
        bail!("a demo lets anybody in, so it listens on loopback only; use an address like 127.0.0.1:8080");
    }
    telemetry::start(&config.log, config.log_format)?;
    let temporary = match (&args.data, &args.database) {
        (None, None) => {
            Some(tempfile::tempdir().context("no temporary folder can be made; name one with --data")?)
        }
        _ => None,
    };
    let place = match (&args.database, &args.data, &temporary) {
        (Some(address), _, _) => Settings::parse(address)?,
        (None, Some(folder), _) => Settings::in_folder(folder),
        (None, None, Some(folder)) => Settings::in_folder(folder.path()),
        (None, None, None) => bail!("there is no place for the demo's data; name one with --data"),
    };
    let found = earlier(&place, &args).await?;
    let day = found.as_ref().map(|mark| mark.today).or(args.today);
    let clock = Clock::beginning(day, args.at, config.timezone);
    let listener = serve::bind(&config.listen.to_string(), "--listen").await?;
    let settings = config.settings(listener.local_addr()?);
    let db = place.open().await?;
    let mut instance = Instance::start(db, clock, Ids::random(), settings).await?;
    let mark = match found {
        Some(mark) => mark,
        None => fill(&instance, &args).await?,
    };
    instance.demo = true;
    tell(&instance, &mark, args.json).await?;
    serve::serve(&instance, listener, &config).await?;
    drop(temporary);
    Ok(())
}

/// The mark of the same demo, when it is there already.
async fn earlier(place: &Settings, args: &DemoArgs) -> anyhow::Result<Option<DemoMark>> {
    let mark: DemoMark = match place.contents().await? {
        Contents::Nothing => return Ok(None),
        Contents::Demo(mark) => serde_json::from_str(&mark).context("the demo's mark can't be read")?,
        Contents::Other => bail!(
            "this place holds something else than a demo and was left untouched; name an empty folder with --data, \
             or an empty database with --database"
        ),
    };
    let same = mark.seed == args.seed
        && mark.candidates == args.candidates
        && mark.entries == wanted_entries(args)
        && args.today.is_none_or(|today| today == mark.today);
    if !same {
        bail!(
            "this place holds another demo (--seed {} --candidates {} --entries {} --today {}) and was left untouched; \
             give the same numbers, or name an empty place",
            mark.seed,
            mark.candidates,
            mark.entries,
            mark.today
        );
    }
    if !mark.complete {
        bail!(
            "this place holds a demo that was stopped while it was being written; remove it and start again"
        );
    }
    Ok(Some(mark))
}

fn wanted_entries(args: &DemoArgs) -> usize {
    args.entries.unwrap_or(args.candidates * ENTRIES_EACH)
}

async fn fill(instance: &Instance, args: &DemoArgs) -> anyhow::Result<DemoMark> {
    let mark = DemoMark {
        seed: args.seed,
        candidates: args.candidates,
        entries: wanted_entries(args),
        today: instance.today(),
        visitors: BTreeMap::new(),
        complete: false,
    };
    let bar = ProgressBar::new(u64::try_from(args.candidates)?);
    bar.set_style(ProgressStyle::with_template("{msg} {wide_bar} {pos} of {len} dossiers")?);
    bar.set_message("Making up a company");
    let company = demo::company(
        framework::load::built_in(),
        args.seed,
        args.candidates,
        mark.entries,
        instance.today(),
    );
    // The same seed gives the same ids; what is secret is made by the instance's own.
    let mut writer = instance.clone();
    writer.ids = Ids::seeded(args.seed);
    let mark = demo::load::load(&writer, Arc::new(company), mark, |done| {
        bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
    })
    .await?;
    bar.finish_and_clear();
    Ok(mark)
}

async fn tell(instance: &Instance, mark: &DemoMark, json: bool) -> anyhow::Result<()> {
    let url = instance.settings.url.clone();
    let mut links = BTreeMap::new();
    for role in Role::VARIANTS {
        let token = actions::demo_link(instance, *role).await?;
        links.insert(*role, format!("{url}/sign-in/demo/{token}"));
    }
    if !json {
        println!("Evident is at {url}, with an invented company of {} candidates.", mark.candidates);
        println!("Sign in with one of these, each once (or choose a role at {url}/sign-in):");
        for (role, link) in links {
            println!("  {:<10} {link}", role.title());
        }
        println!("Stop it with Ctrl-C.");
        return Ok(());
    }
    let mut link = |role| links.remove(&role).unwrap_or_default();
    let serving = Serving {
        sign_in: SignIn {
            candidate: link(Role::Candidate),
            cto: link(Role::Cto),
            committee: link(Role::Committee),
            admin: link(Role::Admin),
        },
        url,
        dossiers: mark.candidates,
        entries: mark.entries,
    };
    println!("{}", serde_json::to_string(&serving)?);
    Ok(())
}
