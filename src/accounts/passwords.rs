//! Passwords: argon2id on a small bounded pool, and what is refused as one.
//!
//! One password can be typed in several ways: `é` is one sign on one keyboard and two on another. They are hashed and
//! compared as NFKC. What was hashed as it was typed, before that, still fits, and is hashed anew when it does.

use std::sync::LazyLock;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::{Semaphore, SemaphorePermit};
use unicode_normalization::UnicodeNormalization;

/// Fewest characters of a password.
pub const SHORTEST: usize = 15;
/// Most characters of a password that are accepted.
pub const LONGEST: usize = 200;

/// Hashing takes 19 MiB and a core: no more than two at once, whatever the load of sign-ins.
static POOL: Semaphore = Semaphore::const_new(2);

/// Checked when there is no such account, so that both cases take the same time.
static NOBODYS: LazyLock<String> = LazyLock::new(|| hash_now("nobody's password").unwrap_or_default());

fn argon2() -> Argon2<'static> {
    let params = Params::new(19_456, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash_now(password: &str) -> anyhow::Result<String> {
    let hash = argon2().hash_password(password.as_bytes());
    Ok(hash.map_err(|error| anyhow::anyhow!("hashing a password: {error}"))?.to_string())
}

/// A password as it is counted, hashed and compared.
fn normal(password: &str) -> String {
    password.nfkc().collect()
}

/// The password's PHC string.
pub async fn hash(password: String) -> anyhow::Result<String> {
    let _permit = POOL.acquire().await?;
    tokio::task::spawn_blocking(move || hash_now(&normal(&password))).await?
}

/// Leave to verify a password. Whoever counts failures takes it before looking at the count, and keeps it until the
/// failure is counted: tries that come all at once then can't pass before the first of them has failed.
pub struct Turn(
    #[expect(dead_code, reason = "it is given back when it is dropped")] SemaphorePermit<'static>,
);

/// Waits for a turn.
pub async fn turn() -> anyhow::Result<Turn> {
    Ok(Turn(POOL.acquire().await?))
}

/// What came of comparing a password with the one that was hashed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Whether it is the one.
    pub right: bool,
    /// The hash to keep in place of one that was made of the password as it was typed.
    pub renewed: Option<String>,
}

/// Whether a password is the one that was hashed. Without a hash it takes as long, and is not.
pub async fn verify(_turn: &Turn, password: String, kept: Option<String>) -> anyhow::Result<Verified> {
    tokio::task::spawn_blocking(move || {
        let known = kept.is_some();
        let kept = kept.unwrap_or_else(|| NOBODYS.clone());
        let fits = |password: &str| {
            PasswordHash::new(&kept)
                .is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
        };
        let normal = normal(&password);
        if fits(&normal) {
            return Ok(Verified { right: known, renewed: None });
        }
        let as_typed = normal != password && fits(&password) && known;
        let renewed = if as_typed { Some(hash_now(&normal)?) } else { None };
        Ok(Verified { right: as_typed, renewed })
    })
    .await?
}

/// Says why a password is refused: too short, too long, or among what is tried first.
///
/// # Errors
/// The reason and the way out, for the person who chose it.
pub fn check(password: &str, about: &[&str]) -> Result<(), String> {
    let password = &normal(password);
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(format!("Choose a password of at least {SHORTEST} characters; this one has {length}."));
    }
    if length > LONGEST {
        return Err(format!("Choose a password of at most {LONGEST} characters; this one has {length}."));
    }
    let easy = zxcvbn::zxcvbn(password, about).score() < zxcvbn::Score::Three;
    if easy {
        return Err("This password is among the first that would be guessed. Choose another, such as four unrelated words.".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Verified, check, hash, hash_now, turn, verify};

    #[test]
    fn common_and_short_passwords_are_refused_and_no_composition_is_asked_for() {
        assert!(check("short", &[]).is_err());
        assert!(check("passwordpassword", &[]).is_err());
        assert!(check("aaaaaaaaaaaaaaaaaaaa", &[]).is_err());
        assert!(check("123456789012345678", &[]).is_err());
        assert!(check("harbour violet kettle sparrow", &[]).is_ok());
        assert!(check(&"harbour violet ".repeat(5)[..64], &[]).is_ok());
        assert!(check(&"x".repeat(201), &[]).is_err());
    }

    #[tokio::test]
    async fn a_hash_fits_its_own_password_alone() {
        let kept = hash("harbour violet kettle".into()).await.expect("hashed");
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        let turn = turn().await.expect("a turn");
        let right = Verified { right: true, renewed: None };
        let verified = verify(&turn, "harbour violet kettle".into(), Some(kept.clone())).await;
        assert_eq!(verified.expect("verified"), right);
        let verified = verify(&turn, "harbour violet kettlE".into(), Some(kept)).await;
        assert_eq!(verified.expect("verified"), Verified::default());
        let verified = verify(&turn, "nobody's password".into(), None).await;
        assert_eq!(verified.expect("verified"), Verified::default());
    }

    #[tokio::test]
    async fn one_password_is_the_same_however_it_is_typed() {
        let ways =
            ["caf\u{E9} violet kettle", "cafe\u{301} violet kettle", "cafe\u{301}\u{A0}violet ｋettle"];
        let kept = hash(ways[0].into()).await.expect("hashed");
        let turn = turn().await.expect("a turn");
        for way in ways {
            let verified = verify(&turn, way.into(), Some(kept.clone())).await.expect("verified");
            assert_eq!(verified, Verified { right: true, renewed: None }, "{way:?}");
        }
        // Hashed as it was typed, by a version that did so.
        let old = hash_now(ways[1]).expect("hashed");
        let verified = verify(&turn, ways[1].into(), Some(old.clone())).await.expect("verified");
        assert!(verified.right);
        let renewed = verify(&turn, ways[0].into(), verified.renewed).await.expect("verified");
        assert_eq!(renewed, Verified { right: true, renewed: None });
        let other = verify(&turn, "cafe\u{301} violet".into(), Some(old)).await.expect("verified");
        assert_eq!(other, Verified::default());
    }

    #[test]
    fn the_length_counts_as_it_is_compared() {
        let typed = format!("{}e\u{301}", "q7 v".repeat(3));
        assert_eq!(typed.chars().count(), 14);
        assert!(check(&typed, &[]).expect_err("short").contains("this one has 13"));
        assert!(check(&"e\u{301}x7".repeat(67), &[]).is_err_and(|said| said.contains("201")));
    }
}
