//! The admin's pages of accounts.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use strum::VariantArray;
use uuid::Uuid;

use super::actions::{self, NewAccount};
use super::known::Leaders;
use super::store::{self, Account};
use super::{Actor, Role};
use crate::error::{Error, FieldError, Result};
use crate::instance::Instance;
use crate::text;
use crate::web::forms::Form;
use crate::web::paging::Paging;
use crate::web::path::Id;
use crate::web::query::{NoParams, Params};
use crate::web::{self, Chrome};

/// Accounts on a page.
const PER_PAGE: usize = 100;

/// Whether somebody can sign in with an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They can.
    Active,
    /// They have no password yet.
    Invited,
    /// They can't.
    Disabled,
}

impl Standing {
    /// That of an account.
    pub fn of(account: &Account) -> Standing {
        match (account.disabled_at, account.has_password) {
            (Some(_), _) => Standing::Disabled,
            (None, true) => Standing::Active,
            (None, false) => Standing::Invited,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Standing::Active => "Active",
            Standing::Invited => "Invited",
            Standing::Disabled => "Disabled",
        }
    }
}

/// A link to set a password, shown once, to be handed over by the admin.
struct Link {
    name: String,
    address: String,
    /// Somebody new, whose level is the next thing to record.
    person: Option<Uuid>,
    /// Others whose name looks the same.
    alike: Vec<String>,
}

fn link(instance: &Instance, name: &str, token: &str, person: Option<Uuid>) -> Link {
    let address = format!("{}/set-password/{token}", instance.settings.url);
    Link { name: name.to_owned(), address, person, alike: Vec::new() }
}

#[derive(Template)]
#[template(path = "admin/accounts.html")]
struct AccountsPage {
    chrome: Chrome,
    q: String,
    rows: Vec<Row>,
    paging: Paging,
    link: Option<Link>,
    form: AccountForm,
    /// Leaders who can be given an account.
    leaders: Leaders,
    chosen: Vec<Role>,
    faults: Vec<FieldError>,
}

struct Row {
    account: Account,
    roles: Vec<Role>,
    state: Standing,
}

/// What the form for a new account sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AccountForm {
    name: String,
    known_as: String,
    email: String,
    role: Vec<String>,
}

/// `GET /admin/accounts`
pub async fn accounts(
    State(instance): State<Instance>,
    chrome: Chrome,
    mut params: Params,
) -> Result<Response> {
    let q = params.one("q").unwrap_or_default();
    let page = params.page();
    params.finish()?;
    web::page(&accounts_page(&instance, chrome, q, page).await?)
}

/// `POST /admin/accounts`: adds one, and shows its link this once.
pub async fn add_account(
    State(instance): State<Instance>,
    chrome: Chrome,
    actor: Actor,
    Form(form): Form<AccountForm>,
) -> Result<Response> {
    let (chosen, known) = read_roles(&form.role);
    let new = NewAccount {
        name: form.name.clone(),
        known_as: form.known_as.clone(),
        email: form.email.clone(),
        roles: chosen.clone(),
    };
    let added =
        if known { actions::add_account(&instance, Some(&actor), new).await } else { Err(unknown_role()) };
    match added {
        Ok(added) => {
            let mut page = accounts_page(&instance, chrome, String::new(), 1).await?;
            let link = link(&instance, &added.name, &added.token, Some(added.person));
            page.link = Some(Link { alike: added.alike, ..link });
            web::page(&page)
        }
        Err(Error::Invalid(faults)) => {
            let mut page = accounts_page(&instance, chrome, String::new(), 1).await?;
            (page.form, page.chosen, page.faults) = (form, chosen, faults);
            web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error),
    }
}

async fn accounts_page(instance: &Instance, chrome: Chrome, q: String, page: usize) -> Result<AccountsPage> {
    let mut tx = instance.db.read().await?;
    let mut found = store::all(&mut tx).await?;
    let leaders = Leaders::load(&mut tx).await?;
    let query = text::words(&q);
    found.retain(|account| {
        q.is_empty()
            || !query.is_empty()
                && text::matches(
                    &text::words(&format!("{} {} {}", account.name, account.email, account.address())),
                    &query,
                )
    });
    let mut roles: HashMap<Uuid, Vec<Role>> = HashMap::new();
    for (account, role) in store::all_roles(&mut tx).await? {
        roles.entry(account).or_default().push(role);
    }
    let paging = Paging::new("/admin/accounts", &[("q", &q)], page, PER_PAGE, found.len());
    let row = |account: &Account| {
        let mut roles = roles.remove(&account.id).unwrap_or_default();
        roles.sort_unstable();
        Row { roles, state: Standing::of(account), account: account.clone() }
    };
    let rows = paging.of(&found).iter().map(row).collect();
    Ok(AccountsPage {
        chrome,
        q,
        rows,
        paging,
        link: None,
        form: AccountForm::default(),
        leaders,
        chosen: Vec::new(),
        faults: Vec::new(),
    })
}

/// The roles that a form names, each once and in order, and whether all of them exist.
fn read_roles(named: &[String]) -> (Vec<Role>, bool) {
    let mut roles: Vec<Role> = named.iter().filter_map(|role| role.parse().ok()).collect();
    let known = roles.len() == named.len();
    roles.sort_unstable();
    roles.dedup();
    (roles, known)
}

fn unknown_role() -> Error {
    Error::Invalid(vec![FieldError::new("role", "Choose from candidate, CTO, committee and admin.")])
}

#[derive(Template)]
#[template(path = "admin/account.html")]
struct AccountPage {
    chrome: Chrome,
    account: Account,
    state: Standing,
    chosen: Vec<Role>,
    own: bool,
    link: Option<Link>,
    faults: Vec<FieldError>,
}

async fn account_page(instance: &Instance, chrome: Chrome, actor: &Actor, id: Uuid) -> Result<AccountPage> {
    let mut tx = instance.db.read().await?;
    let account = store::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let chosen = store::roles(&mut tx, id).await?;
    let state = Standing::of(&account);
    Ok(AccountPage {
        chrome,
        account,
        state,
        chosen,
        own: actor.account == id,
        link: None,
        faults: Vec::new(),
    })
}

/// `GET /admin/accounts/{id}`
pub async fn account(
    State(instance): State<Instance>,
    chrome: Chrome,
    actor: Actor,
    Id(id): Id,
    _: NoParams,
) -> Result<Response> {
    web::page(&account_page(&instance, chrome, &actor, id).await?)
}

/// The roles that an account is to have.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RolesForm {
    role: Vec<String>,
}

/// `POST /admin/accounts/{id}/roles`
pub async fn set_roles(
    State(instance): State<Instance>,
    chrome: Chrome,
    actor: Actor,
    Id(id): Id,
    Form(form): Form<RolesForm>,
) -> Result<Response> {
    let (chosen, known) = read_roles(&form.role);
    let set =
        if known { actions::set_roles(&instance, &actor, id, &chosen).await } else { Err(unknown_role()) };
    match set {
        Ok(()) => Ok(to_account(id)),
        Err(Error::Invalid(faults)) => {
            let mut page = account_page(&instance, chrome, &actor, id).await?;
            (page.chosen, page.faults) = (chosen, faults);
            web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error),
    }
}

/// `POST /admin/accounts/{id}/invitation`: makes a new link, and shows it this once.
pub async fn invite_again(
    State(instance): State<Instance>,
    chrome: Chrome,
    actor: Actor,
    Id(id): Id,
) -> Result<Response> {
    let token = actions::invite_again(&instance, &actor, id).await?;
    let mut page = account_page(&instance, chrome, &actor, id).await?;
    page.link = Some(link(&instance, &page.account.name, &token, None));
    web::page(&page)
}

/// Whether an account is to be disabled.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct DisabledForm {
    disabled: String,
}

/// `POST /admin/accounts/{id}/disabled`
pub async fn set_disabled(
    State(instance): State<Instance>,
    actor: Actor,
    Id(id): Id,
    Form(form): Form<DisabledForm>,
) -> Result<Response> {
    let disabled = match form.disabled.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(Error::Invalid(vec![FieldError::new("disabled", "Choose yes or no.")])),
    };
    actions::set_disabled(&instance, &actor, id, disabled).await?;
    Ok(to_account(id))
}

fn to_account(id: Uuid) -> Response {
    Redirect::to(&format!("/admin/accounts/{id}")).into_response()
}
