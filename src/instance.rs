//! What every action needs of the running instance: its database, clock, ids, time zone and secret.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::SecretString;
use sha2::Sha256;

use crate::audit;
use crate::cache::{Cache, Caches, Kind};
use crate::clock::Clock;
use crate::db::{self, Db, Tx};
use crate::ids::Ids;
use crate::work::Work;

/// What the operator chose, as far as actions and pages depend on it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Decides which day today is.
    pub zone: chrono_tz::Tz,
    /// The address that people use, without a slash at its end.
    pub url: String,
    /// How long a session lasts without a request.
    pub session_idle: TimeDelta,
    /// How long a session lasts at most.
    pub session_life: TimeDelta,
    /// How mail is sent; none where the operator named no server, and letters wait.
    pub mail: Option<Mail>,
}

/// How mail is sent.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The server, as `smtp://` or `smtps://`, with a name and a password where it asks for them.
    pub server: SecretString,
    /// Whom mails come from.
    pub from: String,
    /// How many leave in a minute at most.
    pub per_minute: u32,
    /// The hour of the day, in the instance's time zone, at which the digest leaves.
    pub digest_hour: u32,
}

impl Settings {
    /// Whether people come by TLS, and cookies are bound to it.
    pub fn secure(&self) -> bool {
        self.url.starts_with("https://")
    }
}

/// The running instance. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Where everything is kept.
    pub db: Db,
    /// What tells the time.
    pub clock: Clock,
    /// What makes ids and secrets.
    pub ids: Ids,
    /// What its operator chose.
    pub settings: Arc<Settings>,
    /// Whether this is a demo, which offers sign-in by a button.
    pub demo: bool,
    /// What is kept in memory so that it need not be made again.
    pub caches: Caches,
    /// What takes long, and whose it is.
    pub work: Work,
    secret: Secret,
}

/// The instance's own secret: keys its commitments and digests.
#[derive(Clone)]
struct Secret([u8; 32]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// What a demo's database was made from, as [`crate::accounts::demo`] reads it; none on a real instance.
pub async fn demo(tx: &mut Tx) -> db::Result<Option<String>> {
    let (mark,): (Option<String>,) = tx.query("select demo from instance where id = 1").one().await?;
    Ok(mark)
}

/// Marks a database as a demo's.
pub async fn set_demo(tx: &mut Tx, mark: String) -> db::Result<()> {
    tx.query("update instance set demo = $1 where id = 1").bind(mark).run_expecting(1).await
}

impl Instance {
    /// Takes up a migrated database, and gives a new one its secret.
    pub async fn start(
        db: Db,
        clock: Clock,
        ids: Ids,
        settings: impl Into<Arc<Settings>>,
    ) -> db::Result<Instance> {
        let mut tx = db.write().await?;
        tx.query("insert into instance (id, secret, created_at) values (1, $1, $2) on conflict do nothing")
            .bind(ids.bytes::<32>().to_vec())
            .bind(clock.now())
            .run()
            .await?;
        audit::begin(&mut tx).await?;
        let (secret, demo): (Vec<u8>, Option<String>) =
            tx.query("select secret, demo from instance where id = 1").one().await?;
        tx.commit().await?;
        let mut kept = [0; 32];
        kept.copy_from_slice(secret.get(..32).ok_or(db::Error::Rows { expected: 32, changed: 0 })?);
        Ok(Instance {
            db,
            clock,
            ids,
            settings: settings.into(),
            demo: demo.is_some(),
            caches: Caches::default(),
            work: Work::default(),
            secret: Secret(kept),
        })
    }

    /// What is kept in memory of a kind, shared by the instance's clones.
    pub fn cache<K: Kind>(&self) -> Arc<Cache<K>> {
        self.caches.of()
    }

    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Today, in the instance's time zone.
    pub fn today(&self) -> NaiveDate {
        self.clock.today(self.settings.zone)
    }

    /// A digest that nobody without the instance's secret can check a guess against.
    pub fn digest(&self, purpose: &str, content: &[u8]) -> Vec<u8> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret.0).expect("HMAC takes a key of any length");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(content);
        mac.finalize().into_bytes().to_vec()
    }
}
