//! Whether anything in a page is live that should not be: scripts, handlers, links that run something, markup that
//! somebody typed. An HTML parser decides, as a browser would, and not a search through the text.

use scraper::node::Element;
use scraper::{Html, Node};

/// Planted as the name of an attribute wherever text can be typed. Markup that comes through gives some element an
/// attribute of this name; text that stays text does not.
pub const MARK: &str = "zq7";

/// The elements of a rendered narrative, each with the attributes that it may have.
const NARRATIVE: &[(&str, &[&str])] = &[
    ("a", &["href", "rel", "title"]),
    ("blockquote", &[]),
    ("br", &[]),
    ("code", &[]),
    ("del", &[]),
    ("em", &[]),
    ("h4", &[]),
    ("hr", &[]),
    ("li", &[]),
    ("ol", &["start"]),
    // What is shown as it was typed says so.
    ("p", &["class"]),
    ("pre", &["class"]),
    ("strong", &[]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &[]),
    ("th", &[]),
    ("thead", &[]),
    ("tr", &[]),
    ("ul", &[]),
];

/// Elements that no page of ours has.
const NEVER: &[&str] = &[
    "applet", "audio", "base", "embed", "frame", "frameset", "iframe", "img", "math", "noscript", "object",
    "picture", "source", "style", "track", "video", "xmp",
];

/// Attributes that hold an address.
const ADDRESSES: &[&str] = &[
    "action",
    "background",
    "cite",
    "data",
    "formaction",
    "href",
    "manifest",
    "ping",
    "poster",
    "src",
    "srcset",
    "xlink:href",
];

/// A rendered narrative, parsed.
pub fn narrative(html: &str) -> Html {
    Html::parse_fragment(html)
}

/// What is live in a narrative: anything that is not on the list of what a narrative may hold.
pub fn in_narrative(parsed: &Html) -> Option<String> {
    first(parsed, |element| {
        // The root that the parser puts around a fragment.
        if element.name() == "html" && element.attrs().count() == 0 {
            return None;
        }
        let Some((_, attributes)) = NARRATIVE.iter().find(|(name, _)| *name == element.name()) else {
            return Some("is no element of a narrative".to_owned());
        };
        element.attrs().find_map(|(name, value)| {
            if !attributes.contains(&name) {
                return Some(format!("has the attribute {name}"));
            }
            (name == "href" && !is_web_link(value)).then(|| format!("leads to {value}"))
        })
    })
}

/// What is live in a page of ours beyond what our own templates put there.
pub fn in_page(parsed: &Html) -> Option<String> {
    first(parsed, |element| {
        let name = element.name();
        if NEVER.contains(&name) || name.contains(MARK) {
            return Some("is no element of a page".to_owned());
        }
        if name == "script" && !element.attr("src").is_some_and(|src| src.starts_with("/static/")) {
            return Some("is a script of its own".to_owned());
        }
        if name == "meta" && element.attr("http-equiv").is_some() {
            return Some("acts as a header".to_owned());
        }
        element.attrs().find_map(|(attribute, value)| {
            if attribute.contains(MARK)
                || attribute.starts_with("on")
                || matches!(attribute, "style" | "srcdoc")
            {
                return Some(format!("has the attribute {attribute}"));
            }
            let leads_away = ADDRESSES.contains(&attribute)
                && !is_own(value)
                && !(name == "a" && attribute == "href" && is_web_link(value));
            leads_away.then(|| format!("leads to {value}"))
        })
    })
}

/// The first element with something against it, or the first text that would run.
fn first(parsed: &Html, against: impl Fn(&Element) -> Option<String>) -> Option<String> {
    // What the parser has set aside, the root that it parses a fragment within among it, is no part of the page.
    parsed.tree.root().descendants().find_map(|node| match node.value() {
        Node::Element(element) => against(element).map(|why| format!("<{}> {why}", element.name())),
        Node::Comment(comment) => comment.contains(MARK).then(|| "a comment was typed".to_owned()),
        Node::Text(text) => {
            let within = node.parent().and_then(|parent| parent.value().as_element().map(Element::name));
            (within == Some("script") && !text.trim().is_empty()).then(|| "a script has a text".to_owned())
        }
        _ => None,
    })
}

fn is_web_link(value: &str) -> bool {
    url::Url::parse(value).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// Whether a browser takes an address for one of the page's own site.
pub fn is_own(value: &str) -> bool {
    let page = url::Url::parse("https://evident.test/a/page").expect("an address");
    page.join(value).is_ok_and(|url| url.origin() == page.origin())
}
