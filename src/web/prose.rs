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
const PER_PAGE: usize = 512 * 1024;

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

impl Raw {
    /// The most bytes that it can come to.
    fn most(&self) -> usize {
        if self.plain { markdown::escaped_len(&self.source) } else { markdown::most(&self.source) }
    }
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
    let mut pages = pages(texts);
    let paging = Paging::new(path, &[], page, 1, pages.len());
    let shown = if page <= pages.len() { pages.swap_remove(page - 1) } else { Vec::new() };
    let kept = instance.cache::<Rendered>();
    let look = |raw: &Raw| kept.get(&digest(raw));
    let found: Vec<Option<Arc<str>>> = shown.iter().map(look).collect();
    let missing: Vec<Raw> =
        shown.iter().zip(&found).filter(|(_, found)| found.is_none()).map(|(raw, _)| raw.clone()).collect();
    let mut made = Vec::new();
    if !missing.is_empty() {
        let kept = Arc::clone(&kept);
        let rendering = async move {
            let render = |raw: &Raw| {
                let html: Arc<str> =
                    if raw.plain { markdown::as_typed(&raw.source) } else { markdown::to_html(&raw.source) }.into();
                kept.keep(digest(raw), Arc::clone(&html), html.len());
                html
            };
            Ok(missing.iter().map(render).collect::<Vec<_>>())
        };
        made = instance.work.aside(whose, rendering).await?;
    }
    let mut made = made.into_iter();
    let html = found.into_iter().map(|found| found.or_else(|| made.next()).unwrap_or_else(|| "".into()));
    let part = |(raw, html): (&Raw, _)| Part { text: raw.text, goes_on: raw.goes_on, html };
    Ok(Prose { parts: shown.iter().zip(html).map(part).collect(), paging })
}

fn digest(raw: &Raw) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update([u8::from(raw.plain)]);
    digest.update(&raw.source);
    digest.finalize().into()
}

/// Puts texts on pages, in order, by the most that each can come to; always at least one page.
fn pages(texts: Vec<String>) -> Vec<Vec<Raw>> {
    let mut pages = vec![Vec::new()];
    let mut room = PER_PAGE;
    for raw in texts.into_iter().enumerate().flat_map(|(text, source)| raw(text, source)) {
        let most = raw.most();
        if most > room && room < PER_PAGE {
            pages.push(Vec::new());
            room = PER_PAGE;
        }
        room = room.saturating_sub(most);
        if let Some(last) = pages.last_mut() {
            last.push(raw);
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
    use super::{PER_PAGE, pages};
    use crate::web::markdown::{LARGEST, as_typed, to_html};

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
        let pages = pages(texts);
        assert!(pages.len() > 1);
        let shown: usize = pages.iter().flatten().map(|raw| raw.source.len()).sum();
        assert_eq!(shown, written);
        for page in &pages {
            let html = |raw: &super::Raw| if raw.plain { as_typed(&raw.source) } else { to_html(&raw.source) };
            let bytes: usize = page.iter().map(|raw| html(raw).len()).sum();
            assert!(bytes <= PER_PAGE + 8 * 1024, "{bytes}");
        }
    }

    #[test]
    fn usual_entries_stand_on_one_page() {
        let texts: Vec<String> =
            std::iter::repeat_n("x".repeat(3_000), 4).chain(std::iter::repeat_n("y".repeat(400), 30)).collect();
        assert_eq!(pages(texts).len(), 1);
        assert_eq!(pages(Vec::new()).len(), 1);
        assert_eq!(pages(vec!["z".repeat(LARGEST - 1)]).len(), 1);
    }
}
