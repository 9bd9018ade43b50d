//! Ids and tokens in paths, and paths to go on to. An id that can't be read is answered as one that doesn't exist.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use uuid::Uuid;

use crate::error::Error;

/// Longest address to go on to: longer ones would come back in a header that browsers refuse.
const LONGEST_NEXT: usize = 4_000;

/// The single id of a path, as it stands in the pages' own links: hyphenated and in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Id(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Text(text) = Text::from_request_parts(parts, state).await?;
        id(&text).map(Id)
    }
}

/// The single part of a path that is a token, or an id whose reading is left to an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Text {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(text)| Text(text)).map_err(|_| Error::NotFound)
    }
}

/// Reads an id as pages write it.
///
/// # Errors
/// [`Error::NotFound`] for every other text, other ways of writing an id among them.
pub fn id(text: &str) -> Result<Uuid, Error> {
    Uuid::try_parse(text).ok().filter(|id| id.to_string() == text).ok_or(Error::NotFound)
}

/// A path of this site to go on to; anything else is the home page.
pub fn same_site(next: &str) -> &str {
    let own = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && next.len() <= LONGEST_NEXT
        && next.bytes().all(|byte| byte.is_ascii_graphic());
    if own { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::same_site;

    #[test]
    fn only_paths_of_this_site_are_followed() {
        assert_eq!(same_site("/evidence?q=a%20b"), "/evidence?q=a%20b");
        for bad in [
            "",
            "https://example.com",
            "//example.com",
            "/\\example.com",
            "javascript:1",
            "/\t/example.com",
            "/\0",
            "/a b",
            "/\u{7f}",
            "/é",
        ] {
            assert_eq!(same_site(bad), "/", "{bad}");
        }
    }
}
