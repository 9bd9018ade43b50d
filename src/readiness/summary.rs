//! An assessment as boards show it: states, months and kinds of gaps, small enough to keep those of a whole company.

use strum::VariantArray;

use super::{Assessment, GapKind, State};
use crate::framework::Framework;

/// How far one candidate's evidence carries, in short.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Whether the evidence is complete.
    pub evidence_complete: bool,
    framework: &'static Framework,
    /// In the framework's order.
    capabilities: Box<[CapabilitySummary]>,
}

/// How far the evidence for one capability carries, in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CapabilitySummary {
    /// The state.
    pub state: State,
    /// Months shown within the window.
    pub months: u32,
    /// Length of the window in months.
    pub window_months: u32,
    /// The kinds of gaps.
    pub gaps: GapKinds,
}

/// Kinds of gaps, each once; a bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GapKinds(u16);

impl Summary {
    /// Of an assessment against a framework.
    pub fn of(framework: &'static Framework, assessment: &Assessment) -> Summary {
        let short = |readiness: &super::CapabilityReadiness| CapabilitySummary {
            state: readiness.state,
            months: readiness.months,
            window_months: readiness.window_months,
            gaps: readiness.gap_kinds().collect(),
        };
        Summary {
            evidence_complete: assessment.evidence_complete,
            framework,
            capabilities: assessment.capabilities.iter().map(short).collect(),
        }
    }

    /// What it says of a capability, where its framework has it.
    pub fn capability(&self, id: &str) -> Option<&CapabilitySummary> {
        self.capabilities.get(self.framework.capability_index(id)?)
    }

    /// Each capability's id with what is said of it, in the framework's order.
    pub fn capabilities(&self) -> impl Iterator<Item = (&'static str, &CapabilitySummary)> {
        self.framework.capabilities.iter().map(|capability| capability.id.as_str()).zip(&self.capabilities)
    }

    /// Its weight in memory, in bytes.
    pub fn weight(&self) -> usize {
        size_of::<Summary>() + size_of_val(&*self.capabilities)
    }
}

impl GapKinds {
    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether some are in both.
    pub fn meets(self, others: GapKinds) -> bool {
        self.0 & others.0 != 0
    }

    /// They, in the order of the rules.
    pub fn iter(self) -> impl Iterator<Item = GapKind> {
        GapKind::VARIANTS.iter().copied().filter(move |kind| self.meets(GapKinds::from_iter([*kind])))
    }
}

impl FromIterator<GapKind> for GapKinds {
    fn from_iter<I: IntoIterator<Item = GapKind>>(kinds: I) -> GapKinds {
        GapKinds(kinds.into_iter().fold(0, |bits, kind| bits | 1 << kind as u16))
    }
}

#[cfg(test)]
mod tests {
    use strum::VariantArray;

    use super::{GapKind, GapKinds};

    #[test]
    fn kinds_stand_once_and_in_the_order_of_the_rules() {
        let kinds: GapKinds = [GapKind::NotYet, GapKind::Short, GapKind::Short].into_iter().collect();
        assert_eq!(kinds.iter().collect::<Vec<_>>(), [GapKind::Short, GapKind::NotYet]);
        assert!(kinds.meets(GapKinds::from_iter([GapKind::NotYet])));
        assert!(!kinds.meets(GapKinds::from_iter([GapKind::Few])));
        assert!(GapKinds::default().is_empty());
        let all: GapKinds = GapKind::VARIANTS.iter().copied().collect();
        assert_eq!(all.iter().collect::<Vec<_>>(), GapKind::VARIANTS);
    }
}
