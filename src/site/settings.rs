//! The settings: aim, sharing, leave, and one's own open sessions.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::zones;
use crate::accounts::sessions::{self, Session};
use crate::accounts::{self, Actor, InSession, Role};
use crate::error::{Error, Faults, FieldError, Given, Result};
use crate::evidence::dossiers::{self, Dossier, Own};
use crate::evidence::settings::{self, Leave, LeaveInput};
use crate::evidence::{Aim, Sharing, sponsors};
use crate::instance::Instance;
use crate::notices;
use crate::notices::pages::{Switches, read_switches};
use crate::web::forms::{self, Form};
use crate::web::path::Id;
use crate::web::query::Params;
use crate::web::{self, Chrome};

#[derive(Template)]
#[template(path = "site/settings.html")]
struct SettingsPage {
    chrome: Chrome,
    /// The candidate's own; none for who is no candidate.
    dossier: Option<Dossier>,
    leave: Vec<Leave>,
    /// Who can be the candidate's sponsor: accounts and names.
    sponsors: Vec<(Uuid, String)>,
    /// How they hear of what.
    switches: Switches,
    sessions: Vec<Session>,
    /// The session that looks.
    session: Option<Uuid>,
    zone: chrono_tz::Tz,
    /// The zone that they chose or their browser said; none follows the instance's.
    own_zone: Option<chrono_tz::Tz>,
    instance_zone: chrono_tz::Tz,
    /// What was typed for a zone and is none.
    typed_zone: Option<String>,
    from: String,
    to: String,
    /// What was just kept.
    saved: Option<Part>,
    faults: Vec<FieldError>,
}

impl SettingsPage {
    /// The time zones that are offered.
    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn zones(&self) -> &'static [chrono_tz::Tz] {
        &zones::OFFERED
    }

    /// What stands in the time zone's field.
    fn zone_typed(&self) -> String {
        let kept = || self.own_zone.map(|zone| zone.name().to_owned());
        self.typed_zone.clone().or_else(kept).unwrap_or_default()
    }

    /// Whether it is the session that looks.
    fn is_own(&self, open: &Session) -> bool {
        self.session == Some(open.id)
    }
}

/// A part of the settings that is saved by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display, strum::EnumString, strum::VariantArray)]
#[strum(serialize_all = "lowercase")]
enum Part {
    Aim,
    Sharing,
    Leave,
    Mail,
    Zone,
    Sessions,
}

/// To a part of the settings, which says that it was saved.
fn saved(part: Part) -> Response {
    Redirect::to(&format!("/settings?saved={part}#{part}")).into_response()
}

/// `GET /settings`
pub async fn page(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    mut params: Params,
) -> Result<Response> {
    let saved = params.word("saved");
    params.finish()?;
    let page = gathered(&instance, &actor, chrome).await?;
    let switches = page.switches.after(saved == Some(Part::Mail), &[]);
    web::page(&SettingsPage { switches, saved, ..page })
}

async fn gathered(instance: &Instance, actor: &Actor, chrome: Chrome) -> Result<SettingsPage> {
    let dossier = if actor.is(Role::Candidate) { Some(dossiers::own(instance, actor).await?) } else { None };
    let mut tx = instance.db.read().await?;
    let (leave, sponsors) = match &dossier {
        Some(dossier) => {
            (settings::leave(&mut tx, dossier.id).await?, sponsors::choices(&mut tx, dossier.id).await?)
        }
        None => Default::default(),
    };
    let reminders = reminded(dossier.as_ref());
    Ok(SettingsPage {
        chrome,
        switches: Switches::load(&mut tx, instance, actor, reminders).await?,
        dossier,
        leave,
        sponsors,
        sessions: sessions::open(&mut tx, instance, actor.account).await?,
        session: actor.session(),
        zone: actor.zone(instance),
        own_zone: actor.zone,
        instance_zone: instance.settings.zone,
        typed_zone: None,
        from: String::new(),
        to: String::new(),
        saved: None,
        faults: Vec::new(),
    })
}

/// Back to the settings, or the page again with what was wrong.
async fn answered(
    instance: &Instance,
    actor: &Actor,
    chrome: Chrome,
    done: Result<()>,
    part: Part,
    typed: (String, String),
) -> Result<Response> {
    match done {
        Ok(()) => Ok(saved(part)),
        Err(Error::Invalid(faults)) => {
            let page = gathered(instance, actor, chrome).await?;
            let switches = page.switches.after(false, &faults);
            let page = SettingsPage { faults, switches, from: typed.0, to: typed.1, ..page };
            web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error),
    }
}

/// The first and last day that were typed.
#[derive(Debug, Deserialize)]
pub struct LeaveForm {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

impl LeaveForm {
    fn read(&self) -> Given<LeaveInput> {
        let mut faults = Faults::default();
        let from = faults.take("from", forms::day(&self.from));
        let to = faults.take("to", forms::day(&self.to));
        Given { input: LeaveInput { from, to }, faults }
    }
}

/// `POST /settings/leave`
pub async fn add_leave(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Form(form): Form<LeaveForm>,
) -> Result<Response> {
    let done = settings::add_leave(&instance, &actor, &form.read()).await;
    answered(&instance, &actor, chrome, done, Part::Leave, (form.from, form.to)).await
}

/// `POST /settings/leave/{id}/removal`
pub async fn remove_leave(State(instance): State<Instance>, actor: Actor, Id(id): Id) -> Result<Response> {
    settings::remove_leave(&instance, &actor, id).await?;
    Ok(saved(Part::Leave))
}

/// The aim that was chosen.
#[derive(Debug, Deserialize)]
pub struct AimForm {
    #[serde(default)]
    aim: String,
}

/// `POST /settings/aim`
pub async fn set_aim(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Form(form): Form<AimForm>,
) -> Result<Response> {
    let done = match form.aim.parse::<Aim>() {
        Ok(aim) => settings::set_aim(&instance, &actor, aim).await,
        Err(_) => Err(fault("aim", "Choose E2, undecided or E1 by choice.")),
    };
    answered(&instance, &actor, chrome, done, Part::Aim, Default::default()).await
}

/// The sharing that was chosen, and the account of the sponsor.
#[derive(Debug, Deserialize)]
pub struct SharingForm {
    #[serde(default)]
    sharing: String,
    #[serde(default)]
    sponsor: String,
}

impl SharingForm {
    fn sponsor(&self) -> Given<Option<Uuid>> {
        let mut faults = Faults::default();
        let input = match self.sponsor.trim() {
            "" => None,
            typed => faults.take("sponsor", typed.parse().map_err(|_| sponsors::NO_CHOICE)),
        };
        Given { input, faults }
    }
}

/// `POST /settings/sharing`
pub async fn set_sharing(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Form(form): Form<SharingForm>,
) -> Result<Response> {
    let done = match form.sharing.parse::<Sharing>() {
        Ok(sharing) => settings::set_sharing(&instance, &actor, sharing, &form.sponsor()).await,
        Err(_) => Err(fault("sharing", "Choose private, CTOs, or CTOs and the committee.")),
    };
    answered(&instance, &actor, chrome, done, Part::Sharing, Default::default()).await
}

/// `POST /settings/mail`
pub async fn set_mail(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    own: Own,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let own = if actor.is(Role::Candidate) { Some(own.opened(&instance, &actor).await?) } else { None };
    let done = match read_switches(&fields, reminded(own.as_ref())) {
        Ok(chosen) => notices::actions::choose(&instance, &actor, &chosen).await,
        Err(error) => Err(error),
    };
    answered(&instance, &actor, chrome, done, Part::Mail, Default::default()).await
}

/// The time zone that was chosen, by the browser or by the person.
#[derive(Debug, Deserialize)]
pub struct ZoneForm {
    #[serde(default)]
    zone: String,
}

/// `POST /settings/zone`
pub async fn set_zone(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Form(form): Form<ZoneForm>,
) -> Result<Response> {
    let typed = Some(form.zone.trim()).filter(|zone| !zone.is_empty());
    let zone = typed.and_then(zones::read);
    if let Some(typed) = typed.filter(|_| zone.is_none()) {
        let shown: String = typed.chars().take(60).collect();
        let message = format!(
            "No time zone is called “{shown}”. Write a continent and a city, such as Europe/Berlin, or leave it empty."
        );
        let page = gathered(&instance, &actor, chrome).await?;
        let faults = vec![FieldError::new("zone", message)];
        let page = SettingsPage { faults, typed_zone: Some(typed.to_owned()), ..page };
        return web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let done = accounts::actions::set_zone(&instance, &actor, zone).await;
    answered(&instance, &actor, chrome, done, Part::Zone, Default::default()).await
}

/// `POST /settings/sessions/{id}/end`
pub async fn end_session(State(instance): State<Instance>, by: InSession, Id(id): Id) -> Result<Response> {
    accounts::actions::end_session(&instance, &by, id).await?;
    Ok(saved(Part::Sessions))
}

/// Whether there are reminders for the owner of a dossier, if there is one.
fn reminded(dossier: Option<&Dossier>) -> bool {
    dossier.is_some_and(|dossier| dossier.aim != Aim::E1ByChoice)
}

fn fault(field: &'static str, message: &str) -> Error {
    Error::Invalid(vec![FieldError::new(field, message)])
}

/// A browser as people call it, `Firefox on Windows`, from how it calls itself. Most say that they are several; the more
/// particular name is looked for first.
fn browser(user_agent: &str) -> String {
    let named = |names: &[(&str, &'static str)]| {
        names.iter().find(|(sign, _)| user_agent.contains(sign)).map(|(_, name)| *name)
    };
    let browsers = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    match (named(&browsers), named(&systems)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        _ if user_agent.is_empty() => "An unnamed browser".to_owned(),
        _ => user_agent.chars().take(60).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_are_called_as_people_call_them() {
        let safari = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15";
        assert_eq!(browser(safari), "Safari on Mac");
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36 Edg/131.0";
        assert_eq!(browser(edge), "Edge on Windows");
        assert_eq!(browser("curl/8.5"), "curl/8.5");
        assert_eq!(browser(""), "An unnamed browser");
    }
}
