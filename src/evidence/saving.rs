//! Logging an entry and saving it again: a draft, which may save itself, or what is published. What somebody else saved in
//! between, what looks like a duplicate, and what a material edit costs are told before anything is kept.

use chrono::{NaiveDate, TimeDelta};
use uuid::Uuid;

use super::actions::{find, finish, has_room, keep};
use super::dossiers::{self, Dossier};
use super::input::{EntryInput, Saving};
use super::naming::{self, Known, Reading};
use super::store::{self, State};
use super::superseding::{self, Cost, Loss, Weigh, Weighed};
use super::{Content, Entry, Status, reading, revisions};
use crate::accounts::Actor;
use crate::audit::{Change, Event};
use crate::db::Tx;
use crate::error::{Error, FieldError, Given, Result};
use crate::instance::Instance;
use crate::people;
use crate::policy::{self, DossierAct, EntryAct};

/// A form that comes a second time within this was sent twice.
const SENT_TWICE: TimeDelta = TimeDelta::minutes(1);
/// People whom an account may add in a day: more than anybody works with.
const PEOPLE_A_DAY: usize = 200;

/// What came of a save.
#[derive(Debug)]
pub enum Outcome {
    /// It is kept, as this revision of this entry.
    Kept(Uuid, i64),
    /// Somebody, perhaps oneself in another window, saved it in between: the entry as it is now, and what was typed.
    Stale(Box<Entry>, Box<Content>),
    /// It looks like these entries, which have the same dates and a near title.
    Near(Vec<(Uuid, String)>),
    /// It is a material edit, and what it costs was not told yet: nothing is kept.
    Costs(Cost),
}

/// Logs a new entry; saves it with the help of `weigh`, as [`save`] does, where its page made it already.
///
/// # Errors
/// [`Error::Invalid`] names the fields of [`EntryInput`], and `intent`.
pub async fn create(
    instance: &Instance,
    actor: &Actor,
    given: &Given<EntryInput>,
    saving: &Saving,
    weigh: Option<Weigh>,
) -> Result<Outcome> {
    let dossier = dossiers::own(instance, actor).await?;
    policy::decide(&actor.roles, DossierAct::Change(dossier.state(actor))).require()?;
    let known = known(instance, actor, &given.input, None).await?;
    let mut change = Change::begin(instance, actor).await?;
    // A form that is sent twice at once is found to be so.
    dossiers::lock(change.tx(), dossier.id).await?;
    // A draft that has an id of its page's making was perhaps kept already, and the answer lost.
    let named = draft_id(instance, actor, &saving.draft);
    if let Some(id) = named
        && store::readable(change.tx(), actor, id).await?.is_some()
    {
        drop(change);
        return save(instance, actor, &id.to_string(), given, saving, weigh).await;
    }
    has_room(change.tx(), &dossier).await?;
    let status = asked_status(saving, Status::Draft)?;
    let read =
        reading::read(change.tx(), instance, actor, &dossier, given, (None, known), status, saving.autosave);
    let (mut content, reading) = read.await?;
    if let Some(kept) = sent_twice(&mut change, actor, dossier.id, status, &content, &reading).await? {
        return Ok(kept);
    }
    if !saving.autosave && !saving.saw_duplicates {
        let near = store::near_duplicates(change.tx(), dossier.id, None, &content).await?;
        if !near.is_empty() {
            return Ok(Outcome::Near(near));
        }
    }
    may_add(&mut change, actor, &reading).await?;
    content.people = naming::add(&mut change, instance, actor, reading).await?;
    let state = State {
        id: named.unwrap_or_else(|| instance.ids.new_id(change.at())),
        status,
        revision: 1,
        recorded_on: (status == Status::Final).then(|| instance.today()),
        at: change.at(),
    };
    store::insert(change.tx(), &state, dossier.id, &content.title).await?;
    keep(&mut change, actor, &state, &content, saving.autosave).await?;
    note_page(&mut change, state.id, saving).await?;
    let action = if status == Status::Final { Event::EntryPublished } else { Event::EntryDrafted };
    finish(change, &dossier, (&state, &content), &[], action).await?;
    Ok(Outcome::Kept(state.id, state.revision))
}

/// The id of a draft that its page has named: always the same for the same account, and nobody else's.
fn draft_id(instance: &Instance, actor: &Actor, draft: &str) -> Option<Uuid> {
    // What is no name that the script makes is none.
    let name = Some(draft).filter(|name| name.len() == 32 && name.is_ascii())?;
    let digest = instance.digest("draft", &[actor.account.as_bytes().as_slice(), name.as_bytes()].concat());
    let bytes = digest.get(..16)?.try_into().ok()?;
    Some(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// What the very same form made a moment ago.
async fn sent_twice(
    change: &mut Change<'_>,
    actor: &Actor,
    dossier: Uuid,
    status: Status,
    content: &Content,
    reading: &Reading,
) -> Result<Option<Outcome>> {
    let since = change.at() - SENT_TWICE;
    let asked = Content { people: reading.known(), ..content.clone() };
    for id in store::begun_since(change.tx(), dossier, status, &content.title, since).await? {
        let made = store::readable(change.tx(), actor, id).await?.filter(|made| made.content == asked);
        if let Some(made) = made {
            return Ok(Some(Outcome::Kept(made.id, made.revision)));
        }
    }
    Ok(None)
}

/// Saves an entry that is there: a draft again, or published; one that was published stays so. A material edit of one that
/// others confirmed or judged is kept once its cost was told, which `weigh` helps to say.
pub async fn save(
    instance: &Instance,
    actor: &Actor,
    id: &str,
    given: &Given<EntryInput>,
    saving: &Saving,
    weigh: Option<Weigh>,
) -> Result<Outcome> {
    let known = known(instance, actor, &given.input, Some(crate::web::path::id(id)?)).await?;
    let mut change = Change::begin(instance, actor).await?;
    let (dossier, entry) = find(change.tx(), actor, id, EntryAct::Change).await?;
    if saving.autosave && entry.status != Status::Draft {
        return Err(Error::Conflict(
            "This was published in the meantime. Open it to see it as it is now.".into(),
        ));
    }
    let status = asked_status(saving, entry.status)?;
    if (entry.status, status) == (Status::Withdrawn, Status::Final) {
        // What is withdrawn takes no room, and takes it again.
        dossiers::lock(change.tx(), dossier.id).await?;
        has_room(change.tx(), &dossier).await?;
    }
    let known = (Some(&entry), known);
    let read = reading::read(change.tx(), instance, actor, &dossier, given, known, status, saving.autosave);
    let (mut content, reading) = read.await?;
    content.updates.clone_from(&entry.content.updates);
    let mut expected = expected_revision(change.tx(), saving, &entry).await?;
    // It is in no conflict with what it says itself: nothing that somebody else wrote would go.
    if expected.is_none() && entry.status == Status::Draft {
        content.people = reading.known();
        expected = (content == entry.content).then_some(entry.revision);
    }
    let taken = match expected {
        Some(number) => store::take_revision(change.tx(), entry.id, number).await?,
        None => false,
    };
    if !taken {
        drop(change);
        // On PostgreSQL somebody may have been quicker since the entry was read.
        let mut tx = instance.db.read().await?;
        let (_, now) = find(&mut tx, actor, id, EntryAct::Change).await?;
        content.people = reading.known();
        if content == now.content && status == now.status {
            // The same form came twice: what it asks for is so already.
            return Ok(Outcome::Kept(now.id, now.revision));
        }
        return Ok(Outcome::Stale(Box::new(now), Box::new(content)));
    }
    let moved = (&entry.content.title, entry.content.from, entry.content.to)
        != (&content.title, content.from, content.to);
    if !saving.autosave && !saving.saw_duplicates && (moved || entry.status != status) {
        let near = store::near_duplicates(change.tx(), dossier.id, Some(entry.id), &content).await?;
        if !near.is_empty() {
            return Ok(Outcome::Near(near));
        }
    }
    may_add(&mut change, actor, &reading).await?;
    content.people = naming::add(&mut change, instance, actor, reading).await?;
    if content == entry.content && status == entry.status {
        // Nothing to keep; the revision that was taken goes back with the transaction.
        return Ok(Outcome::Kept(entry.id, entry.revision));
    }
    let state = State {
        id: entry.id,
        status,
        revision: entry.revision + 1,
        recorded_on: entry.recorded_on.or_else(|| (status == Status::Final).then(|| instance.today())),
        at: change.at(),
    };
    if saving.autosave {
        revisions::drop_autosaved(change.tx(), entry.id, entry.revision).await?;
    }
    let today = instance.today();
    let losses = if status == Status::Final {
        // Whatever is answered from here on waits for what becomes of this.
        dossiers::lock(change.tx(), dossier.id).await?;
        superseding::losses(change.tx(), &entry, &content).await?
    } else {
        Vec::new()
    };
    let (silent, losses): (Vec<Loss>, Vec<Loss>) = losses.into_iter().partition(|loss| loss.taken_back);
    let weigh = weigh.filter(|_| !losses.is_empty());
    let before = weighed(weigh, change.tx(), &dossier, today).await?;
    keep(&mut change, actor, &state, &content, saving.autosave).await?;
    note_page(&mut change, state.id, saving).await?;
    let mut told = Vec::new();
    let mut ids: Vec<Uuid> = silent.iter().map(|loss| loss.id).collect();
    superseding::supersede(change.tx(), &silent, today).await?;
    if !losses.is_empty() {
        superseding::supersede(change.tx(), &losses, today).await?;
        let after = weighed(weigh, change.tx(), &dossier, today).await?;
        let cost = Cost::new(losses, before, after);
        if saving.saw_cost != cost.token() {
            return Ok(Outcome::Costs(cost));
        }
        ids.extend(cost.losses.iter().map(|loss| loss.id));
        told = cost.losses;
    }
    if !ids.is_empty() {
        change.record(Event::EntrySuperseded, Some(entry.id), &(state.revision, ids));
    }
    let action = match (entry.status, status) {
        (Status::Draft | Status::Withdrawn, Status::Final) => Event::EntryPublished,
        (Status::Final, Status::Final) => Event::EntryEdited,
        _ => Event::EntryDrafted,
    };
    finish(change, &dossier, (&state, &content), &told, action).await?;
    Ok(Outcome::Kept(state.id, state.revision))
}

/// The revision that a save rests on, where that is the entry's present one.
async fn expected_revision(tx: &mut Tx, saving: &Saving, entry: &Entry) -> Result<Option<i64>> {
    // Without its number, what was typed may rest on any earlier state.
    let expected = saving.revision.filter(|number| *number == entry.revision);
    // A page whose earlier save was kept and not answered does not know so: it is in no conflict with itself.
    if let Some(page) = saving.page.as_ref().filter(|_| expected.is_none() && entry.status == Status::Draft)
        && store::is_from(tx, entry.id, page).await?
    {
        return Ok(Some(entry.revision));
    }
    Ok(expected)
}

/// How far the dossier's evidence carries, where somebody can say it.
async fn weighed(weigh: Option<Weigh>, tx: &mut Tx, dossier: &Dossier, today: NaiveDate) -> Result<Weighed> {
    match weigh {
        Some(weigh) => weigh(tx, dossier, today).await,
        None => Ok(Weighed::new()),
    }
}

async fn note_page(change: &mut Change<'_>, id: Uuid, saving: &Saving) -> Result<()> {
    match &saving.page {
        Some(page) => Ok(store::note_page(change.tx(), id, page).await?),
        None => Ok(()),
    }
}

fn asked_status(saving: &Saving, present: Status) -> Result<Status> {
    saving.status(present).map_err(|message| Error::Invalid(vec![FieldError::new("intent", message)]))
}

/// Everybody whom the actor knows: only asked for where somebody is named, and before anything is locked, since it may take a
/// while.
async fn known(instance: &Instance, actor: &Actor, given: &EntryInput, entry: Option<Uuid>) -> Result<Known> {
    if given.people.is_empty() {
        return Ok(Known::default());
    }
    let mut tx = instance.db.read().await?;
    Ok(Known::load(&mut tx, actor, entry, instance.today()).await?)
}

/// Refuses one more person of an account that added the most in a day.
async fn may_add(change: &mut Change<'_>, actor: &Actor, reading: &Reading) -> Result<()> {
    if reading.new_people() == 0 {
        return Ok(());
    }
    let since = change.at() - TimeDelta::days(1);
    let added = people::store::added_since(change.tx(), actor.account, since).await?;
    if usize::try_from(added).unwrap_or(usize::MAX).saturating_add(reading.new_people()) <= PEOPLE_A_DAY {
        return Ok(());
    }
    let message = format!(
        "You added {PEOPLE_A_DAY} people within a day, which is the most. Keep this as a draft without them, and add them tomorrow."
    );
    Err(Error::Invalid(vec![FieldError::new("people", message)]))
}
