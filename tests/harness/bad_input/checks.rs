//! What every answer must be, whatever was asked.

use scraper::{Html, Selector};

use crate::support::{Answer, live};

/// What is wrong with an answer: how often of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wrong {
    pub failures: u64,
    pub live: u64,
    /// Refused without a word or with a change, leading away, or not what it says it is.
    pub other: u64,
}

impl Wrong {
    pub fn add(&mut self, other: Wrong) {
        self.failures += other.failures;
        self.live += other.live;
        self.other += other.other;
    }

    pub fn total(self) -> u64 {
        self.failures + self.live + self.other
    }
}

/// An answer that was looked at.
pub struct Looked {
    pub wrong: Wrong,
    /// What is wrong, in words.
    pub why: Vec<String>,
    /// The page, if it is one.
    pub page: Option<Html>,
}

/// Looks at an answer.
pub fn look(method: &str, address: &str, answer: &Answer) -> Looked {
    let is_file = address.starts_with("/static/") || address == "/favicon.ico";
    let mut looked = Looked { wrong: Wrong::default(), why: Vec::new(), page: None };
    let status = answer.status.as_u16();
    if status >= 500 {
        looked.wrong.failures += 1;
        looked.why.push(format!("{status}: {}", answer.body.chars().take(400).collect::<String>()));
    }
    let mut other = |wrong: bool, why: &str| {
        if wrong {
            looked.wrong.other += 1;
            looked.why.push(format!("{status}: {why}"));
        }
    };
    other(status >= 400 && answer.body.is_empty() && method != "HEAD" && !is_file, "refused without a word");
    other(answer.header("x-content-type-options") != "nosniff", "its content may be guessed");
    other(
        !answer.header("content-security-policy").contains("script-src 'self'"),
        "scripts may come from anywhere",
    );
    other(!answer.header("location").is_empty() && !live::is_own(answer.location()), "it leads away");
    let kind = answer.header("content-type").to_owned();
    if kind.contains("json") {
        other(
            method != "HEAD" && serde_json::from_str::<serde_json::Value>(&answer.body).is_err(),
            "it says JSON and is none",
        );
    } else if kind.starts_with("text/csv") {
        other(method != "HEAD" && !is_harmless_csv(&answer.body), "a spreadsheet would run a cell");
    } else if kind.starts_with("text/html") {
        let page = Html::parse_document(&answer.body);
        other(status == 422 && leads_nowhere(&page), "a fault leads to no field");
        if let Some(live) = live::in_page(&page) {
            looked.wrong.live += 1;
            looked.why.push(format!("{status}: live: {live}"));
        }
        looked.page = Some(page);
    } else {
        let plain = kind.is_empty() || kind.starts_with("text/plain");
        other(!is_file && !plain, "it is of no kind that a page is");
    }
    looked
}

fn is_harmless_csv(body: &str) -> bool {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(body.as_bytes());
    reader.records().all(|record| {
        record
            .is_ok_and(|record| record.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])))
    })
}

/// Whether a link of the error summary leads to no field of the page.
fn leads_nowhere(page: &Html) -> bool {
    let links = Selector::parse(".error-summary a[href^='#']").expect("a selector");
    let with_ids = Selector::parse("[id]").expect("a selector");
    let ids: Vec<&str> = page.select(&with_ids).filter_map(|element| element.attr("id")).collect();
    page.select(&links).any(|link| link.attr("href").is_some_and(|href| !ids.contains(&&href[1..])))
}
