//! Markdown in narratives, rendered to harmless HTML: raw HTML is shown as text, and what comes out is sanitised.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::empty();
    cleaner
        .tags(HashSet::from([
            "p",
            "br",
            "em",
            "strong",
            "del",
            "code",
            "pre",
            "blockquote",
            "ul",
            "ol",
            "li",
            "a",
            "h4",
            "h5",
            "hr",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
        ]))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"])), ("ol", HashSet::from(["start"]))]))
        .url_schemes(HashSet::from(["http", "https"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"));
    cleaner
});

/// How deep quotes, lists and emphasis are nested. What lies deeper stands flat: no reader could tell, and the time that
/// the sanitiser takes grows with the square of the depth.
const DEEPEST: usize = 24;

/// Renders a narrative. The result is safe to put into a page as it is.
pub fn to_html(text: &str) -> String {
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES;
    let mut depth = 0_usize;
    let shallow = Parser::new_ext(text, options).filter(move |event| match event {
        Event::Start(_) => {
            depth += 1;
            depth <= DEEPEST
        }
        Event::End(_) => {
            depth = depth.saturating_sub(1);
            depth < DEEPEST
        }
        _ => true,
    });
    let events = shallow.filter_map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Some(Event::Text(raw)),
        // A page's own headings stay above those within a narrative.
        Event::Start(Tag::Heading { .. }) => Some(Event::Start(Tag::Heading {
            level: HeadingLevel::H4,
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        })),
        Event::End(TagEnd::Heading(_)) => Some(Event::End(TagEnd::Heading(HeadingLevel::H4))),
        // The server fetches nothing, and neither does the reader's browser: an image is its description.
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        other => Some(other),
    });
    let mut rendered = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut rendered, events);
    CLEANER.clean(&rendered).to_string()
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn markdown_is_drawn() {
        assert_eq!(to_html("**Cut** costs"), "<p><strong>Cut</strong> costs</p>\n");
        assert_eq!(to_html("# Title"), "<h4>Title</h4>\n");
        assert!(to_html("[a](https://example.com/x)").contains("href=\"https://example.com/x\""));
    }

    #[test]
    fn deep_nesting_takes_no_longer_than_plain_text() {
        for (name, text) in [
            ("quotes", format!("{}x", ">".repeat(20_000))),
            ("emphasis", format!("{}x{}", "*_".repeat(5_000), "_*".repeat(5_000))),
            ("brackets", "[".repeat(20_000)),
            ("lists", (0..200).map(|n| format!("{}- x\n", "  ".repeat(n))).collect()),
        ] {
            let begun = std::time::Instant::now();
            let html = to_html(&text);
            assert!(begun.elapsed().as_secs() < 3, "{name} took {:?}", begun.elapsed());
            assert!(html.matches("<blockquote>").count() <= super::DEEPEST, "{name}");
            assert!(html.contains('x') || name == "brackets", "{name}: the text stays");
        }
    }
}
