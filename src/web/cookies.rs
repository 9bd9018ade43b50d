//! The cookies: the session's, the theme's, the one by which a browser is known at sign-in, and the one that tells who signed in
//! in it lately.

use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

/// The session cookie's name: bound to its host by TLS, plain on loopback.
pub fn session_name(secure: bool) -> &'static str {
    if secure { "__Host-evident" } else { "evident" }
}

/// The session token that a request brings.
pub fn session(headers: &HeaderMap, secure: bool) -> Option<String> {
    Some(CookieJar::from_headers(headers).get(session_name(secure))?.value().to_owned())
}

/// The header that keeps a session's token in the browser until it is closed.
pub fn keep_session(token: &str, secure: bool) -> HeaderValue {
    header_value(&session_cookie(token.to_owned(), secure))
}

/// The header that makes the browser forget the session.
pub fn forget_session(secure: bool) -> HeaderValue {
    let mut cookie = session_cookie(String::new(), secure);
    cookie.make_removal();
    header_value(&cookie)
}

fn session_cookie(value: String, secure: bool) -> Cookie<'static> {
    Cookie::build((session_name(secure), value))
        .path("/")
        .http_only(true)
        .secure(secure)
        .same_site(SameSite::Lax)
        .build()
}

/// The name of the cookie by which a browser is known in which somebody signed in.
fn device_name(secure: bool) -> &'static str {
    if secure { "__Host-evident-device" } else { "evident-device" }
}

/// The token by which the browser of a request is known.
pub fn device(headers: &HeaderMap, secure: bool) -> Option<String> {
    Some(CookieJar::from_headers(headers).get(device_name(secure))?.value().to_owned())
}

/// The header that keeps a browser's token for as long as the browser lets it.
pub fn keep_device(token: &str, secure: bool) -> HeaderValue {
    let mut cookie = session_cookie(token.to_owned(), secure);
    cookie.set_name(device_name(secure));
    cookie.make_permanent();
    header_value(&cookie)
}

fn marks_name(secure: bool) -> &'static str {
    if secure { "__Host-evident-browser" } else { "evident-browser" }
}

/// The marks that a request's browser bears.
pub fn marks(headers: &HeaderMap, secure: bool) -> Option<String> {
    Some(CookieJar::from_headers(headers).get(marks_name(secure))?.value().to_owned())
}

/// The header that keeps a browser's marks for long, also once it is closed.
pub fn keep_marks(marks: &str, secure: bool) -> HeaderValue {
    let mut cookie = session_cookie(marks.to_owned(), secure);
    cookie.set_name(marks_name(secure));
    cookie.make_permanent();
    header_value(&cookie)
}

/// The theme that a request's cookie chooses; empty to follow the system.
pub fn theme(headers: &HeaderMap) -> &'static str {
    match CookieJar::from_headers(headers).get("theme").map(Cookie::value) {
        Some("light") => "light",
        Some("dark") => "dark",
        _ => "",
    }
}

/// The header that keeps a theme for a year; an empty one forgets it.
pub fn keep_theme(theme: &'static str, secure: bool) -> HeaderValue {
    let mut cookie =
        Cookie::build(("theme", theme)).path("/").secure(secure).same_site(SameSite::Lax).build();
    if theme.is_empty() {
        cookie.make_removal();
    } else {
        cookie.make_permanent();
    }
    header_value(&cookie)
}

fn header_value(cookie: &Cookie<'_>) -> HeaderValue {
    // `Max-Age` alone says how long: `Expires` would be reckoned by the machine's own clock, and so no two answers be alike.
    let mut cookie = cookie.clone();
    cookie.unset_expires();
    // Our cookies hold hex and fixed words alone.
    HeaderValue::from_str(&cookie.to_string()).unwrap_or_else(|_| HeaderValue::from_static(""))
}
