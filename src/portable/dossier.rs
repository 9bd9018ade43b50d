//! The portable dossier: what is in the file, in its order. Absent optionals are left out.
//!
//! `evident-dossier/2` adds what somebody said beside their answer, what was replied and settled, whether solutions held,
//! what CTOs said at sittings and of single fields, and what is its owner's alone: the development plan, conversations and
//! answers to signals. `evident-dossier/3` adds how answers came, who vouched for them, and what a material edit of its
//! entry superseded. A dossier is written in the lowest format that can hold it, and every format is read.
//! `docs/portable-dossier.md` is the description for those who read or write such files.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::came::Came;
use super::development::{Conversation, PlanAction, SignalResponse};
use super::sittings::{Comment, Sitting};
use crate::corroboration::HoldsAnswer;
use crate::evidence::{Audience, Conduct, NamedAnswer, NamedAs, Scope, Setting, Status};
use crate::people::{MilestoneKind, Organization};
use crate::review::{CheckInKind, CorroborationAnswer, Judgement, Reply};

/// The first format, in which every dossier is written that needs nothing newer.
pub const FORMAT: &str = "evident-dossier/1";
/// The second format.
pub const FORMAT_2: &str = "evident-dossier/2";
/// The third format.
pub const FORMAT_3: &str = "evident-dossier/3";
/// All, by their numbers.
pub(super) const FORMATS: [&str; 3] = [FORMAT, FORMAT_2, FORMAT_3];

/// One candidate's collection against one framework. Ids are the file's own; what refers to a person does so by id.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Dossier {
    /// [`FORMAT`], [`FORMAT_2`] or [`FORMAT_3`].
    pub format: &'static str,
    /// The framework's id.
    pub framework: String,
    /// The person whose dossier it is.
    pub candidate: String,
    /// When nobody expects evidence.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leave: Vec<Leave>,
    /// Everyone whom the dossier refers to, the candidate included.
    pub people: Vec<Person>,
    /// The entries.
    pub evidence: Vec<Entry>,
    /// Answers to the self-assessment questions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub check_ins: Vec<CheckIn>,
    /// Statements by a CTO.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub feedback: Vec<Feedback>,
    /// What CTOs said at sittings beside these, by date. From the second format on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sittings: Vec<Sitting>,
    /// The development plan, by when its actions are due. This and what follows is the owner's alone, and from the second
    /// format on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub plan: Vec<PlanAction>,
    /// Conversations about the path ahead, by date.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conversations: Vec<Conversation>,
    /// Answers to signals, by the ids of their pitfalls.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signal_responses: Vec<SignalResponse>,
}

/// Days on which nobody expects evidence, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Leave {
    /// The first day.
    pub from: NaiveDate,
    /// The last day, not before the first.
    pub to: NaiveDate,
}

/// Somebody whom the dossier refers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Unique among the dossier's people.
    pub id: String,
    /// What people call them.
    pub name: String,
    /// Inside the company or not.
    pub organization: Organization,
    /// The history of levels, in the order recorded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<LevelEntry>,
    /// What they have reached.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<Milestone>,
}

/// From a day on, somebody's level, domain and reporting line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LevelEntry {
    /// A level of the framework, or another word, such as `none` for somebody who left.
    pub level: String,
    /// The first day on which this holds.
    pub from: NaiveDate,
    /// The domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Whom they report to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reports_to: Option<String>,
    /// Who recorded it; an admin if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// Something that a person reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Milestone {
    /// When.
    pub on: NaiveDate,
    /// What.
    pub what: String,
    /// What kind it is of. From the second format on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<MilestoneKind>,
    /// Who recorded it; an admin if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// An evidence entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Unique among the dossier's entries.
    pub id: String,
    /// Not blank, at most 200 characters.
    pub title: String,
    /// The first day. Only a draft may lack it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The last day, not before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// Whether it still goes on; then there is no last day.
    pub ongoing: bool,
    /// How far the entry has come.
    pub status: Status,
    /// When it was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded_on: Option<NaiveDate>,
    /// How things stood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub situation: Option<String>,
    /// What the candidate did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// What came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<String>,
    /// What it cost the candidate's own domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain_cost: Option<String>,
    /// How far the work reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// How the work was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conduct: Option<Conduct>,
    /// Where the work was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setting: Option<Setting>,
    /// How many years ahead the work looked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub horizon_years: Option<u32>,
    /// Whether it was done in the CTO's place.
    pub for_cto: bool,
    /// Who may read it.
    pub audience: Audience,
    /// Ids of capabilities. Only a draft may have none.
    pub capabilities: Vec<String>,
    /// Ids of criteria of these capabilities, at most three.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<String>,
    /// Whom it names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Named>,
    /// Addresses, http or https.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// That it still holds, and how.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub updates: Vec<Update>,
    /// What others answered to "did it happen like this?", in the order recorded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub corroborations: Vec<Corroboration>,
    /// Judgements, in the order recorded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assessments: Vec<Assessment>,
    /// What others answered to "does it still hold?", in the order recorded. From the second format on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub durability: Vec<Durability>,
    /// CTOs' comments on fields, in the order written. From the second format on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<Comment>,
}

/// Somebody whom an entry names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Who.
    pub person: String,
    /// As what.
    #[serde(rename = "as")]
    pub named_as: NamedAs,
    /// What they said of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<NamedAnswer>,
    /// How that came, and who vouched for it. From the third format on.
    #[serde(flatten)]
    pub origin: Came,
}

/// That something still holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Update {
    /// When, not before the entry's first day.
    pub on: NaiveDate,
    /// How it stands.
    pub text: String,
}

/// An answer to "did it happen like this?".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Corroboration {
    /// Who answered. An answer that nobody gave counts nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When.
    pub on: NaiveDate,
    /// What.
    pub answer: CorroborationAnswer,
    /// When a differing account was settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_on: Option<NaiveDate>,
    /// The other version, where the account differs. This and what follows: from the second format on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// A sentence that may be quoted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The entry's revision that was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<u32>,
    /// What the candidate replied to a differing account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
    /// The CTO who settled it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_by: Option<String>,
    /// Why it is settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement: Option<String>,
    /// How it came, and who vouched for it. This and what follows: from the third format on.
    #[serde(flatten)]
    pub origin: Came,
    /// When a material edit of the entry superseded a confirmation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub superseded_on: Option<NaiveDate>,
}

impl Corroboration {
    /// Whether it says nothing that the first format can't hold.
    fn is_plain(&self) -> bool {
        let texts = [&self.account, &self.comment, &self.reply, &self.settled_by, &self.settlement];
        self.revision.is_none() && texts.iter().all(|text| text.is_none())
    }
}

/// An answer to "does it still hold?".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Durability {
    /// Who answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When.
    pub on: NaiveDate,
    /// After how many months it was asked.
    pub months: u32,
    /// What.
    pub answer: HoldsAnswer,
    /// A sentence that may be quoted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The entry's revision that was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<u32>,
}

/// A judgement of one entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// Who judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When it was released.
    pub on: NaiveDate,
    /// What.
    pub judgement: Judgement,
    /// Why.
    pub reason: String,
    /// The entry's revision that was judged. This and what follows: from the second format on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<u32>,
    /// What the candidate replied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
    /// When they did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replied_on: Option<NaiveDate>,
    /// When a material edit of the entry superseded that it meets. From the third format on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub superseded_on: Option<NaiveDate>,
}

impl Assessment {
    /// Whether it says nothing that the first format can't hold.
    fn is_plain(&self) -> bool {
        self.revision.is_none() && self.reply.is_none() && self.replied_on.is_none()
    }
}

/// Answers to the self-assessment questions on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckIn {
    /// Whose view it is.
    pub kind: CheckInKind,
    /// Who answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When.
    pub on: NaiveDate,
    /// The answers by the ids of their questions.
    pub answers: BTreeMap<String, Reply>,
}

/// A statement about the partnership and readiness for broader scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Feedback {
    /// Who stated it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When.
    pub on: NaiveDate,
    /// Whether the candidate is ready for broader scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broader_scope: Option<Reply>,
    /// What was said.
    pub text: String,
}

impl Dossier {
    /// The lowest format that can hold what the dossier says.
    pub fn lowest_format(&self) -> &'static str {
        let plain = |entry: &Entry| {
            entry.durability.is_empty()
                && entry.comments.is_empty()
                && entry.corroborations.iter().all(Corroboration::is_plain)
                && entry.assessments.iter().all(Assessment::is_plain)
        };
        let no_plan =
            self.plan.is_empty() && self.conversations.is_empty() && self.signal_responses.is_empty();
        let mut milestones = self.people.iter().flat_map(|person| &person.milestones);
        let worded = milestones.all(|milestone| milestone.kind.is_none());
        let first = worded && no_plan && self.sittings.is_empty() && self.evidence.iter().all(plain);
        let third = |entry: &Entry| {
            entry.people.iter().any(|named| !named.origin.is_plain())
                || entry.corroborations.iter().any(|c| !c.origin.is_plain() || c.superseded_on.is_some())
                || entry.assessments.iter().any(|a| a.superseded_on.is_some())
        };
        match first {
            _ if self.evidence.iter().any(third) => FORMAT_3,
            true => FORMAT,
            false => FORMAT_2,
        }
    }

    /// The file's text, ending in a line break.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }
}
