//! What a few signs can cost: each text, list and number that somebody can enter is filled by the real forms to the most
//! that they take, with what grows most when it is shown, and every page of every role that shows it is asked for. A round
//! is one way to grow; no answer may come to more than a megabyte, or take more than 250 ms of the processor.
//!
//! Time is judged in a release build alone: tests are built without care for it.

mod fill;

use std::collections::{BTreeMap, BTreeSet};

use evident::accounts::Role;
use evident::server::routes;
use scraper::Html;

use crate::bad_input::pages::{Found, kind};
use crate::support::{Answer, Visitor, World};
use crate::{Figure, Run};
use fill::GROWING;

/// The most bytes of an answer.
const BYTES: usize = 1024 * 1024;
/// The most milliseconds of the processor for an answer.
const MILLISECONDS: u64 = 250;
/// Pages of one kind that are asked for as one person, to find what can be filled. Those found last come first.
const TO_FILL: usize = 2;
/// The same to be judged, once everything is filled.
const TO_JUDGE: usize = 10;
/// How many wrong answers are told in full.
const TOLD: usize = 20;

/// What came of it.
#[derive(Default)]
struct Tally {
    filled: u64,
    answers: u64,
    /// The longest answer, and where it was.
    largest: (usize, String),
    /// The most time of the processor, in milliseconds, and where it was.
    slowest: (u64, String),
    wrong: Vec<String>,
}

impl Tally {
    /// Judges an answer, which may also hold what was sent, twice as long as it was.
    fn check(&mut self, what: &str, answer: &Answer, sent: usize, spent: u64) {
        self.answers += 1;
        let bytes = answer.body.len();
        if bytes > self.largest.0 {
            self.largest = (bytes, what.to_owned());
        }
        if spent > self.slowest.0 {
            self.slowest = (spent, what.to_owned());
        }
        if answer.status.is_server_error() {
            self.wrong.push(format!("{} {what}", answer.status));
        }
        if bytes > BYTES + 2 * sent {
            self.wrong.push(format!("{bytes} bytes from {what}"));
        }
        if spent > MILLISECONDS && !cfg!(debug_assertions) {
            self.wrong.push(format!("{spent} ms of the processor for {what}"));
        }
    }
}

/// Somebody who looks at everything that they are shown.
struct Reader {
    name: &'static str,
    visitor: Visitor,
    found: Found,
    /// The lengths that forms of a kind take, as far as they are known.
    lengths: BTreeMap<String, usize>,
}

impl Reader {
    fn of(name: &'static str, visitor: Visitor) -> Reader {
        Reader { name, visitor, found: Found::default(), lengths: BTreeMap::new() }
    }

    /// Asks for a page.
    async fn get(&mut self, path: &str, tally: &mut Tally) -> Answer {
        let before = processor();
        let answer = self.visitor.get(path).await;
        tally.check(&format!("{path} as {}", self.name), &answer, 0, processor() - before);
        self.found
            .keep(path.split(['?', '#']).next().unwrap_or_default(), &Html::parse_document(&answer.body));
        answer
    }

    /// Sends a form.
    async fn post(&mut self, path: &str, fields: &[(String, String)], tally: &mut Tally) -> Answer {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let sent = form.len();
        let before = processor();
        let answer = self.visitor.post_raw(path, form.into_bytes()).await;
        tally.check(&format!("POST {path} as {}", self.name), &answer, sent, processor() - before);
        tally.filled += u64::from(answer.status.is_redirection() || answer.status.is_success());
        answer
    }

    /// Asks for pages that can be reached by links: so many of each kind, those found last first.
    async fn look_around(&mut self, most: usize, tally: &mut Tally) {
        let all = routes::all();
        let listed = all.listed().iter().filter(|route| route.method == "GET" && !route.path.contains('{'));
        let mut open: Vec<String> = listed.map(|route| route.path.to_owned()).collect();
        let (mut seen, mut kinds) = (BTreeSet::new(), BTreeMap::<String, usize>::new());
        while let Some(path) = open.pop() {
            let path = path.split('#').next().unwrap_or_default().to_owned();
            let of_kind = kinds.entry(kind(&path)).or_default();
            if *of_kind >= most || !seen.insert(path.clone()) {
                continue;
            }
            *of_kind += 1;
            self.get(&path, tally).await;
            let links: Vec<String> =
                self.found.links().filter(|link| !seen.contains(*link)).cloned().collect();
            open.extend(links);
        }
    }
}

/// The time that this process has had of the processor, in milliseconds.
fn processor() -> u64 {
    // The names of processes may hold spaces; what is counted comes after the last bracket.
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let counted = stat.rsplit(')').next().unwrap_or_default();
    let ticks =
        |field: usize| counted.split_whitespace().nth(field).and_then(|text| text.parse::<u64>().ok());
    (ticks(11).unwrap_or_default() + ticks(12).unwrap_or_default()) * 10
}

pub async fn run(run: Run) -> Figure {
    let mut tally = Tally::default();
    for world in World::on_both().await {
        let engine = world.instance.db.engine();
        let told = tally.wrong.len();
        for round in 0..run.count {
            let way = usize::try_from(run.seed - 1 + round).unwrap_or_default() % GROWING.len();
            in_a_company(&world, round, way, &mut tally).await;
        }
        for wrong in tally.wrong.iter().skip(told).take(TOLD) {
            println!("  FAILED on {engine}: {wrong}");
        }
    }
    Figure {
        line: format!(
            "{} ways to grow, {} forms filled, {} answers, {} over 1 MB or 250 ms; the largest {} kB ({}), the slowest {} ms ({})",
            run.count.min(GROWING.len() as u64),
            tally.filled,
            tally.answers,
            tally.wrong.len(),
            tally.largest.0 / 1024,
            tally.largest.1,
            tally.slowest.0,
            tally.slowest.1,
        ),
        wrong: tally.wrong.len() as u64,
    }
}

async fn in_a_company(world: &World, round: u64, way: usize, tally: &mut Tally) {
    let somebody = async |name: &'static str, roles: &[Role]| {
        Reader::of(name, world.somebody(&format!("{name} of round {round}"), roles).await)
    };
    let mut owner = somebody("owner", &[Role::Candidate]).await;
    let mut cto = somebody("cto", &[Role::Cto]).await;
    let mut others = [
        somebody("candidate", &[Role::Candidate]).await,
        somebody("member", &[Role::Committee]).await,
        somebody("admin", &[Role::Admin]).await,
    ];
    let (grows, text) = GROWING[way];
    let links = fill::evidence(&mut owner, round, text, tally).await;
    let mut nobody = Reader::of("nobody", world.anonymous());
    for link in links {
        nobody.found = Found::default();
        nobody.get(&link, tally).await;
        fill::forms(&mut nobody, text, tally).await;
    }
    for reader in [&mut owner, &mut cto].into_iter().chain(&mut others) {
        reader.look_around(TO_FILL, tally).await;
        fill::forms(reader, text, tally).await;
    }
    // What each has written, all are shown.
    for reader in [&mut owner, &mut cto].into_iter().chain(&mut others) {
        reader.look_around(TO_JUDGE, tally).await;
        for path in ["/people?q=", "/evidence?q=", "/committee?q=", "/dossiers?q="] {
            let query: String = url::form_urlencoded::byte_serialize(text(200).as_bytes()).collect();
            reader.get(&format!("{path}{query}"), tally).await;
        }
    }
    if let Some(wrong) = tally.wrong.last() {
        println!("  last wrong while growing by {grows}: {wrong}");
    }
}
