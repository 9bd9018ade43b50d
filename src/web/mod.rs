//! The toolkit of pages: chrome, errors, forms, paging, Markdown, dates and assets. It knows no feature.

pub mod assets;
pub mod body;
pub mod chrome;
pub mod cookies;
pub mod csv;
pub mod errors;
pub mod forms;
pub mod headers;
pub mod markdown;
pub mod paging;
pub mod path;
pub mod prose;
pub mod query;
pub mod typed;
pub mod words;

use std::net::IpAddr;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

pub use chrome::Chrome;

/// What a route answers with. It says what its failures are drawn as, and whether who is signed out is sent to sign in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answer {
    /// A page for people.
    #[default]
    Page,
    /// The way to where a change is seen.
    Redirect,
    /// Data for programs, the page's script among them.
    Json,
    /// A table for programs.
    Csv,
    /// A line of text.
    Text,
}

/// Renders a page.
pub fn page(template: &impl Template) -> crate::error::Result<Response> {
    page_with(StatusCode::OK, template)
}

/// Renders a page with a status of its own: 422 for a form that came back.
pub fn page_with(status: StatusCode, template: &impl Template) -> crate::error::Result<Response> {
    Ok((status, Html(template.render()?)).into_response())
}

/// The address that a request came from: the peer's, or what trusted proxies say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress {
    /// The address; an IPv4 one is never written as IPv6.
    pub ip: IpAddr,
    /// Whether it is a proxy's own, since nothing else is known: many may come from it.
    pub shared: bool,
}
