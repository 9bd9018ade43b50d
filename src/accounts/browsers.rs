//! The mark of a browser: in whose accounts somebody signed in there lately, so that nobody answers there for others what they
//! asked themselves.
//!
//! The token by which sign-in knows a browser ([`super::devices`]) can't serve for this: it is made to be forgotten, with a
//! session that somebody ends or a new password, and the browser would then answer for others what was asked in it.
//!
//! A mark is a digest that nobody without the instance's secret makes or undoes. It opens nothing, and tells whoever finds
//! it nothing about anybody.

use axum::http::{HeaderMap, HeaderValue};
use uuid::Uuid;

use crate::instance::Instance;
use crate::web::cookies;

/// So many accounts are remembered in one browser, the latest first.
const MOST: usize = 8;
/// Bytes of a mark: enough that two accounts never share one.
const BYTES: usize = 12;

fn mark(instance: &Instance, account: Uuid) -> String {
    let digest = instance.digest("browser", account.as_bytes());
    hex::encode(digest.get(..BYTES).unwrap_or_default())
}

fn marks(instance: &Instance, headers: &HeaderMap) -> Vec<String> {
    let kept = cookies::marks(headers, instance.settings.secure()).unwrap_or_default();
    kept.split('.').filter(|mark| mark.len() == 2 * BYTES).take(MOST).map(str::to_owned).collect()
}

/// Whether somebody signed in with an account in the browser that a request comes from.
pub fn is_marked(instance: &Instance, headers: &HeaderMap, account: Uuid) -> bool {
    marks(instance, headers).contains(&mark(instance, account))
}

/// The header that marks a browser with an account, beside those that it is marked with; none when it is marked already.
pub fn marking(instance: &Instance, headers: &HeaderMap, account: Uuid) -> Option<HeaderValue> {
    let (new, mut kept) = (mark(instance, account), marks(instance, headers));
    if kept.contains(&new) {
        return None;
    }
    // What was not made here stays out.
    kept.retain(|mark| mark.bytes().all(|byte| byte.is_ascii_hexdigit()));
    kept.insert(0, new);
    kept.truncate(MOST);
    Some(cookies::keep_marks(&kept.join("."), instance.settings.secure()))
}
