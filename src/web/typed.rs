//! What a page's script and the server tell each other about what was typed: by whom, on which open page, and that this very
//! content was kept. `static/typed.js` is the other side; docs/components.md says how the two go together.

use axum::http::HeaderValue;

/// How long a page's word that something was kept waits for the next page to take it up.
const WORD_LASTS: i64 = 600;

/// An open page, and the how-manieth time it sends something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Made by the script for each page that is opened.
    pub key: String,
    /// Counts up.
    pub turn: i64,
}

impl Page {
    /// Reads the two fields in which a form tells of its page; none without a script.
    pub fn read(key: &str, turn: &str) -> Option<Page> {
        let well_formed = key.len() == 32 && key.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let turn = turn.parse().ok().filter(|turn| (0..=i64::from(i32::MAX)).contains(turn));
        well_formed.then_some(key.to_owned()).zip(turn).map(|(key, turn)| Page { key, turn })
    }
}

/// What a form says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// For whom its page was made ([`crate::web::Chrome::who`]); empty for nobody who is signed in.
    pub by: String,
    /// The page it comes from, where a script tells.
    pub page: Option<Page>,
    /// A digest of everything else in it, as the script reckons it too.
    pub digest: String,
}

impl Sent {
    /// Reads a form; none where it is no form that keeps what is typed.
    pub fn read(form: &[u8]) -> Option<Sent> {
        let field = |wanted: &str| {
            let found = url::form_urlencoded::parse(form).find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.into_owned())
        };
        let by = field("typed_by")?;
        let page =
            Page::read(&field("typed_key").unwrap_or_default(), &field("typed_turn").unwrap_or_default());
        Some(Sent { by, page, digest: digest(form) })
    }
}

/// Sixteen digits that tell one content from another: two sums of FNV-1a over names and values. It guards against
/// accidents, and is nothing that somebody would forge: it only ever says to a browser that its own text was kept.
fn digest(form: &[u8]) -> String {
    let mut sums = [0x811c_9dc5_u32, 0x9747_b28c];
    let mut add = |text: &str| {
        for byte in text.bytes().chain([0]) {
            for sum in &mut sums {
                *sum = (*sum ^ u32::from(byte)).wrapping_mul(0x0100_0193);
            }
        }
    };
    for (name, value) in url::form_urlencoded::parse(form) {
        if !name.starts_with("typed_") {
            add(&name);
            // Browsers send a line's end as two characters, and scripts as one.
            add(&value.replace("\r\n", "\n").replace('\r', "\n"));
        }
    }
    format!("{:08x}{:08x}", sums[0], sums[1])
}

/// The header by which the next page learns that a page's content was kept, and may be forgotten in the browser.
pub fn word(page: &Page, digest: &str, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    // Hex digits and fixed words alone.
    let cookie = format!("kept-{}={digest}; Path=/; Max-Age={WORD_LASTS}; SameSite=Lax{secure}", page.key);
    HeaderValue::from_str(&cookie).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// Put into a response's extensions by a handler that kept what was sent and answers with a page of its own, where
/// others send the browser on.
#[derive(Clone, Copy, Debug)]
pub struct Kept;

#[cfg(test)]
mod tests {
    use super::{Page, Sent};

    #[test]
    fn a_form_tells_by_whom_and_from_where_it_is() {
        let key = "0123456789abcdef0123456789abcdef";
        let form = format!("title=A&typed_by=ada&typed_key={key}&typed_turn=7&text=%C3%A9%0D%0Ab");
        let sent = Sent::read(form.as_bytes()).expect("a form that is kept");
        assert_eq!((sent.by.as_str(), sent.page), ("ada", Some(Page { key: key.into(), turn: 7 })));
        // The same as static/typed.js reckons: tests/browser/typed.spec.js holds the two together.
        assert_eq!(sent.digest, Sent::read("typed_by=&title=A&text=é%0Ab".as_bytes()).expect("one").digest);
        assert_ne!(sent.digest, Sent::read(b"typed_by=&title=A&text=e%0Ab").expect("one").digest);
        assert_eq!(Sent::read(b"title=A"), None);
        for (key, turn) in [("short", "1"), (key, "-1"), (key, "x"), (&key.to_uppercase(), "1")] {
            assert_eq!(Page::read(key, turn), None, "{key} {turn}");
        }
    }
}
