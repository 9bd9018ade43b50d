//! Tables as CSV, safe to open in a spreadsheet.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// By this a spreadsheet knows the file for UTF-8, and not for what its machine's language once used.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// What stands between two cells. A spreadsheet that is opened by a double click expects the one of its country.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, strum::Display, strum::EnumString, strum::VariantArray,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Separator {
    /// Where decimals have a point.
    #[default]
    Comma,
    /// Where decimals have a comma.
    Semicolon,
}

impl Separator {
    /// The other one, and what its signs are called.
    pub fn other(self) -> (Separator, &'static str) {
        match self {
            Separator::Comma => (Separator::Semicolon, "semicolons"),
            Separator::Semicolon => (Separator::Comma, "commas"),
        }
    }
}

/// A CSV file of a header and rows, in UTF-8 with a byte order mark, made [`harmless`].
pub fn table<R>(
    name: &str,
    separator: Separator,
    header_row: &[&str],
    rows: R,
) -> crate::error::Result<Response>
where
    R: IntoIterator<Item = Vec<String>>,
{
    let delimiter = match separator {
        Separator::Comma => b',',
        Separator::Semicolon => b';',
    };
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(BYTE_ORDER_MARK.to_vec());
    let failed = |error: csv::Error| anyhow::Error::from(error);
    writer.write_record(header_row).map_err(failed)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell))).map_err(failed)?;
    }
    let bytes =
        writer.into_inner().map_err(|error| anyhow::anyhow!("writing a CSV file: {}", error.error()))?;
    let disposition = format!("attachment; filename=\"{name}\"");
    Ok((
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, &disposition)],
        bytes,
    )
        .into_response())
}

/// A cell that no spreadsheet takes for a formula, whichever separator it was told: an apostrophe stands before each sign
/// that begins one. A cell begins where it begins, and, to who takes the file apart by other signs, after each of these
/// signs and after a line break; what is not seen and quotation marks don't count.
fn harmless(cell: &str) -> String {
    let mut safe = String::with_capacity(cell.len() + 1);
    let mut begins = true;
    for c in cell.chars() {
        if begins && matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r') {
            safe.push('\'');
        }
        begins = separates(c) || begins && is_passed_over(c);
        safe.push(c);
    }
    safe
}

fn separates(c: char) -> bool {
    matches!(c, ',' | ';' | '\t' | '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What a reader doesn't see, and a spreadsheet may leave out, before what a cell really begins with.
fn is_passed_over(c: char) -> bool {
    c == '"' || c.is_whitespace() || c.is_control() || is_invisible(c)
}

/// Unicode's default ignorable characters, and others that are formats and no text.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{34F}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}' | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFD}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::{Separator, harmless, table};

    #[test]
    fn formulas_are_made_harmless() {
        for sign in ['=', '+', '-', '@', '＝', '＋', '－', '＠'] {
            for before in ["", " ", "\u{A0}", "\u{FEFF}", "\u{200B}\u{2060} ", "\"", "\u{E0041}", "\u{1}"] {
                assert_eq!(harmless(&format!("{before}{sign}1")), format!("{before}'{sign}1"));
                for between in [",", ";", "\n", "\r\n", "\t", "\u{2028}"] {
                    let cell = format!("Ada{between}{before}{sign}1{sign}2");
                    assert_eq!(harmless(&cell), format!("Ada{between}{before}'{sign}1{sign}2"), "{cell:?}");
                }
            }
        }
        assert_eq!(harmless("\tx"), "'\tx");
        assert_eq!(harmless("\rx;\ty"), "'\rx;'\ty");
    }

    #[test]
    fn what_begins_no_formula_stays_as_it_is() {
        for plain in ["", "Ada = 1", "Lin-Marsh, Ada", "me@example.com", "a;b, c", "'=1", "٣ + ٤", "„=“"]
        {
            assert_eq!(harmless(plain), plain);
        }
    }

    #[tokio::test]
    async fn a_file_says_that_it_is_utf_8_and_has_the_separator_that_was_chosen() {
        let row = || [vec!["Zoë; Marsh".to_owned(), "a,b".into()]];
        for (separator, text) in [
            (Separator::Comma, "\u{FEFF}name,what\nZoë; Marsh,\"a,b\"\n"),
            (Separator::Semicolon, "\u{FEFF}name;what\n\"Zoë; Marsh\";a,b\n"),
        ] {
            let answer = table("x.csv", separator, &["name", "what"], row()).expect("a table");
            let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
            assert_eq!(String::from_utf8_lossy(&bytes), text);
        }
    }
}
