//! Saving an entry: what its feature does, told how far the evidence carries before a material edit and after.

use std::pin::Pin;

use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;

use super::store::{self, Reader};
use crate::accounts::Actor;
use crate::db::Tx;
use crate::error::Result;
use crate::evidence::Aim;
use crate::evidence::dossiers::Dossier;
use crate::evidence::form_pages;
use crate::evidence::forms::EntryForm;
use crate::evidence::superseding::Weighed;
use crate::instance::Instance;
use crate::readiness::{Lens, assess};
use crate::web::Chrome;
use crate::web::forms::Form;
use crate::web::path::Text;

/// `POST /evidence`
pub async fn create(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Form(form): Form<EntryForm>,
) -> Result<Response> {
    // A draft that saved itself while its page was open has an id by now.
    let id = Some(form.id.clone()).filter(|id| !id.is_empty());
    form_pages::saved(&instance, &actor, chrome, id.as_deref(), form, weigh).await
}

/// `POST /evidence/{id}`
pub async fn save(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Text(id): Text,
    Form(form): Form<EntryForm>,
) -> Result<Response> {
    form_pages::saved(&instance, &actor, chrome, Some(&id), form, weigh).await
}

/// How far a dossier's evidence carries for its owner, through both lenses. Who stays at E1 by choice is told of no states.
fn weigh<'t>(
    tx: &'t mut Tx,
    dossier: &'t Dossier,
    today: NaiveDate,
) -> Pin<Box<dyn Future<Output = Result<Weighed>> + Send + 't>> {
    Box::pin(async move {
        if dossier.aim == Aim::E1ByChoice {
            return Ok(Weighed::new());
        }
        let framework = dossier.framework()?;
        let Some((_, facts)) = store::facts(tx, &[dossier.id], Reader::Owner).await?.pop() else {
            return Ok(Weighed::new());
        };
        let mut weighed = Weighed::new();
        for (lens, by) in [(Lens::All, ""), (Lens::Confirmed, ", by confirmed evidence alone")] {
            let assessment = assess(framework, &facts, today, lens);
            for (capability, found) in framework.capabilities.iter().zip(&assessment.capabilities) {
                weighed.push((format!("{}{by}", capability.name), found.state.title().to_owned()));
            }
        }
        Ok(weighed)
    })
}
