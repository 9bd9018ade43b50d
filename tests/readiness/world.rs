//! A small company around one candidate, written as a portable dossier.

use chrono::{Days, NaiveDate};
use evident::framework::load;
use evident::portable;
use evident::readiness::{Assessment, CapabilityReadiness, Facts, Gap, GapKind, Lens, State, assess};
use serde_json::{Value, json};

/// The day of the assessments.
pub const TODAY: &str = "2026-06-30";
pub const CROSS: &str = "cross-domain-leadership";
pub const PARTNERSHIP: &str = "cto-partnership";
pub const DEVELOPING: &str = "developing-e1s";
pub const EXTERNAL: &str = "external-presence";

pub fn today() -> NaiveDate {
    TODAY.parse().expect("a date")
}

/// So many days before today.
pub fn ago(days: u64) -> String {
    (today() - Days::new(days)).to_string()
}

/// So many days after today.
pub fn ahead(days: u64) -> String {
    (today() + Days::new(days)).to_string()
}

/// A dossier in the making. Ada is the candidate, of Payments; Cleo the CTO; Piet and Pia peers of Platform and Data; Remy
/// reports to Ada; Xia is at another company.
pub struct World(Value);

impl World {
    pub fn new() -> Self {
        let person = |id: &str, organization: &str, level: Value| {
            let mut person = json!({"id": id, "name": id, "organization": organization});
            person["levels"] = json!([level]);
            person
        };
        Self(json!({
            "format": "evident-dossier/3", "framework": "e1-to-e2", "candidate": "ada", "leave": [],
            "people": [
                person("ada", "internal", json!({"level": "E1", "from": "2022-01-10", "domain": "Payments"})),
                person("cleo", "internal", json!({"level": "CTO", "from": "2019-01-01"})),
                person("piet", "internal", json!({"level": "E1", "from": "2019-01-01", "domain": "Platform"})),
                person("pia", "internal", json!({"level": "E1", "from": "2019-01-01", "domain": "Data"})),
                person("remy", "internal",
                    json!({"level": "E1", "from": "2019-01-01", "domain": "Cards", "reports_to": "ada"})),
                person("xia", "external", json!({"level": "CTO", "from": "2019-01-01"})),
            ],
            "evidence": [], "check_ins": [], "feedback": [],
        }))
    }

    /// With a final entry of a capability; `more` overrides and adds fields.
    #[must_use]
    pub fn entry(mut self, capability: &str, from: &str, more: Value) -> Self {
        let evidence = self.list("evidence");
        let mut entry =
            json!({"id": format!("e{}", evidence.len() + 1), "title": "Something", "status": "final"});
        entry["from"] = json!(from);
        entry["capabilities"] = json!([capability]);
        let Value::Object(more) = more else { panic!("fields") };
        for (key, value) in more {
            entry[key] = value;
        }
        evidence.push(entry);
        self
    }

    /// With another item in one of the top-level lists.
    #[must_use]
    pub fn with(mut self, list: &str, item: Value) -> Self {
        self.list(list).push(item);
        self
    }

    /// With another level entry of somebody.
    #[must_use]
    pub fn level(mut self, id: &str, level: Value) -> Self {
        self.person(id)["levels"].as_array_mut().expect("levels").push(level);
        self
    }

    /// With a milestone of somebody.
    #[must_use]
    pub fn milestone(mut self, id: &str, milestone: Value) -> Self {
        self.person(id)["milestones"] = Value::Array(vec![milestone]);
        self
    }

    fn person(&mut self, id: &str) -> &mut Value {
        self.list("people").iter_mut().find(|p| p["id"] == id).expect("a person of the world")
    }

    fn list(&mut self, name: &str) -> &mut Vec<Value> {
        self.0[name].as_array_mut().expect("a list")
    }

    pub fn facts(&self) -> Facts {
        let (dossier, framework) =
            portable::read(self.0.to_string().as_bytes(), load::find).expect("a dossier without faults");
        Facts::from_dossier(&dossier, framework).expect("the candidate is among the people")
    }

    pub fn on(&self, date: &str, lens: Lens) -> Assessment {
        assess(load::built_in(), &self.facts(), date.parse().expect("a date"), lens)
    }

    pub fn assess(&self) -> Assessment {
        self.on(TODAY, Lens::All)
    }

    /// One capability today, through lens all.
    pub fn capability(&self, id: &str) -> CapabilityReadiness {
        capability(&self.assess(), id)
    }

    pub fn state_on(&self, id: &str, date: &str) -> State {
        capability(&self.on(date, Lens::All), id).state
    }
}

pub fn capability(assessment: &Assessment, id: &str) -> CapabilityReadiness {
    assessment.capabilities.iter().find(|c| c.capability == id).expect("a capability").clone()
}

pub fn gap(readiness: &CapabilityReadiness, kind: GapKind) -> Option<Gap> {
    readiness.gaps.iter().find(|g| g.kind() == kind).cloned()
}

pub fn confirmed(by: &str, on: &str) -> Value {
    json!({"by": by, "on": on, "answer": "confirmed"})
}

/// Cross-domain leadership with `count` entries of `days` days each, one after the other up to yesterday, each naming
/// another criterion, confirmed in turn by the given people.
pub fn steady(count: usize, days: u64, voices: &[&str]) -> World {
    let criteria = &load::built_in().capability(CROSS).expect("a capability").criteria;
    (0..count).fold(World::new(), |world, i| {
        let back = (count - i) as u64 * days;
        let entry = json!({
            "to": ago(back - days + 1),
            "criteria": [criteria[i % criteria.len()].id],
            "corroborations": [confirmed(voices[i % voices.len()], &ago(back - days + 1))],
        });
        world.entry(CROSS, &ago(back), entry)
    })
}
