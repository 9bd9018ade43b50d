//! Whether an entry looks like one that is there already: the same dates and a near title.

use similar::TextDiff;

use super::search;

/// How alike two titles' words must be, of 1.
const NEAR: f32 = 0.75;

/// How much of two titles' words is compared: a single sign can stand for many in its plain form.
const COMPARED: usize = 400;

/// Whether two titles say nearly the same: their normalised words, without regard to order.
pub fn titles(a: &str, b: &str) -> bool {
    let beginning = |text| search::words([text]).chars().take(COMPARED).collect::<String>();
    let (a, b) = (beginning(a), beginning(b));
    a == b || !a.is_empty() && !b.is_empty() && TextDiff::from_chars(&a, &b).ratio() >= NEAR
}

#[cfg(test)]
mod tests {
    use super::titles;

    #[test]
    fn near_titles_are_found_and_others_are_not() {
        assert!(titles("Keynote at PayConf", "keynote at Payconf!"));
        assert!(titles("One hiring plan instead of four", "One hiring plan in place of four"));
        assert!(!titles("Keynote at PayConf", "Settled customer identity"));
        assert!(!titles("Chaired the October review", "Gave Priya the incident programme"));
        assert!(titles("…", "—"));
    }
}
