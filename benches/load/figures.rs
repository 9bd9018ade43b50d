//! What is asked of a company, and the figures that come of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::Extent;
use crate::client::{self, Client, Requests, Sample};
use crate::company::Company;
use crate::process::{self, Process};

/// Connections at once: one person, a busy hour, a rush. Shares are told of the middle one.
pub const CONNECTIONS: [usize; 3] = [1, 16, 64];

/// How many sizes of companies are compared.
pub const SIZES: usize = 3;

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Within the program.
    Sqlite,
    /// Beside it, on the same machine.
    Postgres,
}

impl Engine {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        }
    }
}

/// The figures of one engine.
pub struct Figures {
    /// Which.
    pub engine: Engine,
    /// Dossiers and entries.
    pub size: (usize, usize),
    /// One for each thing that is asked.
    pub measured: Vec<Measured>,
    /// Dashboard and board of companies of each size.
    pub growth: [Growth; SIZES],
    /// How long a board takes after a level of somebody whom entries name was recorded: the median of some people.
    pub after_level: Duration,
    /// From the start of the program to its first answer.
    pub start: Duration,
    /// What the program holds in memory after all of it, in bytes.
    pub memory: u64,
}

impl Figures {
    fn of_kind(&self, kind: Kind) -> Option<&Measured> {
        self.measured.iter().find(|measured| measured.asked.kind == kind)
    }

    /// How long the first board took, of which nothing was kept.
    pub fn first_board(&self) -> Duration {
        self.of_kind(Kind::Board).map_or(Duration::ZERO, |measured| measured.first)
    }

    /// How many of a kind are answered in a second.
    pub fn rate(&self, kind: Kind) -> f64 {
        self.of_kind(kind).map_or(0.0, |measured| measured.rate)
    }
}

/// What was measured of one thing that is asked.
pub struct Measured {
    /// What it is.
    pub asked: &'static Asked,
    /// Answers a second on 16 connections: the median of the slices.
    pub rate: f64,
    /// The same of the constant page; none for what writes.
    pub constant: Option<f64>,
    /// The share of the constant page's rate: the median of the slices' shares.
    pub share: Option<f64>,
    /// The processor's time for an answer, in microseconds.
    pub time: f64,
    /// The medians of the times within which half and 99 of 100 answers came, in milliseconds, by [`CONNECTIONS`].
    pub latencies: [(f64, f64); 3],
    /// Bytes of the page.
    pub bytes: usize,
    /// The longest that anybody waited at first, when nothing was kept of it yet.
    pub first: Duration,
}

/// Dashboard and board of a company of another size: the processor's time for an answer, in microseconds.
#[derive(Clone, Copy, Debug)]
pub struct Growth {
    /// Dossiers and entries.
    pub size: (usize, usize),
    /// Of a dashboard.
    pub dashboard: f64,
    /// Of the board.
    pub board: f64,
}

/// Something that is asked.
pub struct Asked {
    /// What, for people.
    pub what: &'static str,
    /// What is wanted of it at least, for people.
    pub at_least: &'static str,
    kind: Kind,
}

/// The kinds of what is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One's own dashboard.
    Dashboard,
    /// Dashboards, each of another dossier.
    Dashboards,
    /// The committee's board.
    Board,
    /// The list of one's entries.
    List,
    /// A search among them.
    Search,
    /// Logging an entry.
    Write,
}

/// Everything that is asked, in the order of the table.
pub static ASKED: [Asked; 6] = [
    Asked {
        what: "readiness dashboard, own",
        at_least: "10 % of the constant page, p99 ≤ 10 ms",
        kind: Kind::Dashboard,
    },
    Asked { what: "the same as a CTO, each time another dossier", at_least: "", kind: Kind::Dashboards },
    Asked {
        what: "committee board, two gaps and a kind, 50 rows",
        at_least: "5 % of the constant page, p99 ≤ 25 ms",
        kind: Kind::Board,
    },
    Asked { what: "evidence list", at_least: "5 % of the constant page, p99 ≤ 25 ms", kind: Kind::List },
    Asked {
        what: "full-text search", at_least: "5 % of the constant page, p99 ≤ 25 ms", kind: Kind::Search
    },
    Asked { what: "log an entry by the form", at_least: "1,000 a second, p99 ≤ 30 ms", kind: Kind::Write },
];

const BOARD: &str = "/committee?gap=cto-partnership&gap=external-presence&kind=short";

impl Asked {
    fn requests(&self, company: &Company) -> Requests {
        let candidates = company.candidates.clone();
        let each = move |path: fn(&uuid::Uuid) -> String| -> Requests {
            let requests: Vec<Vec<u8>> =
                candidates.iter().map(|(id, token)| process::get(&path(id), token)).collect();
            Arc::new(move |connection, _| requests[connection % requests.len()].clone())
        };
        match self.kind {
            Kind::Dashboard => each(|id| format!("/dossiers/{id}/readiness")),
            Kind::List => each(|_| "/evidence".into()),
            Kind::Search => each(|_| "/evidence?q=review".into()),
            Kind::Board => {
                let request = process::get(BOARD, &company.member);
                Arc::new(move |_, _| request.clone())
            }
            Kind::Dashboards => {
                let (shared, token) = (company.shared.clone(), company.cto.clone());
                Arc::new(move |connection, number| {
                    // Connections are far from each other, so that none comes to what another has just asked.
                    let place = connection * 131 + usize::try_from(number).unwrap_or(0);
                    process::get(&format!("/dossiers/{}/readiness", shared[place % shared.len()]), &token)
                })
            }
            Kind::Write => {
                let candidates = company.candidates.clone();
                Arc::new(move |connection, number| {
                    let place = connection * 131 + usize::try_from(number).unwrap_or(0);
                    let (_, token) = &candidates[place % candidates.len()];
                    let form = format!(
                        "intent=publish&title=Measured+{connection}+{number}+{:x}&from_month={}&from_year=2026\
                         &capability=cross-domain-leadership&criterion=cross-domain-leadership%2Fstrategic-coherence\
                         &situation=Two+roadmaps+were+at+odds&action=Brought+both+directors+to+one+plan&impact=One+plan&confirm_duplicate=true",
                        unique(),
                        1 + number % 10,
                    );
                    process::post("/evidence", token, &form)
                })
            }
        }
    }

    fn status(&self) -> u16 {
        if self.kind == Kind::Write { 303 } else { 200 }
    }
}

/// Another number for each entry that is logged, so that none is taken for a duplicate.
fn unique() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// All figures of a company.
pub async fn of(
    engine: Engine,
    company: &Company,
    growth: [Growth; SIZES],
    extent: Extent,
) -> anyhow::Result<Figures> {
    let server = Process::serve(&company.place, (company.dossiers, company.entries)).await?;
    let start = server.started_in;
    let mut measured = Vec::new();
    for asked in &ASKED {
        eprintln!("{}: {}", engine.name(), asked.what);
        measured.push(one(asked, company, &server, extent).await?);
    }
    let after_level = after_levels(company, &server).await?;
    let memory = server.memory();
    let size = (company.dossiers, company.entries);
    Ok(Figures { engine, size, measured, growth, after_level, start, memory })
}

/// The board after a level was recorded, of some people in turn.
async fn after_levels(company: &Company, server: &Process) -> anyhow::Result<Duration> {
    let mut client = Client::connect(server.address).await?;
    let board = process::get(BOARD, &company.member);
    // What was logged before is no matter here.
    client.ask(&board).await?;
    let mut times = Vec::new();
    for person in &company.named {
        let level = format!("/people/{person}/levels");
        let status =
            client.ask(&process::post(&level, &company.cto, "level=E1&from=2026-02-01&domain=Risk")).await?;
        anyhow::ensure!(status == 303, "a level was answered {status}");
        let began = Instant::now();
        let status = client.ask(&board).await?;
        anyhow::ensure!(status == 200, "the board was answered {status}");
        times.push(began.elapsed().as_secs_f64());
    }
    Ok(Duration::from_secs_f64(median(times)))
}

/// Dashboard and board of companies of several sizes. Their slices take turns, so that a slow spell of the machine is all
/// of theirs.
pub async fn of_growth(companies: &[Company; SIZES], extent: Extent) -> anyhow::Result<[Growth; SIZES]> {
    let mut servers = Vec::new();
    for company in companies {
        servers.push(Process::serve(&company.place, (company.dossiers, company.entries)).await?);
    }
    let dashboards = in_turns(Kind::Dashboard, companies, &servers, extent).await?;
    let boards = in_turns(Kind::Board, companies, &servers, extent).await?;
    Ok(std::array::from_fn(|place| Growth {
        size: (companies[place].dossiers, companies[place].entries),
        dashboard: dashboards[place],
        board: boards[place],
    }))
}

/// The processor's time for an answer of each company, in microseconds: medians of slices that take turns.
async fn in_turns(
    kind: Kind,
    companies: &[Company],
    servers: &[Process],
    extent: Extent,
) -> anyhow::Result<Vec<f64>> {
    let asked = ASKED.iter().find(|asked| asked.kind == kind).context("nothing of the kind is asked")?;
    let mut served = Vec::new();
    for (company, server) in companies.iter().zip(servers) {
        let requests = asked.requests(company);
        warm(server, asked, &requests, extent).await?;
        served.push((server, requests, Vec::new()));
    }
    for _ in 0..extent.rounds {
        for (server, requests, times) in &mut served {
            times.push(slice(server, CONNECTIONS[1], asked.status(), requests, extent).await?.1);
        }
    }
    Ok(served.into_iter().map(|(_, _, times)| median(times)).collect())
}

async fn one(
    asked: &'static Asked,
    company: &Company,
    server: &Process,
    extent: Extent,
) -> anyhow::Result<Measured> {
    let requests = asked.requests(company);
    let warmed = warm(server, asked, &requests, extent).await?;
    let constant = match asked.kind {
        Kind::Write => None,
        _ => Some(Process::constant(warmed.bytes).await?),
    };
    let to_constant: Requests = Arc::new(|_, _| process::get("/", ""));
    let (mut rates, mut constants, mut shares, mut times) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut latencies: [(Vec<f64>, Vec<f64>); 3] = Default::default();
    for _ in 0..extent.rounds {
        for (connections, found) in CONNECTIONS.into_iter().zip(&mut latencies) {
            let (sample, time) = slice(server, connections, asked.status(), &requests, extent).await?;
            found.0.push(sample.within(0.5));
            found.1.push(sample.within(0.99));
            if connections == CONNECTIONS[1] {
                rates.push(sample.rate());
                times.push(time);
                if let Some(constant) = &constant {
                    let (ceiling, _) = slice(constant, connections, 200, &to_constant, extent).await?;
                    constants.push(ceiling.rate());
                    shares.push(sample.rate() / ceiling.rate());
                }
            }
        }
    }
    Ok(Measured {
        asked,
        rate: median(rates),
        constant: constant.is_some().then(|| median(constants)),
        share: (!shares.is_empty()).then(|| median(shares)),
        time: median(times),
        latencies: latencies.map(|(half, most)| (median(half), median(most))),
        bytes: warmed.bytes,
        first: Duration::from_secs_f64(warmed.within(1.0) / 1000.0),
    })
}

/// Asks a little first: what a service that has just begun has to do once is told by its start.
async fn warm(
    server: &Process,
    asked: &Asked,
    requests: &Requests,
    extent: Extent,
) -> anyhow::Result<Sample> {
    client::drive(server.address, CONNECTIONS[1], extent.slice, asked.status(), requests).await
}

/// One slice, with the processor's time for an answer in microseconds.
#[expect(clippy::cast_precision_loss, reason = "figures for people")]
async fn slice(
    process: &Process,
    connections: usize,
    status: u16,
    requests: &Requests,
    extent: Extent,
) -> anyhow::Result<(Sample, f64)> {
    let before = process.time();
    let sample = client::drive(process.address, connections, extent.slice, status, requests).await?;
    let used = process.time().saturating_sub(before);
    let time = used.as_secs_f64() * 1e6 / sample.latencies.len().max(1) as f64;
    Ok((sample, time))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
