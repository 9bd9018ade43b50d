//! Markdown in narratives, rendered to harmless HTML: raw HTML is shown as text, and what comes out is sanitised. A line
//! break stays one, and a bare address is a link, as those who never heard of Markdown expect.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use pulldown_cmark::{
    CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream, html,
};

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
        Event::SoftBreak => Some(Event::HardBreak),
        other => Some(other),
    });
    let mut rendered = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut rendered, linked(TextMergeStream::new(events)));
    CLEANER.clean(&rendered).to_string()
}

/// The longest address of mail that is shown beside the words of its link.
const ADDRESS: usize = 254;

/// Links the bare addresses in an event's text, and takes links away that lead to no page: what they say stays, and of
/// mail the address as text.
fn linked<'t>(events: impl Iterator<Item = Event<'t>>) -> impl Iterator<Item = Event<'t>> {
    // The links that are open, innermost last, each with what to say where it ends if it is no link here.
    let mut open: Vec<Option<String>> = Vec::new();
    let mut in_code = false;
    events.flat_map(move |event| match event {
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            if is_page(&dest_url) {
                open.push(None);
                return vec![Event::Start(Tag::Link { link_type, dest_url, title, id })];
            }
            let address = dest_url.strip_prefix("mailto:").unwrap_or_default();
            let told = link_type != LinkType::Email && !address.is_empty() && address.len() <= ADDRESS;
            open.push(Some(if told { format!(" ({address})") } else { String::new() }));
            Vec::new()
        }
        Event::End(TagEnd::Link) => match open.pop().flatten() {
            None => vec![Event::End(TagEnd::Link)],
            Some(said) if said.is_empty() => Vec::new(),
            Some(said) => vec![Event::Text(said.into())],
        },
        Event::Start(Tag::CodeBlock(_)) | Event::End(TagEnd::CodeBlock) => {
            in_code = !in_code;
            vec![event]
        }
        Event::Text(text) if !in_code && !open.iter().any(Option::is_none) => bare_links(text),
        other => vec![other],
    })
}

/// Whether an address leads to a page.
fn is_page(address: &str) -> bool {
    begins_address(address) && url::Url::parse(address).is_ok_and(|url| url.has_host())
}

fn begins_address(text: &str) -> bool {
    ["http://", "https://"]
        .iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme)))
}

/// A text as it is, with each address in it as a link. What ends a sentence or a bracket is no part of one.
fn bare_links(text: CowStr<'_>) -> Vec<Event<'_>> {
    let mut events = Vec::new();
    let mut told = 0;
    let mut sought = 0;
    while let Some(at) = text[sought..].find("://").map(|at| sought + at) {
        sought = at + 3;
        let Some(from) = ["https", "http"].iter().find_map(|scheme| {
            let from = at.checked_sub(scheme.len())?;
            let alone = !text.get(..from)?.ends_with(char::is_alphanumeric);
            (alone && from >= told && begins_address(&text[from..])).then_some(from)
        }) else {
            continue;
        };
        let rest = &text[from..];
        let ends =
            |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '“' | '”' | '`');
        let address = without_ending(&rest[..rest.find(ends).unwrap_or(rest.len())]);
        if !is_page(address) {
            continue;
        }
        if from > told {
            events.push(Event::Text(text[told..from].to_owned().into()));
        }
        let link = Tag::Link {
            link_type: LinkType::Autolink,
            dest_url: address.to_owned().into(),
            title: CowStr::Borrowed(""),
            id: CowStr::Borrowed(""),
        };
        events.extend([Event::Start(link), Event::Text(address.to_owned().into()), Event::End(TagEnd::Link)]);
        told = from + address.len();
        sought = told.max(sought);
    }
    if told == 0 {
        return vec![Event::Text(text)];
    }
    if told < text.len() {
        events.push(Event::Text(text[told..].to_owned().into()));
    }
    events
}

/// An address without the signs after it that belong to the sentence around it. A closing bracket belongs to the address
/// that holds its opening one.
fn without_ending(address: &str) -> &str {
    let mut open = address.chars().fold(0_i64, |open, c| match c {
        '(' => open + 1,
        ')' => open - 1,
        _ => open,
    });
    let mut kept = address;
    while let Some(last) = kept.chars().next_back() {
        let outside = matches!(
            last,
            '.' | ','
                | ';'
                | ':'
                | '!'
                | '?'
                | '\''
                | '’'
                | '‘'
                | '»'
                | '«'
                | '*'
                | '_'
                | '~'
                | ']'
                | '}'
                | '…'
                | '。'
                | '，'
                | '、'
        ) || (last == ')' && open < 0);
        if !outside {
            break;
        }
        open += i64::from(last == ')');
        kept = &kept[..kept.len() - last.len_utf8()];
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::to_html;

    /// A link as it comes out.
    fn link(address: &str) -> String {
        format!("<a href=\"{address}\" rel=\"noopener noreferrer nofollow\">{address}</a>")
    }

    #[test]
    fn a_line_break_stays_one() {
        assert_eq!(to_html("one\ntwo\n\nthree"), "<p>one<br>\ntwo</p>\n<p>three</p>\n");
    }

    #[test]
    fn bare_addresses_are_links() {
        let x = link("https://example.com/a_b?c=1");
        for (typed, html) in [
            ("see https://example.com/a_b?c=1.", format!("see {x}.")),
            ("(https://example.com/a_b?c=1)", format!("({x})")),
            ("https://example.com/a_b?c=1, and", format!("{x}, and")),
            ("**https://example.com/a_b?c=1**", format!("<strong>{x}</strong>")),
            ("https://example.com/a_(b)", link("https://example.com/a_(b)")),
            ("HTTP://Example.com/", link("HTTP://Example.com/")),
            ("<https://example.com/a_b?c=1>", x.clone()),
            (
                "https://a.example https://b.example",
                format!("{} {}", link("https://a.example"), link("https://b.example")),
            ),
            ("xhttps://example.com", "xhttps://example.com".into()),
            ("https://", "https://".into()),
            (
                "ftp://example.com javascript://example.com",
                "ftp://example.com javascript://example.com".into(),
            ),
            ("`https://example.com`", "<code>https://example.com</code>".into()),
        ] {
            assert_eq!(to_html(typed), format!("<p>{html}</p>\n"), "{typed}");
        }
        assert_eq!(to_html("    https://example.com"), "<pre><code>https://example.com</code></pre>\n");
        let words = to_html("[https://example.com](https://other.example)");
        assert_eq!(words.matches("<a ").count(), 1, "{words}");
    }

    #[test]
    fn addresses_of_mail_and_of_nothing_are_text() {
        for (typed, html) in [
            ("<kim@example.com>", "kim@example.com"),
            ("[Kim](mailto:kim@example.com)", "Kim (kim@example.com)"),
            ("mailto:kim@example.com", "mailto:kim@example.com"),
            ("[x](javascript:alert(1)) [y](/own) [z](#a)", "x y z"),
        ] {
            assert_eq!(to_html(typed), format!("<p>{html}</p>\n"), "{typed}");
        }
    }

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
