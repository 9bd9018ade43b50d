//! Full-text search, alike on both databases.
//!
//! A search always looks within one dossier, which holds some hundreds of entries. So an entry keeps its own words,
//! normalised and each with a space before it (`entries.search_words`), and every word of a query is the beginning of one
//! of them. It is looked for in what a list keeps of the dossier ([`super::list`]), so that both engines agree by construction, where
//! their own full-text searches differ in stemming, stop words and accents; and no index is needed for so few entries.

use std::collections::BTreeSet;

use crate::text;

/// Most words of a query that are looked at.
const MOST_WORDS: usize = 20;

/// The words of some texts as they are kept: distinct, in order, each with a space before it.
pub fn words<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut distinct = BTreeSet::new();
    for text in texts {
        let normalised = text::words(text);
        for word in each(&normalised) {
            if !distinct.contains(word) {
                distinct.insert(word.to_owned());
            }
        }
    }
    let mut kept = String::with_capacity(distinct.iter().map(|word| word.len() + 1).sum());
    for word in distinct {
        kept.push(' ');
        kept.push_str(&word);
    }
    kept
}

/// The words of a query as they are looked for, each with a space before it. A query may have none.
pub fn beginnings(query: &str) -> Vec<String> {
    each(&text::words(query)).take(MOST_WORDS).map(|word| format!(" {word}")).collect()
}

/// Whether an entry with these words is found: each word of the query begins one of them. Signs without a word are found
/// nowhere.
pub fn finds(beginnings: &[String], words: &str) -> bool {
    !beginnings.is_empty() && beginnings.iter().all(|beginning| words.contains(beginning))
}

/// The words of a normalised text.
fn each(normalised: &str) -> impl Iterator<Item = &str> {
    normalised.split(' ').filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{beginnings, finds, words};

    #[test]
    fn words_are_normalised_and_stand_once() {
        assert_eq!(words(["Zoë’s ﬁrst RFC-12", "the RFC"]), " 12 first rfc the zoes");
        assert_eq!(words(["山田 payments"]), " payments 山 田");
        assert_eq!(words(["", " —!"]), "");
    }

    #[test]
    fn a_query_is_the_beginning_of_every_word() {
        assert_eq!(beginnings("Pay  MÜN Straße"), [" pay", " mun", " strasse"]);
        assert_eq!(beginnings(&"a ".repeat(99)).len(), 20);
        let kept = words(["Müncheners pay at 100%"]);
        for (query, found) in
            [("MÜN pay", true), ("mün rent", false), ("ay", false), ("100%_", true), ("%%__ '", false)]
        {
            assert_eq!(finds(&beginnings(query), &kept), found, "{query}");
        }
    }
}
