//! The pages on which CTOs judge an entry and comment on it, and its owner replies.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use strum::VariantArray;
use uuid::Uuid;

use super::remarks::{self, RemarkForm};
use crate::accounts::Actor;
use crate::error::{Error, FieldError, Result};
use crate::evidence;
use crate::instance::Instance;
use crate::policy::SittingAct;
use crate::review::remark_store::Kind;
use crate::review::{Field, Judgement};
use crate::web::forms::Form;
use crate::web::path::{Id, Text};
use crate::web::query::{NoParams, Params};
use crate::web::{self, Chrome};

/// What a remark's page is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Assess,
    Comment,
    Reply,
}

#[derive(Template)]
#[template(path = "sitting/remark.html")]
struct RemarkPage {
    chrome: Chrome,
    purpose: Purpose,
    /// Where the form is sent.
    action: String,
    entry: Uuid,
    title: String,
    owner: String,
    /// What is replied to: by whom, and the text.
    quote: Option<(String, String)>,
    form: RemarkForm,
    faults: Vec<FieldError>,
}

impl RemarkPage {
    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn judgements(&self) -> [(Judgement, &'static str, &'static str); 3] {
        [
            (
                Judgement::Meets,
                "Meets",
                "It shows the capability at the level asked for; its criteria count as confirmed",
            ),
            (Judgement::Partly, "Partly", "It shows it in part"),
            (
                Judgement::NotYet,
                "Not yet",
                "It doesn’t show it yet; for 14 days only the owner and CTOs know",
            ),
        ]
    }

    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn fields(&self) -> &'static [Field] {
        Field::VARIANTS
    }

    fn heading(&self) -> &'static str {
        match self.purpose {
            Purpose::Assess => "Assess this entry",
            Purpose::Comment => "Comment on this entry",
            Purpose::Reply => "Reply",
        }
    }

    fn label(&self) -> &'static str {
        match self.purpose {
            Purpose::Assess => "The reason",
            Purpose::Comment => "Your comment",
            Purpose::Reply => "Your reply",
        }
    }

    fn is(&self, purpose: &str) -> bool {
        purpose
            == match self.purpose {
                Purpose::Assess => "assess",
                Purpose::Comment => "comment",
                Purpose::Reply => "reply",
            }
    }
}

/// The page of a CTO's remark on an entry.
async fn on_entry(
    instance: &Instance,
    actor: &Actor,
    chrome: Chrome,
    id: &str,
    purpose: Purpose,
    mut form: RemarkForm,
    faults: Vec<FieldError>,
) -> Result<RemarkPage> {
    let mut tx = instance.db.read().await?;
    let (dossier, entry) = evidence::actions::find(&mut tx, actor, id, SittingAct::Remark).await?;
    if form.revision.is_empty() {
        form.revision = entry.revision.to_string();
    }
    let path = if purpose == Purpose::Assess { "assessment" } else { "comment" };
    Ok(RemarkPage {
        chrome,
        purpose,
        action: format!("/evidence/{}/{path}", entry.id),
        entry: entry.id,
        title: entry.content.title,
        owner: dossier.owner_name,
        quote: None,
        form,
        faults,
    })
}

fn back(entry: Uuid) -> Response {
    Redirect::to(&remarks::section(entry)).into_response()
}

/// `GET /evidence/{id}/assessment`
pub async fn assessment_page(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Text(id): Text,
    _: NoParams,
) -> Result<Response> {
    let form = RemarkForm::default();
    web::page(&on_entry(&instance, &actor, chrome, &id, Purpose::Assess, form, Vec::new()).await?)
}

/// `POST /evidence/{id}/assessment`
pub async fn assess(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Text(id): Text,
    Form(form): Form<RemarkForm>,
) -> Result<Response> {
    match remarks::judge(&instance, &actor, &id, &form).await {
        Ok(entry) => Ok(back(entry)),
        Err(Error::Invalid(faults)) => {
            let page = on_entry(&instance, &actor, chrome, &id, Purpose::Assess, form, faults).await?;
            web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error),
    }
}

/// `GET /evidence/{id}/comment?field=…`
pub async fn comment_page(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Text(id): Text,
    mut params: Params,
) -> Result<Response> {
    let field = params.word::<Field>("field");
    let form = RemarkForm {
        field: field.map(|field| field.to_string()).unwrap_or_default(),
        ..RemarkForm::default()
    };
    let page = on_entry(&instance, &actor, chrome, &id, Purpose::Comment, form, Vec::new()).await?;
    params.finish()?;
    web::page(&page)
}

/// `POST /evidence/{id}/comment`
pub async fn comment(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Text(id): Text,
    Form(form): Form<RemarkForm>,
) -> Result<Response> {
    match remarks::comment(&instance, &actor, &id, &form).await {
        Ok(entry) => Ok(back(entry)),
        Err(Error::Invalid(faults)) => {
            let page = on_entry(&instance, &actor, chrome, &id, Purpose::Comment, form, faults).await?;
            web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error),
    }
}

/// `POST /assessments/{id}/release`
pub async fn release_assessment(
    State(instance): State<Instance>,
    actor: Actor,
    Id(id): Id,
) -> Result<Response> {
    remarks::release(&instance, &actor, Kind::Assessment, id).await.map(back)
}

/// `POST /comments/{id}/release`
pub async fn release_comment(State(instance): State<Instance>, actor: Actor, Id(id): Id) -> Result<Response> {
    remarks::release(&instance, &actor, Kind::Comment, id).await.map(back)
}

/// The page of an owner's reply.
async fn replying(
    instance: &Instance,
    actor: &Actor,
    chrome: Chrome,
    (kind, id): (Kind, Uuid),
    typed: Option<RemarkForm>,
    faults: Vec<FieldError>,
) -> Result<RemarkPage> {
    let mut tx = instance.db.read().await?;
    let found = remarks::repliable(&mut tx, actor, kind, id).await?;
    let path = if kind == Kind::Assessment { "assessments" } else { "comments" };
    let present = found.reply.unwrap_or_default();
    Ok(RemarkPage {
        chrome,
        purpose: Purpose::Reply,
        action: format!("/{path}/{id}/reply"),
        entry: found.entry.id,
        title: found.entry.content.title,
        owner: found.dossier.owner_name,
        quote: Some((found.by, found.text)),
        form: typed.unwrap_or(RemarkForm { text: present, ..RemarkForm::default() }),
        faults,
    })
}

async fn reply(
    instance: &Instance,
    actor: &Actor,
    chrome: Chrome,
    what: (Kind, Uuid),
    form: RemarkForm,
) -> Result<Response> {
    match remarks::reply(instance, actor, what.0, what.1, &form).await {
        Ok(entry) => Ok(back(entry)),
        Err(Error::Invalid(faults)) => {
            let page = replying(instance, actor, chrome, what, Some(form), faults).await?;
            web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error),
    }
}

/// `GET /assessments/{id}/reply`
pub async fn assessment_reply_page(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Id(id): Id,
    _: NoParams,
) -> Result<Response> {
    web::page(&replying(&instance, &actor, chrome, (Kind::Assessment, id), None, Vec::new()).await?)
}

/// `POST /assessments/{id}/reply`
pub async fn reply_to_assessment(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Id(id): Id,
    Form(form): Form<RemarkForm>,
) -> Result<Response> {
    reply(&instance, &actor, chrome, (Kind::Assessment, id), form).await
}

/// `GET /comments/{id}/reply`
pub async fn comment_reply_page(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Id(id): Id,
    _: NoParams,
) -> Result<Response> {
    web::page(&replying(&instance, &actor, chrome, (Kind::Comment, id), None, Vec::new()).await?)
}

/// `POST /comments/{id}/reply`
pub async fn reply_to_comment(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Id(id): Id,
    Form(form): Form<RemarkForm>,
) -> Result<Response> {
    reply(&instance, &actor, chrome, (Kind::Comment, id), form).await
}
