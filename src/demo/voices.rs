//! How the demo's answers came. People outside answer by mail or link, and the CTO of the day vouches for them. Now and then
//! an answer waits for somebody to vouch for it, and a confirmation was superseded when its entry was rewritten. None of
//! this changes how far evidence carries today: whoever counts is vouched for on the day of the answer.

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use super::calendar::{back, forth};
use super::company::Cast;
use super::dossier::Writer;
use super::names::given;
use super::plan::Voices;
use super::schedule::Beat;
use crate::evidence::{Audience, NamedAs, Status};
use crate::portable::{Came, Corroboration, Entry, Named};
use crate::review::{CorroborationAnswer, Via, Vouching};

/// Of so many entries that others answered about lately, one has an answer that nobody has vouched for.
const UNVOUCHED: u128 = 5;
/// For so many days an answer waits at most until somebody vouches for it.
const WAITS: i64 = 90;
/// Of so many, one was rewritten since somebody confirmed it.
const REWRITTEN: u128 = 9;

impl Writer<'_> {
    /// How an answer of a day came, and who vouched for it.
    pub(super) fn came(&self, by: usize, on: NaiveDate) -> Came {
        if self.people[by].employer.is_none() {
            return Came::default();
        }
        let vouched = Vouching { by: self.reference(Cast::cto(self.today, on)), on };
        Came { via: Self::way(on), vouched: Some(vouched) }
    }

    fn way(on: NaiveDate) -> Via {
        if on.day().is_multiple_of(2) { Via::Mail } else { Via::Link }
    }

    /// Adds to some entries an answer that waits for somebody to vouch for it, and one that was superseded. Returns the day
    /// of that rewrite.
    pub(super) fn add_voices(&self, beat: &Beat, id: Uuid, entry: &mut Entry) -> Option<NaiveDate> {
        let draw = id.as_u128() >> 16;
        let open = beat.backbone.is_none()
            && beat.voices == Voices::Several
            && entry.status == Status::Final
            && entry.audience == Audience::Dossier
            && forth(beat.recorded, 30) < back(self.today, 1);
        if !open {
            return None;
        }
        if draw.is_multiple_of(UNVOUCHED) && forth(beat.recorded, WAITS) > self.today {
            let on = forth(beat.recorded, 9);
            let came = Came { via: Self::way(on), vouched: None };
            let outside = self.candidacy.outside.iter().copied();
            self.add(entry, outside, NamedAs::External, (on, came, None));
        }
        if !draw.is_multiple_of(REWRITTEN) || entry.criteria.len() < 2 {
            return None;
        }
        // On the day on which it was logged, so that everybody else read it as it is.
        let rewritten = beat.recorded;
        let peers = self.candidacy.peers.iter().copied();
        let said = (rewritten, Came::default(), Some(rewritten));
        self.add(entry, peers, NamedAs::Partner, said).then_some(rewritten)
    }

    /// Adds a confirmation of the first who has not answered; false when all have.
    fn add(
        &self,
        entry: &mut Entry,
        mut people: impl Iterator<Item = usize>,
        named_as: NamedAs,
        (on, origin, superseded_on): (NaiveDate, Came, Option<NaiveDate>),
    ) -> bool {
        let answered = |who: &usize| {
            let id = self.reference(*who);
            entry.corroborations.iter().any(|said| said.by.as_ref() == Some(&id))
        };
        let Some(who) = people.find(|who| !answered(who)) else { return false };
        let by = self.reference(who);
        if entry.people.iter().all(|named| named.person != by) {
            entry.people.push(Named { person: by.clone(), named_as, answer: None, origin: Came::default() });
        }
        let said = self.portable((who, on, CorroborationAnswer::Confirmed, None));
        entry.corroborations.push(Corroboration { origin, superseded_on, ..said });
        true
    }
}

/// Respects a wish not to be named in what the candidate wrote.
pub(super) fn unname(entry: &mut Entry, name: &str) {
    let texts =
        [Some(&mut entry.title), entry.situation.as_mut(), entry.action.as_mut(), entry.impact.as_mut()];
    let updates = entry.updates.iter_mut().map(|update| &mut update.text);
    for text in texts.into_iter().flatten().chain(updates) {
        for known in [name, given(name)] {
            while let Some(at) = text.find(known) {
                let begins = at == 0 || text[..at].ends_with(". ");
                text.replace_range(
                    at..at + known.len(),
                    if begins { "The Director" } else { "the Director" },
                );
            }
        }
    }
}
