//! The parts of the product, each by itself: `cargo bench --bench parts`, or `-- assess` for those whose names hold that.
//!
//! `benches/instructions` runs this same program under callgrind, as `parts count dashboard 20`, to count what a page takes.

mod pages;
mod rules;

use anyhow::Context;

use crate::pages::{Page, Pages};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let ["count", page, times] = arguments.as_slice() {
        let pages = Pages::open()?;
        let page: Page = page.parse().context("the pages are dashboard and board")?;
        for _ in 0..times.parse()? {
            pages.answer(page)?;
        }
        return Ok(());
    }
    divan::main();
    Ok(())
}
