//! The guide as a document to read and to print, with an anchor for everything that has an id.

use askama::Template;
use axum::response::Response;

use super::{Framework, load};
use crate::error::Result;
use crate::web::query::NoParams;
use crate::web::{self, Chrome};

#[derive(Template)]
#[template(path = "framework/guide.html")]
struct GuidePage {
    chrome: Chrome,
    guide: &'static Framework,
}

/// `GET /framework`
pub async fn guide(chrome: Chrome, _: NoParams) -> Result<Response> {
    web::page(&GuidePage { chrome, guide: load::built_in() })
}
