//! The gate in front of every route: who is asking, and whether the table of routes serves them.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ipnet::IpNet;
use tokio_util::task::TaskTracker;

use super::forwarded;
use crate::accounts::browsers;
use crate::accounts::sessions::{self, SessionRole};
use crate::accounts::{Actor, Role, authorship};
use crate::corroboration::vouching;
use crate::db;
use crate::error::Error;
use crate::evidence::Aim;
use crate::evidence::dossiers::{self, Own};
use crate::instance::Instance;
use crate::notices;
use crate::policy::Access;
use crate::routes::{Table, Terms};
use crate::web::chrome::NavItem;
use crate::web::{Chrome, cookies, query};

/// Puts what is said of a request's route beside it, for all that comes after: whom it serves, what it answers with, and
/// the largest body that it takes.
pub async fn terms(State(table): State<Arc<Table>>, mut request: Request, next: Next) -> Response {
    if let Some(path) = request.extensions().get::<MatchedPath>().cloned() {
        let found = table.find(request.method(), path.as_str());
        let answer = found.map(|terms| terms.answer).or_else(|| table.answer(path.as_str()));
        let extensions = request.extensions_mut();
        if let Some(Terms { access, limit, .. }) = found {
            extensions.insert(access);
            extensions.insert(limit);
        }
        if let Some(answer) = answer {
            extensions.insert(answer);
        }
    }
    next.run(request).await
}

/// Lets a request through to its handler when the table of routes allows it, with the [`Actor`] and the page's
/// [`Chrome`] for the handler to take.
pub async fn pass(State(instance): State<Instance>, mut request: Request, next: Next) -> Response {
    let (actor, inbox, own) = match visitor(&instance, request.headers()).await {
        Ok(Some((actor, inbox, own))) => (Some(actor), inbox, own),
        Ok(None) => (None, 0, Own::default()),
        Err(error) => return Error::from(error).into_response(),
    };
    let unvouched = match &actor {
        Some(actor) if actor.is(Role::Admin) || actor.is(Role::Cto) => {
            match unvouched(&instance, actor).await {
                Ok(number) => number,
                Err(error) => return Error::from(error).into_response(),
            }
        }
        _ => 0,
    };
    let chrome = chrome(&instance, &request, actor.as_ref(), [inbox, unvouched], &own);
    // Whoever may ask others is remembered by the browser, so that none answers there in their place.
    let marking = actor
        .as_ref()
        .filter(|actor| actor.is(Role::Candidate))
        .and_then(|actor| browsers::marking(&instance, request.headers(), actor.account));
    let extensions = request.extensions();
    let allowed = match (extensions.get::<Access>(), extensions.get::<MatchedPath>()) {
        (Some(access), _) => allowed(&instance, *access, actor.as_ref()),
        // The path has no such method: it serves nobody.
        (None, Some(_)) => Err(Error::WrongMethod),
        // No route: the router says so itself, to nobody in particular.
        (None, None) => Ok(()),
    };
    let mut response = match allowed {
        Ok(()) => {
            request.extensions_mut().insert(chrome.clone());
            if let Some(actor) = actor {
                request.extensions_mut().insert(actor);
                request.extensions_mut().insert(own);
            }
            next.run(request).await
        }
        Err(error) => error.into_response(),
    };
    response.extensions_mut().insert(chrome);
    if let Some(marking) = marking {
        response.headers_mut().append(header::SET_COOKIE, marking);
    }
    response
}

fn allowed(instance: &Instance, access: Access, actor: Option<&Actor>) -> Result<(), Error> {
    match (access, actor) {
        (Access::Anyone, _) | (Access::SignedIn, Some(_)) => Ok(()),
        (Access::Demo, _) => {
            if instance.demo {
                Ok(())
            } else {
                Err(Error::NotFound)
            }
        }
        (Access::SignedIn | Access::Roles(_), None) => Err(Error::SignedOut),
        (Access::Roles(roles), Some(actor)) => {
            if roles.iter().any(|role| actor.is(*role)) {
                Ok(())
            } else {
                Err(Error::Forbidden)
            }
        }
    }
}

/// A session's row, with what pages begin from.
#[derive(sqlx::FromRow)]
struct Visit {
    #[sqlx(flatten)]
    role: SessionRole,
    /// How many notices are in the inbox.
    inbox: i64,
    #[sqlx(flatten)]
    own: Own,
}

/// Who is asking, if they are signed in, with how much is in their inbox and the dossier that is theirs. In one statement,
/// though it reads several features' tables, since it is a part of every page of everybody.
async fn visitor(instance: &Instance, headers: &HeaderMap) -> db::Result<Option<(Actor, u64, Own)>> {
    let Some(token) = cookies::session(headers, instance.settings.secure()) else { return Ok(None) };
    let mut tx = instance.db.read_autocommit().await?;
    // The person who asks, `p`, is also the owner whom the dossier's columns name.
    let query = tx.query_built(format!(
        "select {}, {}, \
         (select count(*) from notices n where n.account_id = a.id and {}) as inbox \
         from {} left join dossiers d on d.owner_account = a.id where {}",
        sessions::COLUMNS,
        dossiers::COLUMNS,
        notices::store::SHOWN,
        sessions::ASKING,
        sessions::LASTS
    ));
    let visits: Vec<Visit> = sessions::bind(query, instance, &token).all().await?;
    drop(tx);
    let Some((inbox, own)) = visits.first().map(|visit| (visit.inbox, visit.own.clone())) else {
        return Ok(None);
    };
    let actor = sessions::actor_of(instance, visits.into_iter().map(|visit| visit.role).collect()).await?;
    Ok(actor.map(|actor| (actor, inbox.unsigned_abs(), own)))
}

/// How many answers wait for a voucher's word, for those who may give it.
async fn unvouched(instance: &Instance, actor: &Actor) -> db::Result<u64> {
    let mut tx = instance.db.read().await?;
    vouching::pages::waits(&mut tx, actor).await
}

fn chrome(
    instance: &Instance,
    request: &Request,
    actor: Option<&Actor>,
    [inbox, unvouched]: [u64; 2],
    own: &Own,
) -> Chrome {
    let here = query::here(request.uri());
    let mut nav = Vec::new();
    let mut roles = String::new();
    if let Some(actor) = actor {
        let waiting = |href| match href {
            "/inbox" => inbox,
            "/vouching" => unvouched,
            _ => 0,
        };
        let mut add = |href, label| nav.push(NavItem { href, label, waiting: waiting(href) });
        add("/", "Home");
        add("/inbox", "Inbox");
        if actor.is(Role::Candidate) {
            add("/evidence", "Evidence");
            // Nothing speaks of readiness to who stays at E1 by choice.
            if own.0.as_ref().is_none_or(|found| found.aim != Aim::E1ByChoice) {
                add("/readiness", "Readiness");
            }
            add("/development", "Development");
            add("/check-ins", "Check-ins");
        }
        if actor.is(Role::Cto) {
            add("/dossiers", "Dossiers");
            add("/opportunities", "Opportunities");
        }
        if actor.is(Role::Committee) {
            add("/committee", "Board");
        }
        if actor.is(Role::Admin) {
            add("/admin", "Admin");
        }
        if actor.is(Role::Cto) || actor.is(Role::Admin) {
            add("/vouching", "Vouching");
        }
        add("/people", "People");
        add("/framework", "Framework");
        roles = actor.roles.iter().map(|role| role.title()).collect::<Vec<_>>().join(", ");
    }
    Chrome {
        here,
        theme: cookies::theme(request.headers()),
        demo: instance.demo,
        today: crate::web::words::day(&actor.map_or_else(|| instance.today(), |actor| actor.today(instance))),
        name: actor.map(|actor| actor.name.clone()),
        who: actor.map(|actor| authorship::who(instance, actor.account)).unwrap_or_default(),
        typed_key: actor.map(|actor| authorship::key(instance, actor.account)).unwrap_or_default(),
        zoned: actor.is_some_and(|actor| actor.zone.is_some()),
        roles,
        nav,
    }
}

/// Refuses a change that comes with a session's cookie and neither `Sec-Fetch-Site` nor `Origin`: every browser that
/// keeps cookies sends one of them. What they say is judged by the CSRF layer.
pub async fn origin(State(instance): State<Instance>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    // One that is there and empty says nothing; the CSRF layer takes it for none.
    let says = |name: &str| headers.get(name).is_some_and(|value| !value.is_empty());
    let tells = says("sec-fetch-site") || says("origin");
    if !request.method().is_safe()
        && !tells
        && cookies::session(headers, instance.settings.secure()).is_some()
    {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

/// Keeps a demo on loopback to who asks for it by a loopback name. It lets anybody in, and a page of another site can
/// have its own name lead to this machine, and read what is answered there.
pub async fn loopback(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).map(|host| host.to_str().unwrap_or_default());
    let asked = request.uri().authority().map(Authority::as_str);
    if host.into_iter().chain(asked).all(is_loopback) {
        next.run(request).await
    } else {
        StatusCode::MISDIRECTED_REQUEST.into_response()
    }
}

/// Whether a host, with or without a port, names this machine by itself.
pub fn is_loopback(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host();
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    !host.contains('@')
        && (name.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()))
}

/// Runs a change in a task of its own, so that a client that hangs up can't cut it in half. Shutdown waits for it.
pub async fn unbroken(State(tasks): State<TaskTracker>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    match tasks.spawn(next.run(request)).await {
        Ok(response) => response,
        Err(error) => Error::Internal(error.into()).into_response(),
    }
}

/// Finds out the client's address, for handlers that slow down guessing.
pub async fn address(State(proxies): State<Arc<[IpNet]>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if let Some(peer) = peer {
        let client = forwarded::client(peer, request.headers(), &proxies);
        request.extensions_mut().insert(client);
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn a_demo_knows_the_names_of_its_machine() {
        for name in ["localhost", "LocalHost:8080", "127.0.0.1", "127.8.9.1:80", "[::1]", "[::1]:8080"] {
            assert!(is_loopback(name), "{name}");
        }
        for name in [
            "",
            "evil.example",
            "localhost.evil.example:80",
            "127.0.0.1.evil.example",
            "127.1",
            "10.0.0.1",
            "[::2]",
            "me@localhost",
            "localhost@evil.example",
            "0.0.0.0",
            "::1",
        ] {
            assert!(!is_loopback(name), "{name}");
        }
    }
}
