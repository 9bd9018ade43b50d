//! What a candidate can do with evidence: each change with its permission, its rules, its revision and its audit entry in
//! one transaction.

use chrono::TimeDelta;
use uuid::Uuid;

use super::dossiers::{self, Dossier};
use super::forms::{EntryForm, UpdateForm};
use super::naming::{self, Known, Reading};
use super::revisions::{self, Kept};
use super::store::{self, State};
use super::superseding::{self, Cost, Loss, Weigh, Weighed};
use super::{Content, Entry, Status, Update, developed, rules, telling};
use crate::accounts::Actor;
use crate::audit::{Change, Event};
use crate::db::Tx;
use crate::error::{Error, FieldError, Result};
use crate::instance::Instance;
use crate::notices::{self, Kind};
use crate::people;
use crate::policy::{self, Act, DossierAct, EntryAct, EntryState};
use crate::web::forms::Faults;

/// A form that comes a second time within this was sent twice.
const SENT_TWICE: TimeDelta = TimeDelta::minutes(1);
/// People whom an account may add in a day: more than anybody works with.
const PEOPLE_A_DAY: usize = 200;

/// How a save came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saving {
    /// Somebody asked for it.
    Asked,
    /// A draft saved itself.
    Itself,
}

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

/// An entry with its dossier, if the actor may do something with it. An id that doesn't parse is a missing one.
///
/// # Errors
/// [`Error::NotFound`] for every other case.
pub async fn find<A: Into<Act>>(
    tx: &mut Tx,
    actor: &Actor,
    id: &str,
    act: fn(EntryState) -> A,
) -> Result<(Dossier, Entry)> {
    let id = crate::web::path::id(id)?;
    let entry = store::readable(tx, actor, id).await?.ok_or(Error::NotFound)?;
    let dossier = dossiers::readable(tx, actor, entry.dossier).await?;
    let state =
        EntryState { dossier: dossier.state(actor), status: entry.status, audience: entry.content.audience };
    policy::decide(&actor.roles, act(state)).require()?;
    Ok((dossier, entry))
}

/// Logs a new entry; saves it with the help of `weigh`, as [`save`] does, where its page made it already.
pub async fn create(
    instance: &Instance,
    actor: &Actor,
    form: &EntryForm,
    saving: Saving,
    weigh: Option<Weigh>,
) -> Result<Outcome> {
    let dossier = dossiers::own(instance, actor).await?;
    policy::decide(&actor.roles, DossierAct::Change(dossier.state(actor))).require()?;
    let known = known(instance, actor, form, None).await?;
    let mut change = Change::begin(instance, actor).await?;
    // A form that is sent twice at once is found to be so.
    dossiers::lock(change.tx(), dossier.id).await?;
    // A draft that has an id of its page's making was perhaps kept already, and the answer lost.
    let named = draft_id(instance, actor, form);
    if let Some(id) = named
        && store::readable(change.tx(), actor, id).await?.is_some()
    {
        drop(change);
        return save(instance, actor, &id.to_string(), form, saving, weigh).await;
    }
    has_room(change.tx(), &dossier).await?;
    let status = asked_status(form, Status::Draft, saving)?;
    let read = read(change.tx(), instance, actor, &dossier, form, (None, known), status, saving).await?;
    let (mut content, reading) = read;
    if let Some(kept) = sent_twice(&mut change, actor, dossier.id, status, &content, &reading).await? {
        return Ok(kept);
    }
    if saving == Saving::Asked && form.confirm_duplicate.is_empty() {
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
    keep(&mut change, actor, &state, &content, saving).await?;
    note_page(&mut change, state.id, form).await?;
    let action = if status == Status::Final { Event::EntryPublished } else { Event::EntryDrafted };
    finish(change, &dossier, (&state, &content), &[], action).await
}

/// The id of a draft that its page has named: always the same for the same account, and nobody else's.
fn draft_id(instance: &Instance, actor: &Actor, form: &EntryForm) -> Option<Uuid> {
    // What is no name that the script makes is none.
    let name = Some(form.draft.as_str()).filter(|name| name.len() == 32 && name.is_ascii())?;
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

async fn note_page(change: &mut Change<'_>, id: Uuid, form: &EntryForm) -> Result<()> {
    match form.page() {
        Some(page) => Ok(store::note_page(change.tx(), id, &page).await?),
        None => Ok(()),
    }
}

/// Saves an entry that is there: a draft again, or published; one that was published stays so. A material edit of one that
/// others confirmed or judged is kept once its cost was told, which `weigh` helps to say.
pub async fn save(
    instance: &Instance,
    actor: &Actor,
    id: &str,
    form: &EntryForm,
    saving: Saving,
    weigh: Option<Weigh>,
) -> Result<Outcome> {
    let known = known(instance, actor, form, Some(crate::web::path::id(id)?)).await?;
    let mut change = Change::begin(instance, actor).await?;
    let (dossier, entry) = find(change.tx(), actor, id, EntryAct::Change).await?;
    if saving == Saving::Itself && entry.status != Status::Draft {
        return Err(Error::Conflict(
            "This was published in the meantime. Open it to see it as it is now.".into(),
        ));
    }
    let status = asked_status(form, entry.status, saving)?;
    if (entry.status, status) == (Status::Withdrawn, Status::Final) {
        // What is withdrawn takes no room, and takes it again.
        dossiers::lock(change.tx(), dossier.id).await?;
        has_room(change.tx(), &dossier).await?;
    }
    let read =
        read(change.tx(), instance, actor, &dossier, form, (Some(&entry), known), status, saving).await?;
    let (mut content, reading) = read;
    content.updates.clone_from(&entry.content.updates);
    // Without its number, what was typed may rest on any earlier state.
    let mut expected = form.revision.trim().parse::<i64>().ok().filter(|number| *number == entry.revision);
    // A page whose earlier save was kept and not answered does not know so: it is in no conflict with itself.
    if let Some(page) = form.page().filter(|_| expected.is_none() && entry.status == Status::Draft)
        && store::is_from(change.tx(), entry.id, &page).await?
    {
        expected = Some(entry.revision);
    }
    // Nor is it with what it says itself: nothing that somebody else wrote would go.
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
    if saving == Saving::Asked && form.confirm_duplicate.is_empty() && (moved || entry.status != status) {
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
    if saving == Saving::Itself {
        revisions::drop_autosaved(change.tx(), entry.id, entry.revision).await?;
    }
    let today = instance.today();
    let losses = if status == Status::Final {
        // Whatever is answered from here on waits for what becomes of this.
        dossiers::lock(change.tx(), dossier.id).await?;
        superseding::losses(change.tx(), &dossier, &entry, &content).await?
    } else {
        Vec::new()
    };
    let (silent, losses): (Vec<Loss>, Vec<Loss>) = losses.into_iter().partition(|loss| loss.taken_back);
    let weigh = weigh.filter(|_| !losses.is_empty());
    let before = weighed(weigh, change.tx(), &dossier, today).await?;
    keep(&mut change, actor, &state, &content, saving).await?;
    note_page(&mut change, state.id, form).await?;
    let mut told = Vec::new();
    let mut ids: Vec<Uuid> = silent.iter().map(|loss| loss.id).collect();
    superseding::supersede(change.tx(), &silent, today).await?;
    if !losses.is_empty() {
        superseding::supersede(change.tx(), &losses, today).await?;
        let after = weighed(weigh, change.tx(), &dossier, today).await?;
        let cost = Cost::new(losses, before, after);
        if form.confirm_superseded != cost.token() {
            return Ok(Outcome::Costs(cost));
        }
        ids.extend(cost.losses.iter().map(|loss| loss.id));
        told = cost.losses;
    }
    if !ids.is_empty() {
        change.note(Event::EntrySuperseded, Some(entry.id), &(state.revision, ids));
    }
    let action = match (entry.status, status) {
        (Status::Draft | Status::Withdrawn, Status::Final) => Event::EntryPublished,
        (Status::Final, Status::Final) => Event::EntryEdited,
        _ => Event::EntryDrafted,
    };
    finish(change, &dossier, (&state, &content), &told, action).await
}

/// Takes a published entry back, which keeps it for its owner; or throws away a draft, which nobody else ever saw.
/// Returns the id while there is something left to show.
pub async fn withdraw(instance: &Instance, actor: &Actor, id: &str) -> Result<Option<Uuid>> {
    let mut change = Change::begin(instance, actor).await?;
    let (dossier, entry) = find(change.tx(), actor, id, EntryAct::Change).await?;
    match entry.status {
        Status::Withdrawn => Ok(Some(entry.id)),
        Status::Draft => {
            take(&mut change, &entry).await?;
            store::remove(change.tx(), entry.id).await?;
            dossiers::touch(change.tx(), dossier.id).await?;
            change.note(Event::EntryDiscarded, Some(entry.id), &entry.content);
            change.commit().await?;
            Ok(None)
        }
        Status::Final => {
            take(&mut change, &entry).await?;
            let state = State {
                id: entry.id,
                status: Status::Withdrawn,
                revision: entry.revision + 1,
                recorded_on: entry.recorded_on,
                at: change.at(),
            };
            keep(&mut change, actor, &state, &entry.content, Saving::Asked).await?;
            finish(change, &dossier, (&state, &entry.content), &[], Event::EntryWithdrawn).await?;
            Ok(Some(entry.id))
        }
    }
}

/// Refuses one more entry in a dossier that holds the most: its pages stay such as can be read.
async fn has_room(tx: &mut Tx, dossier: &Dossier) -> Result<()> {
    if store::count(tx, dossier.id).await? < rules::ENTRIES {
        return Ok(());
    }
    let message = format!(
        "Your dossier holds {} entries, which is the most. Throw away drafts that you no longer need, or tell what happened as an update of an entry.",
        rules::ENTRIES
    );
    Err(Error::Invalid(vec![FieldError::new("title", message)]))
}

/// Begins a new draft with an entry's content, without its dates, updates and answers.
pub async fn duplicate(instance: &Instance, actor: &Actor, id: &str) -> Result<Uuid> {
    let mut change = Change::begin(instance, actor).await?;
    let (dossier, entry) = find(change.tx(), actor, id, EntryAct::Change).await?;
    has_room(change.tx(), &dossier).await?;
    let content = Content {
        from: None,
        from_is_month: false,
        to: None,
        to_is_month: false,
        ongoing: false,
        updates: Vec::new(),
        ..entry.content
    };
    let at = change.at();
    let state =
        State { id: instance.ids.new_id(at), status: Status::Draft, revision: 1, recorded_on: None, at };
    store::insert(change.tx(), &state, dossier.id, &content.title).await?;
    keep(&mut change, actor, &state, &content, Saving::Asked).await?;
    finish(change, &dossier, (&state, &content), &[], Event::EntryDuplicated).await?;
    Ok(state.id)
}

/// Adds what happened since to a published entry.
pub async fn add_update(instance: &Instance, actor: &Actor, id: &str, form: &UpdateForm) -> Result<Uuid> {
    let mut change = Change::begin(instance, actor).await?;
    let (dossier, entry) = find(change.tx(), actor, id, EntryAct::Change).await?;
    if entry.status != Status::Final {
        return Err(Error::Conflict(
            "Updates belong to published evidence. Edit the entry itself instead.".into(),
        ));
    }
    let update = read_update(&entry, form, actor.last_day(instance))?;
    if entry.content.updates.contains(&update) {
        return Ok(entry.id);
    }
    take(&mut change, &entry).await?;
    let mut content = entry.content;
    content.updates.push(update.clone());
    content.updates.sort_by_key(|update| update.on);
    let state = State {
        id: entry.id,
        status: entry.status,
        revision: entry.revision + 1,
        recorded_on: entry.recorded_on,
        at: change.at(),
    };
    let update_id = instance.ids.new_id(state.at);
    store::insert_update(change.tx(), update_id, entry.id, &update, state.at).await?;
    keep(&mut change, actor, &state, &content, Saving::Asked).await?;
    finish(change, &dossier, (&state, &content), &[], Event::EntryUpdated).await?;
    Ok(state.id)
}

/// How far the dossier's evidence carries, where somebody can say it.
async fn weighed(
    weigh: Option<Weigh>,
    tx: &mut Tx,
    dossier: &Dossier,
    today: chrono::NaiveDate,
) -> Result<Weighed> {
    match weigh {
        Some(weigh) => weigh(tx, dossier, today).await,
        None => Ok(Weighed::new()),
    }
}

fn read_update(entry: &Entry, form: &UpdateForm, today: chrono::NaiveDate) -> Result<Update> {
    let mut faults = Faults::default();
    let on = faults.take("on", form.day());
    if on.is_some_and(|on| on > today) {
        faults.add("on", "This day lies ahead. Add the update once it has happened.");
    } else if on.zip(entry.content.from).is_some_and(|(on, from)| on < from) {
        faults.add("on", "This day lies before the entry’s beginning.");
    }
    let text = faults.take("text", crate::text::lines(&form.text));
    match text.as_ref().map(|text| text.chars().count()) {
        Some(0) => faults.add("text", "Say what happened since."),
        Some(length) if length > rules::UPDATE => {
            faults
                .add("text", "An update has at most 20,000 characters. Longer work is an entry of its own.");
        }
        Some(length) if length + rules::length(&entry.content) > rules::ALL => {
            faults.add(
                "text",
                "With this the texts of the entry would have more than 150,000 characters together, which is the most. Shorten it, or log a new entry.",
            );
        }
        _ => {}
    }
    if entry.content.updates.len() >= rules::UPDATES {
        faults.add("text", "This entry has 200 updates, which is the most. Log a new entry instead.");
    }
    faults.done(on.zip(text).map(|(on, text)| Update { on, text }))
}

fn asked_status(form: &EntryForm, present: Status, saving: Saving) -> Result<Status> {
    match saving {
        Saving::Itself => Ok(Status::Draft),
        Saving::Asked => {
            form.status(present).map_err(|message| Error::Invalid(vec![FieldError::new("intent", message)]))
        }
    }
}

/// Everybody whom the actor knows: only asked for where somebody is named, and before anything is locked, since it may take a
/// while.
async fn known(instance: &Instance, actor: &Actor, form: &EntryForm, entry: Option<Uuid>) -> Result<Known> {
    if form.people().is_empty() {
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

/// Reads the form against the guide and the people known, all faults at once. Who came to be since these were looked up, by the
/// same form in another tab, is found as well.
#[expect(clippy::too_many_arguments, reason = "each is a fact that the reading depends on")]
async fn read(
    tx: &mut Tx,
    instance: &Instance,
    actor: &Actor,
    dossier: &Dossier,
    form: &EntryForm,
    (entry, mut known): (Option<&Entry>, Known),
    status: Status,
    saving: Saving,
) -> Result<(Content, Reading)> {
    let framework = dossier.framework()?;
    let today = instance.today();
    let rows = form.people();
    let mut faults = Faults::default();
    let mut content = form.read(&mut faults);
    rules::settle(&mut content, framework);
    let lenient = saving == Saving::Itself;
    let mut named = Faults::default();
    let mut reading = naming::read(&rows, &known, actor, framework, lenient, &mut named);
    let ids: Vec<Uuid> = reading.known().iter().map(|named| named.person).collect();
    if named.0.is_empty()
        && (reading.new_people() > 0 || !people::store::are_all_there(tx, &distinct(ids)).await?)
    {
        known = Known::load(tx, actor, entry.map(|entry| entry.id), today).await?;
        reading = naming::read(&rows, &known, actor, framework, lenient, &mut named);
    }
    faults.0.append(&mut named.0);
    if rows.len() > rules::PEOPLE {
        faults.add("people", "An entry names at most 30 people. Name those who mattered most.");
    }
    for fault in rules::faults(&content, status, framework, actor.last_day(instance)) {
        // What could not be read at all is said once.
        if !faults.0.iter().any(|said| said.field == fault.field) {
            faults.0.push(fault);
        }
    }
    // Whoever is named in a draft is named to nobody.
    if let (Status::Final, Some(from)) = (status, content.from) {
        let named: Vec<Uuid> = reading.developed().iter().map(|(_, person)| *person).collect();
        let above = developed::above(tx, dossier, from, today, &named).await?;
        for (row, person) in reading.developed() {
            if let Some(found) = above.iter().find(|found| found.person == *person) {
                let name = known.people.iter().find(|known| known.id == *person);
                let name = name.map_or("This person", |known| known.name.as_str());
                faults.add(&format!("person-{row}"), found.said_of(name));
            }
        }
    }
    in_order(&mut faults);
    faults.done(Some((content, reading)))
}

fn distinct(mut ids: Vec<Uuid>) -> Vec<Uuid> {
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Faults in the order of the fields on the page.
fn in_order(faults: &mut Faults) {
    const ORDER: [&str; 9] =
        ["title", "from", "to", "capability", "situation", "action", "impact", "domain_cost", "people"];
    faults.0.sort_by_key(|fault| ORDER.iter().position(|field| *field == fault.field).unwrap_or(ORDER.len()));
}

/// Takes the revision on, where the change rests on the entry as it was just read.
async fn take(change: &mut Change<'_>, entry: &Entry) -> Result<()> {
    if store::take_revision(change.tx(), entry.id, entry.revision).await? {
        Ok(())
    } else {
        Err(Error::Conflict("This entry was changed at this very moment. Look at it again.".into()))
    }
}

async fn keep(
    change: &mut Change<'_>,
    actor: &Actor,
    state: &State,
    content: &Content,
    saving: Saving,
) -> Result<()> {
    store::write(change.tx(), state, content).await?;
    let kept = Kept { status: state.status, autosaved: saving == Saving::Itself, content: content.clone() };
    revisions::insert(change.tx(), state.id, state.revision, actor.account, state.at, &kept).await
}

/// Ends a change, which superseded what it did.
async fn finish(
    mut change: Change<'_>,
    dossier: &Dossier,
    (state, content): (&State, &Content),
    superseded: &[Loss],
    action: Event,
) -> Result<Outcome> {
    // A draft counts nowhere, and an entry that is none doesn't become one again.
    if state.status != Status::Draft {
        dossiers::touch(change.tx(), dossier.id).await?;
    }
    // Nobody is told of a draft. Nobody was ever told or asked of a new entry, so that only whom it names is left.
    if state.status != Status::Draft && (state.revision > 1 || !content.people.is_empty()) {
        telling::follow(&mut change, dossier.id, Some(state.id)).await?;
    }
    superseding::tell(&mut change, dossier, state.id, superseded).await?;
    if state.status == Status::Final {
        for capability in &content.capabilities {
            let about = notices::about_part(dossier.id, capability);
            notices::settle(&mut change, Kind::Lapsing, about, Some(dossier.owner_account)).await?;
        }
    }
    change.note(action, Some(state.id), &(state.status, state.revision, content));
    change.commit().await?;
    Ok(Outcome::Kept(state.id, state.revision))
}
