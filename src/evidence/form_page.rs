//! The page of the entry's form: what its template asks.

use askama::Template;
use strum::VariantArray;
use uuid::Uuid;

use super::diff::{Difference, Part};
use super::forms::EntryForm;
use super::naming::Known;
use super::rows::TypedPerson;
use super::superseding::{Cost, Said};
use super::{Audience, Conduct, NamedAs, Scope, Setting, Status};
use crate::error::FieldError;
use crate::framework::Framework;
use crate::people::Organization;
use crate::web::Chrome;
use crate::web::words::list;

/// The form with its faults, what comes near, and what was changed meanwhile.
#[derive(Template)]
#[template(path = "evidence/form.html")]
pub(super) struct FormPage {
    pub(super) chrome: Chrome,
    pub(super) framework: &'static Framework,
    pub(super) known: Known,
    pub(super) levels: Vec<String>,
    pub(super) form: EntryForm,
    /// The entry that is edited; none while it is new.
    pub(super) id: Option<Uuid>,
    pub(super) status: Status,
    pub(super) faults: Vec<FieldError>,
    /// What would be a fault once the draft is published.
    pub(super) advice: Vec<FieldError>,
    pub(super) near: Vec<(Uuid, String)>,
    /// What was typed beside what is stored now, after somebody was quicker.
    pub(super) stale: Option<Vec<Difference>>,
    /// What a material edit would cost.
    pub(super) cost: Option<Cost>,
}

/// A field's place in the page: its id, heading, hint and text.
struct Narrative<'p> {
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    text: &'p str,
}

/// A choice of one answer: field, question, values with their names, the present value.
type Choice<'p> = (&'static str, &'static str, Vec<(&'static str, &'static str)>, &'p str);

impl FormPage {
    /// The faults of a field, or of a row's field.
    fn said(&self, field: &str) -> Vec<&str> {
        self.faults.iter().filter(|fault| fault.field == field).map(|fault| fault.message.as_str()).collect()
    }

    fn wrong(&self, field: &str) -> bool {
        self.faults.iter().any(|fault| fault.field == field)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand their fields over by reference")]
    fn wrong_row(&self, field: &str, row: &usize) -> bool {
        self.wrong(&format!("{field}-{row}"))
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand their fields over by reference")]
    fn said_row(&self, field: &str, row: &usize) -> Vec<&str> {
        self.said(&format!("{field}-{row}"))
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand their fields over by reference")]
    fn advised_row(&self, field: &str, row: &usize) -> Vec<&str> {
        let field = format!("{field}-{row}");
        self.advice.iter().filter(|fault| fault.field == field).map(|fault| fault.message.as_str()).collect()
    }

    fn rows(&self) -> Vec<TypedPerson> {
        self.form.rows_to_show()
    }

    /// Whether a row shows what is asked of somebody new.
    fn is_new(&self, row: &TypedPerson) -> bool {
        row.is_described()
            || ["organization", "works-at", "level", "domain"]
                .iter()
                .any(|field| self.wrong_row(field, &row.row))
    }

    /// The id of a criterion as part of an element's id.
    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn dashed(&self, criterion: &str) -> String {
        criterion.replace('/', "-")
    }

    fn has_capability(&self, id: &str) -> bool {
        self.form.capability.iter().any(|chosen| chosen == id)
    }

    fn has_criterion(&self, id: &str) -> bool {
        self.form.criterion.iter().any(|chosen| chosen == id)
    }

    fn narratives(&self) -> [Narrative<'_>; 4] {
        [
            Narrative {
                id: "situation",
                label: "How did things stand?",
                hint: "",
                text: &self.form.situation,
            },
            Narrative { id: "action", label: "What did you do?", hint: "", text: &self.form.action },
            Narrative {
                id: "impact",
                label: "What came of it?",
                hint: "For the company rather than for your domain.",
                text: &self.form.impact,
            },
            Narrative {
                id: "domain_cost",
                label: "What did your own domain give up for it?",
                hint: "For work across domains: people, money, a date.",
                text: &self.form.domain_cost,
            },
        ]
    }

    /// The questions that have one answer of several.
    fn choices(&self) -> [Choice<'_>; 3] {
        [
            (
                "scope",
                "How far did it reach?",
                Scope::VARIANTS.iter().map(|value| (value.into(), value.title())).collect(),
                &self.form.scope,
            ),
            (
                "conduct",
                "How was it done?",
                Conduct::VARIANTS.iter().map(|value| (value.into(), value.title())).collect(),
                &self.form.conduct,
            ),
            (
                "setting",
                "Where was it seen?",
                Setting::VARIANTS.iter().map(|value| (value.into(), value.title())).collect(),
                &self.form.setting,
            ),
        ]
    }

    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn parts(&self) -> Vec<(&'static str, &'static str)> {
        NamedAs::VARIANTS.iter().map(|value| (value.into(), value.title())).collect()
    }

    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn organizations(&self) -> [(&'static str, &'static str); 2] {
        [(Organization::Internal.into(), "In the company"), (Organization::External.into(), "Elsewhere")]
    }

    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn audiences(&self) -> [(&'static str, &'static str, &'static str); 2] {
        [
            (Audience::Dossier.into(), Audience::Dossier.title(), ""),
            (
                Audience::Cto.into(),
                Audience::Cto.title(),
                "It counts once a CTO confirms it. Others then see that it exists, and nothing of it.",
            ),
        ]
    }

    fn has_audience(&self, value: &str) -> bool {
        let default = <&str>::from(Audience::Dossier);
        self.form.audience == value || self.form.audience.is_empty() && value == default
    }

    /// What a material edit changes, in words.
    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn changed(&self, cost: &Cost) -> String {
        list(&cost.reasons())
    }

    /// Those whose word an edit supersedes, in words; nothing where there is nobody.
    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn those(&self, cost: &Cost, said: Said) -> String {
        list(&cost.names(said))
    }

    /// Whether it comes back with what was typed, to be seen to before it is kept.
    fn is_returned(&self) -> bool {
        self.cost.is_some() || !self.faults.is_empty()
    }

    fn is_draft(&self) -> bool {
        self.status == Status::Draft
    }

    fn heading(&self) -> &'static str {
        if self.cost.is_some() {
            return "Before you save";
        }
        match (self.id, self.status) {
            (None, _) => "Log evidence",
            (Some(_), Status::Draft) => "Edit the draft",
            (Some(_), Status::Final | Status::Withdrawn) => "Edit evidence",
        }
    }

    fn publish_label(&self) -> &'static str {
        match self.status {
            Status::Draft => "Save and publish",
            Status::Final => "Save changes",
            Status::Withdrawn => "Publish again",
        }
    }

    /// Where the form goes.
    fn action(&self) -> String {
        self.id.map_or_else(|| "/evidence".into(), |id| format!("/evidence/{id}"))
    }

    /// Where the draft saves itself.
    fn autosave(&self) -> String {
        self.id.map_or_else(|| "/evidence/draft".into(), |id| format!("/evidence/{id}/draft"))
    }

    /// Whether something in these fields was answered or is wrong, so that their part stands open.
    fn opens(&self, part: &str) -> bool {
        let form = &self.form;
        let wrong = |fields: &[&str]| {
            let ids = self.faults.iter().map(|fault| fault.field.to_string());
            ids.into_iter().any(|id| fields.iter().any(|field| id.starts_with(field)))
        };
        match part {
            "people" => {
                wrong(&["person", "as-", "organization", "works-at", "level", "domain-", "people"])
                    || !form.add.is_empty()
                    || form.person.iter().any(|name| !name.is_empty())
            }
            "links" => wrong(&["links"]) || !form.links.is_empty(),
            "details" => {
                wrong(&["scope", "conduct", "setting", "horizon", "for_cto"])
                    || [&form.scope, &form.conduct, &form.setting, &form.horizon_years, &form.for_cto]
                        .iter()
                        .any(|field| !field.is_empty())
            }
            _ => wrong(&["audience"]) || !self.has_audience(Audience::Dossier.into()),
        }
    }
}
