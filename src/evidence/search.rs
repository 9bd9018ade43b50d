//! Full-text search, alike on both databases.
//!
//! A search always looks within one dossier, which holds some hundreds of entries. So an entry keeps its own words,
//! normalised and each with a space before it (`entries.search_words`), and every word of a query is the beginning of one
//! of them: `search_words like '% word%'`. Both engines agree by construction, where their own full-text searches
//! differ in stemming, stop words and accents; and no index is needed for so few rows.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Most words of a query that are looked at.
const MOST_WORDS: usize = 20;

/// The words of some texts as they are kept: distinct, normalised, each with a space before it.
pub fn words<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut distinct = BTreeSet::new();
    for text in texts {
        each_word(text, |word| {
            if !distinct.contains(word) {
                distinct.insert(word.to_owned());
            }
        });
    }
    let mut kept = String::with_capacity(distinct.iter().map(|word| word.len() + 1).sum());
    for word in distinct {
        kept.push(' ');
        kept.push_str(&word);
    }
    kept
}

/// A pattern for `like` for each word of a query. A query without any word has none.
pub fn patterns(query: &str) -> Vec<String> {
    let mut patterns = Vec::new();
    // Words are of letters and digits alone, so that none of them holds a sign that `like` takes for a wildcard.
    each_word(query, |word| patterns.push(format!("% {word}%")));
    patterns.truncate(MOST_WORDS);
    patterns
}

/// Calls back with every word: compatibility forms undone, marks dropped, in lower case, a run of letters and digits.
/// Scripts that put no spaces between words are taken character by character.
fn each_word(text: &str, mut found: impl FnMut(&str)) {
    let mut word = String::new();
    let mut end = |word: &mut String| {
        if !word.is_empty() {
            found(word);
            word.clear();
        }
    };
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        if is_combining_mark(c) {
            // Some letters gain a mark in lower case.
        } else if stands_alone(c) {
            end(&mut word);
            word.push(c);
            end(&mut word);
        } else if c.is_alphanumeric() {
            word.push(c);
        } else {
            end(&mut word);
        }
    }
    end(&mut word);
}

/// Ideographs and kana.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}')
        && c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::{patterns, words};

    #[test]
    fn words_are_normalised_and_stand_once() {
        assert_eq!(words(["Zoë’s ﬁrst RFC-12", "the RFC"]), " 12 first rfc s the zoe");
        assert_eq!(words(["山田 payments"]), " payments 山 田");
        assert_eq!(words(["", " —!"]), "");
    }

    #[test]
    fn a_query_is_the_beginning_of_every_word() {
        assert_eq!(patterns("Pay  MÜN"), ["% pay%", "% mun%"]);
        assert_eq!(patterns("100%_"), ["% 100%"]);
        assert!(patterns("%%__ '").is_empty());
        assert_eq!(patterns(&"a ".repeat(99)).len(), 20);
    }
}
