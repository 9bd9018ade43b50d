//! Forms: what was typed is kept as it was typed, and each fault names its field.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Datelike, NaiveDate};
use serde::de::DeserializeOwned;

use super::page_with;
use crate::error::{Error, FieldError, Result};

/// A form's fields, read into a struct of strings and lists of strings.
pub struct Form<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> std::result::Result<Self, Response> {
        let kind =
            request.headers().get(header::CONTENT_TYPE).map(|kind| kind.as_bytes().to_ascii_lowercase());
        let is_form =
            kind.as_deref().is_some_and(|kind| kind.starts_with(b"application/x-www-form-urlencoded"));
        let bytes = Bytes::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        if !is_form && !bytes.is_empty() {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response());
        }
        if !is_utf8_decoded(&bytes) {
            let message = "The form holds bytes that are no UTF-8 text. Type the text again, or paste it as plain text.";
            return Err(Error::Malformed(message.into()).into_response());
        }
        serde_html_form::from_bytes(&bytes)
            .map(Form)
            .map_err(|error| Error::Malformed(format!("The form can't be read: {error}.")).into_response())
    }
}

/// Whether a form's or query's text is UTF-8 once its percent signs are undone.
pub fn is_utf8_decoded(encoded: &[u8]) -> bool {
    std::str::from_utf8(&percent_encoding::percent_decode(encoded).collect::<Vec<u8>>()).is_ok()
}

/// Answers a form: with the way on once it was done, or with its page again, for what was typed and its faults.
///
/// # Errors
/// Whatever else kept it from being done.
pub async fn done_or_again<T, P: Template, Again: Future<Output = Result<P>>>(
    outcome: Result<T>,
    to: impl FnOnce(T) -> String,
    again: impl FnOnce(Vec<FieldError>) -> Again,
) -> Result<Response> {
    match outcome {
        Ok(done) => Ok(Redirect::to(&to(done)).into_response()),
        Err(Error::Invalid(faults)) => page_with(StatusCode::UNPROCESSABLE_ENTITY, &again(faults).await?),
        Err(error) => Err(error),
    }
}

/// Whether a field has a fault, for its state in a page.
pub fn is_wrong(faults: &[FieldError], field: &str) -> bool {
    faults.iter().any(|fault| fault.field == field)
}

/// A day as people type it (`2026-03-14`).
///
/// # Errors
/// Says what is wrong and how to write it.
pub fn day(text: &str) -> std::result::Result<NaiveDate, String> {
    let text = text.trim();
    let well_formed = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    let date = if well_formed { NaiveDate::parse_from_str(text, "%Y-%m-%d").ok() } else { None };
    match date {
        Some(date) if (1900..=2199).contains(&date.year()) => Ok(date),
        Some(_) => Err("Enter a year from 1900 to 2199.".into()),
        None if text.is_empty() => Err("Enter a day, like 2026-03-14.".into()),
        None => Err(format!(
            "“{}” is not a date. Write it like 2026-03-14.",
            text.chars().take(40).collect::<String>()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::{day, is_utf8_decoded};

    #[test]
    fn days_are_read_exactly() {
        assert_eq!(day(" 2026-03-14 ").map(|day| day.to_string()).as_deref(), Ok("2026-03-14"));
        for bad in [
            "",
            "2026-02-30",
            "14.3.2026",
            "2026-3-14",
            "0000-01-01",
            "9999-01-01",
            "+2026-1-1",
            "٢٠٢٦-٠٣-١٤",
        ] {
            assert!(day(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn broken_utf8_is_seen_through_percent_signs() {
        assert!(is_utf8_decoded(b"a=%C3%A9"));
        assert!(!is_utf8_decoded(b"a=%C3"));
        assert!(!is_utf8_decoded(b"a=\xff"));
    }
}
