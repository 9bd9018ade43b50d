//! What surrounds every page: who is signed in, where they can go, the theme, and the demo's banner.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::error::Error;
use crate::web::assets;

/// One place in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NavItem {
    /// Its address.
    pub href: &'static str,
    /// Its name.
    pub label: &'static str,
    /// How much waits there.
    pub waiting: u64,
}

/// What every page's frame shows. The gate makes it; handlers take it as an argument and put it in their page.
#[derive(Clone, Debug, Default)]
pub struct Chrome {
    /// The path of this page with its query, to come back to.
    pub here: String,
    /// `light`, `dark`, or empty to follow the system.
    pub theme: &'static str,
    /// Whether this is a demo.
    pub demo: bool,
    /// Today, in words, for what is printed.
    pub today: String,
    /// The signed-in person's name.
    pub name: Option<String>,
    /// Tells one signed-in person from another to the browser, and nothing else about them; empty when signed out.
    pub who: String,
    /// Under which the browser keeps what the signed-in person types: on their own pages alone.
    pub typed_key: String,
    /// Whether it is known in which time zone the signed-in person is.
    pub zoned: bool,
    /// The signed-in person's roles in words.
    pub roles: String,
    /// Where the signed-in person can go.
    pub nav: Vec<NavItem>,
}

impl Chrome {
    /// Whether a place in the navigation is where the page is.
    pub fn is_current(&self, item: &NavItem) -> bool {
        let path = self.here.split('?').next().unwrap_or_default();
        // One's own readiness has the dossier's address, as a CTO's view of others' has.
        let own_readiness = item.href == "/readiness"
            && path.starts_with("/dossiers/")
            && !self.nav.iter().any(|other| other.href == "/dossiers");
        path == item.href
            || own_readiness
            || item.href != "/" && path.strip_prefix(item.href).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The program's version.
    pub fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    /// The address of a static file.
    pub fn asset(&self, name: &str) -> &'static str {
        assets::url(name)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Chrome {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        Ok(parts.extensions.get::<Chrome>().cloned().unwrap_or_default())
    }
}
