//! Static files: embedded in the binary, compressed, and served for good under names that hold a hash of their content.

use std::sync::LazyLock;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use memory_serve::{CacheControl, MemoryServe};

/// Where static files are served.
pub const PREFIX: &str = "/static";

fn files() -> MemoryServe {
    memory_serve::load!()
        .index_file(None)
        .enable_brotli(true)
        .enable_gzip(true)
        .enable_hashed_routes(true)
        .cache_control(CacheControl::Medium)
}

static MANIFEST: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let manifest = files().manifest();
    [
        "/app.css",
        "/app.js",
        "/typed.js",
        "/icon.svg",
        "/fonts/inter.woff2",
        "/fonts/source-serif-4.woff2",
        "/fonts/evident-marks.woff2",
    ]
    .into_iter()
    .filter_map(|name| Some((name.to_owned(), format!("{PREFIX}{}", manifest.get(name)?))))
    .collect()
});

/// The address of a static file, such as `/app.css`, under its hashed name.
pub fn url(name: &str) -> &'static str {
    MANIFEST.iter().find(|(file, _)| file == name).map_or("", |(_, url)| url)
}

/// Made once: each making compresses the files anew, and keeps what comes of it for good.
static ROUTER: LazyLock<Router> = LazyLock::new(|| {
    // Browsers ask for this by themselves on pages that are no HTML, such as JSON.
    let icon = get(|| async { Redirect::permanent(url("/icon.svg")) });
    Router::new().route("/favicon.ico", icon).nest(PREFIX, files().into_router())
});

/// The router of all static files.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    ROUTER.clone().with_state(())
}

#[cfg(test)]
mod tests {
    use super::{PREFIX, url};

    #[test]
    fn the_style_names_fonts_as_they_are_served_for_good() {
        let style = include_str!("../../static/app.css");
        for font in ["inter", "source-serif-4", "evident-marks"] {
            let served = url(&format!("/fonts/{font}.woff2"));
            let named = served.strip_prefix(PREFIX).and_then(|path| path.strip_prefix('/')).expect("a font");
            assert!(style.contains(&format!("url(\"{named}\")")), "app.css has to name {named}");
        }
    }
}
