//! Who sees which dossier and entry, as SQL: each fragment says what one arm of [`crate::policy::decide`] says.
//!
//! Every list, search, count and export uses these, with `d` for dossiers, `e` for entries, and the first two values
//! of the statement bound by [`Viewer::bind`]: `$1` the account, `$2` whether it is a CTO's.

use uuid::Uuid;

use crate::accounts::{Actor, Role};
use crate::db::Query;
use crate::people::visibility::recused_from;

/// The dossiers in whose case the account `$1` has no part.
macro_rules! viewer_recused_from {
    () => {
        recused_from!("(select ra.person_id from accounts ra where ra.id = $1)")
    };
}

/// What a CTO reads of a dossier that is not theirs: it is shared, and they have a part in the case.
macro_rules! read_as_cto {
    () => {
        concat!(
            "$2 and d.sharing <> 'private' and d.aim <> 'e1-by-choice' and d.id not in ",
            viewer_recused_from!()
        )
    };
}

/// Whether the account `$1` has no part in the case of the dossier `d`.
pub const RECUSED: &str = concat!("(d.id in ", viewer_recused_from!(), ")");

/// A dossier that the viewer may read: one's own, or as a CTO one that is shared.
pub const READS_DOSSIER: &str = concat!("(d.owner_account = $1 or (", read_as_cto!(), "))");

/// An entry that the viewer may read: one's own, or as a CTO a final one of a dossier that is shared.
pub const READS_ENTRY: &str =
    concat!("(d.owner_account = $1 or (", read_as_cto!(), " and e.status = 'final'))");

/// A CTO's sitting `s` that was handed over, since they have no part in the case any more: to the dossier's sponsor or,
/// without one, to every CTO who has.
macro_rules! handed_over {
    () => {
        concat!(
            "d.owner_account <> $1 and (d.sponsor is null or d.sponsor = $1) and d.id in ",
            recused_from!("(select ha.person_id from accounts ha where ha.id = s.account_id)")
        )
    };
}

/// A CTO's sitting `s` over a dossier that the viewer may read: one's own, a released one, or one that was handed over.
pub const READS_SITTING: &str = concat!(
    "((d.owner_account = $1 or (",
    read_as_cto!(),
    ")) and (s.account_id = $1 or s.released_on is not null or (",
    handed_over!(),
    ")))"
);

/// A CTO's remark `r` (a judgement or a comment) on an entry that the viewer may read: for its owner a released one, for
/// CTOs each.
pub const READS_REMARK: &str = concat!(
    "((d.owner_account = $1 and r.released_on is not null) or (d.owner_account <> $1 and ",
    read_as_cto!(),
    " and e.status = 'final'))"
);

/// A dossier on the committee's board for a member: neither one's own, nor one in whose case the member has no part.
pub const ON_MEMBERS_BOARD: &str = concat!(
    "(d.sharing = 'committee' and d.aim <> 'e1-by-choice' and d.owner_account <> $1 and d.id not in ",
    viewer_recused_from!(),
    ")"
);

/// Whether the account `a` would have a part in the case of the dossier `d` by its roles, if nothing kept its person from it.
pub const WOULD_TAKE_PART: &str = "(a.disabled_at is null and a.id <> d.owner_account and d.sharing <> 'private' \
     and d.aim <> 'e1-by-choice' and exists (select 1 from account_roles wr where wr.account_id = a.id \
     and (wr.role = 'cto' or wr.role = 'committee' and d.sharing = 'committee')))";

/// Whether the account `a` can be the sponsor of the dossier `d`: a CTO's, in use, not its owner's, and not recused.
pub const CAN_SPONSOR: &str = concat!(
    "(a.disabled_at is null and a.id <> d.owner_account and exists (select 1 from account_roles sr \
     where sr.account_id = a.id and sr.role = 'cto') and d.id not in ",
    recused_from!("a.person_id"),
    ")"
);

/// An entry that tells those whom it names: `$1` is the person who is named, `$2` whether they are a CTO.
pub const TELLS_NAMED: &str = "(e.status = 'final' and d.sharing <> 'private' and d.aim <> 'e1-by-choice' \
     and d.owner_person <> $1 and (e.audience = 'dossier' or $2))";

/// A request, `r`, that the person asked may read and answer: `$1` is that person, `$2` whether they are a CTO.
pub const ANSWERS_REQUEST: &str = "(r.person_id = $1 and d.owner_person <> $1 and r.closed_at is null \
     and e.status = 'final' and (e.audience = 'dossier' or $2))";

/// The values that the fragments for readers of a dossier ask for.
#[derive(Clone, Copy, Debug)]
pub struct Viewer {
    account: Uuid,
    cto: bool,
}

impl Viewer {
    /// Binds `$1` and `$2`.
    pub fn bind(self, query: Query<'_>) -> Query<'_> {
        query.bind(self.account).bind(self.cto)
    }
}

impl From<&Actor> for Viewer {
    fn from(actor: &Actor) -> Self {
        Viewer { account: actor.account, cto: actor.is(Role::Cto) }
    }
}
