//! Text that people type or paste: cleaned of what no reader would see and every reader could be misled by, and put in the
//! one form in which it is searched.
//!
//! What can't be seen is taken out rather than refused: it comes along with what is pasted from a word processor or a
//! chat, and nobody could find it to mend it. Directional signs are among it, so that no text can turn around what stands
//! beside it on a page. What a script needs stays: joiners within emoji, Persian and the scripts of India, variants of
//! ideographs.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Signs that are there and not seen: soft hyphens, spaces and joiners without width, fillers, directional marks,
/// embeddings and isolates, variants, tags, and notes that no program shows.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFC}' | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
    ) || is_no_character(c)
}

/// The places of Unicode that are no characters and never will be.
fn is_no_character(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Whether a line ends here, in whatever program the text was typed.
fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether letters of this script are joined, or kept apart, by signs of no width.
fn is_joined(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{1CFF}' | '\u{A840}'..='\u{ABFF}' | '\u{FB50}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFC}' | '\u{11000}'..='\u{11FFF}')
}

/// Whether several of these are joined to one picture.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{20E3}' | '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Whether an unseen sign does something between these two that a reader needs.
fn is_needed(c: char, before: Option<char>, after: Option<char>) -> bool {
    let after = after.filter(|c| !is_unseen(*c));
    let joined = before.is_some_and(is_joined) && after.is_some_and(is_joined);
    let picture = before.is_some_and(|c| is_picture(c) || c == '\u{FE0F}') && after.is_some_and(is_picture);
    match c {
        '\u{200C}' => joined,
        '\u{200D}' => joined || picture || takes_vowel(before),
        '\u{180B}'..='\u{180D}' | '\u{180F}' => before.is_some_and(|c| matches!(c, '\u{1820}'..='\u{18AA}')),
        '\u{FE0E}' | '\u{FE0F}' => before.is_some_and(|c| {
            is_picture(c)
                || matches!(
                    c,
                    '#' | '*' | '0'..='9' | '©' | '®' | '‼' | '⁉' | '™' | 'ℹ' | '〰' | '〽' | '㊗' | '㊙'
                )
        }),
        '\u{FE00}'..='\u{FE0D}' | '\u{E0100}'..='\u{E01EF}' => {
            before.is_some_and(|c| c.is_alphanumeric() || is_sign_of_sums(c))
        }
        // The flags of countries within countries are a black flag and its letters as tags.
        '\u{E0020}'..='\u{E007F}' => {
            before.is_some_and(|c| matches!(c, '\u{1F3F4}' | '\u{E0020}'..='\u{E007E}'))
        }
        _ => false,
    }
}

/// The signs of India's scripts that take a vowel away: a joiner after one shows half a letter, even at a word's end.
fn takes_vowel(before: Option<char>) -> bool {
    before.is_some_and(|c| {
        matches!(
            c,
            '\u{94D}'
                | '\u{9CD}'
                | '\u{A4D}'
                | '\u{ACD}'
                | '\u{B4D}'
                | '\u{BCD}'
                | '\u{C4D}'
                | '\u{CCD}'
                | '\u{D4D}'
                | '\u{DCA}'
        )
    })
}

fn is_sign_of_sums(c: char) -> bool {
    matches!(c, '\u{2200}'..='\u{22FF}' | '\u{2A00}'..='\u{2AFF}')
}

/// Why a text is refused.
const LOST: &str = "This holds the sign � where a letter was lost. Type that letter again.";

/// A text without what is not seen. Where nothing is left that is, it is empty.
fn cleaned(text: &str, lines: bool) -> Result<String, &'static str> {
    if text.contains('\u{FFFD}') {
        return Err(LOST);
    }
    let mut kept = String::with_capacity(text.len());
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let c = match c {
            '\r' if rest.peek() == Some(&'\n') => continue,
            '\r' => '\n',
            c if ends_line(c) => '\n',
            c => c,
        };
        let c = match c {
            '\n' | '\t' if !lines => ' ',
            '\n' | '\t' => c,
            c if c.is_control() => continue,
            c if is_unseen(c) && !is_needed(c, before, rest.peek().copied()) => continue,
            c => c,
        };
        kept.push(c);
        before = Some(c);
    }
    Ok(if kept.chars().any(is_seen) { kept.trim().to_owned() } else { String::new() })
}

/// Whether a reader sees something of a sign that stands by itself. A cell of Braille without a dot is a space.
fn is_seen(c: char) -> bool {
    !(c.is_whitespace() || is_unseen(c) || is_combining_mark(c) || c == '\u{2800}')
}

/// A single line, cleaned: the ends of lines become spaces.
///
/// # Errors
/// Says that a letter was lost before it came here.
pub fn one_line(text: &str) -> Result<String, &'static str> {
    cleaned(text, false)
}

/// Several lines, cleaned, ended by `\n`.
///
/// # Errors
/// Says that a letter was lost before it came here.
pub fn lines(text: &str) -> Result<String, &'static str> {
    cleaned(text, true)
}

/// The words of a text as searches compare them, each with a space before it: compatibility forms undone, accents dropped,
/// in lower case, letters and digits alone. An ideograph is a word of its own, since such scripts leave no spaces. What
/// isn't seen parts no word.
pub fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 1);
    let mut within = false;
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        if is_combining_mark(c) || is_unseen(c) || matches!(c, '\'' | '’') {
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

/// What a name looks like: the same for names that a reader could take for one another, by letters of other scripts,
/// accents, spaces, or capitals. It is for comparing alone.
pub fn look(name: &str) -> String {
    // What can't be seen first, and accents: a letter with one may have another look than the letter and the accent.
    let plain: String = name.nfkd().filter(|c| !is_unseen(*c) && !is_combining_mark(*c)).collect();
    let alike: String = unicode_security::skeleton(&plain).collect();
    let joined: String = words(&alike).chars().filter(|c| *c != ' ').collect();
    // Small and capital letters have different looks in part, which `words` makes one.
    joined.replace("rn", "m").replace("vv", "w").replace(['i', '1'], "l").replace('0', "o")
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
    use super::{lines, look, matches, one_line, words};

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
    fn what_is_not_seen_is_taken_out_and_what_scripts_need_stays() {
        for (typed, kept) in [
            ("a\0b\u{7F}c\u{9B}", "abc"),
            ("a\u{202E}b\u{2066}c\u{200E}\u{200F}\u{61C}", "abc"),
            ("\u{FEFF}Ada\u{200B}\u{AD}\u{2060} Marsh\u{200D}", "Ada Marsh"),
            ("a\nb\u{B}c\r\nd\te", "a b c d e"),
            ("\u{200B}\u{2063}\u{3164}\u{2800}\u{301} \u{FE0F}", ""),
            ("to\u{FE0F}p", "top"),
        ] {
            assert_eq!(one_line(typed).as_deref(), Ok(kept), "{typed:?}");
        }
        for good in [
            "Ada Marsh",
            "عائشة الحداد",
            "می\u{200C}خواهم",
            "क्\u{200D}ष",
            "山田 太郎",
            "葛\u{E0100}城",
            "Zoë 👩\u{200D}💻 ❤\u{FE0F} 1\u{FE0F}\u{20E3}",
            "\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}",
            "O’Brien",
        ] {
            assert_eq!(one_line(good).as_deref(), Ok(good));
            assert_eq!(lines(good).as_deref(), Ok(good));
        }
        assert_eq!(
            lines("\u{FEFF}a\r\nb\rc\u{B}d\u{C}e\u{2028}f\tg\n").as_deref(),
            Ok("a\nb\nc\nd\ne\nf\tg")
        );
        assert_eq!(lines("a\0b").as_deref(), Ok("ab"));
        assert!(one_line("a\u{FFFD}b").is_err() && lines("\u{FFFD}").is_err());
    }

    #[test]
    fn what_is_not_seen_parts_no_word() {
        assert_eq!(words("trans\u{AD}for\u{200B}ma\u{2060}tion\u{200E} now\u{FEFF}"), " transformation now");
        assert_eq!(words("می\u{200C}خواهم"), words("میخواهم"));
    }

    #[test]
    fn names_that_look_alike_have_one_look() {
        for alike in [
            "Аdа Маrsh",
            "ADA MARSH",
            "Ada  Rnarsh",
            "Adá Marsh",
            "AdaMarsh",
            "Αda Mаrsh",
            "Ad\u{200B}a Marsh",
        ] {
            assert_eq!(look(alike), look("Ada Marsh"), "{alike}");
        }
        assert_eq!(look("IAN HILL"), look("lan Hi11"));
        for other in ["Ada Harsh", "Eda Marsh", "Ada March", "山田"] {
            assert_ne!(look(other), look("Ada Marsh"), "{other}");
        }
        assert_ne!(look("山田 太郎"), look("鈴木 一郎"));
    }
}
