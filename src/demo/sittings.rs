//! What a CTO did in the demo beside answering: sittings, released ones and a draft; comments on entries; opportunities
//! offered over a year. It is written last, over the check-ins and the feedback that are there, and changes no state.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::Company;
use super::calendar::back;
use super::dice::{Dice, Purpose};
use super::load::midday;
use crate::db::{Tx, insert_all};
use crate::error::Result;
use crate::ids::Ids;
use crate::opportunities::{self, Kind};
use crate::review::{CheckInKind, Field};
use crate::sitting::Kept;

/// On so many dossiers, the first by id, there are comments.
const COMMENTED: usize = 4;

/// What a CTO says; of sentences and occasions, by capability and kind.
#[derive(Deserialize)]
struct Lines {
    commitment: Vec<String>,
    comment: Vec<String>,
    reply: Vec<String>,
    private: Vec<String>,
    #[serde(flatten)]
    by_id: HashMap<String, Vec<String>>,
}

static LINES: LazyLock<Lines> = LazyLock::new(|| {
    toml::from_str(include_str!("prose/sittings.toml")).expect("the demo's sittings are well-formed")
});

/// A sitting to write.
struct Row {
    id: Uuid,
    dossier: Uuid,
    check_in: Uuid,
    feedback: Option<Uuid>,
    commitment: String,
    earlier: Option<(Uuid, Kept)>,
    /// None for a draft.
    released_on: Option<NaiveDate>,
    at: DateTime<Utc>,
    sentences: Vec<(String, String)>,
}

/// Somebody's word in a dossier: its id, its dossier, its day where it is released, and when it was written.
type Word = (Uuid, Uuid, Option<NaiveDate>, DateTime<Utc>);

/// Writes everything, and tells how many sittings there are.
pub(super) async fn write(tx: &mut Tx, company: &Company<'_>, ids: &Ids, account: Uuid) -> Result<usize> {
    let mut dice = Dice::new(company.seed, Purpose::Sittings, 0);
    let cto = company.people[company.visitors.cto].id;
    let dossiers: Vec<(Uuid, String)> = tx
        .query(
            "select d.id, p.name from dossiers d join people p on p.id = d.owner_person \
             where d.sharing <> 'private' and d.aim <> 'e1-by-choice' order by d.id",
        )
        .all()
        .await?;
    let check_ins: Vec<Word> = tx
        .query(
            "select id, dossier_id, on_date, created_at from check_ins where kind = 'cto' and person_id = $1 \
             order by created_at, id",
        )
        .bind(cto)
        .all()
        .await?;
    let feedback: Vec<Word> = tx
        .query(
            "select id, dossier_id, released_on, created_at from feedback where person_id = $1 \
             order by created_at, id",
        )
        .bind(cto)
        .all()
        .await?;
    let mut rows = Vec::new();
    for (dossier, name) in &dossiers {
        let first = name.split(' ').next().unwrap_or_default();
        let mut maker = Maker { dossier: *dossier, first, ids, dice: &mut dice, company };
        let of = |words: &[Word]| words.iter().filter(|word| word.1 == *dossier).copied().collect::<Vec<_>>();
        rows.extend(maker.released(&of(&check_ins)));
        rows.extend(maker.draft(tx, cto, &of(&check_ins), &of(&feedback)).await?);
    }
    insert(tx, account, &rows).await?;
    let some: Vec<_> = dossiers.iter().take(COMMENTED).map(|(id, _)| *id).collect();
    comments(tx, company, ids, account, &some, &mut dice).await?;
    offers(tx, company, ids, account, &mut dice).await?;
    Ok(rows.len())
}

struct Maker<'m> {
    dossier: Uuid,
    first: &'m str,
    ids: &'m Ids,
    dice: &'m mut Dice,
    company: &'m Company<'m>,
}

impl Maker<'_> {
    fn line(&mut self, lines: &[String]) -> String {
        self.dice.line(lines).replace("{first}", self.first)
    }

    fn sentences(&mut self) -> Vec<(String, String)> {
        let capabilities = &self.company.framework.capabilities;
        let mut sentences = Vec::with_capacity(capabilities.len());
        for capability in capabilities {
            if let Some(lines) = LINES.by_id.get(&capability.id) {
                sentences.push((capability.id.clone(), self.line(lines)));
            }
        }
        sentences
    }

    /// The two latest released check-ins as sittings; at the later one the CTO looks back on what they promised.
    fn released(&mut self, check_ins: &[Word]) -> Vec<Row> {
        let latest = check_ins.iter().filter_map(|word| Some((word.0, word.2?))).rev().take(2);
        let mut latest: Vec<(Uuid, NaiveDate)> = latest.collect();
        latest.reverse();
        let mut rows: Vec<Row> = Vec::new();
        for (check_in, on) in latest {
            let earlier =
                rows.last().map(|row| (row.id, *self.dice.pick(&[Kept::Kept, Kept::Kept, Kept::Partly])));
            rows.push(Row {
                id: self.ids.new_id(midday(self.company.today)),
                dossier: self.dossier,
                check_in,
                feedback: None,
                commitment: self.line(&LINES.commitment),
                earlier,
                released_on: Some(on),
                at: midday(on),
                sentences: self.sentences(),
            });
        }
        rows
    }

    /// What the CTO has written and not released, as a draft of a sitting; what it lacks is added empty.
    async fn draft(
        &mut self,
        tx: &mut Tx,
        cto: Uuid,
        check_ins: &[Word],
        feedback: &[Word],
    ) -> Result<Option<Row>> {
        // After all others, as whatever isn't released.
        const LAST: i64 = 1_000_001;
        let open = |words: &[Word]| words.iter().find(|word| word.2.is_none()).map(|word| (word.0, word.3));
        let (answers, text) = (open(check_ins), open(feedback));
        let Some((_, at)) = answers.or(text) else { return Ok(None) };
        let new = self.ids.new_id(midday(self.company.today));
        let check_in = if let Some((id, _)) = answers {
            id
        } else {
            let empty = tx.query(
                "insert into check_ins (id, dossier_id, kind, person_id, position, included, created_at) \
                     values ($1, $2, $3, $4, $5, $6, $7)",
            );
            let empty = empty.bind(new).bind(self.dossier).bind(CheckInKind::Cto).bind(cto).bind(LAST);
            empty.bind(false).bind(at).run_expecting(1).await?;
            // Its answers are filled in from the last time, as the page fills them in.
            if let Some((last, ..)) = check_ins.iter().rfind(|word| word.2.is_some()) {
                let copy = tx.query(
                    "insert into check_in_answers (check_in_id, question, answer) \
                         select $1, question, answer from check_in_answers where check_in_id = $2",
                );
                copy.bind(new).bind(*last).run().await?;
            }
            new
        };
        let feedback = if let Some((id, _)) = text {
            id
        } else {
            let empty = tx.query(
                "insert into feedback (id, dossier_id, person_id, position, text, created_at) \
                     values ($1, $2, $3, $4, '', $5)",
            );
            empty.bind(new).bind(self.dossier).bind(cto).bind(LAST).bind(at).run_expecting(1).await?;
            new
        };
        Ok(Some(Row {
            id: self.ids.new_id(midday(self.company.today)),
            dossier: self.dossier,
            check_in,
            feedback: Some(feedback),
            commitment: String::new(),
            earlier: None,
            released_on: None,
            at,
            sentences: self.sentences(),
        }))
    }
}

async fn insert(tx: &mut Tx, account: Uuid, rows: &[Row]) -> Result<()> {
    // One sitting looks back on another, which has to be there first.
    let (first, second): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.earlier.is_none());
    for rows in [first, second] {
        insert_all(
            tx,
            "sittings (id, dossier_id, account_id, check_in_id, feedback_id, commitment, earlier_id, earlier_kept, \
             revision, released_on, created_at, updated_at)",
            &rows,
            |query, row| {
                let (earlier, kept) = row.earlier.unzip();
                query
                    .bind(row.id)
                    .bind(row.dossier)
                    .bind(account)
                    .bind(row.check_in)
                    .bind(row.feedback)
                    .bind(row.commitment.clone())
                    .bind(earlier)
                    .bind(kept)
                    .bind(1_i64)
                    .bind(row.released_on)
                    .bind(row.at)
                    .bind(row.at)
            },
        )
        .await?;
    }
    let sentences: Vec<_> =
        rows.iter().flat_map(|row| row.sentences.iter().map(move |(id, text)| (row.id, id, text))).collect();
    insert_all(
        tx,
        "sitting_sentences (sitting_id, capability, text)",
        &sentences,
        |query, (id, capability, text)| query.bind(*id).bind((*capability).clone()).bind((*text).clone()),
    )
    .await?;
    Ok(())
}

/// On the latest entry of each dossier a released comment with its reply, and one that CTOs keep among themselves.
async fn comments(
    tx: &mut Tx,
    company: &Company<'_>,
    ids: &Ids,
    account: Uuid,
    dossiers: &[Uuid],
    dice: &mut Dice,
) -> Result<()> {
    let mut rows = Vec::new();
    for dossier in dossiers {
        let latest: Option<(Uuid, i64, NaiveDate)> = tx
            .query(
                "select id, revision, recorded_on from entries where dossier_id = $1 and status = 'final' \
                 and recorded_on is not null and impact <> '' order by recorded_on desc, id desc limit 1",
            )
            .bind(*dossier)
            .optional()
            .await?;
        let Some((entry, revision, recorded)) = latest else { continue };
        let on = recorded.max(back(company.today, 3)).min(back(company.today, 1));
        let replied = dice.chance(60);
        rows.push((entry, revision, Field::Impact, dice.line(&LINES.comment), Some(on), replied));
        rows.push((entry, revision, Field::Title, dice.line(&LINES.private), None, false));
    }
    let replies: Vec<&str> = rows.iter().map(|_| dice.line(&LINES.reply)).collect();
    let rows: Vec<_> = rows.into_iter().zip(replies).collect();
    insert_all(
        tx,
        "comments (id, entry_id, account_id, field, revision, text, released_on, reply, replied_on, created_at)",
        &rows,
        |query, ((entry, revision, field, text, on, replied), reply)| {
            query
                .bind(ids.new_id(midday(company.today)))
                .bind(*entry)
                .bind(account)
                .bind(*field)
                .bind(*revision)
                .bind((*text).to_owned())
                .bind(*on)
                .bind(replied.then(|| (*reply).to_owned()))
                .bind(on.filter(|_| *replied))
                .bind(midday(on.unwrap_or(back(company.today, 1))))
        },
    )
    .await?;
    Ok(())
}

/// A year of opportunities among the first candidates: some were offered several, some none.
async fn offers(tx: &mut Tx, company: &Company<'_>, ids: &Ids, account: Uuid, dice: &mut Dice) -> Result<()> {
    let candidates: Vec<Uuid> =
        company.candidacies.iter().take(8).map(|candidacy| company.people[candidacy.owner].id).collect();
    for (place, days) in (0_i64..16).map(|place| (place, 355 - 23 * place)) {
        let kinds = [Kind::BoardSlot, Kind::StandIn, Kind::Customer, Kind::Conference];
        let kind = kinds[usize::try_from(place).unwrap_or_default() % kinds.len()];
        // The first few come up more often, which is what the table is there to show.
        let offered_to = candidates[dice.below(candidates.len()).min(dice.below(candidates.len()))];
        let taken_by = match dice.below(4) {
            0 => None,
            1 => Some(*dice.pick(&candidates)),
            _ => Some(offered_to),
        };
        let on = back(company.today, days);
        let what = LINES.by_id.get(<&str>::from(kind)).map(|lines| dice.line(lines)).unwrap_or_default();
        let new = opportunities::store::Contents { kind, on, what: what.into(), offered_to, taken_by };
        let at = midday(on.min(company.today));
        let id = ids.new_id(midday(company.today));
        opportunities::store::insert(tx, id, &new, account, at).await?;
    }
    Ok(())
}
