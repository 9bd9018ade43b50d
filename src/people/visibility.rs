//! Who may know of whom, as SQL: what `PersonAct::Read` and `PersonAct::ReadMilestone` say in
//! [`crate::policy::decide`].
//!
//! Every list, search and count of people uses [`Viewer::knows`], and of milestones [`Viewer::reads_milestone`], with the
//! first three values of the statement bound by [`Viewer::bind`]: `$1` the viewer's account, `$2` their person, `$3`
//! whether they are an admin. This module takes them as plain values, since people come before accounts.
//!
//! Somebody who turned out to be another is nobody here: whoever knew of either knows of the one who is left.

use uuid::Uuid;

use crate::db::Query;

/// The dossiers in whose case somebody has no part, whatever their roles; `$person` is SQL for who it is. This is the one
/// fragment that says so: every list, count, search, export and notice goes through it.
macro_rules! recused_from {
    ($person:literal) => {
        concat!("(select rx.dossier_id from recusals rx where rx.person_id = ", $person, ")")
    };
}
pub(crate) use recused_from;

/// Whether a milestone `alias` still stands: no later one corrects it, and it does not itself say that something did not
/// happen. What doesn't stand counts nowhere.
pub fn stands(alias: &str) -> String {
    format!("({alias}.happened and not exists (select 1 from milestones mc where mc.corrects = {alias}.id))")
}

/// Whether an answer `alias` about an entry of the dossier `dossier` stands: somebody else than the candidate gave it in their
/// account, or by mail or link, and somebody else than the candidate vouched for it. It is here, and not with evidence, since
/// milestones rest on it too.
pub fn answer_stands(alias: &str, dossier: &str) -> String {
    format!(
        "({alias}.person_id <> {dossier}.owner_person and ({alias}.via = 'account' \
         or {alias}.vouched_by is not null and {alias}.vouched_by <> {dossier}.owner_person))"
    )
}

/// Whether the row `alias` of somebody whom an entry names is of one who asked in it not to be named: in an answer that
/// they gave, or in one that waits for a voucher beside another that stands.
pub fn is_unnamed(alias: &str) -> String {
    format!(
        "({alias}.answer is not null and {alias}.answer = 'unnamed' or exists (select 1 from namings um \
         join people up on up.id = um.person_id where um.entry_id = {alias}.entry_id and um.masked_on is not null \
         and coalesce(up.merged_into, up.id) = {alias}.person_id))"
    )
}

/// Whether the viewer added the person `alias`, or somebody who turned out to be them.
pub(super) fn added(alias: &str) -> String {
    format!(
        "({alias}.added_by is not null and {alias}.added_by = $1 \
         or exists (select 1 from people km where km.merged_into = {alias}.id and km.added_by = $1))"
    )
}

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The viewer's account.
    pub account: Uuid,
    /// The viewer, as a leader.
    pub person: Uuid,
    /// Whether they are an admin.
    pub admin: bool,
    /// Whether they are a CTO, who reads entries for CTOs alone.
    pub cto: bool,
}

impl Viewer {
    /// Whether the viewer may know of the person `alias`: themselves, somebody whom they added, or somebody of whom they
    /// were told; an admin knows of everybody.
    pub fn knows(self, alias: &str) -> String {
        let (added, told) = (added(alias), self.told_of(alias));
        format!("({alias}.merged_into is null and ($3 or {alias}.id = $2 or {added} or {told}))")
    }

    /// Whether the viewer may know of the person `alias` as anybody like them may: the person has an account, was not
    /// added by a candidate, or a final entry names them in a dossier that is shared and not kept to its owner's choice
    /// of E1. An entry for CTOs alone tells CTOs alone, and so does one in which they asked not to be named. A case from
    /// which the viewer is kept, since it names them as developed, tells them nothing.
    pub(super) fn told_of(self, alias: &str) -> String {
        let audience = if self.cto {
            String::new()
        } else {
            format!(" and ke.audience = 'dossier' and not {}", is_unnamed("kn"))
        };
        // Without `limit 1 offset 0` PostgreSQL looks the whole company's entries through once rather than those of the few
        // people for whom nothing before it decides.
        format!(
            "({alias}.added_by is null \
             or exists (select 1 from accounts ka where ka.person_id = {alias}.id) \
             or exists (select 1 from people km where km.merged_into = {alias}.id and km.added_by is null) \
             or exists (select 1 from entry_people kn join entries ke on ke.id = kn.entry_id \
             join dossiers kd on kd.id = ke.dossier_id where kn.person_id = {alias}.id \
             and ke.status = 'final'{audience} and kd.sharing <> 'private' and kd.aim <> 'e1-by-choice' \
             and kd.id not in {} limit 1 offset 0))",
            recused_from!("$2")
        )
    }

    /// Whether the viewer may read the milestone `alias`: the person themselves, whoever recorded it (an admin, those
    /// of admins), every CTO, and the owner of an entry that rests on it. An entry rests on what somebody reached after
    /// its first day, if it is final, names them as developed, and they agreed to that: in their account, or somebody vouched
    /// that it was them. Besides its owner CTOs
    /// alone read entries.
    pub fn reads_milestone(self, alias: &str) -> String {
        if self.cto {
            return "true".into();
        }
        format!(
            "({alias}.person_id = $2 or {alias}.recorded_by = $2 or ($3 and {alias}.recorded_by is null) \
             or exists (select 1 from entry_people mn join entries me on me.id = mn.entry_id \
             join dossiers md on md.id = me.dossier_id where mn.person_id = {alias}.person_id \
             and mn.named_as = 'developed' and mn.answer = 'agreed' and me.status = 'final' \
             and {} and me.from_date < {alias}.on_date and md.owner_account = $1))",
            answer_stands("mn", "md")
        )
    }

    /// Binds `$1`, `$2` and `$3`.
    pub fn bind(self, query: Query<'_>) -> Query<'_> {
        query.bind(self.account).bind(self.person).bind(self.admin)
    }
}
