//! Who has no part in whose case: the rows of `recusals`, brought in line with what gives a reason in the very change in
//! which it does, and what is said of it to the recused and to CTOs. Whom it keeps from what, the one fragment in
//! [`crate::people::visibility`] says.
//!
//! The recused are told that they have no part, and never what the evidence says: an entry for CTOs alone tells who is none
//! not even that it names them.

use std::collections::BTreeSet;

use askama::Template;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::dossiers::{self, Dossier};
use super::telling::Among;
use super::visibility::WOULD_TAKE_PART;
use super::{NamedAs, sponsors};
use crate::accounts::{Actor, Role};
use crate::audit::{Change, Event, Origin};
use crate::db::{Result, Tx, insert_all};
use crate::instance::Instance;
use crate::notices::{self, Kind, Notice};

/// The one reason that evidence gives.
const DEVELOPED: &str = "developed";

/// Whether the account `a` was not told yet, with the kind `$1`, that it has no part in the case of the dossier `d`.
const UNTOLD: &str = "not exists (select 1 from notices o where o.account_id = a.id and o.kind = $1 and o.about = d.id \
     and (o.settled_at is null or o.told_at >= (select min(m.since) from recusals m where m.dossier_id = d.id \
     and m.person_id = a.person_id)))";

/// A reason: the dossier, who is recused, and the entry from which it arises.
pub type Reason = (Uuid, Uuid, Uuid);

/// The reasons that there are by the entries as they stand: what the table holds, by the rule itself.
pub async fn by_rule(tx: &mut Tx, among: Among) -> Result<BTreeSet<Reason>> {
    let sql = format!(
        "select e.dossier_id, n.person_id, e.id from entries e join entry_people n on n.entry_id = e.id \
         where {} and e.status = 'final' and n.named_as = '{}'",
        among.condition(),
        <&str>::from(NamedAs::Developed)
    );
    Ok(among.bind(tx.query_built(sql)).all::<Reason>().await?.into_iter().collect())
}

/// The reasons that the table holds.
pub async fn kept(tx: &mut Tx, among: Among) -> Result<BTreeSet<Reason>> {
    let of_these = match among {
        Among::All => "1 = 1",
        Among::Dossier(_) => "dossier_id = $1",
        Among::Entry(_) => "arises_from = $1",
    };
    let sql = format!(
        "select dossier_id, person_id, arises_from from recusals where reason = '{DEVELOPED}' and {of_these}"
    );
    Ok(among.bind(tx.query_built(sql)).all::<Reason>().await?.into_iter().collect())
}

/// Brings the table in line with a dossier's entries as they stand now, or with one of them; ends a sponsor's relation who
/// is recused by now, and tells the recused.
pub(super) async fn follow(change: &mut Change<'_>, dossier: Uuid, among: Among) -> Result<()> {
    let at = change.at();
    if refill(change.tx(), among, at).await? {
        sponsors::follow(change, sponsors::Whose::Dossier(dossier)).await?;
    }
    tell(change, dossier).await
}

/// Brings the table in line with entries as they stand now; whether anything changed. Tells nobody: for what is written in
/// bulk.
pub async fn refill(tx: &mut Tx, among: Among, at: DateTime<Utc>) -> Result<bool> {
    let (wanted, kept) = (by_rule(tx, among).await?, kept(tx, among).await?);
    for (dossier, person, entry) in kept.difference(&wanted) {
        tx.query("delete from recusals where dossier_id = $1 and person_id = $2 and reason = $3 and arises_from = $4")
            .bind(*dossier)
            .bind(*person)
            .bind(DEVELOPED)
            .bind(*entry)
            .run_expecting(1)
            .await?;
    }
    let new: Vec<&Reason> = wanted.difference(&kept).collect();
    let columns = "recusals (dossier_id, person_id, reason, arises_from, since)";
    insert_all(tx, columns, &new, |query, (dossier, person, entry)| {
        query.bind(*dossier).bind(*person).bind(DEVELOPED).bind(*entry).bind(at)
    })
    .await?;
    Ok(wanted != kept)
}

/// Tells those who would have a part in a case by their roles that they have none, once for as long as they are recused;
/// and takes that back where it holds no more.
pub(super) async fn tell(change: &mut Change<'_>, dossier: Uuid) -> Result<()> {
    let sql = format!(
        "select distinct a.id, d.owner_person, exists (select 1 from account_roles cr where cr.account_id = a.id \
         and cr.role = 'cto') as cto, {UNTOLD} as untold \
         from recusals x join dossiers d on d.id = x.dossier_id join accounts a on a.person_id = x.person_id \
         where x.dossier_id = $2 and {WOULD_TAKE_PART} order by a.id"
    );
    let recused: Vec<(Uuid, Uuid, bool, bool)> =
        change.tx().query_built(sql).bind(Kind::Recused).bind(dossier).all().await?;
    for account in notices::store::told_openly(change.tx(), Kind::Recused, dossier).await? {
        if !recused.iter().any(|(other, ..)| *other == account) {
            notices::settle(change, Kind::Recused, dossier, Some(account)).await?;
        }
    }
    let untold = recused.into_iter().filter(|(.., untold)| *untold).map(|(to, owner, cto, _)| Notice {
        to,
        kind: Kind::Recused,
        about: dossier,
        by: Some(owner),
        path: if cto { "/dossiers" } else { "/committee" }.into(),
    });
    notices::tell_all(change, untold.collect()).await
}

/// Tells those who were recused unheard: before recusals were kept, or by what is written in bulk. Once a day; doing it twice
/// tells nobody twice.
pub async fn tell_unheard(instance: &Instance, by: Origin) -> crate::error::Result<()> {
    let sql = format!(
        "select distinct d.id from recusals x join dossiers d on d.id = x.dossier_id \
         join accounts a on a.person_id = x.person_id where {WOULD_TAKE_PART} and {UNTOLD} order by d.id"
    );
    let mut tx = instance.db.read().await?;
    let cases: Vec<(Uuid,)> = tx.query_built(sql).bind(Kind::Recused).all().await?;
    drop(tx);
    for (dossier,) in cases {
        let mut change = Change::begin(instance, by).await?;
        dossiers::lock(change.tx(), dossier).await?;
        tell(&mut change, dossier).await?;
        change.record(Event::RecusalsTold, Some(dossier), &());
        change.commit().await?;
    }
    Ok(())
}

/// Follows on an account that came to be, or whose roles or state changed: its owner may now be one who is told that they
/// have no part in a case.
pub(super) async fn follow_account(change: &mut Change<'_>, account: Uuid) -> Result<()> {
    let cases: Vec<(Uuid,)> = change
        .tx()
        .query(
            "select distinct x.dossier_id from recusals x join accounts a on a.person_id = x.person_id \
             where a.id = $1 order by x.dossier_id",
        )
        .bind(account)
        .all()
        .await?;
    for (dossier,) in cases {
        tell(change, dossier).await?;
    }
    Ok(())
}

/// On which page somebody looks for cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The CTOs' overview.
    Overview,
    /// The committee's board.
    Board,
}

/// The cases that would stand on a page if the viewer had a part in them: a line for each in the place where they would be.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "evidence/_no_part.html")]
pub struct NoPart {
    /// The names of the candidates, and whether the viewer may know that the evidence names them as developed.
    cases: Vec<(String, bool)>,
}

impl NoPart {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// Those of a viewer.
    pub async fn load(tx: &mut Tx, actor: &Actor, place: Place) -> Result<NoPart> {
        let here = match place {
            Place::Overview => "",
            Place::Board => " and d.sharing = 'committee'",
        };
        let sql = format!(
            "select p.name, max(cast(case when e.audience = 'dossier' or $2 then 1 else 0 end as bigint)) from recusals x \
             join dossiers d on d.id = x.dossier_id join people p on p.id = d.owner_person \
             join accounts a on a.person_id = x.person_id join entries e on e.id = x.arises_from \
             where a.id = $1 and {WOULD_TAKE_PART}{here} group by d.id, p.name order by p.name, d.id"
        );
        let cases: Vec<(String, i64)> =
            tx.query_built(sql).bind(actor.account).bind(actor.is(Role::Cto)).all().await?;
        Ok(NoPart { cases: cases.into_iter().map(|(name, named)| (name, named == 1)).collect() })
    }
}

/// Who is recused, for CTOs who are not.
struct Recused {
    name: String,
    /// The entries that name them as developed: ids and titles.
    entries: Vec<(Uuid, String)>,
}

/// Who has which part in a case, for CTOs who have one.
#[derive(Template)]
#[template(path = "evidence/_case.html")]
pub struct Case {
    sponsor: Option<String>,
    recused: Vec<Recused>,
}

impl Case {
    /// That of a dossier. Asks for no permission: a caller shows it to CTOs who may read the dossier.
    pub async fn load(tx: &mut Tx, dossier: &Dossier) -> Result<Case> {
        let sql = format!(
            "select a.id, p.name, e.id, e.title from recusals x join dossiers d on d.id = x.dossier_id \
             join accounts a on a.person_id = x.person_id join people p on p.id = x.person_id \
             join entries e on e.id = x.arises_from where d.id = $1 and {WOULD_TAKE_PART} \
             order by p.name, a.id, e.id"
        );
        let rows: Vec<(Uuid, String, Uuid, String)> = tx.query_built(sql).bind(dossier.id).all().await?;
        let mut recused: Vec<(Uuid, Recused)> = Vec::new();
        for (account, name, entry, title) in rows {
            match recused.last_mut().filter(|(last, _)| *last == account) {
                Some((_, known)) => known.entries.push((entry, title)),
                None => recused.push((account, Recused { name, entries: vec![(entry, title)] })),
            }
        }
        let recused = recused.into_iter().map(|(_, recused)| recused).collect();
        Ok(Case { sponsor: sponsors::name(tx, dossier).await?, recused })
    }
}
