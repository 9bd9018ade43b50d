//! The page of an entry, with what others say of it.

use askama::Template;
use axum::extract::State;
use axum::response::{Redirect, Response};

use crate::accounts::Actor;
use crate::corroboration::voices::Voices;
use crate::error::{FieldError, Result};
use crate::evidence::dossiers::Dossier;
use crate::evidence::forms::UpdateForm;
use crate::evidence::{
    Aim, Audience, Content, Entry, NamedAs, Sharing, Status, Update, actions, revisions, updates,
    words as named,
};
use crate::framework::Framework;
use crate::instance::Instance;
use crate::policy::EntryAct;
use crate::review::Field;
use crate::sitting::remarks_shown::Remarks;
use crate::web::forms::{self, Form};
use crate::web::path::Text;
use crate::web::prose::{self, Part, Prose};
use crate::web::query::Params;
use crate::web::{self, Chrome, words};

/// How many characters of a link are shown.
const LONGEST_SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "journal/entry.html")]
struct EntryPage {
    chrome: Chrome,
    framework: &'static Framework,
    dossier: Dossier,
    owner: bool,
    entry: Entry,
    voices: Voices,
    remarks: Remarks,
    revisions: i64,
    update: UpdateForm,
    faults: Vec<FieldError>,
    zone: chrono_tz::Tz,
    prose: Prose,
}

/// The narratives that are filled in.
fn narratives(content: &Content) -> Vec<Field> {
    let all = [Field::Situation, Field::Action, Field::Impact, Field::DomainCost];
    all.into_iter().filter(|field| !field.of(content).is_empty()).collect()
}

impl EntryPage {
    fn capabilities(&self) -> Vec<(&'static str, &'static str)> {
        let ids = &self.entry.content.capabilities;
        let tagged = self.framework.capabilities.iter().filter(|capability| ids.contains(&capability.id));
        tagged.map(|capability| (capability.id.as_str(), capability.name.as_str())).collect()
    }

    /// The criteria in words; one that the guide no longer holds stands as its id.
    fn criteria(&self) -> Vec<&str> {
        let text = |id| self.framework.criterion(id).map(|(_, criterion)| criterion.text.as_str());
        self.entry.content.criteria.iter().map(|id| text(id).unwrap_or(id)).collect()
    }

    /// The parts of the narratives on this page, with their headings.
    fn narratives(&self) -> Vec<(&'static str, &Part)> {
        let fields = narratives(&self.entry.content);
        self.prose.of(0, fields.len()).map(|part| (fields[part.text].title(), part)).collect()
    }

    /// Whether a part is the last of its text on this page: what is said about the text comes after it.
    fn ends(&self, part: &Part) -> bool {
        self.prose.parts.iter().rfind(|other| other.text == part.text) == Some(part)
    }

    /// The parts of the updates on this page.
    fn updates(&self) -> Vec<(&Update, &Part)> {
        let first = narratives(&self.entry.content).len();
        let parts = self.prose.of(first, usize::MAX);
        parts.filter_map(|part| Some((self.entry.content.updates.get(part.text - first)?, part))).collect()
    }

    /// The smaller facts that are filled in.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let content = &self.entry.content;
        let mut facts = Vec::new();
        if let Some(scope) = content.scope {
            facts.push(("Reach", scope.title().to_owned()));
        }
        if let Some(conduct) = content.conduct {
            facts.push(("Done", conduct.title().to_owned()));
        }
        if let Some(setting) = content.setting {
            facts.push(("Setting", setting.title().to_owned()));
        }
        if let Some(years) = content.horizon_years {
            let years = words::count(u64::try_from(years).unwrap_or_default(), "year ahead", "years ahead");
            facts.push(("Horizon", years));
        }
        if content.for_cto {
            facts.push(("Stood in", "In the CTO’s place".to_owned()));
        }
        facts
    }

    /// With whom it is shared now, for its owner.
    fn shared_with(&self) -> &'static str {
        match (self.entry.status, self.dossier.sharing, self.entry.content.audience) {
            (Status::Draft, ..) => "You alone: it is a draft.",
            (Status::Withdrawn, ..) => "You alone: it was withdrawn, and counts no longer.",
            (Status::Final, ..) if self.dossier.aim == Aim::E1ByChoice => {
                "You alone: your journal is yours while you stay at E1 by choice."
            }
            (Status::Final, Sharing::Private, _) => "You alone: your dossier is private.",
            (Status::Final, Sharing::Sponsor | Sharing::Committee, Audience::Cto) => {
                "You and CTOs, except any who has no part in your case, and nobody else. It counts once a CTO confirms it."
            }
            (Status::Final, Sharing::Sponsor, Audience::Dossier) => {
                "You and CTOs, except any who has no part in your case."
            }
            (Status::Final, Sharing::Committee, Audience::Dossier) => {
                "You and CTOs, except any who has no part in your case. The committee’s board shows what your evidence adds up to, and no text."
            }
        }
    }

    /// Whether nothing is written but the title.
    fn is_bare(&self) -> bool {
        narratives(&self.entry.content).is_empty()
    }

    /// A link as it is read: its beginning, where it is very long.
    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn read(&self, link: &str) -> String {
        let shown: String = link.chars().take(LONGEST_SHOWN).collect();
        if shown.len() < link.len() { shown + "…" } else { shown }
    }

    fn is(&self, status: &str) -> bool {
        <&str>::from(self.entry.status) == status
    }

    fn for_ctos_alone(&self) -> bool {
        self.entry.content.audience == Audience::Cto
    }

    fn has_fault(&self, field: &str) -> bool {
        self.faults.iter().any(|fault| fault.field == field)
    }

    fn recorded(&self) -> String {
        match self.entry.recorded_on {
            Some(day) => format!("Recorded {}", words::day(&day)),
            None => format!("Begun {}", words::moment(&self.entry.created_at, self.zone)),
        }
    }
}

/// Which page of each of an entry's lists is shown, from 1.
#[derive(Clone, Copy)]
struct At {
    prose: usize,
    voices: usize,
    remarks: usize,
}

impl At {
    const FIRST: At = At { prose: 1, voices: 1, remarks: 1 };
}

/// `GET /evidence/{id}`
pub async fn page(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    mut params: Params,
    Text(id): Text,
) -> Result<Response> {
    let at = At {
        prose: params.page(),
        voices: params.number("voices", 1, usize::MAX).unwrap_or(1),
        remarks: params.number("remarks", 1, usize::MAX).unwrap_or(1),
    };
    params.finish()?;
    let update = UpdateForm::on(actor.today(&instance));
    web::page(&shown(&instance, &actor, chrome, (&id, at), update, Vec::new()).await?)
}

async fn shown(
    instance: &Instance,
    actor: &Actor,
    chrome: Chrome,
    (id, at): (&str, At),
    update: UpdateForm,
    faults: Vec<FieldError>,
) -> Result<EntryPage> {
    let mut tx = instance.db.read().await?;
    let (dossier, entry) = actions::find(&mut tx, actor, id, EntryAct::Read).await?;
    let owner = dossier.owner_account == actor.account;
    let by_choice = dossier.aim == Aim::E1ByChoice;
    let voices =
        Voices::load(&mut tx, &entry, owner, by_choice, instance.now(), instance.today(), at.voices).await?;
    let remarks = Remarks::of_entry(&mut tx, actor, owner, &entry, instance.today(), at.remarks).await?;
    let revisions = revisions::count(&mut tx, entry.id).await?;
    drop(tx);
    let framework = dossier.framework()?;
    let zone = actor.zone(instance);
    let texts = narratives(&entry.content).into_iter().map(|field| field.of(&entry.content).to_owned());
    let texts = texts.chain(entry.content.updates.iter().map(|update| update.text.clone())).collect();
    let path = format!("/evidence/{}", entry.id);
    let prose = prose::page(instance, actor.account, texts, &path, at.prose).await?;
    let mut page = EntryPage {
        chrome,
        framework,
        dossier,
        owner,
        entry,
        voices,
        remarks,
        revisions,
        update,
        faults,
        zone,
        prose,
    };
    page.remarks.shown = page.narratives().into_iter().map(|(heading, _)| heading).collect();
    Ok(page)
}

/// `POST /evidence/{id}/updates`
pub async fn add_update(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Text(id): Text,
    Form(form): Form<UpdateForm>,
) -> Result<Response> {
    let outcome = updates::add(&instance, &actor, &id, &form.read()).await;
    let to = |id| format!("/evidence/{id}#updates");
    forms::done_or_again(outcome, to, |faults| {
        shown(&instance, &actor, chrome, (&id, At::FIRST), form, faults)
    })
    .await
}

/// `POST /evidence/{id}/withdrawal`
pub async fn withdraw(State(instance): State<Instance>, actor: Actor, Text(id): Text) -> Result<Redirect> {
    Ok(match actions::withdraw(&instance, &actor, &id).await? {
        Some(id) => Redirect::to(&format!("/evidence/{id}")),
        None => Redirect::to("/evidence"),
    })
}

/// `POST /evidence/{id}/duplicate`
pub async fn duplicate(State(instance): State<Instance>, actor: Actor, Text(id): Text) -> Result<Redirect> {
    let id = actions::duplicate(&instance, &actor, &id).await?;
    Ok(Redirect::to(&format!("/evidence/{id}/edit")))
}
