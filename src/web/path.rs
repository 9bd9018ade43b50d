//! Ids in paths. One that can't be read is answered as one that doesn't exist.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use uuid::Uuid;

use crate::error::Error;

/// The single id of a path, as it stands in the pages' own links: hyphenated and in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Id(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Path(text) =
            Path::<String>::from_request_parts(parts, state).await.map_err(|_| Error::NotFound)?;
        Uuid::try_parse(&text).ok().filter(|id| id.to_string() == text).map(Id).ok_or(Error::NotFound)
    }
}
