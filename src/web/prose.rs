//! What people wrote at length, as pages show it: rendered once and kept, never where requests are served, and a page of
//! it at a time, so that no page grows past its bound however much was written.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::markdown::{self, LARGEST};
use super::paging::Paging;
use crate::cache::Kind;
use crate::error::Result;
use crate::instance::Instance;

/// The most bytes of HTML that the texts of a page come to.
const PER_PAGE: usize = 256 * 1024;

/// Texts that were rendered before. What was written never changes: another text has another digest.
enum Rendered {}

impl Kind for Rendered {
    type Key = [u8; 32];
    type Value = Arc<str>;
    const NAME: &'static str = "Rendered texts";
    const MOST: u64 = 8_000_000;
    const EACH: u64 = 2_000;
}

/// One of the texts of a page, or a piece of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which of the texts.
    pub text: usize,
    /// Whether it goes on from a piece before.
    pub goes_on: bool,
    /// What is shown of it; safe to put into a page as it is.
    pub html: Arc<str>,
}

/// A page of texts.
#[derive(Clone, Debug)]
pub struct Prose {
    /// What stands on it.
    pub parts: Vec<Part>,
    /// Links to the other pages, where there are any.
    pub paging: Paging,
}

impl Prose {
    /// What stands on the page of the texts from one place to before another.
    pub fn of(&self, from: usize, to: usize) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(move |part| (from..to).contains(&part.text))
    }
}

/// A text that isn't rendered yet, or a piece of one that is shown as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Raw {
    text: usize,
    goes_on: bool,
    /// Whether it is so long that no page would hold it as Markdown.
    plain: bool,
    source: String,
}

/// A page of texts at a path, for somebody: an account, or whatever else stands for who asks.
///
/// # Errors
/// [`crate::error::Error::Crowded`] when they asked for too much at once.
pub async fn page(
    instance: &Instance,
    whose: Uuid,
    texts: Vec<String>,
    path: &str,
    page: usize,
) -> Result<Prose> {
    let all: Vec<Raw> = texts.into_iter().enumerate().flat_map(|(text, source)| raw(text, source)).collect();
    let kept = instance.cache::<Rendered>();
    let found: Vec<Option<Arc<str>>> = all.iter().map(|raw| kept.get(&digest(raw))).collect();
    let missing: Vec<Raw> =
        all.iter().zip(&found).filter(|(_, found)| found.is_none()).map(|(raw, _)| raw.clone()).collect();
    let mut made = Vec::new();
    if !missing.is_empty() {
        let rendering = async move {
            let keep = |raw: &Raw| {
                let html: Arc<str> = render(raw).into();
                kept.keep(digest(raw), Arc::clone(&html), html.len());
                html
            };
            Ok(missing.iter().map(keep).collect::<Vec<_>>())
        };
        made = instance.work.aside(whose, rendering).await?;
    }
    let mut made = made.into_iter();
    let html = found.into_iter().filter_map(|found| found.or_else(|| made.next()));
    let part = |(raw, html): (&Raw, _)| Part { text: raw.text, goes_on: raw.goes_on, html };
    let mut pages = pages(all.iter().zip(html).map(part));
    let paging = Paging::new(path, &[], page, 1, pages.len());
    let parts = if page <= pages.len() { pages.swap_remove(page - 1) } else { Vec::new() };
    Ok(Prose { parts, paging })
}

fn render(raw: &Raw) -> String {
    if raw.plain { markdown::as_typed(&raw.source) } else { markdown::to_html(&raw.source) }
}

fn digest(raw: &Raw) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update([u8::from(raw.plain)]);
    digest.update(&raw.source);
    digest.finalize().into()
}

/// Puts parts on pages, in order; always at least one page.
fn pages(parts: impl IntoIterator<Item = Part>) -> Vec<Vec<Part>> {
    let mut pages = vec![Vec::new()];
    let mut room = PER_PAGE;
    for part in parts {
        let bytes = part.html.len();
        if bytes > room && room < PER_PAGE {
            pages.push(Vec::new());
            room = PER_PAGE;
        }
        room = room.saturating_sub(bytes);
        if let Some(last) = pages.last_mut() {
            last.push(part);
        }
    }
    pages
}

/// A text as it is rendered: whole, or where it is too long for that, in pieces that end with a line where they can.
fn raw(text: usize, source: String) -> Vec<Raw> {
    if markdown::escaped_len(&source) <= LARGEST {
        return vec![Raw { text, goes_on: false, plain: false, source }];
    }
    let mut pieces = Vec::new();
    let mut rest = source.as_str();
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(markdown::fits(rest));
        pieces.push(Raw { text, goes_on: !pieces.is_empty(), plain: true, source: piece.to_owned() });
        rest = after;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::{PER_PAGE, Part, pages, raw, render};

    fn shown(texts: Vec<String>) -> Vec<Vec<Part>> {
        let raws = texts.into_iter().enumerate().flat_map(|(text, source)| raw(text, source));
        pages(raws.map(|raw| Part { text: raw.text, goes_on: raw.goes_on, html: render(&raw).into() }))
    }

    #[test]
    fn no_page_grows_past_its_bound_and_nothing_is_left_out() {
        let texts = vec![
            "short".to_owned(),
            "&".repeat(150_000),
            "word ".repeat(30_000),
            "é\n".repeat(60_000),
            "x".repeat(4_000),
        ];
        let written: usize = texts.iter().map(String::len).sum();
        let left: usize =
            (0..).zip(&texts).flat_map(|(n, text)| raw(n, text.clone())).map(|raw| raw.source.len()).sum();
        assert_eq!(left, written);
        let pages = shown(texts);
        assert!(pages.len() > 1);
        for page in &pages {
            let bytes: usize = page.iter().map(|part| part.html.len()).sum();
            assert!(bytes <= PER_PAGE, "{bytes}");
        }
        let order: Vec<(usize, bool)> =
            pages.iter().flatten().map(|part| (part.text, part.goes_on)).collect();
        assert!(order.is_sorted() && order.iter().filter(|(_, goes_on)| !goes_on).count() == 5, "{order:?}");
    }

    #[test]
    fn usual_entries_stand_on_one_page() {
        let texts =
            std::iter::repeat_n("x".repeat(8_000), 4).chain(std::iter::repeat_n("y".repeat(800), 100));
        assert_eq!(shown(texts.collect()).len(), 1);
        assert_eq!(shown(Vec::new()).len(), 1);
    }
}
