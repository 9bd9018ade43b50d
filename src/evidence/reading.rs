//! Judging what an entry is to say: its texts and links as they are kept, the guide, and the people known. All faults are found
//! at once.

use uuid::Uuid;

use super::dossiers::Dossier;
use super::input::EntryInput;
use super::naming::{self, Known, Reading};
use super::{Content, Entry, Status, developed, rules};
use crate::accounts::Actor;
use crate::db::Tx;
use crate::error::{Faults, Given, Path, Result};
use crate::instance::Instance;
use crate::{people, text};

/// The fields in the order of the page, but for those that come last.
const IN_ORDER: [&str; 9] =
    ["title", "from", "to", "capabilities", "situation", "action", "impact", "domain_cost", "people"];

/// Everything but the people, as it is kept: its texts and links are cleaned.
pub fn content(given: &Content, faults: &mut Faults) -> Content {
    let mut content = given.clone();
    content.title = faults.take("title", text::one_line(&given.title)).unwrap_or_default();
    let narratives = [
        ("situation", &mut content.situation),
        ("action", &mut content.action),
        ("impact", &mut content.impact),
        ("domain_cost", &mut content.domain_cost),
    ];
    for (field, narrative) in narratives {
        *narrative = faults.take(field, text::lines(narrative)).unwrap_or_default();
    }
    content.links = links(&given.links, faults);
    content
}

fn links(typed: &[String], faults: &mut Faults) -> Vec<String> {
    let mut links = Vec::new();
    for typed in typed {
        if links.len() > rules::LINKS {
            // Too many already, which is said once; the rest needs no look.
            break;
        }
        match link(typed) {
            Ok(url) if links.contains(&url) => {}
            Ok(url) => links.push(url),
            Err(message) => {
                // One fault for the field is enough: the first says what is asked for.
                faults.add("links", message);
                break;
            }
        }
    }
    links
}

/// An address as it is kept, which is longer than it was typed where it holds more than ASCII. It counts as it is kept.
fn link(typed: &str) -> std::result::Result<String, String> {
    let typed = text::one_line(typed)?;
    let shown: String = typed.chars().take(60).collect();
    let url = match url::Url::parse(&typed) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => String::from(url),
        _ => {
            return Err(format!(
                "“{shown}” is not a link. Write one a line, each beginning with https:// or http://."
            ));
        }
    };
    match url.len() {
        length if length > rules::LINK => Err(format!(
            "A link has at most {} characters. “{shown}…” has {length} as it is kept, where letters outside a to z take \
             six or more. Shorten it, or leave out what follows the “?”.",
            rules::LINK
        )),
        _ => Ok(url),
    }
}

/// What is kept of an entry in a status, and whom it names. Who came to be since the people were looked up, by the same form in
/// another tab, is found as well.
///
/// # Errors
/// [`crate::error::Error::Invalid`] with all faults, those of `given` among them.
#[expect(clippy::too_many_arguments, reason = "each is a fact that the reading depends on")]
pub(super) async fn read(
    tx: &mut Tx,
    instance: &Instance,
    actor: &Actor,
    dossier: &Dossier,
    given: &Given<EntryInput>,
    (entry, mut known): (Option<&Entry>, Known),
    status: Status,
    lenient: bool,
) -> Result<(Content, Reading)> {
    let framework = dossier.framework()?;
    let today = instance.today();
    let people = &given.input.people;
    let mut faults = given.faults.clone();
    let mut content = content(&given.input.content, &mut faults);
    rules::settle(&mut content, framework);
    let mut named = Faults::default();
    let mut reading = naming::read(people, &known, actor, framework, lenient, &mut named);
    let ids: Vec<Uuid> = reading.known().iter().map(|named| named.person).collect();
    if named.0.is_empty()
        && (reading.new_people() > 0 || !people::store::are_all_there(tx, &distinct(ids)).await?)
    {
        known = Known::load(tx, actor, entry.map(|entry| entry.id), today).await?;
        reading = naming::read(people, &known, actor, framework, lenient, &mut named);
    }
    faults.0.append(&mut named.0);
    if people.len() > rules::PEOPLE {
        faults.add("people", "An entry names at most 30 people. Name those who mattered most.");
    }
    for fault in rules::faults(&content, status, framework, actor.last_day(instance)) {
        // What could not be read at all is said once.
        if !faults.has(&fault.field) {
            faults.0.push(fault);
        }
    }
    // Whoever is named in a draft is named to nobody.
    if let (Status::Final, Some(from)) = (status, content.from) {
        let named: Vec<Uuid> = reading.developed().iter().map(|(_, person)| *person).collect();
        let above = developed::above(tx, dossier, from, today, &named).await?;
        for (place, person) in reading.developed() {
            if let Some(found) = above.iter().find(|found| found.person == *person) {
                let name = known.people.iter().find(|known| known.id == *person);
                let name = name.map_or("This person", |known| known.name.as_str());
                faults.add(Path::at("people", *place, "name"), found.said_of(name));
            }
        }
    }
    faults.in_order(&IN_ORDER);
    faults.done(Some((content, reading)))
}

fn distinct(mut ids: Vec<Uuid>) -> Vec<Uuid> {
    ids.sort_unstable();
    ids.dedup();
    ids
}

#[cfg(test)]
mod tests {
    use super::link;

    #[test]
    fn links_are_web_addresses_alone() {
        assert!(link("https://example.com/rfc?a=b#c").is_ok());
        for bad in [
            "javascript:alert(1)",
            "ftp://example.com",
            "example.com",
            "https://",
            "data:text/html,x",
            "//x.example",
        ] {
            assert!(link(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_link_counts_as_it_is_kept() {
        let fits = format!("https://example.com/{}", "a".repeat(1980));
        assert_eq!(link(&fits).map(|url| url.len()), Ok(2000));
        assert!(link(&format!("{fits}a")).is_err());
        // 700 letters, and 4,200 as an address holds them.
        assert!(
            link(&format!("https://example.com/{}", "ä".repeat(700)))
                .is_err_and(|said| said.contains("4220"))
        );
        assert!(link("https://example.com/\u{202E}a").is_ok_and(|url| url == "https://example.com/a"));
    }
}
