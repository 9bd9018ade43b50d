//! Notices: what somebody is told or asked, in the app and by mail.
//!
//! A feature tells within its own change ([`tell`]), and settles what was dealt with ([`settle`]). A notice holds a kind,
//! what it is about, who it is by and where it is dealt with; its sentence is made when it is shown. A mail holds names
//! and links alone: never prose or a title of evidence.

pub mod accounts;
pub mod actions;
mod kinds;
mod letters;
pub mod pages;
mod routes;
pub mod sending;
pub mod store;

pub use routes::routes;

pub use kinds::{Kind, Topic};
pub use letters::{Letter, called, in_their_words, post, recall, recall_all, too_many};

use crate::word::word;
use macro_rules_attribute::apply;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::audit::Change;
use crate::db::Result;
use crate::jobs::{self, New};

/// How an account hears of a topic.
#[apply(word!)]
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
    keep(change, None, vec![(notice, None)]).await
}

/// As [`tell`], of many, in as few statements.
pub async fn tell_all(change: &mut Change<'_>, notices: Vec<Notice>) -> Result<()> {
    keep(change, None, notices.into_iter().map(|notice| (notice, None)).collect()).await
}

/// As [`tell_all`], of the case of a dossier, to those who have a part in it by their role: while one of them is recused, it
/// is in no inbox of theirs, no count and no mail, whether it came before or after.
pub async fn tell_of_case(change: &mut Change<'_>, dossier: Uuid, notices: Vec<Notice>) -> Result<()> {
    keep(change, Some(dossier), notices.into_iter().map(|notice| (notice, None)).collect()).await
}

/// As [`tell_all`], where each says a sentence of its own that holds names, roles and moments alone.
pub async fn tell_in_words(change: &mut Change<'_>, told: Vec<(Notice, String)>) -> Result<()> {
    keep(change, None, told.into_iter().map(|(notice, words)| (notice, Some(words))).collect()).await
}

/// As [`tell`], for reminders by the program itself that each say a sentence of their own: in the framework's words, never
/// in anybody's prose.
pub async fn remind(change: &mut Change<'_>, reminders: Vec<(Notice, String)>) -> Result<()> {
    keep(change, None, reminders.into_iter().map(|(notice, words)| (notice, Some(words))).collect()).await
}

async fn keep(
    change: &mut Change<'_>,
    case: Option<Uuid>,
    mut told: Vec<(Notice, Option<String>)>,
) -> Result<()> {
    if told.is_empty() {
        return Ok(());
    }
    let accounts: Vec<Uuid> = told.iter().map(|(notice, _)| notice.to).collect();
    let switches = store::Switches::of(change.tx(), &accounts).await?;
    told.retain(|(notice, _)| {
        let topic = notice.kind.topic();
        !(topic.is_reminder() && switches.delivery(notice.to, topic) == Delivery::Off)
    });
    let at = change.at();
    let new: Vec<store::New> = told
        .into_iter()
        .map(|(notice, words)| store::New { id: change.new_id(), notice, case, words })
        .collect();
    store::insert_all(change.tx(), &new, at).await?;
    let at_once = |new: &&store::New| switches.of_kind(new.notice.to, new.notice.kind) == Delivery::AtOnce;
    let hurried: Vec<Uuid> = new.iter().filter(at_once).map(|new| new.id).collect();
    let kept = store::among(change.tx(), &hurried).await?;
    let jobs: Vec<New> = kept
        .into_iter()
        .map(|id| New::of::<sending::AtOnce>(change.new_id(), id.to_string(), Some(id), &(), at))
        .collect();
    jobs::add_all(change.tx(), &jobs, at).await
}

/// What was asked has been dealt with, or is no longer there: it leaves the inbox of one account, or of all.
pub async fn settle(change: &mut Change<'_>, kind: Kind, about: Uuid, to: Option<Uuid>) -> Result<()> {
    let at = change.at();
    store::settle(change.tx(), kind, about, to, at).await
}

/// As [`settle`], about many things, for all accounts.
pub async fn settle_all(change: &mut Change<'_>, kinds: &[Kind], about: &[Uuid]) -> Result<()> {
    let at = change.at();
    store::settle_all(change.tx(), kinds, about, at).await
}

/// As [`settle`], some notices by their ids.
pub async fn settle_these(change: &mut Change<'_>, ids: &[Uuid]) -> Result<()> {
    let at = change.at();
    store::settle_these(change.tx(), ids, at).await
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
