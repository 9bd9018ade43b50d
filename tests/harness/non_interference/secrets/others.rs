//! What CTOs, those who are asked and named, and admins do that the viewer does not see.

use evident::accounts::Role;
use rand::RngExt;
use rand::seq::IndexedRandom;
use uuid::Uuid;

use super::{Scene, Secret, Step};
use crate::non_interference::cast::{Fields, Who, fields};

impl Scene<'_> {
    pub(super) async fn sitting_draft(&mut self) -> anyhow::Result<Vec<Step>> {
        let Some(who) = self.one(&[Who::Ruth, Who::Theo]) else { return Ok(Vec::new()) };
        let of = *[Who::Ada, Who::Ben].choose(&mut self.rng).expect("two");
        let (dossier, account) = (self.cast.dossiers[&of], self.cast.people[&who].account);
        let sql = "select dossier_id, account_id, revision from sittings where released_on is null";
        let drafts: Vec<(Uuid, Uuid, i64)> = self.stage.rows(sql).await?;
        let draft = drafts.iter().find(|(of, by, _)| (*of, *by) == (dossier, account));
        let revision = draft.map_or(0, |(.., revision)| *revision).to_string();
        let form = fields(&[
            ("revision", &revision),
            ("sentence-cto-partnership", &self.word),
            ("answer-deputizing", if self.second { "yes" } else { "not-yet" }),
            ("feedback", &self.word),
            ("commitment", &self.word),
        ]);
        Ok(vec![Step::Post(who, format!("/dossiers/{dossier}/sitting"), form)])
    }

    pub(super) async fn note(&mut self) -> anyhow::Result<Vec<Step>> {
        if self.is(Role::Cto) {
            return Ok(Vec::new());
        }
        let Some((_, id)) = self.published(&[Who::Ada, Who::Ben], "").await? else { return Ok(Vec::new()) };
        let by = *[Who::Ruth, Who::Theo].choose(&mut self.rng).expect("two");
        let word = self.word.clone();
        Ok(vec![if self.rng.random_bool(0.5) {
            let judgement = if self.second { "meets" } else { "not-yet" };
            let form = fields(&[("judgement", judgement), ("text", &word), ("do", "keep")]);
            Step::Post(by, format!("/evidence/{id}/assessment"), form)
        } else {
            let form = fields(&[("field", "impact"), ("text", &word), ("do", "keep")]);
            Step::Post(by, format!("/evidence/{id}/comment"), form)
        }])
    }

    pub(super) async fn judgement(&mut self) -> anyhow::Result<Vec<Step>> {
        if self.is(Role::Cto) {
            return Ok(Vec::new());
        }
        // The board shows Ada's states, and a not-yet after its first days alone.
        let on_board = self.is(Role::Committee);
        let Some(of) = self.one(&[Who::Ada, Who::Ben]) else { return Ok(Vec::new()) };
        let unjudged = " and not exists (select 1 from assessments a where a.entry_id = e.id)";
        let Some((_, id)) = self.published(&[of], unjudged).await? else { return Ok(Vec::new()) };
        let judgement = match (on_board && of == Who::Ada, self.second) {
            (true, _) => "not-yet",
            (false, true) => "meets",
            (false, false) => "partly",
        };
        let form = fields(&[("judgement", judgement), ("text", &self.word), ("do", "release")]);
        Ok(vec![Step::Post(Who::Ruth, format!("/evidence/{id}/assessment"), form)])
    }

    pub(super) async fn reply(&mut self) -> anyhow::Result<Vec<Step>> {
        if self.is(Role::Cto) {
            return Ok(Vec::new());
        }
        let comments = self.rng.random_bool(0.5);
        let sql = if comments {
            "select d.owner_account, c.id from comments c join entries e on e.id = c.entry_id \
             join dossiers d on d.id = e.dossier_id where c.released_on is not null order by c.id"
        } else {
            "select d.owner_account, c.id from assessments c join entries e on e.id = c.entry_id \
             join dossiers d on d.id = e.dossier_id where c.released_on is not null order by c.id"
        };
        let Some((who, id)) = self.of_others(sql).await? else { return Ok(Vec::new()) };
        let about = if comments { "comments" } else { "assessments" };
        Ok(vec![Step::Post(who, format!("/{about}/{id}/reply"), fields(&[("text", &self.word)]))])
    }

    pub(super) fn opportunity(&mut self) -> Vec<Step> {
        if self.is(Role::Cto) {
            return Vec::new();
        }
        let form = fields(&[
            ("kind", "stand-in"),
            ("on", "2026-12-01"),
            ("what", &self.word),
            ("offered_to", "Ben Ito"),
            ("taken_by", if self.second { "Ada Marsh" } else { "" }),
        ]);
        vec![Step::Post(Who::Theo, "/opportunities".into(), form)]
    }

    pub(super) async fn request(&mut self) -> anyhow::Result<Vec<Step>> {
        let Some(who) = self.candidate() else { return Ok(Vec::new()) };
        let Some((_, id)) = self.published(&[who], " and e.audience = 'dossier'").await? else {
            return Ok(Vec::new());
        };
        let asked: Vec<Who> = [Who::Ada, Who::Ben, Who::Lena, Who::Theo, Who::Jonas, Who::Dana]
            .into_iter()
            .filter(|asked| *asked != who)
            .collect();
        let Some(whom) = self.one(&asked) else { return Ok(Vec::new()) };
        let form = fields(&[("person", "other"), ("other", whom.name())]);
        Ok(vec![Step::Post(who, format!("/evidence/{id}/requests"), form)])
    }

    pub(super) async fn answer(&mut self) -> anyhow::Result<Vec<Step>> {
        if self.is(Role::Cto) {
            return Ok(Vec::new());
        }
        let sql = "select d.owner_account, r.person_id, r.id from requests r join entries e on e.id = r.entry_id \
                   join dossiers d on d.id = e.dossier_id where r.answered_at is null and r.closed_at is null \
                   and not exists (select 1 from corroborations c where c.entry_id = r.entry_id \
                   and c.person_id = r.person_id) order by r.id";
        let open: Vec<(Uuid, Uuid, Uuid)> = self.stage.rows(sql).await?;
        let open: Vec<(Who, Uuid)> = open
            .into_iter()
            .filter(|(owner, ..)| self.who(*owner) != self.viewer || self.viewer.is_none())
            .filter_map(|(_, asked, id)| {
                Some((self.person(asked).filter(|who| Some(*who) != self.viewer)?, id))
            })
            .collect();
        let Some((who, id)) = open.choose(&mut self.rng).copied() else { return Ok(Vec::new()) };
        let answers: &[&str] =
            if self.second { &["differs"] } else { &["differs", "declined", "not-close-enough"] };
        let answer = answers.choose(&mut self.rng).expect("some");
        let form = fields(&[("answer", answer), ("account", &self.word), ("comment", &self.word)]);
        Ok(vec![Step::Post(who, format!("/requests/{id}"), form)])
    }

    /// An answer by link in two private dossiers: whoever vouches sees whose and when, and the same in both worlds.
    pub(super) fn linked(&mut self) -> Vec<Step> {
        let whose = if self.second { Who::Cleo } else { Who::Kim };
        if [Some(Who::Cleo), Some(Who::Kim)].contains(&self.viewer) {
            return Vec::new();
        }
        vec![Step::Meddle(format!(
            "insert into corroborations (id, entry_id, person_id, position, answer, on_date, comment, revision, \
             created_at, via) select p.id, e.id, p.id, 90, 'confirmed', '2026-02-03', '', 1, p.created_at, 'link' \
             from people p join entries e on e.id = (select x.id from entries x join dossiers d on d.id = x.dossier_id \
             join people o on o.id = d.owner_person where o.name = '{}' and x.status = 'final' order by x.id limit 1) \
             where p.name = 'Imre Novak' and not exists (select 1 from corroborations c where c.id = p.id)",
            whose.name()
        ))]
    }

    pub(super) async fn named_answer(&mut self) -> anyhow::Result<Vec<Step>> {
        if self.is(Role::Cto) {
            return Ok(Vec::new());
        }
        // Who is asked about an entry, or has a link to it, reads "a Director" there as soon as somebody is not to be named.
        let sql = "select d.owner_account, n.person_id, n.entry_id, \
                   (exists (select 1 from requests r where r.entry_id = e.id)) as asked \
                   from entry_people n join entries e on e.id = n.entry_id \
                   join dossiers d on d.id = e.dossier_id where e.status = 'final' and e.audience = 'dossier' \
                   and d.sharing <> 'private' and d.aim <> 'e1-by-choice' order by n.entry_id, n.person_id";
        let named: Vec<(Uuid, Uuid, Uuid, bool)> = self.stage.rows(sql).await?;
        let named: Vec<(Who, Uuid, bool)> = named
            .into_iter()
            .filter(|(owner, ..)| self.who(*owner) != self.viewer || self.viewer.is_none())
            .filter_map(|(_, who, id, asked)| {
                Some((self.person(who).filter(|who| Some(*who) != self.viewer)?, id, asked))
            })
            .collect();
        let Some((who, id, asked)) = named.choose(&mut self.rng).copied() else { return Ok(Vec::new()) };
        let other = if self.both { self.second } else { self.rng.random_bool(0.5) };
        let answer = match (other, asked) {
            (false, _) => "differs",
            (true, true) => "agreed",
            (true, false) => "unnamed",
        };
        Ok(vec![Step::Post(who, format!("/named/{id}"), fields(&[("answer", answer)]))])
    }

    pub(super) fn milestone(&mut self) -> Vec<Step> {
        if self.is(Role::Cto) {
            return Vec::new();
        }
        // Ada's evidence rests on Lena's.
        let whose = if matches!(self.viewer, Some(Who::Ada | Who::Lena)) { Who::Ben } else { Who::Lena };
        let Some(whose) = self.one(&[whose, Who::Kim]) else { return Vec::new() };
        let person = self.cast.people[&whose].person;
        let form = fields(&[("on", "2026-09-09"), ("what", &self.word)]);
        vec![Step::Post(Who::Ruth, format!("/people/{person}/milestones"), form)]
    }

    /// Somebody outside is asked by mail, for the first time about this.
    pub(super) async fn letter(&mut self) -> anyhow::Result<Vec<Step>> {
        // Lena has no part in Ada's case, whose entries make Imre Novak known to others.
        let Some(who) = self.one(&[Who::Ben, Who::Cleo, Who::Kim]) else { return Ok(Vec::new()) };
        if self.is(Role::Cto) && who == Who::Ben {
            return Ok(Vec::new());
        }
        let unasked = " and e.audience = 'dossier' and not exists (select 1 from requests r where r.entry_id = e.id \
                       and r.token_hash is not null)";
        let Some((_, id)) = self.published(&[who], unasked).await? else { return Ok(Vec::new()) };
        let form = fields(&[
            ("person", "other"),
            ("other", "Imre Novak"),
            ("email", &format!("{}@elsewhere.example", self.word.to_lowercase())),
        ]);
        Ok(vec![Step::Post(who, format!("/evidence/{id}/requests"), form)])
    }

    pub(super) fn account(&mut self, secret: Secret) -> Vec<Step> {
        if self.viewer == Some(Who::Mina) && secret != Secret::Session {
            return Vec::new();
        }
        // CTOs are told of links, and of roles that read evidence.
        if secret == Secret::Link && self.is(Role::Cto) {
            return Vec::new();
        }
        let Some(who) = self.one(&[Who::Lena, Who::Jonas, Who::Theo, Who::Cleo]) else { return Vec::new() };
        let account = self.cast.people[&who].account;
        match secret {
            Secret::AddedBy => {
                let other = *[Who::Cleo, Who::Dana].choose(&mut self.rng).expect("two");
                if self.viewer == Some(Who::Ada) {
                    return Vec::new();
                }
                let email = format!("{}@example.com", other.name().to_lowercase().replace(' ', "."));
                vec![Step::Meddle(format!(
                    "update people set added_by = (select id from accounts where email = '{email}') \
                     where name = 'Imre Novak'"
                ))]
            }
            Secret::Role => {
                let mut roles: Fields =
                    who.roles().iter().map(|role| ("role".into(), role.to_string())).collect();
                let more = if self.is(Role::Cto) {
                    "candidate"
                } else if self.rng.random_bool(0.5) {
                    "admin"
                } else {
                    "committee"
                };
                roles.extend(fields(&[("role", more)]));
                vec![Step::Post(Who::Mina, format!("/admin/accounts/{account}/roles"), roles)]
            }
            Secret::Link => {
                vec![Step::Post(Who::Mina, format!("/admin/accounts/{account}/invitation"), Vec::new())]
            }
            _ => vec![Step::SignIn(who)],
        }
    }

    pub(super) async fn inbox(&mut self) -> anyhow::Result<Vec<Step>> {
        let sql = "select account_id, id from notices where settled_at is null \
                   and kind in ('answered', 'release', 'named-answer', 'replied') order by id";
        let Some((who, id)) = self.of_others(sql).await? else { return Ok(Vec::new()) };
        Ok(vec![Step::Post(who, format!("/inbox/{id}/removal"), Vec::new())])
    }
}
