//! What the program shows of a company, through the same functions as its pages, against what the policy allows.

use std::fmt::Debug;

use evident::accounts::Role;
use evident::audit::Change;
use evident::db::Tx;
use evident::evidence::dossiers;
use evident::evidence::telling::Among;
use evident::evidence::{self, NamedAs, Status, recusals, telling};
use evident::framework::load::built_in;
use evident::journal::list::{Filter, Lines};
use evident::notices::{self, Kind};
use evident::policy::{DossierAct, DossierState, SittingAct, SittingState, VoiceAct};
use evident::review::remark_store;
use evident::sitting::remarks_shown::Remarks;
use evident::sitting::{self, remarks};
use evident::{corroboration, transfer};
use uuid::Uuid;

use super::eyes::{Entry, Eyes, Part, entries, named, owners};
use crate::story::{Fact, NAMES, Places, Story, Who, marker};

/// What was compared.
#[derive(Debug, Default)]
pub struct Comparison {
    /// How many decisions of the policy.
    pub decisions: u64,
    /// What is shown otherwise than the policy decides, in a sentence each.
    pub wrong: Vec<String>,
}

/// The number of a thing in its story, out of its id.
pub(super) fn number(id: Uuid) -> u32 {
    u32::try_from(id.as_u128() & 0xffff_ffff).expect("32 bits")
}

impl Comparison {
    /// One decision.
    pub(super) fn one(&mut self, shown: bool, allowed: bool, what: impl FnOnce() -> String) {
        self.decisions += 1;
        if shown != allowed {
            let (shown, allowed) =
                (if shown { "shown" } else { "not shown" }, if allowed { "may" } else { "may not" });
            self.wrong.push(format!("{}: is {shown}, and {allowed} be.", what()));
        }
    }

    /// As many decisions as there are things, about a list of those that are shown.
    pub(super) fn list<T: Ord + Debug>(
        &mut self,
        of: usize,
        shown: impl IntoIterator<Item = T>,
        allowed: impl IntoIterator<Item = T>,
        what: impl FnOnce() -> String,
    ) {
        self.decisions += of.max(1) as u64;
        let (mut shown, mut allowed): (Vec<T>, Vec<T>) =
            (shown.into_iter().collect(), allowed.into_iter().collect());
        shown.sort();
        allowed.sort();
        if shown != allowed {
            self.wrong.push(format!("{}: shows {shown:?}, and may show {allowed:?}.", what()));
        }
    }

    /// Everything that one viewer is shown.
    pub async fn of_viewer(&mut self, tx: &mut Tx, eyes: &Eyes<'_>) -> evident::error::Result<()> {
        self.dossiers(tx, eyes).await?;
        self.entries(tx, eyes).await?;
        self.remarks(tx, eyes).await?;
        self.sittings(tx, eyes).await?;
        self.people(tx, eyes).await?;
        self.leaders(tx, eyes).await?;
        self.requests(tx, eyes).await?;
        self.facts(tx, eyes).await?;
        Ok(())
    }

    /// The overview, the board, and each dossier by itself.
    async fn dossiers(&mut self, tx: &mut Tx, eyes: &Eyes<'_>) -> evident::error::Result<()> {
        let (actor, owners) = (eyes.actor(), owners(eyes.story));
        let name = NAMES[eyes.who];
        for of in owners.iter().copied() {
            let found = dossiers::readable(tx, &actor, eyes.places.dossier(of)).await.is_ok();
            let may = eyes.may(DossierAct::Read(eyes.dossier(of)));
            self.one(found, may, || format!("{}’s dossier to {name}", NAMES[of]));
        }
        let places = |of: &Who| eyes.places.dossier(*of);
        if eyes.cto() {
            let overview = dossiers::shared_with_ctos(tx, &actor).await?;
            let may = owners.iter().filter(|of| eyes.may(DossierAct::SeeOnBoard(eyes.dossier(**of))));
            self.list(owners.len(), overview.iter().map(|d| d.id), may.map(places), || {
                format!("the overview of {name}")
            });
        }
        if eyes.story.is(eyes.who, Role::Committee) {
            let board = dossiers::on_board(tx, &actor).await?;
            // The board is a member's, whatever else they are.
            let may = owners
                .iter()
                .filter(|of| eyes.may_as(Role::Committee, DossierAct::SeeOnBoard(eyes.dossier(**of))));
            self.list(owners.len(), board.iter().map(|d| d.id), may.map(places), || {
                format!("the board of {name}")
            });
        }
        Ok(())
    }

    /// Lists, searches and counts of entries, and each by itself.
    async fn entries(&mut self, tx: &mut Tx, eyes: &Eyes<'_>) -> evident::error::Result<()> {
        let (actor, all) = (eyes.actor(), entries(eyes.story));
        let name = NAMES[eyes.who];
        for of in owners(eyes.story) {
            let dossier = eyes.places.dossier(of);
            let own: Vec<Entry> = all.iter().copied().filter(|entry| entry.of == of).collect();
            let may: Vec<Entry> = own.iter().copied().filter(|entry| eyes.reads(*entry)).collect();
            let lines = Lines::load(tx, &actor, dossier, built_in(), eyes.places.at).await?;
            let page = lines.page(&Filter::default(), 1);
            let shown = page.lines.iter().map(|line| number(line.id));
            self.list(own.len(), shown, may.iter().map(|entry| entry.n), || {
                format!("the list of {}’s entries to {name}", NAMES[of])
            });
            let with = |status| may.iter().filter(|entry| entry.status == status).count();
            let allowed =
                [may.len(), with(Status::Draft), with(Status::Final), with(Status::Withdrawn), may.len()];
            let counted = |status| lines.counts.status.get(&status).copied().unwrap_or_default();
            let shown = [
                page.total,
                counted(Status::Draft),
                counted(Status::Final),
                counted(Status::Withdrawn),
                lines.counts.capability.values().sum(),
            ];
            self.list(own.len(), [shown], [allowed], || {
                format!("the counts of {}’s entries to {name}", NAMES[of])
            });
            if let Some(entry) = own.first() {
                let q = Some(marker("entry", entry.n, "impact"));
                let found = lines.page(&Filter { q, ..Filter::default() }, 1).total;
                self.one(found > 0, eyes.reads(*entry), || {
                    format!("entry {} by a search to {name}", entry.n)
                });
            }
        }
        for entry in all {
            let found = evidence::store::readable(tx, &actor, eyes.places.entry(entry.n)).await?;
            let may = eyes.reads(entry);
            self.one(found.is_some(), may, || format!("entry {} to {name}", entry.n));
            let Some(found) = found else { continue };
            let today = eyes.places.today;
            let section = Remarks::of_entry(tx, &actor, entry.of == eyes.who, &found, today, 1).await?;
            let section = section.section().map_err(anyhow::Error::from)?;
            for (text, _, released) in remarks_of(eyes.story, entry.n) {
                let may = eyes.may(SittingAct::ReadRemark(eyes.entry(entry), released.is_some()));
                self.one(section.contains(&text), may, || {
                    format!("{text} on the page of its entry to {name}")
                });
            }
        }
        Ok(())
    }

    /// Each remark by itself.
    async fn remarks(&mut self, tx: &mut Tx, eyes: &Eyes<'_>) -> evident::error::Result<()> {
        let actor = eyes.actor();
        for entry in entries(eyes.story) {
            for (text, (kind, n), released) in remarks_of(eyes.story, entry.n) {
                let id = match kind {
                    remark_store::Kind::Assessment => eyes.places.judgement(n),
                    remark_store::Kind::Comment => eyes.places.comment(n),
                };
                let found = remarks::find(tx, &actor, kind, id).await.is_ok();
                let may = eyes.may(SittingAct::ReadRemark(eyes.entry(entry), released.is_some()));
                self.one(found, may, || format!("{text} to {}", NAMES[eyes.who]));
            }
        }
        Ok(())
    }

    /// Drafts and releases over each dossier.
    async fn sittings(&mut self, tx: &mut Tx, eyes: &Eyes<'_>) -> evident::error::Result<()> {
        let actor = eyes.actor();
        for of in owners(eyes.story) {
            let id = eyes.places.dossier(of);
            let mut shown: Vec<u32> = sitting::store::released(tx, &actor, id)
                .await?
                .iter()
                .map(|sitting| number(sitting.id))
                .collect();
            shown.extend(sitting::store::draft(tx, &actor, id).await?.map(|sitting| number(sitting.id)));
            let handed = sitting::store::handed_over(tx, &actor, id).await?;
            shown.extend(handed.iter().map(|sitting| number(sitting.id)));
            let mut all = 0;
            let may = eyes.story.0.iter().filter_map(|fact| match fact {
                Fact::Sat { n, over, by, released } if *over == of => {
                    all += 1;
                    let act = SittingAct::Read(eyes.dossier(of), eyes.sitting(of, *by, released.is_some()));
                    eyes.may(act).then_some(*n)
                }
                _ => None,
            });
            let may: Vec<u32> = may.collect();
            self.list(all, shown, may, || {
                format!("the sittings over {}’s dossier to {}", NAMES[of], NAMES[eyes.who])
            });
        }
        Ok(())
    }

    /// What the viewer is asked, and where they are named.
    async fn requests(&mut self, tx: &mut Tx, eyes: &Eyes<'_>) -> evident::error::Result<()> {
        let (actor, name) = (eyes.actor(), NAMES[eyes.who]);
        let all = entries(eyes.story);
        for fact in &eyes.story.0 {
            let Fact::Asked { n, entry, who, closed } = fact else { continue };
            let about = *all.iter().find(|other| other.n == *entry).expect("its entry");
            let id = eyes.places.request(*n);
            let found = corroboration::store::answerable(tx, id, actor.person, eyes.cto()).await?;
            let may = eyes.may(VoiceAct::AnswerRequest(eyes.request(about, *who, *closed)));
            self.one(found.is_some(), may, || format!("request {n} to {name}"));
            let own = corroboration::store::own(tx, id, actor.account).await?;
            self.one(own.is_some(), about.of == eyes.who, || format!("request {n} as their own to {name}"));
        }
        let namings = corroboration::named::of_person(tx, actor.person, eyes.cto(), None).await?;
        let may = all.iter().filter(|entry| {
            let is_named = named(eyes.story, entry.n).iter().any(|part| part.0 == eyes.who);
            eyes.may(VoiceAct::AnswerNaming(eyes.entry(**entry), is_named))
        });
        let shown = namings.iter().map(|naming| number(naming.entry));
        self.list(all.len(), shown, may.map(|entry| entry.n), || {
            format!("the entries that tell {name} of themselves")
        });
        Ok(())
    }

    /// The table of who has no part in whose case, against the rule.
    pub async fn of_recusals(
        &mut self,
        tx: &mut Tx,
        story: &Story,
        places: &Places,
    ) -> evident::error::Result<()> {
        let kept = recusals::kept(tx, Among::All).await?;
        let mut wanted = Vec::new();
        for entry in entries(story).into_iter().filter(|entry| entry.status == Status::Final) {
            let developed = named(story, entry.n).into_iter().filter(|part| part.1 == NamedAs::Developed);
            wanted.extend(
                developed
                    .map(|(who, ..)| (places.dossier(entry.of), places.person(who), places.entry(entry.n))),
            );
        }
        self.list(entries(story).len(), kept, wanted, || "the table of the recused".into());
        Ok(())
    }

    /// The files that the operator hands to owners: what an owner may not read is not in them.
    pub async fn of_exports(
        &mut self,
        tx: &mut Tx,
        story: &Story,
        places: &Places,
    ) -> evident::error::Result<()> {
        for of in owners(story) {
            let eyes = Eyes { story, places, who: of };
            let file = transfer::export(tx, places.dossier(of)).await?.expect("a dossier");
            let file = file.to_json().map_err(anyhow::Error::from)?;
            for entry in entries(story) {
                let title = marker("entry", entry.n, "title");
                self.one(file.contains(&title), entry.of == of, || {
                    format!("entry {} in {}’s file", entry.n, NAMES[of])
                });
                for (text, _, released) in remarks_of(story, entry.n) {
                    let may = entry.of == of
                        && eyes.may(SittingAct::ReadRemark(eyes.entry(entry), released.is_some()));
                    self.one(file.contains(&text), may, || format!("{text} in {}’s file", NAMES[of]));
                }
            }
            for fact in &story.0 {
                let Fact::Sat { n, over, by, released } = fact else { continue };
                let sitting = SittingState { author: *by == of, released: released.is_some(), handed: false };
                let act = SittingAct::Read(eyes.dossier(of), sitting);
                let may = *over == of && eyes.may(act);
                for field in ["sentence", "feedback", "commitment"] {
                    let text = marker("sitting", *n, field);
                    self.one(file.contains(&text), may, || format!("{text} in {}’s file", NAMES[of]));
                }
            }
        }
        Ok(())
    }

    /// Who is told of what once every dossier has been looked through, and what is no longer asked.
    pub async fn of_notices(
        &mut self,
        change: &mut Change<'_>,
        story: &Story,
        places: &Places,
    ) -> evident::error::Result<()> {
        for of in owners(story) {
            telling::follow(change, places.dossier(of), None, &[]).await?;
        }
        let tx = change.tx();
        let namings: Vec<(Uuid, Uuid)> = tx.query("select id, entry_id from namings").all().await?;
        let all = entries(story);
        for who in story.everybody().into_iter().filter(|who| story.roles(*who).is_some()) {
            let eyes = Eyes { story, places, who };
            let open = notices::store::open(tx, places.account(who)).await?;
            let told = open.iter().filter(|notice| notice.kind == Kind::Named).map(|notice| {
                namings.iter().find(|(id, _)| *id == notice.about).map(|(_, entry)| number(*entry))
            });
            let may = all.iter().filter(|entry| {
                let silent = |part: &Part| part.0 == who && part.2.is_none();
                let asked = named(story, entry.n).iter().any(silent);
                eyes.may(VoiceAct::AnswerNaming(eyes.entry(**entry), asked))
            });
            let may: Vec<Option<u32>> = may.map(|entry| Some(entry.n)).collect();
            // Who would have a part in a case by their roles is told that they have none.
            let closed = owners(story).into_iter().filter(|of| {
                let dossier = eyes.dossier(*of);
                let part = eyes
                    .may_as(Role::Cto, DossierAct::Read(DossierState { recused: false, ..dossier }))
                    && eyes.cto()
                    || eyes.may_as(
                        Role::Committee,
                        DossierAct::SeeOnBoard(DossierState { recused: false, ..dossier }),
                    ) && story.is(who, Role::Committee);
                dossier.recused && !dossier.owner && part
            });
            let closed: Vec<Uuid> = closed.map(|of| places.dossier(of)).collect();
            let without =
                open.iter().filter(|notice| notice.kind == Kind::Recused).map(|notice| notice.about);
            self.list(all.len(), without, closed.iter().copied(), || {
                format!("the cases in which {} is told to have no part", NAMES[who])
            });
            let number = may.len() + closed.len();
            self.list(1, [open.len()], [number], || format!("the count of {}’s inbox", NAMES[who]));
            self.list(all.len(), told, may, || format!("the inbox of {}", NAMES[who]));
        }
        let open: Vec<(Uuid,)> = tx.query("select id from requests where closed_at is null").all().await?;
        let mut asked = 0;
        let still = story.0.iter().filter_map(|fact| {
            let Fact::Asked { n, entry, who, closed } = fact else { return None };
            asked += 1;
            let about = all.iter().find(|other| other.n == *entry).expect("its entry");
            let eyes = Eyes { story, places, who: *who };
            eyes.may(VoiceAct::AnswerRequest(eyes.request(*about, *who, *closed))).then_some(*n)
        });
        let still: Vec<u32> = still.collect();
        self.list(asked, open.iter().map(|(id,)| number(*id)), still, || {
            "the requests that stay open".into()
        });
        Ok(())
    }
}

/// The judgements of an entry and the comments on it: the text, which it is, and since when it is released.
fn remarks_of(story: &Story, entry: u32) -> Vec<(String, (remark_store::Kind, u32), Option<i64>)> {
    let remark = |fact: &Fact| match fact {
        Fact::Judged { n, entry: of, released, .. } if *of == entry => {
            Some((marker("judgement", *n, "reason"), (remark_store::Kind::Assessment, *n), *released))
        }
        Fact::Commented { n, entry: of, released, .. } if *of == entry => {
            Some((marker("comment", *n, "text"), (remark_store::Kind::Comment, *n), *released))
        }
        _ => None,
    };
    story.0.iter().filter_map(remark).collect()
}
