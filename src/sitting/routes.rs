//! The routes of sittings, and remarks on entries.

use super::{deputizing, history, pages, remark_pages};
use crate::policy::access::{CANDIDATE, CTO, READERS};
use crate::routes::Routes;
use crate::web::Answer;

/// What is served, and to whom.
pub fn routes() -> Routes {
    Routes::default()
        .get("/dossiers/{id}/sitting", CTO, pages::sitting)
        .post("/dossiers/{id}/sitting", CTO, pages::save)
        .post("/dossiers/{id}/sitting/draft", CTO, pages::autosave)
        .answering(Answer::Json)
        .post("/dossiers/{id}/sitting/removal", CTO, pages::discard)
        .get("/dossiers/{id}/sittings", READERS, history::page)
        .get("/dossiers/{id}/deputizing", READERS, deputizing::page)
        .post("/dossiers/{id}/deputizing", CTO, deputizing::confirm)
        .get("/evidence/{id}/assessment", CTO, remark_pages::assessment_page)
        .post("/evidence/{id}/assessment", CTO, remark_pages::assess)
        .get("/evidence/{id}/comment", CTO, remark_pages::comment_page)
        .post("/evidence/{id}/comment", CTO, remark_pages::comment)
        .post("/assessments/{id}/release", CTO, remark_pages::release_assessment)
        .get("/assessments/{id}/reply", CANDIDATE, remark_pages::assessment_reply_page)
        .post("/assessments/{id}/reply", CANDIDATE, remark_pages::reply_to_assessment)
        .post("/comments/{id}/release", CTO, remark_pages::release_comment)
        .get("/comments/{id}/reply", CANDIDATE, remark_pages::comment_reply_page)
        .post("/comments/{id}/reply", CANDIDATE, remark_pages::reply_to_comment)
}
