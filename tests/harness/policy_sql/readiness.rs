//! What readiness is computed from, for each kind of reader.

use evident::accounts::Role;
use evident::dashboard::store::{Reader, facts};
use evident::db::Tx;
use evident::evidence::{Sharing, Status};
use evident::policy::DossierAct;
use evident::review::{CheckInKind, CorroborationAnswer, Judgement};

use super::eyes::{Eyes, entries, owners};
use super::shown::{Comparison, number};
use crate::story::{Fact, NAMES, Who};

/// Days for which a differing account and a not-yet are kept from the committee.
const KEPT_BACK: i64 = 14;

impl Comparison {
    /// What readiness is computed from: as the owner, as a CTO, and as a member.
    pub(super) async fn facts(&mut self, tx: &mut Tx, eyes: &Eyes<'_>) -> evident::error::Result<()> {
        let today = eyes.places.today;
        for of in owners(eyes.story) {
            let state = eyes.dossier(of);
            let mut readers = Vec::new();
            if state.owner {
                readers.push(Reader::Owner);
            } else if eyes.may(DossierAct::Read(state)) {
                readers.push(Reader::Cto);
            }
            if eyes.may_as(Role::Committee, DossierAct::SeeOnBoard(state))
                && eyes.story.is(eyes.who, Role::Committee)
            {
                readers.push(Reader::Committee { today });
            }
            for reader in readers {
                let found = facts(tx, &[eyes.places.dossier(of)], reader).await?;
                let (_, found) = found.first().expect("facts");
                let mut shown = Vec::new();
                for entry in &found.entries {
                    let n = number(entry.id.parse().expect("an id"));
                    shown.push((n, "entry".to_owned(), today));
                    let said = entry.corroborations.iter().map(|c| {
                        let stands = c.origin.stands(&c.by, &found.candidate, today);
                        (n, said(c.answer, stands, c.superseded_on.is_some()), c.on)
                    });
                    shown.extend(said);
                    shown.extend(entry.assessments.iter().map(|a| (n, a.judgement.to_string(), a.on)));
                }
                shown.extend(found.check_ins.iter().map(|c| (0, c.kind.to_string(), c.on)));
                shown.extend(found.feedback.iter().map(|f| (0, "feedback".into(), f.on)));
                let may = counted(eyes, of, reader);
                self.list(may.len(), shown, may, || {
                    format!("what {}’s readiness rests on to {} as {reader:?}", NAMES[of], NAMES[eyes.who])
                });
            }
        }
        Ok(())
    }
}

/// An answer, whether it is the word of who gave it, and whether it was superseded.
fn said(answer: CorroborationAnswer, stands: bool, superseded: bool) -> String {
    format!("{answer}, stands: {stands}, superseded: {superseded}")
}

/// What counts in a dossier for a reader, as the rules of who sees what have it: drafts and what is unreleased for
/// nobody, a differing account and a not-yet for the committee only after fourteen days, the owner’s check-ins for
/// others from the day of sharing on or where they are included.
fn counted(eyes: &Eyes<'_>, of: Who, reader: Reader) -> Vec<(u32, String, chrono::NaiveDate)> {
    let (_, _, shared) = eyes.story.dossier(of).expect("a dossier");
    let sharing = eyes.dossier(of).sharing;
    let member = matches!(reader, Reader::Committee { .. });
    let on = |days: i64| eyes.places.today - chrono::TimeDelta::days(days);
    let own = |entry: &u32| {
        entries(eyes.story).iter().any(|e| e.n == *entry && e.of == of && e.status == Status::Final)
    };
    let mut all: Vec<_> = entries(eyes.story)
        .iter()
        .filter(|entry| own(&entry.n))
        .map(|entry| (entry.n, "entry".to_owned(), on(0)))
        .collect();
    for fact in &eyes.story.0 {
        match fact {
            Fact::Said { entry, who, answer, days, by_link, superseded, .. } if own(entry) => {
                let kept_back = *answer == CorroborationAnswer::Differs && *days < KEPT_BACK;
                if !(member && kept_back) {
                    let stands = eyes.story.stands(*entry, *who, *by_link);
                    all.push((*entry, said(*answer, stands, *superseded), on(*days)));
                }
            }
            Fact::Judged { entry, judgement, released: Some(days), .. } if own(entry) => {
                let kept_back = *judgement == Judgement::NotYet && *days < KEPT_BACK;
                if !(member && kept_back) {
                    all.push((*entry, judgement.to_string(), on(*days)));
                }
            }
            Fact::CheckedIn { of: owner, days, included, .. } if *owner == of => {
                let since = sharing != Sharing::Private && *days <= shared;
                if reader == Reader::Owner || *included || since {
                    all.push((0, CheckInKind::SelfAssessment.to_string(), on(*days)));
                }
            }
            Fact::Sat { over, released: Some(days), .. } if *over == of => {
                all.push((0, CheckInKind::Cto.to_string(), on(*days)));
                all.push((0, "feedback".into(), on(*days)));
            }
            _ => {}
        }
    }
    all
}
