//! The same deeds, done to the product: by the forms that people send, and seen with what its pages read.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, ensure};
use evident::accounts::{Actor, Role};
use evident::corroboration::{named, store as asked};
use evident::db::Tx;
use evident::error::Error;
use evident::evidence::{dossiers, settings};
use evident::framework::load::built_in;
use evident::journal::list::Lines;
use evident::review::remark_store::Kind;
use evident::review::{CheckInKind, store as review};
use evident::sitting::remarks;
use evident::sitting::store as sittings;
use strum::VariantArray;
use uuid::Uuid;

use super::model::{Model, Outcome, View};
use super::story::{Deed, Step, Who, Work};
use crate::stage::{Somebody, Stage};

/// The people of one story, and the ids of what they made.
pub struct Real<'s> {
    stage: &'s Stage,
    people: BTreeMap<Who, (Somebody, Actor)>,
    dossiers: BTreeMap<Who, Uuid>,
    /// What tells these people from those of other stories.
    number: u64,
    entries: Vec<Uuid>,
    requests: Vec<Uuid>,
    voices: Vec<Uuid>,
    remarks: Vec<(Kind, Uuid)>,
    leave: Vec<Uuid>,
}

type Fields = Vec<(String, String)>;

fn field(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

impl<'s> Real<'s> {
    /// New people, of whom the candidates have opened their dossiers.
    pub async fn begin(stage: &'s Stage, number: u64) -> anyhow::Result<Real<'s>> {
        let (mut people, mut own) = (BTreeMap::new(), BTreeMap::new());
        for who in Who::VARIANTS {
            let person = stage.somebody(&name(*who, number), &[who.role()]).await?;
            let actor = evident::accounts::sessions::actor(stage.instance(), &person.token).await?;
            let actor = actor.context("a session")?;
            if who.is_candidate() {
                let dossier = dossiers::own(stage.instance(), &actor).await;
                own.insert(*who, dossier.map_err(|error| anyhow::anyhow!("{error:?}"))?.id);
            }
            people.insert(*who, (person, actor));
        }
        Ok(Real {
            stage,
            people,
            dossiers: own,
            number,
            entries: Vec::new(),
            requests: Vec::new(),
            voices: Vec::new(),
            remarks: Vec::new(),
            leave: Vec::new(),
        })
    }

    /// Does it. The model, as it was before, says what the numbers in the deed stand for.
    pub async fn act(&mut self, before: &Model, step: &Step) -> anyhow::Result<Outcome> {
        let Some(place) = before.place(&step.deed) else { return Ok(Outcome::Idle) };
        let (path, form) = self.form(before, step, place);
        let token = self.people[&step.by].0.token.clone();
        let mut reply = self.stage.post(Some(&token), &path, &form).await?;
        // What a material edit costs is told first, and whoever means it says so.
        if let Deed::Edit { goes_on: true, .. } = step.deed
            && let Some((_, rest)) = reply.body.split_once("name=\"confirm_superseded\" value=\"")
        {
            let (told, _) = rest.split_once('"').context("a cost")?;
            let meant: Fields = form.into_iter().chain([field("confirm_superseded", told)]).collect();
            reply = self.stage.post(Some(&token), &path, &meant).await?;
        }
        if reply.status >= 400 {
            return Ok(Outcome::Refused(reply.status));
        }
        self.note(step, place, reply.header("location")).await?;
        Ok(Outcome::Done)
    }

    fn form(&self, before: &Model, step: &Step, place: usize) -> (String, Fields) {
        let entry = || format!("/evidence/{}", self.entries[place]);
        let remark = |what: &str| {
            let (kind, id) = &self.remarks[place];
            match kind {
                Kind::Assessment => format!("/assessments/{id}/{what}"),
                Kind::Comment => format!("/comments/{id}/{what}"),
            }
        };
        let doing = |release: bool| field("do", if release { "release" } else { "keep" });
        match &step.deed {
            Deed::Log { publish, work } => {
                let mut form = self.written(*publish, work);
                // The clock stands still, and the same form twice within a moment is one.
                form.push(field("links", format!("https://example.com/{}", self.entries.len())));
                ("/evidence".into(), form)
            }
            Deed::Edit { publish, work, stale, .. } => {
                let revision = before.entries[place].revision + if *stale { 7 } else { 0 };
                let mut form = self.written(*publish, work);
                form.push(field("revision", revision.to_string()));
                (entry(), form)
            }
            Deed::Withdraw { .. } => (entry() + "/withdrawal", Vec::new()),
            Deed::Duplicate { .. } => (entry() + "/duplicate", Vec::new()),
            Deed::Update { text, .. } => (
                entry() + "/updates",
                vec![field("on", "2026-11-20"), field("text", format!("Since: {text}"))],
            ),
            Deed::Ask { whom, .. } => {
                let form = vec![field("person", "other"), field("other", name(*whom, self.number))];
                (entry() + "/requests", form)
            }
            Deed::TakeBack { .. } => (format!("/requests/{}/withdrawal", self.requests[place]), Vec::new()),
            Deed::Answer { answer, text, .. } => {
                let form =
                    vec![field("answer", answer.to_string()), field("account", format!("Version {text}"))];
                (format!("/requests/{}", self.requests[place]), form)
            }
            Deed::ReplyToAnswer { .. } => {
                (format!("/corroborations/{}/reply", self.voices[place]), vec![field("reply", "I see.")])
            }
            Deed::Settle { .. } => (
                format!("/corroborations/{}/settlement", self.voices[place]),
                vec![field("reason", "Both are so.")],
            ),
            Deed::Judge { release, .. } => {
                let form = vec![field("judgement", "partly"), field("text", "So far."), doing(*release)];
                (entry() + "/assessment", form)
            }
            Deed::Comment { release, .. } => {
                let form = vec![field("field", "title"), field("text", "How many?"), doing(*release)];
                (entry() + "/comment", form)
            }
            Deed::Release { .. } => (remark("release"), Vec::new()),
            Deed::ReplyToRemark { .. } => (remark("reply"), vec![field("text", "Twelve.")]),
            Deed::Sit { over, release, stale } => {
                let revision = before.draft(step.by, *over) + if *stale { 7 } else { 0 };
                let form = vec![
                    field("revision", revision.to_string()),
                    field("feedback", "Go on like this."),
                    doing(*release),
                ];
                (format!("/dossiers/{}/sitting", self.dossiers[over]), form)
            }
            Deed::Discard { over } => {
                (format!("/dossiers/{}/sitting/removal", self.dossiers[over]), Vec::new())
            }
            Deed::SayOfBeingNamed { answer, .. } => {
                (format!("/named/{}", self.entries[place]), vec![field("answer", answer.to_string())])
            }
            Deed::Share { sharing } => {
                ("/settings/sharing".into(), vec![field("sharing", sharing.to_string())])
            }
            Deed::Aim { aim } => ("/settings/aim".into(), vec![field("aim", aim.to_string())]),
            Deed::TakeLeave => {
                ("/settings/leave".into(), vec![field("from", "2026-02-01"), field("to", "2026-02-20")])
            }
            Deed::CutLeave { .. } => (format!("/settings/leave/{}/removal", self.leave[place]), Vec::new()),
            Deed::CheckIn => ("/check-ins".into(), vec![field("on", ""), field("deputizing", "partly")]),
            Deed::RecordLevel { of, level } => {
                let level: &'static str = level.into();
                let form = vec![field("level", level), field("from", "2024-02-01"), field("domain", level)];
                (format!("/people/{}/levels", self.people[of].0.person), form)
            }
            Deed::RecordMilestone { of } => {
                let form = vec![field("on", "2026-09-01"), field("what", "Ran the review")];
                (format!("/people/{}/milestones", self.people[of].0.person), form)
            }
        }
    }

    fn written(&self, publish: bool, work: &Work) -> Fields {
        let mut form = vec![
            field("intent", if publish { "publish" } else { "draft" }),
            field("title", work.title()),
            field("from", if work.dated { "2026-03" } else { "" }),
            field("audience", if work.for_ctos { "cto" } else { "dossier" }),
            field("confirm_duplicate", "yes"),
        ];
        if work.tagged {
            form.push(field("capability", "cto-partnership"));
        }
        if let Some(named) = work.names {
            form.push(field("person", name(named, self.number)));
            form.push(field("as", "peer"));
            for other in ["organization", "works_at", "level", "domain"] {
                form.push(field(other, ""));
            }
        }
        form
    }

    /// Notes the id of what was made.
    async fn note(&mut self, step: &Step, place: usize, location: &str) -> anyhow::Result<()> {
        match &step.deed {
            Deed::Log { .. } | Deed::Duplicate { .. } => {
                let id = location.split('/').nth(2).context("an address")?.parse()?;
                self.entries.push(id);
            }
            Deed::Ask { .. } => {
                let sql = "select id from requests where entry_id = $1";
                let new = new(self.stage, sql, self.entries[place], &self.requests).await?;
                self.requests.push(new.context("a request")?);
            }
            Deed::Answer { .. } => {
                let sql = "select entry_id from requests where id = $1";
                let about: Vec<(Uuid,)> = self.stage.rows_of(sql, self.requests[place]).await?;
                let entry = about.first().context("a request")?.0;
                let sql = "select id from corroborations where entry_id = $1";
                // The very same answer again is no new one.
                let new = new(self.stage, sql, entry, &self.voices).await?;
                self.voices.extend(new);
            }
            Deed::Judge { .. } | Deed::Comment { .. } => {
                let (kind, sql) = match &step.deed {
                    Deed::Judge { .. } => {
                        (Kind::Assessment, "select id from assessments where entry_id = $1")
                    }
                    _ => (Kind::Comment, "select id from comments where entry_id = $1"),
                };
                let known: Vec<Uuid> = self.remarks.iter().map(|(_, id)| *id).collect();
                let new = new(self.stage, sql, self.entries[place], &known).await?;
                self.remarks.push((kind, new.context("a remark")?));
            }
            Deed::TakeLeave => {
                let sql = "select id from leave_periods where dossier_id = $1";
                let new = new(self.stage, sql, self.dossiers[&step.by], &self.leave).await?;
                self.leave.push(new.context("leave")?);
            }
            _ => {}
        }
        Ok(())
    }

    /// What somebody may see of a dossier.
    pub async fn view(&self, who: Who, owner: Who) -> anyhow::Result<View> {
        let (_, actor) = &self.people[&who];
        let dossier = self.dossiers[&owner];
        let mut tx = self.stage.instance().db.read().await?;
        let reads = there(dossiers::readable(&mut tx, actor, dossier).await)?;
        let mut view = View { reads: reads.is_some(), ..View::default() };
        let now = self.stage.instance().now();
        for line in Lines::load(&mut tx, actor, dossier, built_in(), now).await?.all {
            let place = place(&self.entries, line.id)?;
            let title = line.title.into_string();
            view.entries.insert(place, (Some(line.status), title, line.confirmed, line.differing));
        }
        for (place, (kind, id)) in self.remarks.iter().enumerate() {
            let found = there(remarks::find(&mut tx, actor, *kind, *id).await)?;
            if found.is_some_and(|found| found.dossier.id == dossier) {
                view.remarks.insert(place);
            }
        }
        view.sittings = sittings::released(&mut tx, actor, dossier).await?.len();
        view.draft = sittings::draft(&mut tx, actor, dossier).await?.map(|draft| draft.revision);
        view.asked = self.asked(&mut tx, actor, who.is_cto(), dossier).await?;
        for naming in named::of_person(&mut tx, actor.person, who.is_cto(), None).await? {
            if naming.dossier == dossier {
                view.named.insert(place(&self.entries, naming.entry)?, naming.answer);
            }
        }
        if who == owner {
            let check_ins = review::check_ins(&mut tx, dossier).await?;
            let own = check_ins.iter().filter(|check_in| check_in.kind == CheckInKind::SelfAssessment);
            view.own = (own.count(), settings::leave(&mut tx, dossier).await?.len());
        }
        Ok(view)
    }

    async fn asked(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        cto: bool,
        dossier: Uuid,
    ) -> anyhow::Result<BTreeSet<usize>> {
        let mut open = BTreeSet::new();
        for (place, id) in self.requests.iter().enumerate() {
            let found = asked::answerable(tx, *id, actor.person, cto).await?;
            if found.is_some_and(|request| request.dossier_id == dossier) {
                open.insert(place);
            }
        }
        Ok(open)
    }

    /// The pages whose contents the service keeps in memory, for somebody.
    fn kept(&self, who: Who) -> Vec<String> {
        let readiness = self.dossiers.values().map(|id| format!("/dossiers/{id}/readiness"));
        let list = match who.role() {
            Role::Cto => "/dossiers",
            Role::Committee => "/committee",
            _ => "/evidence",
        };
        readiness.chain([list.to_owned()]).collect()
    }

    /// Asks for one of the pages whose contents the service keeps in memory.
    pub async fn ask(&self, who: Who, count: usize) -> anyhow::Result<()> {
        let pages = self.kept(who);
        let token = Some(self.people[&who].0.token.as_str());
        self.stage.get(token, &pages[count % pages.len()]).await.map(drop)
    }

    /// Holds what the service has kept in memory to what one answers that has kept nothing.
    pub async fn kept_is_as_new(&self) -> anyhow::Result<()> {
        let anew = self.stage.anew()?;
        for who in Who::VARIANTS {
            let token = Some(self.people[who].0.token.as_str());
            for path in self.kept(*who) {
                let kept = self.stage.get(token, &path).await?;
                let new = self.stage.get_from(&anew, token, &path).await?;
                ensure!(kept == new, "{who} is shown of before at {path}\n{}\nfor\n{}", kept.body, new.body);
            }
        }
        Ok(())
    }

    /// Opens every entry's page, and holds it to the model.
    pub async fn pages(&self, model: &Model, who: Who) -> anyhow::Result<()> {
        let token = &self.people[&who].0.token;
        for (place, id) in self.entries.iter().enumerate() {
            let reply = self.stage.get(Some(token), &format!("/evidence/{id}")).await?;
            let expected = match (who.is_candidate() || who.is_cto(), model.reads(who, place)) {
                (false, _) => 403,
                (true, true) => 200,
                (true, false) => 404,
            };
            ensure!(reply.status == expected, "{who} opens entry {place}: {}, not {expected}", reply.status);
            let title = model.entries[place].work.title();
            ensure!(expected != 200 || reply.body.contains(&title), "the page of entry {place} is another’s");
        }
        Ok(())
    }
}

/// A name that nobody bears in another story.
fn name(who: Who, number: u64) -> String {
    format!("{who} No{number}")
}

fn place(among: &[Uuid], id: Uuid) -> anyhow::Result<usize> {
    among.iter().position(|known| *known == id).with_context(|| format!("nobody made {id}"))
}

/// What was found; nothing where there is nothing to be seen.
fn there<T>(found: evident::error::Result<T>) -> anyhow::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(anyhow::anyhow!("{error:?}")),
    }
}

/// The one id that a statement finds and that is not known yet.
async fn new(stage: &Stage, sql: &'static str, of: Uuid, known: &[Uuid]) -> anyhow::Result<Option<Uuid>> {
    let found: Vec<(Uuid,)> = stage.rows_of(sql, of).await?;
    let mut new = found.into_iter().map(|(id,)| id).filter(|id| !known.contains(id));
    let one = new.next();
    ensure!(new.next().is_none(), "more than one is new");
    Ok(one)
}
