//! Pages as the program answers them, from the request to the last byte.

use divan::Bencher;

use crate::site::{Page, Site};

#[divan::bench]
fn dashboard(bencher: Bencher<'_, '_>) {
    let site = Site::open().expect("the product");
    bencher.bench_local(|| site.answer(Page::Dashboard).expect("a page"));
}

#[divan::bench]
fn board(bencher: Bencher<'_, '_>) {
    let site = Site::open().expect("the product");
    bencher.bench_local(|| site.answer(Page::Board).expect("a page"));
}
