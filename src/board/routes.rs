//! The routes of the board, the overview and comparing.

use super::{committee, compare, overview};
use crate::policy::access::{COMMITTEE, CTO, DECIDERS};
use crate::routes::Routes;
use crate::web::Answer;

/// What is served, and to whom.
pub fn routes() -> Routes {
    Routes::default()
        .get("/committee", COMMITTEE, committee::page)
        .get("/committee.json", COMMITTEE, committee::json)
        .answering(Answer::Json)
        .get("/committee.csv", COMMITTEE, committee::csv)
        .answering(Answer::Csv)
        .get("/dossiers", CTO, overview::page)
        .get("/dossiers.json", CTO, overview::json)
        .answering(Answer::Json)
        .get("/dossiers.csv", CTO, overview::csv)
        .answering(Answer::Csv)
        .get("/compare", DECIDERS, compare::page)
}
