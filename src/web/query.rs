//! The parameters of an address. What is not understood is refused by name; an empty value is an absent one. What others
//! append to every link, to follow who opens it, is passed over.

use std::borrow::Cow;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::Uri;
use axum::http::request::Parts;
use chrono::NaiveDate;
use uuid::Uuid;

use super::forms;
use crate::error::{Error, FieldError};

/// The most pages that an address can ask for; those past the end are empty.
const LAST_PAGE: usize = 1_000_000;

/// What mail programs, advertisers and social networks append to links, besides whatever begins with `utm_`.
const TRACKING: &[&str] = &[
    "_hsenc",
    "_hsmi",
    "dclid",
    "fbclid",
    "gad_source",
    "gbraid",
    "gclid",
    "gclsrc",
    "igshid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "srsltid",
    "ttclid",
    "twclid",
    "wbraid",
    "yclid",
];

/// Whether a pair of a query string, as it stands there, only follows who opens the link.
fn is_tracking(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default();
    let name: Cow<'_, str> = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
    name.starts_with("utm_") || TRACKING.contains(&&*name)
}

/// A query string without what only follows people.
fn own(query: &str) -> Cow<'_, str> {
    if query.split('&').any(is_tracking) {
        query.split('&').filter(|pair| !is_tracking(pair)).collect::<Vec<_>>().join("&").into()
    } else {
        query.into()
    }
}

/// The path and the query of a request, as pages lead back to it: without what only follows people.
pub fn here(uri: &Uri) -> String {
    match uri.query().map(own) {
        Some(query) if !query.is_empty() => format!("{}?{query}", uri.path()),
        _ => uri.path().to_owned(),
    }
}

/// The parameters of a request, taken one by one; [`Params::finish`] refuses what is left.
#[derive(Clone, Debug, Default)]
pub struct Params {
    pairs: Vec<(String, String)>,
    faults: Vec<FieldError>,
}

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        Params::parse(parts.uri.query().unwrap_or_default())
    }
}

/// An address that takes no parameters.
#[derive(Clone, Copy, Debug)]
pub struct NoParams;

impl<S: Send + Sync> FromRequestParts<S> for NoParams {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        Params::from_request_parts(parts, state).await?.finish().map(|()| NoParams)
    }
}

impl Params {
    /// Reads a query string.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it is no UTF-8 text; [`Error::Invalid`] for hidden characters in a value.
    pub fn parse(query: &str) -> Result<Params, Error> {
        let query = own(query);
        if !forms::is_utf8_decoded(query.as_bytes()) {
            return Err(Error::Malformed("The address holds bytes that are no UTF-8 text.".into()));
        }
        let mut params = Params::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if value.is_empty() {
                params.pairs.push((name.into_owned(), String::new()));
                continue;
            }
            match crate::text::one_line(&value) {
                Ok(value) => params.pairs.push((name.into_owned(), value)),
                Err(message) => params.faults.push(FieldError::new(name.into_owned(), message)),
            }
        }
        if params.faults.is_empty() { Ok(params) } else { Err(Error::Invalid(params.faults)) }
    }

    /// Every value of a parameter that may be repeated.
    pub fn many(&mut self, name: &str) -> Vec<String> {
        let mut values = Vec::new();
        self.pairs.retain(|(key, value)| {
            if key == name && !value.is_empty() {
                values.push(value.clone());
            }
            key != name
        });
        values
    }

    /// The value of a parameter that stands once.
    pub fn one(&mut self, name: &str) -> Option<String> {
        let mut values = self.many(name);
        if values.len() > 1 {
            self.fault(name, "This parameter can stand only once.");
        }
        values.pop()
    }

    /// A date.
    pub fn date(&mut self, name: &str) -> Option<NaiveDate> {
        let value = self.one(name)?;
        forms::day(&value).map_err(|message| self.fault(name, message)).ok()
    }

    /// An id.
    pub fn id(&mut self, name: &str) -> Option<Uuid> {
        let value = self.one(name)?;
        value.parse().map_err(|_| self.fault(name, "This is no id.")).ok()
    }

    /// One of a set of words.
    pub fn word<T: FromStr + strum::VariantArray + std::fmt::Display>(&mut self, name: &str) -> Option<T> {
        let value = self.one(name)?;
        self.read_word(name, &value)
    }

    /// Several of a set of words, separated by commas.
    pub fn words<T: FromStr + strum::VariantArray + std::fmt::Display>(&mut self, name: &str) -> Vec<T> {
        let values = self.many(name);
        let mut read = Vec::new();
        for word in
            values.iter().flat_map(|value| value.split(',')).map(str::trim).filter(|word| !word.is_empty())
        {
            read.extend(self.read_word(name, word));
        }
        read
    }

    fn read_word<T: FromStr + strum::VariantArray + std::fmt::Display>(
        &mut self,
        name: &str,
        word: &str,
    ) -> Option<T> {
        let read = word.parse().ok();
        if read.is_none() {
            let known: Vec<String> = T::VARIANTS.iter().map(ToString::to_string).collect();
            self.fault(name, format!("“{}” is none of {}.", shortened(word), known.join(", ")));
        }
        read
    }

    /// A whole number within bounds.
    pub fn number(&mut self, name: &str, from: usize, to: usize) -> Option<usize> {
        let value = self.one(name)?;
        let read = value.parse().ok().filter(|number| (from..=to).contains(number));
        if read.is_none() {
            self.fault(name, format!("“{}” is not a whole number from {from} to {to}.", shortened(&value)));
        }
        read
    }

    /// Which page of a list, from 1; the first where `page` is not given.
    pub fn page(&mut self) -> usize {
        self.page_of("page")
    }

    /// The same of one of several lists, by the name of its parameter.
    pub fn page_of(&mut self, name: &str) -> usize {
        self.number(name, 1, LAST_PAGE).unwrap_or(1)
    }

    /// Notes that a parameter can't be taken.
    pub fn fault(&mut self, name: &str, message: impl Into<String>) {
        self.faults.push(FieldError::new(name.to_owned(), message));
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming every malformed parameter and every one that is not known here.
    pub fn finish(mut self) -> Result<(), Error> {
        for (name, _) in std::mem::take(&mut self.pairs) {
            self.fault(&shortened(&name), "This page has no such parameter. Take it out of the address.");
        }
        if self.faults.is_empty() { Ok(()) } else { Err(Error::Invalid(self.faults)) }
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::Params;

    #[derive(Debug, PartialEq, strum::Display, strum::EnumString, strum::VariantArray)]
    #[strum(serialize_all = "kebab-case")]
    enum Status {
        Draft,
        Final,
    }

    #[test]
    fn what_is_not_understood_is_named() {
        let mut params = Params::parse("status=final&status=draft&as_of=2026-02-30&x=1&q=").expect("text");
        assert_eq!(params.word::<Status>("status"), Some(Status::Draft));
        assert_eq!(params.date("as_of"), None);
        assert_eq!(params.one("q"), None);
        let Err(crate::error::Error::Invalid(faults)) = params.finish() else { panic!("it must be refused") };
        let fields: Vec<String> = faults.iter().map(|fault| fault.field.to_string()).collect();
        assert_eq!(fields, ["status", "as_of", "x"]);
    }

    #[test]
    fn an_empty_value_is_an_absent_one() {
        let mut params = Params::parse("status=&kind=&page=").expect("text");
        assert_eq!(params.word::<Status>("status"), None);
        assert!(params.words::<Status>("kind").is_empty());
        assert_eq!(params.number("page", 1, 9), None);
        assert!(params.finish().is_ok());
    }

    #[test]
    fn what_follows_people_is_passed_over() {
        let query = "utm_source=mail&q=a%26b&fbclid=%FF&utm_=&gclid&page=2&%75tm_id=%00&mc_eid=1&mc_eid=2";
        let mut params = Params::parse(query).expect("text");
        assert_eq!((params.one("q"), params.page()), (Some("a&b".into()), 2));
        assert!(params.finish().is_ok());
        let uri = |text: &str| text.parse().expect("an address");
        assert_eq!(super::here(&uri(&format!("/evidence?{query}"))), "/evidence?q=a%26b&page=2");
        assert_eq!(super::here(&uri("/evidence?utm_source=mail")), "/evidence");
        assert_eq!(super::here(&uri("/evidence?q=&x=utm_a")), "/evidence?q=&x=utm_a");
        for ours in ["utm=1", "xutm_a=1", "clid=1", "UTM=1", "q=1&utmost=2"] {
            let mut params = Params::parse(ours).expect("text");
            params.one("q");
            assert!(params.finish().is_err(), "{ours}");
        }
    }

    #[test]
    fn text_that_is_none_is_refused() {
        assert!(Params::parse("q=%FF").is_err());
        assert!(Params::parse("q=a%EF%BF%BDb").is_err());
    }
}
