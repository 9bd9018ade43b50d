//! Leaders who are known already and have no account: whom an admin can choose for a new one, so that somebody named in
//! evidence becomes an account holder and isn't there twice.

use std::collections::HashMap;

use uuid::Uuid;

use crate::db::{Result, Tx};
use crate::people;
use crate::people::store::Person;
use crate::text;

/// All of them, by name.
#[derive(Clone, Debug, Default)]
pub struct Leaders {
    people: Vec<Person>,
    /// How many share a normalised name.
    namesakes: HashMap<String, usize>,
}

impl Leaders {
    /// Loads them.
    pub async fn load(tx: &mut Tx) -> Result<Leaders> {
        let people = people::store::without_account(tx).await?;
        let mut namesakes = HashMap::new();
        for person in &people {
            *namesakes.entry(text::words(&person.name)).or_default() += 1;
        }
        Ok(Leaders { people, namesakes })
    }

    /// What stands for each in the form, and what tells them apart to the eye.
    pub fn choices(&self) -> Vec<(String, &str)> {
        self.people.iter().map(|person| (self.handle(person), person.organization.title())).collect()
    }

    /// The name, with the end of the id where others bear it too.
    fn handle(&self, person: &Person) -> String {
        if self.namesakes.get(&text::words(&person.name)).is_some_and(|number| *number > 1) {
            format!("{} #{}", person.name, people::ending(person.id))
        } else {
            person.name.clone()
        }
    }

    /// The one leader whom a name, a choice or the address of a page means.
    ///
    /// # Errors
    /// Says that there is nobody, or that there are several, for whoever typed it.
    pub fn find(&self, typed: &str) -> std::result::Result<&Person, String> {
        let typed = typed.trim();
        let last = typed.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let id = Uuid::try_parse(last).ok();
        let end = typed.rsplit_once('#').map(|(_, end)| end);
        let words = text::words(typed);
        let meant = |person: &&Person| match (id, end) {
            (Some(id), _) => person.id == id,
            (None, Some(end)) => people::ending(person.id) == end,
            (None, None) => text::words(&person.name) == words,
        };
        let found: Vec<&Person> = self.people.iter().filter(meant).collect();
        let shown: String = typed.chars().take(60).collect();
        match found[..] {
            [one] => Ok(one),
            [] => Err(format!(
                "Nobody without an account is known as “{shown}”. Choose from the list, or leave this empty to add somebody new."
            )),
            _ => Err(format!("Several people are called “{shown}”. Choose the right one from the list.")),
        }
    }
}
