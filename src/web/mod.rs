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
pub mod query;
pub mod typed;
pub mod words;

use std::net::{IpAddr, Ipv6Addr};

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

pub use chrome::Chrome;

/// Renders a page.
pub fn page(template: &impl Template) -> crate::error::Result<Response> {
    page_with(StatusCode::OK, template)
}

/// Renders a page with a status of its own: 422 for a form that came back.
pub fn page_with(status: StatusCode, template: &impl Template) -> crate::error::Result<Response> {
    Ok((status, Html(template.render()?)).into_response())
}

/// The address that a request came from: the peer's, or what a trusted proxy says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// Where guesses from it are counted: an IPv4 address, or the network of 64 bits of an IPv6 one, since every
    /// household has a whole such network to guess from.
    pub fn place(self) -> String {
        match self.0.to_canonical() {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => {
                let [a, b, c, d, ..] = ip.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ClientAddress;

    #[test]
    fn guesses_are_counted_by_address_or_by_network() {
        let place = |ip: &str| ClientAddress(ip.parse().expect("an address")).place();
        assert_eq!(place("192.0.2.7"), "192.0.2.7");
        assert_eq!(place("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(place("2001:db8:1:2:3:4:5:6"), place("2001:db8:1:2::9"));
        assert_ne!(place("2001:db8:1:2::9"), place("2001:db8:1:3::9"));
    }
}
