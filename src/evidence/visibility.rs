//! Who sees which dossier and entry, as SQL: each fragment says what one arm of [`crate::accounts::policy::decide`] says.
//!
//! Every list, search, count and export uses these, with `d` for dossiers, `e` for entries, and the first two values
//! of the statement bound by [`Viewer::bind`]: `$1` the account, `$2` whether it is a CTO's.

use uuid::Uuid;

use crate::accounts::{Actor, Role};
use crate::db::Query;
use crate::people::visibility::kept_from;

/// What a CTO reads of a dossier that is not theirs: it is shared, and none of its final entries names them as developed,
/// which keeps them from the case.
macro_rules! read_as_cto {
    () => {
        "$2 and d.sharing <> 'private' and d.aim <> 'e1-by-choice' and d.id not in (select rx.dossier_id \
         from accounts ra join entry_people rn on rn.person_id = ra.person_id and rn.named_as = 'developed' \
         join entries rx on rx.id = rn.entry_id and rx.status = 'final' where ra.id = $1)"
    };
}

/// A dossier that the viewer may read: one's own, or as a CTO one that is shared.
pub const READS_DOSSIER: &str = concat!("(d.owner_account = $1 or (", read_as_cto!(), "))");

/// An entry that the viewer may read: one's own, or as a CTO a final one of a dossier that is shared.
pub const READS_ENTRY: &str =
    concat!("(d.owner_account = $1 or (", read_as_cto!(), " and e.status = 'final'))");

/// A CTO's sitting `s` over a dossier that the viewer may read: one's own, or a released one.
pub const READS_SITTING: &str = concat!(
    "((d.owner_account = $1 or (",
    read_as_cto!(),
    ")) and (s.account_id = $1 or s.released_on is not null))"
);

/// A CTO's remark `r` (a judgement or a comment) on an entry that the viewer may read: for its owner a released one, for
/// CTOs each.
pub const READS_REMARK: &str = concat!(
    "((d.owner_account = $1 and r.released_on is not null) or (d.owner_account <> $1 and ",
    read_as_cto!(),
    " and e.status = 'final'))"
);

/// A dossier on the committee's board for a member, whose person is `$2` here: neither one's own, nor one whose final
/// entries name the member as developed.
pub const ON_MEMBERS_BOARD: &str = concat!(
    "(d.sharing = 'committee' and d.aim <> 'e1-by-choice' and d.owner_account <> $1 and d.id not in ",
    kept_from!(),
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
