//! Finding the two people whom an admin means, and those who are perhaps one.

use std::collections::{BTreeMap, HashMap, HashSet};

use uuid::Uuid;

use crate::people;
use crate::people::store::Person;
use crate::text;

/// Everybody, by name.
pub(super) struct Everybody {
    pub(super) people: Vec<Person>,
    /// How many share a normalised name.
    namesakes: HashMap<String, usize>,
}

/// The words of a name in any order: `Raman, Priya` is `Priya Raman`.
fn normalised(name: &str) -> String {
    let words = text::words(name);
    let mut words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.join(" ")
}

impl Everybody {
    pub(super) fn new(people: Vec<Person>) -> Everybody {
        let mut namesakes = HashMap::new();
        for person in &people {
            *namesakes.entry(normalised(&person.name)).or_default() += 1;
        }
        Everybody { people, namesakes }
    }

    /// What stands for somebody in the form: their name, and the end of their id where others bear it too.
    pub(super) fn handle(&self, person: &Person) -> String {
        if self.namesakes.get(&normalised(&person.name)).is_some_and(|number| *number > 1) {
            format!("{} #{}", person.name, people::ending(person.id))
        } else {
            person.name.clone()
        }
    }

    /// The same, of an id; empty for nobody.
    pub(super) fn handle_of(&self, id: Uuid) -> String {
        self.people
            .iter()
            .find(|person| person.id == id)
            .map(|person| self.handle(person))
            .unwrap_or_default()
    }

    /// The one person whom a name, a choice, an id or the address of a page means.
    pub(super) fn find(&self, typed: &str) -> Result<&Person, String> {
        let last = typed.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let id = Uuid::try_parse(last).ok();
        let end = typed.rsplit_once('#').map(|(_, end)| end);
        let words = normalised(typed);
        let meant = |person: &&Person| match (id, end) {
            (Some(id), _) => person.id == id,
            (None, Some(end)) => people::ending(person.id) == end,
            (None, None) => normalised(&person.name) == words,
        };
        let found: Vec<&Person> = self.people.iter().filter(meant).collect();
        let shown: String = typed.chars().take(60).collect();
        match found[..] {
            [one] => Ok(one),
            [] => Err(format!(
                "Nobody is known as “{shown}”. Choose from the list, or paste the address of their page."
            )),
            _ => Err(format!("Several people are called “{shown}”. Choose the right one from the list.")),
        }
    }

    /// Pairs who share a normalised name and of whom nobody has said that they are two.
    pub(super) fn perhaps_one(&self, told_apart: &[(Uuid, Uuid)]) -> Vec<(&Person, &Person)> {
        let told_apart: HashSet<(Uuid, Uuid)> = told_apart.iter().copied().collect();
        let mut by_name: BTreeMap<String, Vec<&Person>> = BTreeMap::new();
        for person in &self.people {
            by_name.entry(normalised(&person.name)).or_default().push(person);
        }
        let mut pairs = Vec::new();
        for same in by_name.values() {
            for (place, one) in same.iter().enumerate() {
                for other in &same[place + 1..] {
                    if !told_apart.contains(&(one.id.min(other.id), one.id.max(other.id))) {
                        pairs.push((*one, *other));
                    }
                }
            }
        }
        pairs
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::Everybody;
    use crate::people::Organization;
    use crate::people::store::Person;

    fn person(id: u128, name: &str) -> Person {
        let id = Uuid::from_u128(id);
        Person { id, name: name.into(), organization: Organization::Internal, works_at: None }
    }

    #[test]
    fn namesakes_are_those_whose_names_have_the_same_words() {
        let everybody = Everybody::new(vec![
            person(1, "Zoë Müller"),
            person(2, "MULLER, Zoe"),
            person(3, "Zoe Mueller"),
            person(4, "Sam Lee"),
            person(5, "Sam Lee"),
        ]);
        let ids = |told: &[(Uuid, Uuid)]| -> Vec<(u128, u128)> {
            everybody
                .perhaps_one(told)
                .iter()
                .map(|(one, other)| (one.id.as_u128(), other.id.as_u128()))
                .collect()
        };
        assert_eq!(ids(&[]), [(4, 5), (1, 2)]);
        assert_eq!(ids(&[(Uuid::from_u128(4), Uuid::from_u128(5))]), [(1, 2)]);
        assert_eq!(everybody.find("zoe mueller").map(|found| found.id.as_u128()), Ok(3));
        assert!(everybody.find("Sam Lee").is_err());
        assert_eq!(everybody.find(&everybody.handle_of(Uuid::from_u128(5))).map(|p| p.id.as_u128()), Ok(5));
        assert!(everybody.find("").is_err());
    }
}
