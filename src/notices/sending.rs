//! The jobs that send mail: a letter, one notice at once, and an account's digest. What a mail says is gathered when it is
//! sent, so that nobody is told by mail what they may no longer see, or what is dealt with.

use std::pin::Pin;

use uuid::Uuid;

use super::store::{self, ToSend, Unmailed};
use super::{Delivery, Kind, Notice, called};
use crate::audit::{Change, Event};
use crate::db::{self, Tx};
use crate::error::Result;
use crate::instance::{Instance, Settings};
use crate::jobs::{self, Job, New, Outcome, Queue, Run, Taken};
use crate::mail::{Failure, Post, address};

/// The most lines of a digest; the inbox has the rest.
const LINES: usize = 30;

/// Sends a letter.
pub struct Letter;
/// Mails one notice at once.
pub struct AtOnce;
/// Mails an account what is new.
pub struct Digest;
/// Prepares the day's digests.
pub struct Digests;

impl Job for Letter {
    const NAME: &'static str = "letter";
    const QUEUE: Queue = Queue::Mails;
    type Payload = ();

    async fn run(run: Run, (): ()) -> Result<Outcome> {
        send(&run).await
    }
}

impl Job for AtOnce {
    const NAME: &'static str = "notice";
    const QUEUE: Queue = Queue::Mails;
    type Payload = ();

    async fn run(run: Run, (): ()) -> Result<Outcome> {
        send(&run).await
    }
}

impl Job for Digest {
    const NAME: &'static str = "digest";
    const QUEUE: Queue = Queue::Mails;
    type Payload = ();

    async fn run(run: Run, (): ()) -> Result<Outcome> {
        send(&run).await
    }
}

impl Job for Digests {
    const NAME: &'static str = "digests";
    const QUEUE: Queue = Queue::Chores;
    type Payload = ();

    fn daily_from(settings: &Settings) -> Option<u32> {
        settings.mail.as_ref().map(|mail| mail.digest_hour)
    }

    async fn run(run: Run, (): ()) -> Result<Outcome> {
        prepare_digests(&run.instance).await
    }
}

/// A mail with what it carries.
struct Carrying {
    post: Post,
    /// The letter, where it is one.
    letter: Option<(Uuid, ToSend)>,
    /// The notices.
    notices: Vec<Uuid>,
}

/// Does one of the jobs that send mail. No transaction is held while the server is talked to.
async fn send(Run { instance, mailer, job }: &Run) -> Result<Outcome> {
    let Some(mail) = gathered(instance, job).await? else { return Ok(Outcome::Done) };
    let Some(mailer) = mailer else {
        return Ok(Outcome::Later("There is no mail server.".into()));
    };
    let outcome = match mailer.send(&mail.post).await {
        Ok(()) => Outcome::Done,
        Err(Failure::Later(why)) => Outcome::Later(why),
        Err(Failure::Refused { why, told }) => {
            if let Some((id, letter)) = &mail.letter {
                tell_poster(instance, job, (*id, letter), &told).await?;
            }
            Outcome::Refused(why)
        }
    };
    if let Outcome::Later(why) | Outcome::Refused(why) = &outcome {
        tracing::warn!(job.id = %job.id, job.name, "a mail was not taken: {why}");
    }
    let now = instance.now();
    let mut tx = instance.db.write().await?;
    if outcome == Outcome::Done {
        if let Some((id, letter)) = mail.letter {
            store::letter_sent(&mut tx, id, now).await?;
            // It was refused before, and taken when it was tried again.
            store::settle_all(&mut tx, &[Kind::Undelivered], &[letter.about], now).await?;
        }
        store::mailed(&mut tx, &mail.notices, now).await?;
    }
    // Who took it meanwhile says what came of it.
    if jobs::settle(&mut tx, job, &outcome, now).await? {
        tx.commit().await?;
    }
    Ok(Outcome::Settled)
}

/// Finds the entry that a letter is about, where whoever posted it sees to it.
pub type EntryOf =
    for<'t> fn(&'t mut Tx, Uuid) -> Pin<Box<dyn Future<Output = db::Result<Option<Uuid>>> + Send + 't>>;

/// Tells whoever posted a letter that the mail server refused it: they gave the address, and can mend it.
async fn tell_poster(
    instance: &Instance,
    job: &Taken,
    (id, letter): (Uuid, &ToSend),
    told: &str,
) -> Result<()> {
    let Some(to) = letter.posted_by else { return Ok(()) };
    let mut change = Change::begin(instance, job.origin()).await?;
    let path = match ((crate::ENTRY_OF_LETTER)(change.tx(), letter.about).await?, letter.kind) {
        (Some(entry), Kind::Named) => format!("/evidence/{entry}/named"),
        (Some(entry), _) => format!("/evidence/{entry}/requests"),
        (None, _) => "/inbox".to_owned(),
    };
    let words = format!(
        "The letter to {} could not be delivered: {told}. Check the address and ask again, or hand the link over yourself",
        address::shown(&letter.to_address)
    );
    let notice = Notice { to, kind: Kind::Undelivered, about: letter.about, by: None, path };
    super::keep(&mut change, None, vec![(notice, Some(words))]).await?;
    change.record(Event::LetterRefused, Some(id), &());
    change.commit().await
}

async fn gathered(instance: &Instance, job: &Taken) -> Result<Option<Carrying>> {
    let Some(about) = job.about else { return Ok(None) };
    let now = instance.now();
    let mut tx = instance.db.read().await?;
    if job.name == Letter::NAME {
        let letter = store::letter_to_send(&mut tx, about).await?;
        return Ok(letter.map(|letter| Carrying {
            post: Post {
                id: job.id,
                to: letter.to_address.clone(),
                subject: letter.subject.clone(),
                text: letter.text.clone(),
                at: now,
            },
            letter: Some((about, letter)),
            notices: Vec::new(),
        }));
    }
    let unmailed = if job.name == AtOnce::NAME {
        store::unmailed_one(&mut tx, about).await?
    } else {
        store::unmailed_of(&mut tx, about).await?
    };
    let accounts: Vec<Uuid> = unmailed.iter().map(|notice| notice.account).take(1).collect();
    let switches = store::Switches::of(&mut tx, &accounts).await?;
    drop(tx);
    let is_wanted = |notice: &Unmailed| switches.of_kind(notice.account, notice.kind) != Delivery::Off;
    let wanted: Vec<Unmailed> = unmailed.into_iter().filter(is_wanted).collect();
    let Some(first) = wanted.first() else { return Ok(None) };
    let subject = match wanted.as_slice() {
        [one] => one.sentence(),
        several => format!("{} things are new for you", several.len()),
    };
    Ok(Some(Carrying {
        post: Post {
            id: job.id,
            to: first.email.clone(),
            subject: format!("Evident: {subject}"),
            text: text(&instance.settings.url, &first.name, &wanted),
            at: now,
        },
        letter: None,
        notices: wanted.iter().map(|notice| notice.id).collect(),
    }))
}

/// A mail's text: what is new and links to it, and where to change what comes. It opens with our own words, and names in
/// it lead nowhere.
fn text(url: &str, name: &str, notices: &[Unmailed]) -> String {
    let name = called(name);
    let mut text = format!("This is new in Evident for {name}:\n\n");
    for notice in notices.iter().take(LINES) {
        text.push_str(&format!("{}:\n{url}{}\n\n", notice.sentence(), notice.path));
    }
    if notices.len() > LINES {
        text.push_str(&format!("And {} more:\n{url}/inbox\n\n", notices.len() - LINES));
    }
    text.push_str(&format!(
        "--\nEvident writes to you when somebody asks you something, or something is new for you. To get these mails \
         once a day, at once or not at all:\n{url}/settings#mail\n"
    ));
    text
}

/// Puts a job there for each account to which something is new.
async fn prepare_digests(instance: &Instance) -> Result<Outcome> {
    let now = instance.now();
    let day = instance.today();
    let mut tx = instance.db.read().await?;
    let accounts = store::accounts_with_news(&mut tx).await?;
    drop(tx);
    for some in accounts.chunks(200) {
        let mut tx = instance.db.write().await?;
        let job = |account: &Uuid| {
            let (id, key) = (instance.ids.new_id(now), format!("{day}/{account}"));
            New::of::<Digest>(id, key, Some(*account), &(), now)
        };
        jobs::add_all(&mut tx, &some.iter().map(job).collect::<Vec<_>>(), now).await?;
        tx.commit().await?;
    }
    Ok(Outcome::Done)
}
