//! What is typed: the texts that grow most when they are shown, put wherever something can be typed, as long as it is taken.

use super::{Reader, Tally};
use crate::bad_input::pages::{Offered, kind};
use crate::support::Answer;

/// A text of so many characters.
type Text = fn(usize) -> String;

/// Texts that grow when they are shown, by what makes them grow.
pub const GROWING: &[(&str, Text)] = &[
    ("tables that fill up", |length| {
        let columns = (length / 6).min(500);
        over(&format!("{}\n{}\n", "|a".repeat(columns), "|-".repeat(columns)), "|\n", length)
    }),
    ("signs that are escaped", |length| over("", "&\"<'", length)),
    ("addresses repeated", |length| {
        over(&format!("[a]: https://example.com/{}\n\n", "x".repeat(length / 2)), "[a] ", length)
    }),
    ("short links", |length| over("", "<http://a>", length)),
    ("one sign that stands for eighteen", |length| over("", "\u{FDFA} ", length)),
    ("emphasis", |length| over("", "*a* ", length)),
    ("rules and headings", |length| over("", "---\n\n# a\n\n", length)),
    ("tables in quotes", |length| {
        let columns = (length / 8).min(200);
        over(&format!("> {}\n> {}\n", "|a".repeat(columns), "|-".repeat(columns)), "> |\n", length)
    }),
    ("nested lists", |length| over("", "- - - - - - - - a\n", length)),
    ("different words", |length| {
        let mut words = String::new();
        for n in 0.. {
            if words.len() >= length {
                break;
            }
            words.push_str(&format!("{n:x} "));
        }
        over(&words, " ", length)
    }),
];

/// The most that forms take, from the longest on.
const LENGTHS: [usize; 9] = [37_000, 20_000, 5_000, 2_000, 600, 500, 200, 60, 20];
/// How often a form is sent that is taken.
const AGAIN: usize = 4;

/// A beginning, and something over and over, to a length in characters; cut off where it must be.
fn over(beginning: &str, again: &str, length: usize) -> String {
    let text: String = beginning.chars().chain(again.chars().cycle()).take(length).collect();
    // What is trimmed away would be missing.
    text.trim_end().to_owned()
}

/// What a page says is wrong.
fn why(answer: &Answer) -> String {
    let said: Vec<String> = answer.texts(".error, .error-summary li").into_iter().take(3).collect();
    format!("{} {}", answer.status, said.join("; "))
}

fn pair(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

fn entry(title: String, text: &str, links: &str) -> Vec<(String, String)> {
    let mut fields = vec![
        pair("intent", "publish"),
        pair("confirm_duplicate", "true"),
        pair("title", title),
        pair("from_month", "3"),
        pair("from_year", "2026"),
        pair("ongoing", "true"),
        pair("audience", "dossier"),
        pair("capability", "cross-domain-leadership"),
        pair("criterion", "cross-domain-leadership/lasting-conflict-resolution"),
        pair("links", links),
    ];
    for name in ["situation", "action", "impact", "domain_cost"] {
        fields.push(pair(name, text));
    }
    fields
}

/// Shares a dossier with the committee, and logs entries that are full: of texts in many revisions, of updates, and of
/// people who are asked by link. Gives the paths of the links.
pub async fn evidence(owner: &mut Reader, round: u64, text: Text, tally: &mut Tally) -> Vec<String> {
    owner.post("/settings/sharing", &[pair("sharing", "committee")], tally).await;
    let title = |what: &str| format!("{what} {round} {}", text(150)).replace(['\n', '|'], "&");
    let address = format!("https://example.com/?{}", "&a".repeat(980));
    let links = (0..20).map(|n| format!("{address}{n}")).collect::<Vec<_>>().join("\n");
    let full = entry(title("Full"), &text(37_400), &links);
    let first = owner.post("/evidence", &full, tally).await;
    if !first.status.is_redirection() {
        tally.wrong.push(format!("an entry that is full is not taken: {}", why(&first)));
        return Vec::new();
    }
    let path = first.location().to_owned();
    for revision in 1..12 {
        let mut other = entry(title("Full"), &text(37_400 - 20 * revision).replace('a', "b"), &links);
        other.push(pair("revision", revision.to_string()));
        owner.post(&path, &other, tally).await;
    }
    let bare = entry(title("Updated"), "", "");
    let updated = owner.post("/evidence", &bare, tally).await.location().to_owned();
    for (number, length) in [(195, 700), (1, 13_000)] {
        for n in 0..number {
            let said = text(length);
            let fields = [pair("on", "2026-11-01"), pair("text", format!("{n} {said}"))];
            owner.post(&format!("{updated}/updates"), &fields, tally).await;
        }
    }
    let mut named = entry(title("Named"), &text(20_000), "");
    for n in 0..30 {
        let name = format!("{n} {round} {}", text(180)).replace('\n', " ");
        named.extend([
            pair("person", name),
            pair("as", "partner"),
            pair("organization", "external"),
            pair("works_at", text(190).replace('\n', " ")),
            pair("level", ""),
            pair("domain", ""),
        ]);
    }
    let named = owner.post("/evidence", &named, tally).await;
    if named.status.is_redirection() {
        let path = named.location().to_owned();
        owner.get(&path, tally).await;
        return asked(owner, &path, tally).await;
    }
    tally.wrong.push(format!("thirty people are not taken: {}", why(&named)));
    Vec::new()
}

/// Asks those whom an entry names, as long as that is allowed, and gives the paths of their links.
async fn asked(owner: &mut Reader, entry: &str, tally: &mut Tally) -> Vec<String> {
    let requests = format!("{entry}/requests");
    owner.get(&requests, tally).await;
    let form = owner.found.forms().find(|form| form.posts && form.action == requests).cloned();
    let people = form.into_iter().flat_map(|form| form.fields).filter(|field| field.name == "person");
    let people: Vec<String> =
        people.flat_map(|field| field.choices).filter(|choice| choice != "other").collect();
    let mut links = Vec::new();
    for person in people {
        let fields = [pair("question", "happened"), pair("person", person)];
        let answer = owner.post(&requests, &fields, tally).await;
        let link = answer.body.split("/answers/").nth(1).and_then(|rest| rest.split(['<', '"']).next());
        links.extend(link.map(|token| format!("/answers/{token}")));
    }
    links
}

/// Forms that would end what is tried.
fn ends_something(action: &str) -> bool {
    [
        "sign-out",
        "sign-in",
        "end",
        "removal",
        "withdrawal",
        "disabled",
        "roles",
        "theme",
        "merges",
        "reversal",
        "aim",
        "sharing",
    ]
    .iter()
    .any(|word| action.contains(word))
}

/// Fills every form that was found, with as long a text as it takes, a few times.
pub async fn forms(reader: &mut Reader, text: Text, tally: &mut Tally) {
    let forms: Vec<Offered> = reader.found.forms().filter(|form| form.posts).cloned().collect();
    for form in forms.iter().filter(|form| !ends_something(&form.action)) {
        let mut taken = 0;
        // What one of its kind did not take, this one does not either.
        let mut at = reader.lengths.get(&kind(&form.action)).copied().unwrap_or_default();
        while at < LENGTHS.len() && taken < AGAIN {
            let fields = filled(form, &text(LENGTHS[at]), taken);
            let answer = reader.post(&form.action, &fields, tally).await;
            if answer.status.is_redirection() || answer.status.is_success() {
                taken += 1;
                reader.lengths.insert(kind(&form.action), at);
            } else if answer.status == 422 {
                at += 1;
            } else {
                break;
            }
        }
    }
}

/// A form with a text wherever one can be typed, and something chosen wherever there is a choice.
fn filled(form: &Offered, text: &str, turn: usize) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for field in &form.fields {
        let chosen =
            field.choices.iter().filter(|choice| !choice.is_empty()).nth(turn % field.choices.len().max(1));
        let value = match (
            chosen.or_else(|| field.choices.iter().rfind(|choice| !choice.is_empty())),
            field.name.as_str(),
        ) {
            (Some(choice), _) => choice.clone(),
            (None, _) if field.hidden => field.value.clone(),
            (None, "on" | "due" | "from" | "to") => "2026-11-01".to_owned(),
            (None, "on_day" | "from_day" | "to_day") => "1".to_owned(),
            (None, "on_month" | "from_month" | "to_month") => "11".to_owned(),
            (None, "on_year" | "from_year" | "to_year") => "2026".to_owned(),
            (None, "email") => String::new(),
            (None, _) if field.choices.is_empty() => format!("{turn} {text}"),
            (None, _) => continue,
        };
        fields.push((field.name.clone(), value));
    }
    fields
}
