//! Notices: what somebody is told or asked, in the app and by mail.
//!
//! A feature tells within its own change ([`tell`]), and settles what was dealt with ([`settle`]). A notice holds a kind,
//! what it is about, who it is by and where it is dealt with; its sentence is made when it is shown. A mail holds names
//! and links alone: never prose or a title of evidence.

pub mod actions;
mod kinds;
pub mod pages;
pub mod sending;
pub mod store;

pub use kinds::{Kind, Topic};

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::audit::Change;
use crate::db::Result;
use crate::jobs::{self, Job};

/// The job that sends a letter.
pub const LETTER: &str = "letter";
/// The job that mails one notice at once.
pub const NOTICE: &str = "notice";
/// The job that mails an account what is new.
pub const DIGEST: &str = "digest";

/// How an account hears of a topic.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
    serde::Serialize,
    sqlx::Type,
)]
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
#[sqlx(type_name = "text", rename_all = "kebab-case")]
pub enum Delivery {
    /// By no mail; a reminder not in the app either.
    Off,
    /// In one mail a day, with all else that is new.
    Digest,
    /// In a mail of its own, at once.
    AtOnce,
}

/// Something that an account is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The account that is told.
    pub to: Uuid,
    /// What kind of thing.
    pub kind: Kind,
    /// What it is about: a request, an entry, a dossier.
    pub about: Uuid,
    /// The person who asks or did it.
    pub by: Option<Uuid>,
    /// The same-site path where it is dealt with, such as `/requests/…`.
    pub path: String,
}

/// Tells an account within a change. A second notice of the same kind about the same thing, while the first is open,
/// changes nothing; nor does a reminder that the account has switched off.
pub async fn tell(change: &mut Change<'_>, notice: Notice) -> Result<()> {
    keep(change, notice, None).await
}

/// As [`tell`], for a reminder by the program itself that says a sentence of its own: in the framework's words, never in
/// anybody's prose.
pub async fn remind(change: &mut Change<'_>, notice: Notice, words: String) -> Result<()> {
    keep(change, notice, Some(words)).await
}

async fn keep(change: &mut Change<'_>, notice: Notice, words: Option<String>) -> Result<()> {
    let topic = notice.kind.topic();
    let delivery = store::delivery(change.tx(), notice.to, topic).await?;
    if delivery == Delivery::Off && topic.is_reminder() {
        return Ok(());
    }
    let at = change.at();
    let id = change.new_id();
    if store::insert(change.tx(), id, &notice, words, at).await? && delivery == Delivery::AtOnce {
        let job = Job { id: change.new_id(), name: NOTICE, key: id.to_string(), about: Some(id), due: at };
        jobs::add(change.tx(), job, at).await?;
    }
    Ok(())
}

/// What was asked has been dealt with, or is no longer there: it leaves the inbox of one account, or of all.
pub async fn settle(change: &mut Change<'_>, kind: Kind, about: Uuid, to: Option<Uuid>) -> Result<()> {
    let at = change.at();
    store::settle(change.tx(), kind, about, to, at).await
}

/// As [`settle`], whatever it is about: a check-in was made, so that none is due any more.
pub async fn settle_kind(change: &mut Change<'_>, kind: Kind, to: Uuid) -> Result<()> {
    let at = change.at();
    store::settle_kind(change.tx(), kind, to, at).await
}

/// What a reminder about a part of a dossier, such as one capability, is about.
pub fn about_part(dossier: Uuid, part: &str) -> Uuid {
    let digest = Sha256::new().chain_update(dossier.as_bytes()).chain_update(part.as_bytes()).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// A letter to somebody without an account, or that can't wait for a digest. It holds no prose of evidence, and its text
/// is blanked once it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
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

/// Posts a letter within a change. It leaves as soon as there is a mail server to take it.
pub async fn post(change: &mut Change<'_>, letter: Letter) -> Result<()> {
    let at = change.at();
    let id = change.new_id();
    store::insert_letter(change.tx(), id, &letter, at).await?;
    let job = Job { id: change.new_id(), name: LETTER, key: id.to_string(), about: Some(id), due: at };
    jobs::add(change.tx(), job, at).await.map(drop)
}

/// Withdraws the letters about something that are not sent yet.
pub async fn recall(change: &mut Change<'_>, about: Uuid) -> Result<()> {
    let at = change.at();
    store::recall(change.tx(), about, at).await
}
