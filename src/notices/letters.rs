//! Letters to addresses: for somebody without an account, or that can't wait for a digest. They are bounded twice, so that
//! nobody is written to without end. An account posts so many a day, and is told when it can't post more. And so many a day leave
//! for one address, whoever posts them; the rest wait their turn, of which nobody is told: it would say what others do.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Kind, sending, store};
use crate::audit::Change;
use crate::db::{Result, Tx};
use crate::jobs::{self, New};
use crate::text;

/// The most letters that one account posts within a day.
const FROM_ONE: u64 = 20;
/// The most of them to one address.
const FROM_ONE_TO_ONE: u64 = 3;
/// The most letters that leave for one address within a day.
pub(super) const TO_ONE: i64 = 5;
/// What a day is here, whenever it begins.
const DAY: TimeDelta = TimeDelta::days(1);

/// A letter. It holds no prose of evidence, and its text is blanked once it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The account that posts it.
    pub by: Uuid,
    /// The address.
    pub to: String,
    /// What kind of thing it tells.
    pub kind: Kind,
    /// What it is about.
    pub about: Uuid,
    /// Its subject.
    pub subject: String,
    /// Its text, plain.
    pub text: String,
}

/// Why an account can't post one more letter to an address, in a sentence for its owner; none when it can. Only what the
/// account itself has posted decides.
pub async fn too_many(tx: &mut Tx, by: Uuid, to: &str, now: DateTime<Utc>) -> Result<Option<String>> {
    let (all, to_one) = store::posted(tx, by, to, now - DAY).await?;
    let most = if to_one >= FROM_ONE_TO_ONE {
        format!("You have written to this address {FROM_ONE_TO_ONE} times within a day")
    } else if all >= FROM_ONE {
        format!("You have had {FROM_ONE} letters sent within a day")
    } else {
        return Ok(None);
    };
    Ok(Some(format!(
        "{most}, which is the most. Leave it empty and hand the link over yourself, or ask again tomorrow."
    )))
}

/// Posts a letter within a change. It leaves as soon as there is a mail server to take it, and its address has had few
/// enough that day.
pub async fn post(change: &mut Change<'_>, letter: Letter) -> Result<()> {
    let at = change.at();
    let id = change.new_id();
    // Two who write to one address at one moment are counted one after the other.
    store::lock_address(change.tx(), &letter.to).await?;
    let turn = store::turn(change.tx(), &letter.to).await?;
    let due = turn.map_or(at, |earlier| at.max(earlier + DAY));
    store::insert_letter(change.tx(), id, &letter, at, due).await?;
    let job = New::of::<sending::Letter>(change.new_id(), id.to_string(), Some(id), &(), due);
    jobs::add(change.tx(), job, at).await.map(drop)
}

/// Withdraws the letters about something that are not sent yet.
pub async fn recall(change: &mut Change<'_>, about: Uuid) -> Result<()> {
    recall_all(change, &[about]).await
}

/// As [`recall`], about many things.
pub async fn recall_all(change: &mut Change<'_>, about: &[Uuid]) -> Result<()> {
    let at = change.at();
    store::recall(change.tx(), about, at).await?;
    // Nor is it news that one of them did not arrive.
    store::settle_all(change.tx(), &[Kind::Undelivered], about, at).await
}

/// The longest that is shown in a mail of what somebody is called, in characters.
const CALLED: usize = 80;

/// What somebody calls themselves or another, as it stands in a mail: on one line, cut, and with nothing in it that a mail
/// program makes a link of. A name is its sender's word; what a mail opens with and leads to is ours.
pub fn called(name: &str) -> String {
    let line = text::one_line(&name.replace('\u{FFFD}', "?")).unwrap_or_default();
    let mut called = String::new();
    let mut before: Option<char> = None;
    let mut rest = line.chars().take(CALLED).peekable();
    while let Some(c) = rest.next() {
        // `Dr. Marsh` has a space after its dot, and `J.R. Marsh` a letter alone: neither is a host.
        let parts =
            before.is_some_and(char::is_alphanumeric) && rest.peek().is_some_and(|c| c.is_alphanumeric());
        match c {
            '.' | '。' | '．' | '｡' | '․' if parts => called.push_str("[.]"),
            '@' | '＠' if parts => called.push_str("[at]"),
            ':' if rest.peek() == Some(&'/') => called.push_str("[:]"),
            '“' | '”' | '"' => called.push('\''),
            c => called.push(c),
        }
        before = Some(c);
    }
    if line.chars().count() > CALLED {
        called.push('…');
    }
    called
}

/// The part of a letter in which its sender has the word: who they say they are, and whom they write to.
pub fn in_their_words(sender: &str, receiver: &str) -> String {
    format!(
        "What the person who writes goes by, and what they call you, is their own word:\n\n\
         > From: {}\n> To: {}\n\nIf that is not you, there is nothing for you to do.\n",
        called(sender),
        called(receiver)
    )
}

#[cfg(test)]
mod tests {
    use super::called;

    #[test]
    fn a_name_in_a_mail_leads_nowhere() {
        for (name, shown) in [
            ("Ada Marsh", "Ada Marsh"),
            ("Dr. J. R. Marsh", "Dr. J. R. Marsh"),
            ("see https://evil.example/x", "see https[:]//evil[.]example/x"),
            ("www.evil.example", "www[.]evil[.]example"),
            ("kim@evil.example", "kim[at]evil[.]example"),
            ("evil。example", "evil[.]example"),
            ("mailto:kim", "mailto:kim"),
            ("Ada\r\nBcc: kim@evil.example", "Ada Bcc: kim[at]evil[.]example"),
            ("Ada\u{202E} “Marsh”", "Ada 'Marsh'"),
        ] {
            assert_eq!(called(name), shown);
        }
        let long = called(&"x".repeat(200));
        assert_eq!(long.chars().count(), 81, "{long}");
    }
}
