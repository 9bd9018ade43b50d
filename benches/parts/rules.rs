//! What needs no database: the rules, the board's search, the narrative, the file.

use std::sync::Arc;

use chrono::NaiveDate;
use divan::Bencher;
use divan::counter::BytesCount;
use evident::board::{Counts, Filter, Row};
use evident::framework::load::{self, built_in};
use evident::portable::{Dossier, read};
use evident::readiness::{Facts, GapKind, Lens, Summary, assess};
use evident::{demo, web};

const DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day");

/// The dossiers of a company, as many as are asked for, with 150 entries each on average.
fn dossiers(number: usize) -> impl Iterator<Item = Dossier> {
    let company = demo::company(built_in(), 3, number, number * 150, DAY);
    (0..number).map(move |place| company.dossier(place).body)
}

fn dossier() -> Dossier {
    dossiers(12).max_by_key(|dossier| dossier.evidence.len()).expect("some")
}

fn rows() -> Vec<Row> {
    let facts: Vec<Facts> =
        dossiers(12).map(|dossier| Facts::from_dossier(&dossier, built_in()).expect("facts")).collect();
    let of =
        |facts: &Facts| Arc::new(Summary::of(built_in(), &assess(built_in(), facts, DAY, Lens::Confirmed)));
    let summaries: Vec<Arc<Summary>> = facts.iter().map(of).collect();
    let row = |place: usize| {
        let id = uuid::Uuid::from_u128(place as u128);
        Row::new(&format!("Candidate {place}"), id, summaries[place % summaries.len()].clone())
    };
    (0..2_000).map(row).collect()
}

/// The rules over the largest of twelve dossiers, several hundred entries.
#[divan::bench(args = [Lens::All, Lens::Confirmed])]
fn assess_a_dossier(bencher: Bencher<'_, '_>, lens: Lens) {
    let facts = Facts::from_dossier(&dossier(), built_in()).expect("facts");
    bencher.bench(|| assess(built_in(), divan::black_box(&facts), DAY, lens));
}

/// Two gaps and a kind, over 2,000 candidates.
#[divan::bench]
fn filter_a_board(bencher: Bencher<'_, '_>) {
    let rows = rows();
    let gaps = ["cto-partnership", "external-presence"].map(String::from).to_vec();
    let filter = Filter { gaps, kinds: vec![GapKind::Short], ..Filter::default() };
    bencher.bench(|| divan::black_box(&rows).iter().filter(|row| filter.keeps(row)).count());
}

/// How many each single choice would show, over 2,000 candidates.
#[divan::bench]
fn count_a_board(bencher: Bencher<'_, '_>) {
    let rows = rows();
    bencher.bench(|| Counts::of(divan::black_box(&rows), &built_in().capabilities));
}

/// A narrative of 300 lines, with lists, emphasis and links.
#[divan::bench]
fn render_a_narrative(bencher: Bencher<'_, '_>) {
    let text =
        "Two teams **disagreed** about the [plan](https://example.com/plan).\n\n- one\n- *two*\n".repeat(75);
    bencher.counter(BytesCount::of_str(&text)).bench(|| web::markdown::to_html(divan::black_box(&text)));
}

/// A portable dossier, from its bytes to its parts.
#[divan::bench]
fn read_a_dossier(bencher: Bencher<'_, '_>) {
    let text = dossier().to_json().expect("a file");
    let bytes = text.as_bytes();
    bencher.counter(BytesCount::new(bytes.len())).bench(|| read(divan::black_box(bytes), load::find).is_ok());
}
