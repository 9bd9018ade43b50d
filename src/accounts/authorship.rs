//! Whose something is that was typed, as pages and browsers tell it.

use uuid::Uuid;

use crate::instance::Instance;

/// Tells one account from another to the browser, and nothing else about them.
pub fn who(instance: &Instance, account: Uuid) -> String {
    let digest = instance.digest("who", account.as_bytes());
    hex::encode(digest.get(..8).unwrap_or_default())
}

/// Under which a browser keeps what an account typed. Only pages made for that account hold it.
pub fn key(instance: &Instance, account: Uuid) -> String {
    hex::encode(instance.digest("typed", account.as_bytes()))
}
