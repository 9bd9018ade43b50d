//! Text that people type: cleaned of what no reader would see and every reader could be misled by, and put in the one
//! form in which it is searched.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

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

/// The words of a text as searches compare them, each with a space before it: compatibility forms undone, accents dropped,
/// in lower case, letters and digits alone. An ideograph is a word of its own, since such scripts leave no spaces.
pub fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 1);
    let mut within = false;
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        if is_combining_mark(c) || matches!(c, '\'' | '’') {
            continue;
        }
        if !c.is_alphanumeric() {
            within = false;
            continue;
        }
        let ideograph = is_ideograph(c);
        if !within || ideograph {
            words.push(' ');
        }
        within = !ideograph;
        match unaccented(c) {
            Some(plain) => words.push_str(plain),
            None => words.push(c),
        }
    }
    words
}

/// Whether every word of a query begins a word of a text, both as [`words`] gives them.
pub fn matches(text_words: &str, query_words: &str) -> bool {
    query_words
        .split(' ')
        .skip(1)
        .all(|word| text_words.split(' ').skip(1).any(|candidate| candidate.starts_with(word)))
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{2FDF}' | '\u{3005}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Letters that Unicode doesn't take apart, as people without them on the keyboard type them.
fn unaccented(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ł' => "l",
        'ħ' => "h",
        'ı' => "i",
        'þ' => "th",
        'ς' => "σ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{lines, matches, one_line, words};

    #[test]
    fn words_are_compared_without_case_accents_and_signs() {
        assert_eq!(words("Zoë O’Brien-Łukasz (Straße)"), " zoe obrien lukasz strasse");
        assert_eq!(words("ﬁnance ２０２６\u{0301}"), " finance 2026");
        assert_eq!(words("山田 太郎"), " 山 田 太 郎");
        assert_eq!(words(" – % _ "), "");
    }

    #[test]
    fn every_word_of_a_query_begins_a_word() {
        let text = words("Søren Ångström of Payments");
        for found in ["", "soren", "ang SØR", "pay s", "ÅNGSTRÖM"] {
            assert!(matches(&text, &words(found)), "{found}");
        }
        for missed in ["oren", "sorenx", "payments risk"] {
            assert!(!matches(&text, &words(missed)), "{missed}");
        }
    }

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
