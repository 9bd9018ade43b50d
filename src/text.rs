//! Text that people type, cleaned of what no reader would see and every reader could be misled by.

/// Whether a character can hide or reorder what is read: control characters and bidirectional overrides.
fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFD}' | '\u{FEFF}')
}

/// Why a text is refused.
const HIDDEN: &str = "This holds a character that can't be seen or that reorders the text. Type it again, or paste it as plain text.";

/// A single line, without hidden characters.
///
/// # Errors
/// Says that there are some.
pub fn one_line(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    if text.chars().any(is_hidden) { Err(HIDDEN) } else { Ok(text.to_owned()) }
}

/// Several lines, ended by `\n`, without hidden characters.
///
/// # Errors
/// Says that there are some.
pub fn lines(text: &str) -> Result<String, &'static str> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    if text.chars().any(|c| is_hidden(c) && !matches!(c, '\n' | '\t')) {
        Err(HIDDEN)
    } else {
        Ok(text.trim().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{lines, one_line};

    #[test]
    fn hidden_characters_are_refused_and_scripts_of_the_world_are_not() {
        for bad in ["a\0b", "a\u{202E}b", "a\u{2066}b", "a\nb", "a\u{FFFD}"] {
            assert!(one_line(bad).is_err(), "{bad:?}");
        }
        for good in ["Ada Marsh", "عائشة الحداد", "山田 太郎", "Zoë 👩‍💻", "O’Brien"]
        {
            assert_eq!(one_line(good).as_deref(), Ok(good));
        }
        assert_eq!(lines("a\r\nb\rc\n").as_deref(), Ok("a\nb\nc"));
        assert!(lines("a\0b").is_err());
    }
}
