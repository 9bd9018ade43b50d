//! Whether everything that was acknowledged is there, once and with its audit entry, and nothing is half there.

use std::collections::BTreeSet;

use evident::accounts::{Actor, Credential, Role};
use evident::audit;
use evident::db::Tx;
use evident::evidence::revisions::Kept;
use evident::evidence::store;
use evident::instance::Instance;
use uuid::Uuid;

use super::deed::{Deed, Done, Told};

/// How many findings are told of, for who has to find out.
const TOLD: u64 = 10;

/// What must never be found.
#[derive(Debug, Default)]
pub struct Findings {
    /// How many deeds were acknowledged.
    pub acknowledged: u64,
    /// Acknowledged, and not there.
    pub lost: u64,
    /// There without an audit entry.
    pub unaudited: u64,
    /// There twice, though they say that nothing was changed, or half.
    pub partial: u64,
    told: u64,
}

/// What holds at any moment, whatever was done: a name for its breach, and how many there are.
const HOLDS: &[(&str, &str)] = &[
    (
        "entries without their present revision",
        "select count(*) from entries e where not exists \
         (select 1 from entry_revisions r where r.entry_id = e.id and r.number = e.revision)",
    ),
    (
        "revisions past their entry's",
        "select count(*) from entry_revisions r join entries e on e.id = r.entry_id where r.number > e.revision",
    ),
    (
        "entries with more or fewer audit entries than changes",
        "select count(*) from entries e where e.revision <> \
         (select count(*) from audit_entries a where a.subject_id = e.id and a.action like 'entry.%')",
    ),
    (
        "audit entries of an entry that is not there",
        "select count(*) from audit_entries a where a.action like 'entry.%' \
         and not exists (select 1 from entries e where e.id = a.subject_id) and not exists \
         (select 1 from audit_entries d where d.subject_id = a.subject_id and d.action = 'entry.discarded')",
    ),
    (
        "check-ins without their one audit entry, or without answers",
        "select count(*) from check_ins c where 1 <> (select count(*) from audit_entries a \
         where a.subject_id = c.id and a.action = 'check-in.made') \
         or not exists (select 1 from check_in_answers r where r.check_in_id = c.id)",
    ),
    (
        "audit entries of a check-in that is not there",
        "select count(*) from audit_entries a where a.action = 'check-in.made' \
         and not exists (select 1 from check_ins c where c.id = a.subject_id)",
    ),
    (
        "conversations without their one audit entry",
        "select count(*) from path_conversations t where 1 <> (select count(*) from audit_entries a \
         where a.subject_id = t.id and a.action = 'conversation.written')",
    ),
    (
        "audit entries of a conversation that is not there",
        "select count(*) from audit_entries a where a.action = 'conversation.written' \
         and not exists (select 1 from path_conversations t where t.id = a.subject_id)",
    ),
    (
        "people without their audit entry",
        "select count(*) from people p where p.added_by is not null and not exists (select 1 from audit_entries a \
         where a.subject_id = p.id and a.action = 'person.added')",
    ),
];

impl Findings {
    /// How many there are of what must never be found.
    pub fn wrong(&self) -> u64 {
        self.lost + self.unaudited + self.partial
    }

    /// Notes what was acknowledged and is not there.
    pub fn lost(&mut self, what: &str) {
        self.lost += 1;
        self.tell(&format!("lost: {what}"));
    }

    /// Notes what is neither lost nor without an audit entry.
    pub fn partial(&mut self, what: &str) {
        self.partial += 1;
        self.tell(what);
    }

    /// What it comes to, in the words of the figure.
    pub fn in_short(&self) -> String {
        let Findings { acknowledged, lost, unaudited, partial, .. } = self;
        format!(
            "{acknowledged} acknowledged, {lost} lost, {unaudited} without audit entry, {partial} partial"
        )
    }

    /// The first few are told while it goes on.
    fn tell(&mut self, what: &str) {
        self.told += 1;
        if self.told <= TOLD {
            eprintln!("{what}");
        }
    }

    /// Looks for deeds, and at each entry that they touched.
    pub async fn look_for(&mut self, instance: &Instance, all: &[Done]) -> anyhow::Result<()> {
        let mut tx = instance.db.read().await?;
        let mut touched = BTreeSet::new();
        for done in all {
            let Done { deed, told, entry } = done;
            touched.extend(*entry);
            let Some((there, audited)) = done.found(&mut tx).await? else { continue };
            if *told == Told::Kept && there == 0 {
                self.lost(&format!("{deed:?}"));
            }
            if there > audited {
                self.unaudited += 1;
                self.tell(&format!("without its audit entry: {deed:?}"));
            }
            if there > 1 || *told == Told::Refused && there > 0 {
                self.partial(&format!("there {there} times, told {told:?}: {deed:?}"));
            }
            if let Deed::Logged { dossier, title } = deed {
                let id: Option<(Uuid,)> = tx
                    .query("select id from entries where dossier_id = $1 and title = $2")
                    .bind(*dossier)
                    .bind(title.clone())
                    .optional()
                    .await?;
                touched.extend(id.map(|(id,)| id));
            }
        }
        for id in touched {
            self.look_at(instance, &mut tx, id).await?;
        }
        Ok(())
    }

    /// An entry says in its own tables, in its revision and in the audit log's commitment the same.
    async fn look_at(&mut self, instance: &Instance, tx: &mut Tx, id: Uuid) -> anyhow::Result<()> {
        let owner: Option<(Uuid, Uuid)> = tx
            .query(
                "select d.owner_account, d.owner_person from entries e join dossiers d on d.id = e.dossier_id \
                 where e.id = $1",
            )
            .bind(id)
            .optional()
            .await?;
        let Some((account, person)) = owner else { return Ok(()) };
        let roles = vec![Role::Candidate];
        let owner = Actor {
            account,
            person,
            name: String::new(),
            roles,
            credential: Credential::Session(Uuid::nil()),
            zone: None,
        };
        let Some(entry) = store::readable(tx, &owner, id).await? else {
            self.partial(&format!("an entry that its owner can't read: {id}"));
            return Ok(());
        };
        let kept: Option<(String,)> = tx
            .query("select content from entry_revisions where entry_id = $1 and number = $2")
            .bind(id)
            .bind(entry.revision)
            .optional()
            .await?;
        let kept = kept.map(|(kept,)| serde_json::from_str::<Kept>(&kept)).transpose()?;
        if !kept.is_some_and(|kept| kept.content == entry.content && kept.status == entry.status) {
            self.partial(&format!("an entry unlike its revision {}: {id}", entry.revision));
        }
        let said = serde_json::to_vec(&(entry.status, entry.revision, &entry.content))?;
        let committed: Option<(Vec<u8>,)> = tx
            .query(
                "select commitment from audit_entries where subject_id = $1 and action like 'entry.%' \
                 order by seq desc limit 1",
            )
            .bind(id)
            .optional()
            .await?;
        if committed.is_none_or(|(commitment,)| commitment != instance.digest("audit", &said)) {
            self.unaudited += 1;
            self.tell(&format!("an entry that says something else than was audited: {id}"));
        }
        Ok(())
    }

    /// Goes through the whole database: what always holds, the audit log, and what the engine says of itself.
    pub async fn look_through(&mut self, instance: &Instance) -> anyhow::Result<()> {
        let mut tx = instance.db.read().await?;
        for (name, sql) in HOLDS {
            let (breaches,): (i64,) = tx.query(sql).one().await?;
            if breaches > 0 {
                self.partial(&format!("{breaches} {name}"));
            }
        }
        if let Err(fault) = audit::verify(&mut tx, None).await? {
            self.partial(&fault.to_string());
        }
        drop(tx);
        if instance.db.engine() == "SQLite" {
            self.ask_sqlite(instance).await
        } else {
            self.ask_postgres(instance).await
        }
    }

    async fn ask_sqlite(&mut self, instance: &Instance) -> anyhow::Result<()> {
        let mut tx = instance.db.read().await?;
        let (said,): (String,) = tx.query("pragma integrity_check").one().await?;
        if said != "ok" {
            self.partial(&said);
        }
        let broken: Option<(String,)> = tx.query("pragma foreign_key_check").optional().await?;
        if let Some((table,)) = broken {
            self.partial(&format!("a row of {table} refers to nothing"));
        }
        Ok(())
    }

    /// Holds every index against its table.
    async fn ask_postgres(&mut self, instance: &Instance) -> anyhow::Result<()> {
        let mut tx = instance.db.write().await?;
        tx.query("create extension if not exists amcheck").run().await?;
        let indexes = "select count(bt_index_check(c.oid, true)::text) from pg_class c \
             join pg_am m on m.oid = c.relam where m.amname = 'btree' and c.relkind = 'i' \
             and c.relnamespace = 'public'::regnamespace";
        // One that does not agree is an error of the statement.
        if let Err(error) = tx.query(indexes).one::<(i64,)>().await {
            self.partial(&format!("{error:?}"));
        }
        Ok(())
    }
}
