//! The company in which every pair of worlds begins: who is there, what each wrote, and who was told or asked.

use std::collections::HashMap;

use anyhow::{Context, bail};
use evident::accounts::Role;
use strum::VariantArray;
use uuid::Uuid;

use crate::stage::{Reply, Somebody, Stage};

/// Somebody with an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, VariantArray, strum::Display)]
pub enum Who {
    /// A candidate who shares with the committee.
    Ada,
    /// A candidate who shares with CTOs; Ada names him, and asked him about an entry.
    Ben,
    /// A candidate whose dossier is private.
    Cleo,
    /// A candidate who shares with the committee, until that ends.
    Dana,
    /// A member of the committee and a candidate.
    Kim,
    /// A leader whom Ada's evidence names as developed.
    Lena,
    /// A CTO.
    Ruth,
    /// Another CTO.
    Theo,
    /// A member of the committee.
    Jonas,
    /// An admin.
    Mina,
}

impl Who {
    pub fn name(self) -> &'static str {
        match self {
            Who::Ada => "Ada Marsh",
            Who::Ben => "Ben Ito",
            Who::Cleo => "Cleo Vance",
            Who::Dana => "Dana Reyes",
            Who::Kim => "Kim Sol",
            Who::Lena => "Lena Brandt",
            Who::Ruth => "Ruth Okafor",
            Who::Theo => "Theo Lang",
            Who::Jonas => "Jonas Weil",
            Who::Mina => "Mina Sato",
        }
    }

    pub fn roles(self) -> &'static [Role] {
        match self {
            Who::Ada | Who::Ben | Who::Cleo | Who::Dana | Who::Lena => &[Role::Candidate],
            Who::Kim => &[Role::Committee, Role::Candidate],
            Who::Ruth | Who::Theo => &[Role::Cto],
            Who::Jonas => &[Role::Committee],
            Who::Mina => &[Role::Admin],
        }
    }

    pub fn is(self, role: Role) -> bool {
        self.roles().contains(&role)
    }
}

/// Fields of a form.
pub type Fields = Vec<(String, String)>;

/// Fields from pairs.
pub fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The company, once it was set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cast {
    pub people: HashMap<Who, Somebody>,
    pub dossiers: HashMap<Who, Uuid>,
    /// The address at which Imre Novak, who has no account, answers what Ada asks.
    pub link: String,
}

impl Cast {
    /// The session of somebody; none of nobody.
    pub fn token(&self, who: Option<Who>) -> Option<&str> {
        who.map(|who| self.people[&who].token.as_str())
    }
}

/// An entry to publish: title, capability with one of its criteria, months.
type Work = (&'static str, &'static str, &'static str, &'static str, &'static str);

const WORKS: [Work; 5] = [
    (
        "Settled who owns identity",
        "cross-domain-leadership",
        "lasting-conflict-resolution",
        "2025-09",
        "2026-02",
    ),
    ("Stood in at the budget round", "cto-partnership", "deputizes-for-cto", "2026-01", "2026-04"),
    ("Handed the platform migration over", "developing-e1s", "directors-growing", "2025-06", "2026-06"),
    ("Spoke at the industry forum", "external-presence", "thought-leadership", "2026-05", "2026-05"),
    ("One roadmap for three domains", "cross-domain-leadership", "strategic-coherence", "2026-03", "2026-09"),
];

/// The fields of an entry.
pub fn entry(intent: &str, (title, capability, criterion, from, to): Work, words: &str) -> Fields {
    let criterion = format!("{capability}/{criterion}");
    fields(&[
        ("intent", intent),
        ("title", title),
        ("from", from),
        ("to", to),
        ("capability", capability),
        ("criterion", &criterion),
        ("situation", words),
        ("impact", "Three domains stopped paging each other."),
        ("confirm_duplicate", "yes"),
    ])
}

/// A row that names somebody who is known.
pub fn naming(name: &str, part: &str) -> Fields {
    fields(&[
        ("person", name),
        ("as", part),
        ("organization", ""),
        ("works_at", ""),
        ("level", ""),
        ("domain", ""),
    ])
}

/// Sets the company up, and warms what opens itself at the first visit.
pub async fn found(stage: &Stage) -> anyhow::Result<Cast> {
    let mut people = HashMap::new();
    for who in Who::VARIANTS {
        people.insert(*who, stage.somebody(who.name(), who.roles()).await?);
    }
    let mut founding =
        Founding { stage, cast: Cast { people, dossiers: HashMap::new(), link: String::new() } };
    founding.levels().await?;
    founding.dossiers().await?;
    let entries = founding.evidence().await?;
    founding.word(&entries).await?;
    founding.ctos(&entries).await?;
    // Some are mailed at once, so that what they are told makes a job.
    for who in [Who::Ben, Who::Ruth, Who::Ada] {
        let choice = fields(&[("requests", "at-once"), ("answers", "at-once"), ("releases", "at-once")]);
        founding.post(who, "/settings/mail", &choice).await?;
    }
    Ok(founding.cast)
}

struct Founding<'s> {
    stage: &'s Stage,
    cast: Cast,
}

impl Founding<'_> {
    async fn post(&self, who: Who, path: &str, fields: &Fields) -> anyhow::Result<Reply> {
        let reply = self.stage.post(self.cast.token(Some(who)), path, fields).await?;
        if reply.status >= 400 {
            bail!("{who} can't {path} {fields:?}: {} {}", reply.status, reply.body);
        }
        Ok(reply)
    }

    async fn levels(&self) -> anyhow::Result<()> {
        for (who, level, domain, reports_to) in [
            (Who::Ruth, "CTO", "", ""),
            (Who::Theo, "CTO", "", ""),
            (Who::Ada, "E1", "Payments", "Ruth Okafor"),
            (Who::Ben, "E1", "Platform", "Ruth Okafor"),
            (Who::Cleo, "E1", "Data", "Ruth Okafor"),
            (Who::Dana, "E1", "Risk", "Ruth Okafor"),
            (Who::Kim, "E1", "Core", "Ruth Okafor"),
            (Who::Lena, "M3", "Payments", "Ada Marsh"),
        ] {
            let path = format!("/people/{}/levels", self.cast.people[&who].person);
            let level =
                [("level", level), ("from", "2021-03-01"), ("domain", domain), ("reports_to", reports_to)];
            self.post(Who::Mina, &path, &fields(&level)).await?;
        }
        let noor =
            [("name", "Noor Haddad"), ("organization", "internal"), ("level", "E1"), ("from", "2022-01-01")];
        self.post(Who::Mina, "/people", &fields(&noor)).await?;
        Ok(())
    }

    async fn dossiers(&mut self) -> anyhow::Result<()> {
        for who in Who::VARIANTS.iter().copied().filter(|who| who.is(Role::Candidate)) {
            let sharing = match who {
                Who::Ada | Who::Dana => "committee",
                Who::Ben => "sponsor",
                _ => "private",
            };
            self.post(who, "/settings/sharing", &fields(&[("sharing", sharing)])).await?;
            self.post(who, "/settings/aim", &fields(&[("aim", "e2")])).await?;
            let account = self.cast.people[&who].account;
            let sql = "select id from dossiers where owner_account = $1";
            let found: Vec<(Uuid,)> = self.stage.rows_of(sql, account).await?;
            let (dossier,) = found.into_iter().next().context("a dossier")?;
            self.cast.dossiers.insert(who, dossier);
        }
        Ok(())
    }

    /// Everybody's entries; the addresses of Ada's five, Ben's three and Dana's two.
    async fn evidence(&self) -> anyhow::Result<Vec<String>> {
        let mut addresses = Vec::new();
        for (place, work) in WORKS.into_iter().enumerate() {
            let mut form = entry("publish", work, "It stood still for a year.");
            form.extend(naming("Ruth Okafor", "sponsor"));
            match place {
                0 => form.extend(naming("Ben Ito", "peer")),
                2 => form.extend(naming("Lena Brandt", "developed")),
                3 => form.extend(fields(&[
                    ("person", "Imre Novak"),
                    ("as", "external"),
                    ("organization", "external"),
                    ("works_at", "Elsewhere"),
                    ("level", ""),
                    ("domain", ""),
                ])),
                _ => {}
            }
            addresses.push(self.post(Who::Ada, "/evidence", &form).await?.header("location").to_owned());
        }
        let mut form = entry("publish", WORKS[1], "For CTOs alone.");
        form.extend(fields(&[("audience", "cto"), ("for_cto", "true")]));
        self.post(Who::Ada, "/evidence", &form).await?;
        self.post(Who::Ada, "/evidence", &entry("draft", WORKS[4], "Not ready.")).await?;
        for (who, works) in [(Who::Ben, 0..3), (Who::Cleo, 2..4), (Who::Dana, 0..2), (Who::Kim, 3..4)] {
            for work in works {
                let mut form = entry("publish", WORKS[work], "Nobody else took it up.");
                if who == Who::Ben && work == 0 {
                    form.extend(naming("Ada Marsh", "peer"));
                }
                let reply = self.post(who, "/evidence", &form).await?;
                if matches!(who, Who::Ben | Who::Dana) {
                    addresses.push(reply.header("location").to_owned());
                }
            }
        }
        Ok(addresses)
    }

    async fn ask(&self, who: Who, entry: &str, whom: &str) -> anyhow::Result<Reply> {
        let other = fields(&[("person", "other"), ("other", whom)]);
        self.post(who, &format!("{entry}/requests"), &other).await
    }

    /// The word of others: asked, answered, named.
    async fn word(&mut self, entries: &[String]) -> anyhow::Result<()> {
        for (by, entry, whom) in [
            (Who::Ada, 0, Who::Ben),
            (Who::Ada, 0, Who::Ruth),
            (Who::Ada, 1, Who::Ruth),
            (Who::Ada, 2, Who::Lena),
            (Who::Ada, 4, Who::Ben),
            (Who::Ben, 5, Who::Ada),
            (Who::Dana, 8, Who::Ben),
            (Who::Dana, 8, Who::Ruth),
            (Who::Dana, 9, Who::Lena),
        ] {
            self.ask(by, &entries[entry], whom.name()).await?;
        }
        let asked = self.ask(Who::Ada, &entries[3], "Imre Novak").await?;
        let (_, rest) = asked.body.split_once("/answers/").context("a link")?;
        self.cast.link = format!("/answers/{}", rest.get(..64).context("a token")?);
        for who in [Who::Ruth, Who::Ben] {
            let person = self.cast.people[&who].person;
            let sql = "select id from requests where person_id = $1 order by id";
            let asked: Vec<(Uuid,)> = self.stage.rows_of(sql, person).await?;
            // Ben leaves one unanswered.
            let answers = if who == Who::Ben { 1 } else { asked.len() };
            for (request,) in asked.into_iter().take(answers) {
                let answer = fields(&[("answer", "confirmed"), ("comment", "I was in the room.")]);
                self.post(who, &format!("/requests/{request}"), &answer).await?;
            }
        }
        let named = entries[2].trim_start_matches("/evidence/").to_owned();
        self.post(Who::Lena, &format!("/named/{named}"), &fields(&[("answer", "agreed")])).await?;
        Ok(())
    }

    /// What CTOs said and recorded.
    async fn ctos(&self, entries: &[String]) -> anyhow::Result<()> {
        let judged =
            fields(&[("judgement", "meets"), ("text", "It held for two quarters."), ("do", "release")]);
        self.post(Who::Ruth, &format!("{}/assessment", entries[0]), &judged).await?;
        let comment = fields(&[("field", "impact"), ("text", "Name the number."), ("do", "release")]);
        self.post(Who::Ruth, &format!("{}/comment", entries[1]), &comment).await?;
        for who in [Who::Ada, Who::Ben] {
            let sitting = fields(&[
                ("revision", "0"),
                ("answer-deputizing", "partly"),
                ("feedback", "Keep the board in view."),
                ("broader_scope", "partly"),
                ("commitment", "A slot before the board."),
                ("do", "release"),
            ]);
            self.post(Who::Ruth, &format!("/dossiers/{}/sitting", self.cast.dossiers[&who]), &sitting)
                .await?;
            let check_in = fields(&[("on", ""), ("deputizing", "yes"), ("thought-partner", "partly")]);
            self.post(who, "/check-ins", &check_in).await?;
        }
        let milestone = fields(&[("on", "2026-08-01"), ("what", "Ran the review of the quarter")]);
        let lena = self.cast.people[&Who::Lena].person;
        self.post(Who::Ruth, &format!("/people/{lena}/milestones"), &milestone).await?;
        let opportunity = fields(&[
            ("kind", "board-slot"),
            ("on", "2026-12-10"),
            ("what", "Ten minutes on platform cost"),
            ("offered_to", "Ben Ito"),
        ]);
        self.post(Who::Theo, "/opportunities", &opportunity).await?;
        Ok(())
    }
}
