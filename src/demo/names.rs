//! Names for the people of the demo, no two alike.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use super::dice::Dice;

/// Given and family names that often go together.
#[derive(Deserialize)]
struct Group {
    first: Vec<String>,
    last: Vec<String>,
}

#[derive(Deserialize)]
struct Lists {
    group: Vec<Group>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    toml::from_str(include_str!("prose/names.toml")).expect("the demo's names are well-formed")
});

/// Hands out names, each once.
#[derive(Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    given: HashSet<&'static str>,
    next_group: usize,
}

impl Names {
    /// A name that nobody has yet, and while there are few people, a given name that nobody has. Groups take turns; once one is worn out, families mix, and then initials help.
    pub(super) fn take(&mut self, dice: &mut Dice) -> String {
        let groups = &LISTS.group;
        self.next_group += 1 + dice.below(3);
        let group = &groups[self.next_group % groups.len()];
        for attempt in 0_usize.. {
            let family = if attempt < 8 { group } else { dice.pick(groups) };
            let (first, last) = (dice.pick(&group.first), dice.pick(&family.last));
            let name = if attempt < 40 {
                format!("{first} {last}")
            } else {
                let initial = char::from(b'A' + u8::try_from(dice.below(26)).unwrap_or(0));
                format!("{first} {initial}. {last}")
            };
            let familiar = self.given.contains(first.as_str()) && self.taken.len() < 120 && attempt < 40;
            if !familiar && self.taken.insert(name.clone()) {
                self.given.insert(first);
                return name;
            }
        }
        unreachable!("the loop ends only with a name")
    }
}

/// The part of a name that colleagues use.
pub(super) fn given(name: &str) -> &str {
    name.split(' ').next().unwrap_or(name)
}

/// A name as the local part of an address: `Åsa De Smet` is `asa.de.smet`.
pub(super) fn mailbox(name: &str) -> String {
    let mut mailbox = String::with_capacity(name.len());
    for letter in name.to_lowercase().nfd() {
        match letter {
            'a'..='z' | '-' => mailbox.push(letter),
            ' ' => mailbox.push('.'),
            'ø' => mailbox.push('o'),
            'ł' => mailbox.push('l'),
            'ı' => mailbox.push('i'),
            'đ' => mailbox.push('d'),
            'æ' => mailbox.push_str("ae"),
            'ß' => mailbox.push_str("ss"),
            _ => {}
        }
    }
    mailbox
}

#[cfg(test)]
mod tests {
    use super::super::dice::Purpose;
    use super::*;

    #[test]
    fn ten_thousand_people_have_names_of_their_own() {
        let mut dice = Dice::new(1, Purpose::People, 0);
        let mut names = Names::default();
        let all: HashSet<String> = (0..10_000).map(|_| names.take(&mut dice)).collect();
        assert_eq!(all.len(), 10_000);
    }

    #[test]
    fn mailboxes_are_plain() {
        assert_eq!(mailbox("Åsa De Smet"), "asa.de.smet");
        assert_eq!(mailbox("Paweł Østergaard"), "pawel.ostergaard");
        assert_eq!(mailbox("Elif Yılmaz"), "elif.yilmaz");
    }
}
