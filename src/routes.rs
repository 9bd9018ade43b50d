//! What a feature says of each of its routes, in one line: path, access and handler, and where they are not the usual, the
//! kind of answer and the largest body. All that needs to know of a route reads the table that is gathered from these.

use std::collections::HashMap;

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodRouter, get, post};

use crate::instance::Instance;
use crate::policy::Access;
use crate::web::Answer;
use crate::web::body::BodyLimit;

/// What is said of one route.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Whom it serves at all.
    pub access: Access,
    /// What it answers with.
    pub answer: Answer,
    /// The largest body that it takes.
    pub limit: BodyLimit,
}

/// One route.
#[derive(Clone, Debug)]
pub struct Route {
    /// The method; HEAD is answered where GET is.
    pub method: Method,
    /// The path, as the router writes it.
    pub path: &'static str,
    /// What is said of it.
    pub terms: Terms,
}

/// Routes, with what serves each.
#[derive(Default)]
pub struct Routes {
    router: Router<Instance>,
    listed: Vec<Route>,
}

impl Routes {
    /// Adds what is read: a page.
    #[must_use]
    pub fn get<H: Handler<T, Instance>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        handler: H,
    ) -> Self {
        self.add(Method::GET, path, access, Answer::Page, get(handler))
    }

    /// Adds a change, which leads to where it is seen.
    #[must_use]
    pub fn post<H: Handler<T, Instance>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        handler: H,
    ) -> Self {
        self.add(Method::POST, path, access, Answer::Redirect, post(handler))
    }

    fn add(
        mut self,
        method: Method,
        path: &'static str,
        access: Access,
        answer: Answer,
        handler: MethodRouter<Instance>,
    ) -> Self {
        self.router = self.router.route(path, handler);
        let terms = Terms { access, answer, limit: BodyLimit::default() };
        self.listed.push(Route { method, path, terms });
        self
    }

    /// Says that the route before answers otherwise.
    #[must_use]
    pub fn answering(mut self, answer: Answer) -> Self {
        if let Some(last) = self.listed.last_mut() {
            last.terms.answer = answer;
        }
        self
    }

    /// Says how many bytes the route before takes at most.
    #[must_use]
    pub fn limit(mut self, bytes: usize) -> Self {
        if let Some(last) = self.listed.last_mut() {
            last.terms.limit = BodyLimit(bytes);
        }
        self
    }

    /// These and others.
    #[must_use]
    pub fn and(mut self, others: Routes) -> Self {
        self.router = self.router.merge(others.router);
        self.listed.extend(others.listed);
        self
    }

    /// What was added.
    pub fn listed(&self) -> &[Route] {
        &self.listed
    }

    /// What serves them, and the table of what is said of them.
    pub fn into_parts(self) -> (Router<Instance>, Table) {
        let mut table: HashMap<&str, Vec<(Method, Terms)>> = HashMap::new();
        for Route { method, path, terms } in self.listed {
            table.entry(path).or_default().push((method, terms));
        }
        (self.router, Table(table))
    }
}

/// What is said of each route, by path.
#[derive(Debug)]
pub struct Table(HashMap<&'static str, Vec<(Method, Terms)>>);

impl Table {
    /// What is said of the route for a method and a path, as the router writes it.
    pub fn find(&self, method: &Method, path: &str) -> Option<Terms> {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        let routes = self.0.get(path)?;
        routes.iter().find(|(of, _)| of == method).map(|(_, terms)| *terms)
    }

    /// What a path answers with, also to a method that it doesn't take.
    pub fn answer(&self, path: &str) -> Option<Answer> {
        self.0.get(path)?.first().map(|(_, terms)| terms.answer)
    }
}
