//! What is fuzzed: for each parser one function, which panics when something is wrong with what came out.

use std::collections::HashSet;
use std::future::Future;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};

use axum::body::{Body, to_bytes};
use axum::extract::FromRequest;
use axum::http::{HeaderMap, HeaderValue, Request, header};
use chrono::NaiveDate;
use evident::accounts::pages::SignInForm;
use evident::accounts::{clean_email, sessions};
use evident::board::Selection;
use evident::error::{Error, Given};
use evident::evidence::forms::{EntryForm, UpdateForm};
use evident::evidence::{Status, reading, rules, search};
use evident::framework::load;
use evident::mail::address;
use evident::portable::{self, Fault};
use evident::readiness::{Facts, Lens, assess};
use evident::web::csv::Separator;
use evident::web::forms::Form;
use evident::web::query::Params;
use evident::web::{cookies, csv, forms, markdown, path};

use super::mutate::Shape;
use super::seeds;
use crate::support::live;

/// One parser.
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// How many of a hundred runs it has: fewer for what takes longer.
    pub share: u64,
    /// The structure of its inputs.
    pub shape: Shape,
    /// Where its inputs begin.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Words that mean something to it.
    pub words: &'static [&'static str],
    /// Runs it once.
    pub run: fn(&[u8], &mut Outcomes),
}

/// The outcomes that a target has had. An input that brings a new one is worth changing further.
#[derive(Default)]
pub struct Outcomes {
    seen: HashSet<u64>,
    fresh: bool,
}

impl Outcomes {
    fn note(&mut self, outcome: impl Hash) {
        let mut hasher = DefaultHasher::new();
        outcome.hash(&mut hasher);
        self.fresh |= self.seen.insert(hasher.finish());
    }

    /// Notes a message without what it quotes and counts.
    fn note_message(&mut self, message: &str) {
        let mut quoted = false;
        let kind: String = message
            .chars()
            .filter(|c| {
                quoted ^= matches!(c, '"' | '“' | '”' | '`');
                !quoted && !c.is_ascii_digit()
            })
            .take(80)
            .collect();
        self.note(kind);
    }

    fn note_faults(&mut self, faults: &[Fault]) {
        assert!(!faults.is_empty(), "refused without a fault");
        for fault in faults {
            let line = fault.to_string();
            assert!(!line.chars().any(char::is_control), "a fault reaches the terminal unescaped: {line:?}");
            self.note_message(&line);
        }
    }

    /// Whether the runs since the last call brought anything new.
    pub fn fresh(&mut self) -> bool {
        std::mem::take(&mut self.fresh)
    }

    /// How many there were.
    pub fn len(&self) -> usize {
        self.seen.len()
    }
}

/// Every parser that takes what comes from outside.
pub const TARGETS: &[Target] = &[
    Target {
        name: "dossier",
        share: 8,
        shape: Shape::Json,
        seeds: seeds::dossiers,
        words: seeds::DOSSIER,
        run: dossier,
    },
    Target {
        name: "framework",
        share: 4,
        shape: Shape::Lines,
        seeds: seeds::frameworks,
        words: seeds::FRAMEWORK,
        run: framework,
    },
    Target {
        name: "markdown",
        share: 12,
        shape: Shape::Lines,
        seeds: seeds::narratives,
        words: seeds::MARKDOWN,
        run: narrative,
    },
    Target {
        name: "form",
        share: 10,
        shape: Shape::Pairs,
        seeds: seeds::forms,
        words: seeds::FORM,
        run: form,
    },
    Target {
        name: "query",
        share: 14,
        shape: Shape::Pairs,
        seeds: seeds::queries,
        words: seeds::QUERY,
        run: query,
    },
    Target {
        name: "path",
        share: 14,
        shape: Shape::Text,
        seeds: seeds::paths,
        words: seeds::PATH,
        run: in_path,
    },
    Target {
        name: "cookie",
        share: 12,
        shape: Shape::Text,
        seeds: seeds::cookies,
        words: seeds::COOKIE,
        run: cookie,
    },
    Target {
        name: "date",
        share: 14,
        shape: Shape::Text,
        seeds: seeds::dates,
        words: seeds::DATE,
        run: date,
    },
    Target {
        name: "csv",
        share: 6,
        shape: Shape::Lines,
        seeds: seeds::cells,
        words: seeds::CELL,
        run: cells,
    },
    Target { name: "text", share: 6, shape: Shape::Text, seeds: seeds::texts, words: &[], run: text },
];

const DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 6, 30).expect("a day");

fn dossier(input: &[u8], outcomes: &mut Outcomes) {
    let (dossier, framework) = match portable::read(input, load::find) {
        Ok(read) => read,
        Err(faults) => return outcomes.note_faults(&faults),
    };
    let written = serde_json::to_vec(&dossier).expect("it is written");
    let again = portable::read(&written, load::find).map(|(again, _)| again);
    assert_eq!(again.as_ref(), Ok(&dossier), "what was written is read as another");
    let facts = Facts::from_dossier(&dossier, framework).expect("the candidate is among the people");
    for lens in [Lens::All, Lens::Confirmed] {
        for capability in assess(framework, &facts, DAY, lens).capabilities {
            outcomes.note((capability.state, capability.gap_kinds().collect::<Vec<_>>()));
        }
    }
}

/// A dossier that frameworks are tried on.
static TRIED_ON: LazyLock<Vec<u8>> = LazyLock::new(|| seeds::dossiers().remove(0));

fn framework(input: &[u8], outcomes: &mut Outcomes) {
    let Ok(input) = std::str::from_utf8(input) else { return };
    let framework = match load::check(input) {
        Ok(framework) => framework,
        Err(faults) => return outcomes.note_faults(&faults),
    };
    outcomes.note(framework.plain_text().len() / 100);
    serde_json::to_string(&framework).expect("it is written");
    if let Ok((dossier, framework)) = portable::read(&TRIED_ON, |_| Some(&framework)) {
        let facts = Facts::from_dossier(&dossier, framework).expect("the candidate is among the people");
        for capability in assess(framework, &facts, DAY, Lens::All).capabilities {
            outcomes.note(capability.state);
        }
    }
}

fn narrative(input: &[u8], outcomes: &mut Outcomes) {
    let html = markdown::to_html(&String::from_utf8_lossy(input));
    let parsed = live::narrative(&html);
    if let Some(live) = live::in_narrative(&parsed) {
        // The first line says of which kind it is, and the same kind is told once.
        panic!("live: {}\n{live} in {html}", live.split(" to ").next().unwrap_or_default());
    }
    for node in parsed.tree.root().descendants() {
        let name = |node: &scraper::Node| node.as_element().map(|element| element.name().to_owned());
        outcomes.note((name(node.value()), node.parent().and_then(|parent| name(parent.value()))));
    }
}

/// What a future gives that has nothing to wait for.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits for something"),
    }
}

fn read_form<T: serde::de::DeserializeOwned>(input: &[u8]) -> Option<T> {
    let request = Request::builder()
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(input.to_vec()))
        .expect("a request");
    match at_once(Form::<T>::from_request(request, &())) {
        Ok(Form(form)) => Some(form),
        Err(response) => {
            assert_eq!(response.status(), 400);
            None
        }
    }
}

fn form(input: &[u8], outcomes: &mut Outcomes) {
    outcomes.note(read_form::<SignInForm>(input).is_some());
    outcomes.note(read_form::<UpdateForm>(input).is_some());
    let Some(form) = read_form::<EntryForm>(input) else { return };
    assert!(form.rows_to_show().len() <= 201, "more rows than any person fills in");
    let mut given = form.read();
    let faults = &mut given.faults;
    let mut content = reading::content(&given.input.content, faults);
    rules::settle(&mut content, load::built_in());
    faults.0.extend(rules::faults(&content, Status::Final, load::built_in(), DAY));
    for fault in &faults.0 {
        outcomes.note(fault.field.to_string());
        outcomes.note_message(&fault.message);
    }
    for text in [&content.situation, &content.action, &content.impact, &content.domain_cost] {
        assert!(
            !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')),
            "a control character is kept"
        );
    }
    for link in &content.links {
        let url = url::Url::parse(link).expect("a link that is kept is an address");
        assert!(matches!(url.scheme(), "http" | "https"), "{link}");
    }
}

fn query(input: &[u8], outcomes: &mut Outcomes) {
    let Ok(input) = std::str::from_utf8(input) else { return };
    let read = |query: &str| Params::parse(query).and_then(Selection::read);
    match read(input) {
        Ok(selection) => {
            outcomes.note((&selection.filter.kinds, selection.filter.state, selection.lens));
            let address = selection.address("/committee");
            let again = address.split_once('?').map_or("", |(_, query)| query);
            // The first page needs no saying.
            let page = selection.page.filter(|page| *page > 1);
            let same = Selection { page, ..selection };
            assert_eq!(read(again).ok(), Some(same), "an address chooses something else");
        }
        Err(Error::Invalid(faults)) => {
            assert!(!faults.is_empty(), "refused without a fault");
            for fault in &faults {
                outcomes.note_message(&fault.message);
            }
        }
        Err(Error::Malformed(_)) => outcomes.note("malformed"),
        Err(other) => panic!("{other}"),
    }
}

fn in_path(input: &[u8], outcomes: &mut Outcomes) {
    let input = &*String::from_utf8_lossy(input);
    let next = path::same_site(input);
    assert!(next.starts_with('/') && live::is_own(next), "{input:?} leads away");
    assert!(HeaderValue::from_str(next).is_ok(), "{next:?} can't be sent");
    outcomes.note((next.len() > 1, next.contains('%'), next.contains("//")));
    if let Ok(id) = path::id(input) {
        assert_eq!(id.to_string(), input, "an id is written in one way alone");
        outcomes.note("an id");
    }
    assert_eq!(sessions::digest(input).len(), 32);
    match clean_email(input) {
        Ok(email) => {
            for way in [&email, &address::shown(&email)] {
                assert_eq!(clean_email(way).as_deref(), Ok(&*email), "an address is one, kept or shown");
            }
            outcomes.note("an e-mail address");
        }
        Err(message) => outcomes.note(message),
    }
}

fn cookie(input: &[u8], outcomes: &mut Outcomes) {
    let Ok(value) = HeaderValue::from_bytes(input) else { return };
    let headers = HeaderMap::from_iter([(header::COOKIE, value)]);
    outcomes.note(cookies::theme(&headers));
    for secure in [true, false] {
        let Some(token) = cookies::session(&headers, secure) else { continue };
        let kept = cookies::keep_session(&token, secure);
        let kept = kept.to_str().unwrap_or_default();
        assert!(kept.matches(';').count() <= 4 + token.matches(';').count(), "{kept}");
        outcomes.note((secure, token.len().min(80), token.is_ascii()));
    }
}

fn date(input: &[u8], outcomes: &mut Outcomes) {
    let Ok(input) = std::str::from_utf8(input) else { return };
    let (typed, written) = (forms::day(input.trim()), portable::parse_date(input.trim()));
    assert_eq!(typed.as_ref().ok(), written.as_ref().ok(), "forms and files read dates alike");
    match typed {
        Ok(day) => assert_eq!(day.to_string(), input.trim()),
        Err(message) => outcomes.note_message(&message),
    }
    if let Err(message) = written {
        outcomes.note_message(&message);
    }
    let pairs = ["from", "from_day", "from_month", "from_year"].into_iter().zip(input.split('|'));
    let encoded = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let Given { input, faults } = read_form::<EntryForm>(encoded.as_bytes()).expect("a form").read();
    let content = input.content;
    assert!(content.from.is_none() || faults.0.is_empty(), "a date that was read has a fault");
    outcomes.note(content.from.map(|day| chrono::Datelike::month(&day)));
    for fault in &faults.0 {
        outcomes.note_message(&fault.message);
    }
}

fn cells(input: &[u8], outcomes: &mut Outcomes) {
    let input = String::from_utf8_lossy(input).into_owned();
    let rows: Vec<Vec<String>> = input
        .split('\n')
        .map(|row| row.split('|').map(str::to_owned).chain([String::new()]).take(3).collect())
        .collect();
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|mut row| {
            row.resize(width, String::new());
            row
        })
        .collect();
    let heads = vec!["head"; width];
    for separator in [Separator::Comma, Separator::Semicolon] {
        let response = csv::table("board.csv", separator, &heads, rows.clone()).expect("a table");
        let bytes = at_once(to_bytes(response.into_body(), usize::MAX)).expect("a body");
        let text = bytes.strip_prefix("\u{FEFF}".as_bytes()).expect("a byte order mark");
        let right = if separator == Separator::Comma { b',' } else { b';' };
        let read = opened(text, right);
        assert_eq!(read.len(), rows.len());
        for (cell, original) in read.iter().flatten().zip(rows.iter().flatten()) {
            let plain = |text: &str| text.replace('\'', "");
            assert_eq!(plain(cell), plain(original), "apostrophes are all that is added");
            assert!(
                cell == original || runs(original) || holds_a_beginning(original),
                "{original:?} became {cell:?}"
            );
            outcomes.note((cell.chars().next(), cell.len() > 1));
        }
        // However it is taken apart, and by lines, as a program does that knows no quotation marks.
        let lines = std::str::from_utf8(text).expect("UTF-8").split(['\n', '\r']);
        let parts = lines.flat_map(|line| line.split([',', ';', '\t'])).map(str::to_owned);
        for cell in b",;\t".iter().flat_map(|by| opened(text, *by)).flatten().chain(parts) {
            assert!(!runs(&cell), "a spreadsheet would run {cell:?}");
        }
    }
}

/// The rows of a table below its head, taken apart by this separator.
fn opened(text: &[u8], separator: u8) -> Vec<Vec<String>> {
    let mut reader = ::csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text);
    let row = |record: ::csv::Result<::csv::StringRecord>| {
        record.expect("a row").iter().map(str::to_owned).collect()
    };
    reader.records().map(row).collect()
}

/// Whether a spreadsheet runs a cell: by what it begins with after whatever is not seen.
fn runs(cell: &str) -> bool {
    let seen = |c: char| {
        !(c.is_whitespace() || c.is_control() || matches!(c, '"' | '\u{FEFF}' | '\u{200B}'..='\u{200F}'))
    };
    cell.chars().find(|c| seen(*c)).is_some_and(|first| "=+-@＝＋－＠".contains(first))
        || cell.starts_with(['\t', '\r'])
}

/// Whether a formula's sign stands anywhere after something that could end a cell.
fn holds_a_beginning(cell: &str) -> bool {
    let ends = |c: char| matches!(c, ',' | ';' | '"') || c.is_whitespace() || c.is_control();
    cell.contains(['\t', '\r'])
        || cell.split(ends).any(runs)
        || !cell.is_ascii() && cell.contains(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

fn text(input: &[u8], outcomes: &mut Outcomes) {
    use evident::text::{lines, matches, one_line, words};
    let input = String::from_utf8_lossy(input);
    for read in [one_line(&input), lines(&input)] {
        match read {
            Ok(read) => {
                assert!(read.len() <= input.len() && !read.contains(['\0', '\u{202E}', '\u{AD}']));
                assert_eq!(lines(&read).as_deref(), Ok(&*read), "clean text stays as it is");
            }
            Err(message) => outcomes.note(message),
        }
    }
    let found = words(&input);
    assert_eq!(words(&found), found, "words stay as they are");
    assert!(matches(&found, &found), "a text finds itself");
    let looked_for = search::beginnings(&input);
    let finds = search::finds(&looked_for, &search::words([&*input]));
    assert_eq!(finds, !looked_for.is_empty(), "an entry is found by its own words");
    for beginning in looked_for {
        assert_eq!(beginning.rfind(' '), Some(0), "one word after a space: {beginning}");
        outcomes.note(beginning.chars().nth(1));
    }
}
