//! What others have said of entries and of the candidate, as far as it is released and the reader may know of it.

use chrono::NaiveDate;
use uuid::Uuid;

use super::Loading;
use crate::db::{self, Tx};
use crate::readiness::{CheckIn, Corroboration, EntryAssessment, Feedback};
use crate::review::{CheckInKind, CorroborationAnswer, Judgement, Reply, Via};

impl Loading {
    pub(super) async fn corroborations(&mut self, tx: &mut Tx) -> db::Result<()> {
        let rows: Vec<AnswerRow> = self
            .about_entries(
                tx,
                "select x.entry_id, x.person_id, x.answer, x.on_date, x.settled_on, x.via, x.vouched_by, x.vouched_on, \
                 x.superseded_on from corroborations",
                ") order by x.entry_id, x.position",
            )
            .all()
            .await?;
        let reader = self.reader;
        for row in rows {
            let AnswerRow { answer, on_date: on, settled_on, superseded_on, .. } = row;
            // Settled or not: a board of a day before the settlement would tell of it otherwise.
            if answer == CorroborationAnswer::Differs && reader.keeps_back(on) {
                continue;
            }
            let Some((dossier, entry)) = self.entry(row.entry_id) else { continue };
            let by = dossier.person(row.person_id);
            let origin = dossier.origin(row.via, row.vouched_by, row.vouched_on);
            let said = Corroboration { by, on, answer, settled_on, origin, superseded_on };
            dossier.facts.entries[entry].corroborations.push(said);
        }
        Ok(())
    }

    pub(super) async fn assessments(&mut self, tx: &mut Tx) -> db::Result<()> {
        let rows: Vec<(Uuid, Uuid, Judgement, NaiveDate, Option<NaiveDate>)> = self
            .about_entries(
                tx,
                "select x.entry_id, x.person_id, x.judgement, x.released_on, x.superseded_on from assessments",
                ") and x.released_on is not null order by x.entry_id, x.position",
            )
            .all()
            .await?;
        let reader = self.reader;
        for (entry, person, judgement, on, superseded_on) in rows {
            if judgement == Judgement::NotYet && reader.keeps_back(on) {
                continue;
            }
            let Some((dossier, entry)) = self.entry(entry) else { continue };
            let by = Some(dossier.person(person));
            dossier.facts.entries[entry].assessments.push(EntryAssessment {
                by,
                on,
                judgement,
                superseded_on,
            });
        }
        Ok(())
    }

    pub(super) async fn check_ins(&mut self, tx: &mut Tx) -> db::Result<()> {
        let rows: Vec<CheckInRow> = self
            .query(
                tx,
                "select c.dossier_id, c.id, c.kind, c.person_id, c.on_date, c.included, a.question, a.answer \
                 from check_ins c left join check_in_answers a on a.check_in_id = c.id \
                 where c.on_date is not null and c.dossier_id in (",
                ") order by c.dossier_id, c.position, a.question",
            )
            .all()
            .await?;
        let reader = self.reader;
        let mut latest = None;
        for row in rows {
            let Some(dossier) = self.dossier(row.dossier_id) else { continue };
            if !reader.reads_check_in(row.kind, row.on_date, row.included, dossier.shared_on) {
                continue;
            }
            if latest != Some(row.id) {
                latest = Some(row.id);
                let by = Some(dossier.person(row.person_id));
                dossier.facts.check_ins.push(CheckIn {
                    kind: row.kind,
                    by,
                    on: row.on_date,
                    answers: Vec::new(),
                });
            }
            let question = |id: &String| dossier.framework.questions.iter().position(|q| q.id == *id);
            let place = row.question.as_ref().and_then(question).and_then(|place| u16::try_from(place).ok());
            if let (Some(place), Some(answer), Some(check_in)) =
                (place, row.answer, dossier.facts.check_ins.last_mut())
            {
                check_in.answers.push((place, answer));
            }
        }
        Ok(())
    }

    pub(super) async fn feedback(&mut self, tx: &mut Tx) -> db::Result<()> {
        let rows: Vec<(Uuid, Uuid, NaiveDate)> = self
            .query(
                tx,
                "select dossier_id, person_id, released_on from feedback \
                 where released_on is not null and dossier_id in (",
                ") order by dossier_id, position",
            )
            .all()
            .await?;
        for (dossier, person, on) in rows {
            if let Some(dossier) = self.dossier(dossier) {
                let by = Some(dossier.person(person));
                dossier.facts.feedback.push(Feedback { by, on });
            }
        }
        Ok(())
    }
}

#[derive(sqlx::FromRow)]
struct AnswerRow {
    entry_id: Uuid,
    person_id: Uuid,
    answer: CorroborationAnswer,
    on_date: NaiveDate,
    settled_on: Option<NaiveDate>,
    via: Via,
    vouched_by: Option<Uuid>,
    vouched_on: Option<NaiveDate>,
    superseded_on: Option<NaiveDate>,
}

#[derive(sqlx::FromRow)]
struct CheckInRow {
    dossier_id: Uuid,
    id: Uuid,
    kind: CheckInKind,
    person_id: Uuid,
    on_date: NaiveDate,
    included: bool,
    question: Option<String>,
    answer: Option<Reply>,
}
