//! What the owner of a dossier does that nobody else sees, or only some do.

use evident::accounts::Role;
use rand::RngExt;
use rand::seq::IndexedRandom;
use uuid::Uuid;

use super::{Scene, Secret, Step};
use crate::non_interference::cast::{Who, fields, naming};

impl Scene<'_> {
    pub(super) fn draft(&mut self) -> Vec<Step> {
        let Some(who) = self.candidate() else { return Vec::new() };
        let mut form = self.written("draft");
        form.extend(self.somebody_new());
        vec![Step::Post(who, "/evidence".into(), form)]
    }

    pub(super) async fn draft_changed(&mut self) -> anyhow::Result<Vec<Step>> {
        let sql = "select d.owner_account, e.id from entries e join dossiers d on d.id = e.dossier_id \
                   where e.status = 'draft' order by e.id";
        let Some((who, draft)) = self.of_others(sql).await? else { return Ok(Vec::new()) };
        if self.rng.random_bool(0.3) {
            return Ok(vec![Step::Post(who, format!("/evidence/{draft}/withdrawal"), Vec::new())]);
        }
        let rows: Vec<(i64,)> =
            self.stage.rows_of("select revision from entries where id = $1", draft).await?;
        let revision = rows.first().map_or(0, |(revision,)| *revision);
        let mut form = self.written("draft");
        form.extend(fields(&[("revision", &revision.to_string())]));
        Ok(vec![Step::Post(who, format!("/evidence/{draft}"), form)])
    }

    pub(super) fn private_entry(&mut self) -> Vec<Step> {
        let Some(who) = self.one(&[Who::Cleo, Who::Kim, Who::Lena]) else { return Vec::new() };
        let mut form = self.written("publish");
        form.extend(self.somebody_new());
        vec![Step::Post(who, "/evidence".into(), form)]
    }

    pub(super) fn cto_entry(&mut self) -> Vec<Step> {
        let who = self.one(&[Who::Ada, Who::Ben]).filter(|_| !self.is(Role::Cto));
        let Some(who) = who else { return Vec::new() };
        let mut form = self.written("publish");
        form.extend(fields(&[("audience", "cto")]));
        form.extend(self.somebody_new());
        vec![Step::Post(who, "/evidence".into(), form)]
    }

    pub(super) async fn prose(&mut self) -> anyhow::Result<Vec<Step>> {
        /// The title, the revision, the first and the last day, and who may read it.
        type Row = (String, i64, chrono::NaiveDate, Option<chrono::NaiveDate>, String);
        let of: &[Who] = match self.viewer {
            Some(Who::Jonas | Who::Kim | Who::Mina) => &[Who::Ada, Who::Ben],
            Some(Who::Ada | Who::Ruth | Who::Theo) => return Ok(Vec::new()),
            _ => &[Who::Ben],
        };
        let Some(who) = self.one(of) else { return Ok(Vec::new()) };
        let Some((_, id)) = self.published(&[who], "").await? else { return Ok(Vec::new()) };
        let sql = "select title, revision, from_date, to_date, audience from entries where id = $1";
        let rows: Vec<Row> = self.stage.rows_of(sql, id).await?;
        let Some((title, revision, from, to, audience)) = rows.into_iter().next() else {
            return Ok(Vec::new());
        };
        // On the board no prose is shown; where titles are, to those who are asked, it is not this entry's.
        let mut form = fields(&[
            ("intent", "publish"),
            ("title", &title),
            ("revision", &revision.to_string()),
            ("from", &from.to_string()),
            ("to", &to.map(|to| to.to_string()).unwrap_or_default()),
            ("audience", &audience),
            ("situation", &self.word),
            ("impact", &format!("{} came of it.", self.word)),
            ("confirm_duplicate", "yes"),
        ]);
        for (field, sql) in [
            (
                "capability",
                "select capability from entry_capabilities where entry_id = $1 order by capability",
            ),
            ("criterion", "select criterion from entry_criteria where entry_id = $1 order by criterion"),
        ] {
            let tags: Vec<(String,)> = self.stage.rows_of(sql, id).await?;
            form.extend(tags.into_iter().map(|(tag,)| (field.into(), tag)));
        }
        let sql = "select person_id, named_as from entry_people where entry_id = $1 order by position";
        let named: Vec<(Uuid, String)> = self.stage.rows_of(sql, id).await?;
        for (person, part) in named {
            form.extend(naming(&person.to_string(), &part));
        }
        Ok(vec![Step::Post(who, format!("/evidence/{id}"), form)])
    }

    pub(super) async fn aim(&mut self) -> anyhow::Result<Vec<Step>> {
        let Some(who) = self.candidate() else { return Ok(Vec::new()) };
        let dossier = self.cast.dossiers[&who];
        let rows: Vec<(String,)> =
            self.stage.rows_of("select aim from dossiers where id = $1", dossier).await?;
        let wants_it = rows.iter().any(|(aim,)| aim == "e2");
        let undecided = if self.both { self.second } else { wants_it };
        let other = if undecided { "undecided" } else { "e2" };
        Ok(vec![Step::Post(who, "/settings/aim".into(), fields(&[("aim", other)]))])
    }

    /// Dana's dossier is no longer shared, in the one world for another reason than in the other.
    pub(super) async fn reason(&mut self) -> anyhow::Result<Vec<Step>> {
        let dana = self.cast.dossiers[&Who::Dana];
        let shared =
            "select id from dossiers where id = $1 and sharing <> 'private' and aim <> 'e1-by-choice'";
        if self.stage.rows_of::<(Uuid,)>(shared, dana).await?.is_empty() {
            return Ok(Vec::new());
        }
        Ok(vec![if self.second {
            Step::Post(Who::Dana, "/settings/aim".into(), fields(&[("aim", "e1-by-choice")]))
        } else {
            Step::Post(Who::Dana, "/settings/sharing".into(), fields(&[("sharing", "private")]))
        }])
    }

    pub(super) fn leave(&mut self) -> Vec<Step> {
        let Some(who) = self.unread() else { return Vec::new() };
        // The board shows what follows from leave; leave from before the evidence and from later on has no effect.
        let years: &[i32] = if self.is(Role::Committee) { &[2008, 2009, 2028] } else { &[2024, 2025, 2026] };
        let year = *years.choose(&mut self.rng).expect("some");
        let month = self.rng.random_range(1..=8);
        let last = if self.second { 20 } else { 10 };
        let (from, to) = (format!("{year}-0{month}-03"), format!("{year}-0{month}-{last}"));
        vec![Step::Post(who, "/settings/leave".into(), fields(&[("from", &from), ("to", &to)]))]
    }

    pub(super) fn development(&mut self, secret: Secret) -> Vec<Step> {
        let Some(who) = self.candidate() else { return Vec::new() };
        let word = self.word.clone();
        let (path, form) = match secret {
            Secret::Signal => {
                let pitfall = ["own-domain-focus", "super-director", "no-cto-partnership"];
                let pitfall = pitfall.choose(&mut self.rng).expect("three");
                (format!("/development/signals/{pitfall}"), fields(&[("text", &word)]))
            }
            Secret::Plan => {
                let form =
                    [("words", word.as_str()), ("capability", "cto-partnership"), ("due", "2027-02-01")];
                ("/development/actions".into(), fields(&form))
            }
            _ => {
                let form =
                    [("on", "2026-10-02"), ("with", word.as_str()), ("notes", word.as_str()), ("next", "")];
                ("/development/conversations".into(), fields(&form))
            }
        };
        vec![Step::Post(who, path, form)]
    }

    pub(super) fn check_in(&mut self) -> Vec<Step> {
        let Some(who) = self.unread() else { return Vec::new() };
        let on = format!("2026-0{}-14", self.rng.random_range(1..=9));
        let answers = if self.second { ["yes", "not-yet"] } else { ["partly", "yes"] };
        let form =
            fields(&[("on", &on), ("organizational-outcomes", answers[0]), ("deputizing", answers[1])]);
        vec![Step::Post(who, "/check-ins".into(), form)]
    }
}
