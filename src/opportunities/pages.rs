//! The list of opportunities, with a year's table of who was offered what, and the page of one.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use axum::extract::State;
use axum::response::{Redirect, Response};
use chrono::{Months, NaiveDate};
use strum::VariantArray;
use uuid::Uuid;

use super::Kind;
use super::actions;
use super::forms::{OpportunityForm, placed};
use super::store::{self, Opportunity};
use crate::accounts::Actor;
use crate::accounts::viewer;
use crate::db::{self, Tx};
use crate::error::{Error, FieldError, Result};
use crate::framework::load;
use crate::instance::Instance;
use crate::people::{self, Organization};
use crate::policy::{self, InstanceAct};
use crate::web::forms::{self, Form};
use crate::web::paging::Paging;
use crate::web::path::Id;
use crate::web::query::{NoParams, Params};
use crate::web::{self, Chrome, words};

/// Beyond so many a browser's suggestions help nobody; any name can be typed.
const SUGGESTED: usize = 300;

/// People on a page of the table, and occasions on a page of their list.
const PER_PAGE: usize = 50;

/// Which part of the list an address chooses.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// The last day of the year; today where none is chosen.
    as_of: Option<NaiveDate>,
    /// The page of the table, from 1.
    page: usize,
    /// The page of the list of occasions, from 1.
    occasions: usize,
}

impl Part {
    const FIRST: Part = Part { as_of: None, page: 1, occasions: 1 };
}

#[derive(Template)]
#[template(path = "opportunities/list.html")]
struct ListPage {
    chrome: Chrome,
    as_of: NaiveDate,
    /// The first day of the year that ends with `as_of`.
    from: NaiveDate,
    /// The people on the page.
    rows: Vec<Row>,
    paging: Paging,
    /// The occasions on the page of theirs, the latest first.
    lines: Vec<Opportunity>,
    listing: Paging,
    edit: Edit,
}

/// A person's year.
struct Row {
    person: Uuid,
    name: String,
    /// For each kind, what they were offered: ids, days, and whether it is taken by them.
    cells: Vec<Vec<Offer>>,
}

impl Row {
    /// Whether they were offered nothing.
    fn is_empty(&self) -> bool {
        self.cells.iter().all(Vec::is_empty)
    }
}

struct Offer {
    id: Uuid,
    on: String,
    taken: bool,
}

/// The fields of an opportunity.
struct Edit {
    form: OpportunityForm,
    leaders: Vec<String>,
    faults: Vec<FieldError>,
}

impl Edit {
    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn kinds(&self) -> &'static [Kind] {
        Kind::VARIANTS
    }

    async fn load(
        tx: &mut Tx,
        actor: &Actor,
        form: OpportunityForm,
        faults: Vec<FieldError>,
    ) -> db::Result<Edit> {
        let known = people::store::known(tx, viewer(actor), Some(Organization::Internal)).await?;
        let leaders = known.into_iter().map(|leader| leader.name).take(SUGGESTED).collect();
        Ok(Edit { form, leaders, faults })
    }
}

#[derive(Template)]
#[template(path = "opportunities/one.html")]
struct OnePage {
    chrome: Chrome,
    id: Uuid,
    edit: Edit,
}

/// The people of the table: every Director whom the viewer may know of, and whoever was offered something, by name.
async fn directors(tx: &mut Tx, actor: &Actor, on: NaiveDate) -> db::Result<Vec<(Uuid, String)>> {
    let known = people::store::known(tx, viewer(actor), Some(Organization::Internal)).await?;
    let ids: Vec<Uuid> = known.iter().map(|person| person.id).collect();
    let mut level: HashMap<Uuid, String> = HashMap::new();
    for entry in people::store::levels(tx, viewer(actor), &ids).await? {
        if entry.from_date <= on {
            level.entry(entry.person_id).or_insert(entry.level);
        }
    }
    let directors =
        known.into_iter().filter(|person| level.get(&person.id) == Some(&load::built_in().from_level));
    Ok(directors.map(|person| (person.id, person.name)).collect())
}

/// A year's table, in the order of names.
fn table(directors: Vec<(Uuid, String)>, offered: &[Opportunity]) -> Vec<Row> {
    let empty = || Kind::VARIANTS.iter().map(|_| Vec::new()).collect();
    let mut rows: BTreeMap<(String, Uuid), Vec<Vec<Offer>>> =
        directors.into_iter().map(|(id, name)| ((name, id), empty())).collect();
    // The earliest first: a year is read forwards.
    for one in offered.iter().rev() {
        let cells = rows.entry((one.offered_name.clone(), one.offered_to)).or_insert_with(empty);
        let place = Kind::VARIANTS.iter().position(|kind| *kind == one.kind).unwrap_or_default();
        let taken = one.taken_by == Some(one.offered_to);
        cells[place].push(Offer { id: one.id, on: words::day(&one.on_date), taken });
    }
    rows.into_iter().map(|((name, person), cells)| Row { person, name, cells }).collect()
}

async fn page(
    instance: &Instance,
    actor: &Actor,
    chrome: Chrome,
    part: Part,
    form: OpportunityForm,
    faults: Vec<FieldError>,
) -> Result<ListPage> {
    policy::decide(&actor.roles, InstanceAct::KeepOpportunities).require()?;
    let as_of = part.as_of.unwrap_or_else(|| instance.today());
    let before = as_of.checked_sub_months(Months::new(12)).unwrap_or(as_of);
    let mut tx = instance.db.read().await?;
    let mut lines = store::since(&mut tx, before).await?;
    let directors = directors(&mut tx, actor, as_of).await?;
    let edit = Edit::load(&mut tx, actor, form, faults).await?;
    // What lies ahead stands in the list, and in no year's table yet.
    let ahead = lines.partition_point(|one| one.on_date > as_of);
    let mut rows = table(directors, &lines[ahead..]);
    let chosen = part.as_of.map(|day| day.to_string()).unwrap_or_default();
    let filters = [("as_of", chosen.as_str())];
    let paging = Paging::new("/opportunities", &filters, part.page, PER_PAGE, rows.len());
    rows.drain(..paging.skipped());
    rows.truncate(PER_PAGE);
    let list = ("occasions", "Pages of occasions");
    let listing = Paging::of_list(list, "/opportunities", &filters, part.occasions, PER_PAGE, lines.len());
    lines.drain(..listing.skipped());
    lines.truncate(PER_PAGE);
    let from = before.succ_opt().unwrap_or(before);
    Ok(ListPage { chrome, as_of, from, rows, paging, lines, listing, edit })
}

/// `GET /opportunities`
pub async fn list(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    mut params: Params,
) -> Result<Response> {
    let as_of = params.date("as_of");
    let part = Part { as_of, page: params.page(), occasions: params.page_of("occasions") };
    params.finish()?;
    let form = OpportunityForm::default();
    web::page(&page(&instance, &actor, chrome, part, form, Vec::new()).await?)
}

/// `POST /opportunities`
pub async fn add(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Form(form): Form<OpportunityForm>,
) -> Result<Response> {
    let outcome = actions::add(&instance, &actor, &form.read()).await;
    let again = |faults| page(&instance, &actor, chrome, Part::FIRST, form, placed(faults));
    forms::done_or_again(outcome, |()| "/opportunities".into(), again).await
}

/// `GET /opportunities/{id}`
pub async fn one(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Id(id): Id,
    _: NoParams,
) -> Result<Response> {
    policy::decide(&actor.roles, InstanceAct::KeepOpportunities).require()?;
    let mut tx = instance.db.read().await?;
    let present = store::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let edit = Edit::load(&mut tx, &actor, OpportunityForm::from(&present), Vec::new()).await?;
    web::page(&OnePage { chrome, id, edit })
}

/// `POST /opportunities/{id}`
pub async fn edit(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Id(id): Id,
    Form(mut form): Form<OpportunityForm>,
) -> Result<Response> {
    let outcome = actions::edit(&instance, &actor, id, &form.read()).await;
    let again = async |faults| {
        let mut tx = instance.db.read().await?;
        let present = store::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
        // Saved again, it takes the place of what is there now.
        form.revision = present.revision.to_string();
        let edit = Edit::load(&mut tx, &actor, form, placed(faults)).await?;
        Ok(OnePage { chrome, id, edit })
    };
    forms::done_or_again(outcome, |()| "/opportunities".into(), again).await
}

/// `POST /opportunities/{id}/withdrawal`
pub async fn withdraw(State(instance): State<Instance>, actor: Actor, Id(id): Id) -> Result<Redirect> {
    actions::withdraw(&instance, &actor, id).await?;
    Ok(Redirect::to("/opportunities"))
}
