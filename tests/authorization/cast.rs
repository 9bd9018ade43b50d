//! Those who try everything: one of each way to stand to Ada's dossier, and the dossier in one of its states.

use std::collections::HashMap;

use evident::accounts::Role;
use evident::evidence::{Aim, Audience, NamedAnswer, NamedAs, Sharing, Status};
use evident::policy::{DossierState, EntryState};
use uuid::Uuid;

use super::case::{Case, Word};
use crate::story::{Fact, NAMES, Places, Story, Who};
use crate::support::{Visitor, World, today};

/// Whose dossier it is about.
pub const ADA: Who = 0;
/// Whom Ada asks.
pub const BEN: Who = 1;
/// A candidate who is a CTO as well.
pub const CLEO: Who = 2;
/// The CTO who wrote what CTOs write.
pub const DORA: Who = 3;
/// Another CTO.
const EGIL: Who = 4;
/// A committee member.
const FINN: Who = 5;
/// A committee member whom an entry names as developed.
pub const GITA: Who = 6;
/// An admin.
pub const HUGO: Who = 7;
/// A leader whom Ada added.
pub const IRIS: Who = 8;
/// A candidate with every role but that of a CTO.
pub const JUDE: Who = 9;
/// A leader whom an admin added.
pub const KIRA: Who = 10;
/// A leader whom Ada added and who asked not to be named.
pub const LENA: Who = 11;
/// A candidate on every board, beside whom Ada is compared.
pub const MONA: Who = 12;
/// A CTO whom an entry names as developed.
pub const NILS: Who = 13;
/// Whom Ada’s evidence names as developed, which keeps them from her case.
const DEVELOPED: [Who; 2] = [GITA, NILS];

/// Somebody who tries.
pub struct Viewer {
    /// Who; none without signing in.
    pub who: Option<Who>,
    /// How they stand to Ada's dossier, in the words of the table of fields.
    pub stands: &'static str,
    /// Their browser.
    pub visitor: Visitor,
}

impl Viewer {
    /// The roles that they hold.
    pub fn roles(&self) -> &[Role] {
        self.visitor.actor.as_ref().map_or(&[], |actor| actor.roles.as_slice())
    }
}

/// A world with its cast.
pub struct Scene {
    /// Where it is.
    pub world: World,
    /// Who tries.
    pub viewers: Vec<Viewer>,
    /// What is so from the beginning.
    pub story: Story,
    /// Where it is in the database.
    pub places: Places,
    /// With whom Ada's dossier is shared.
    pub sharing: Sharing,
    /// What Ada wants.
    pub aim: Aim,
    /// The number of the next thing that is planted.
    next: u32,
}

/// The states of a dossier that differ in who may read it.
pub const SETTINGS: [(&str, Sharing, Aim); 4] = [
    ("private", Sharing::Private, Aim::E2),
    ("shared with CTOs", Sharing::Sponsor, Aim::Undecided),
    ("shared with the committee", Sharing::Committee, Aim::E2),
    ("by choice", Sharing::Committee, Aim::E1ByChoice),
];

impl Scene {
    /// Signs the cast in.
    pub async fn open(world: World) -> Scene {
        use Role::{Admin, Candidate, Committee, Cto};
        let cast: [(Who, &str, &[Role]); 11] = [
            (ADA, "the owner", &[Candidate]),
            (BEN, "the one asked", &[Candidate]),
            (CLEO, "a CTO with a dossier", &[Candidate, Cto]),
            (DORA, "the CTO who wrote it", &[Cto]),
            (EGIL, "another CTO", &[Cto]),
            (FINN, "a committee member", &[Committee]),
            (GITA, "the one named", &[Committee]),
            (HUGO, "an admin", &[Admin]),
            (JUDE, "another candidate", &[Candidate, Committee, Admin]),
            (MONA, "", &[Candidate]),
            (NILS, "a CTO who is named", &[Cto]),
        ];
        let anonymous = Viewer { who: None, stands: "nobody signed in", visitor: world.anonymous() };
        let mut viewers = vec![anonymous];
        let mut facts = Vec::new();
        let mut holders = HashMap::new();
        for (who, stands, roles) in cast {
            let visitor = world.somebody(NAMES[who], roles).await;
            holders.insert(who, (visitor.actor().account, visitor.actor().person));
            facts.push(Fact::Account { who, roles: roles.to_vec() });
            if !stands.is_empty() {
                viewers.push(Viewer { who: Some(who), stands, visitor });
            }
        }
        let own = |of, sharing| Fact::Dossier { of, sharing, aim: Aim::E2, shared: 200 };
        facts.extend([own(ADA, Sharing::Private), own(MONA, Sharing::Committee)]);
        facts.extend([BEN, CLEO, JUDE].map(|of| own(of, Sharing::Private)));
        facts.extend([
            Fact::Leader { who: IRIS, added_by: Some(ADA) },
            Fact::Leader { who: KIRA, added_by: None },
            Fact::Leader { who: LENA, added_by: Some(ADA) },
            final_entry(1, Audience::Dossier, true),
        ]);
        facts.extend(developed(1));
        let (story, at) = (Story(facts).sound(), world.instance.now());
        let places = Places { story: 1, holders, written: 0, today: today(), at };
        let (sharing, aim) = (Sharing::Private, Aim::E2);
        let mut scene = Scene { world, viewers, story, places, sharing, aim, next: 100 };
        scene.plant(Vec::new()).await;
        scene
    }

    /// Adds facts to what is so.
    pub async fn plant(&mut self, facts: Vec<Fact>) {
        self.story.0.extend(facts);
        let mut tx = self.world.instance.db.write().await.expect("a write");
        self.story.write(&mut tx, &self.places).await.expect("written");
        tx.commit().await.expect("kept");
        self.world.planted().await;
        self.places.written = self.story.0.len();
    }

    /// A number that nothing has yet.
    pub fn number(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    /// Puts Ada's dossier into another state.
    pub async fn set(&mut self, sharing: Sharing, aim: Aim) {
        (self.sharing, self.aim) = (sharing, aim);
        let mut tx = self.world.instance.db.write().await.expect("a write");
        tx.query(
            "update dossiers set sharing = $2, aim = $3, shared_on = $4, version = version + 1 where id = $1",
        )
        .bind(self.places.dossier(ADA))
        .bind(sharing)
        .bind(aim)
        .bind((sharing != Sharing::Private).then(|| today() - chrono::TimeDelta::days(200)))
        .run_expecting(1)
        .await
        .expect("set");
        tx.commit().await.expect("kept");
        self.world.planted().await;
    }

    /// How somebody stands to Ada's dossier.
    pub fn dossier(&self, viewer: &Viewer) -> DossierState {
        DossierState {
            owner: viewer.who == Some(ADA),
            sharing: self.sharing,
            aim: self.aim,
            recused: is_developed(viewer),
        }
    }

    /// How somebody stands to an entry of it.
    pub fn entry(&self, viewer: &Viewer, status: Status, audience: Audience) -> Case {
        let entry = EntryState { dossier: self.dossier(viewer), status, audience };
        Case::of(viewer.roles()).about(entry).with(Word::Named, is_developed(viewer))
    }

    /// Runs one statement that changes one row.
    pub async fn run(&self, sql: &'static str, id: Uuid, values: &[Uuid]) {
        let mut tx = self.world.instance.db.write().await.expect("a write");
        let query = tx.query(sql).bind(id).bind_all(values.iter().copied());
        query.bind(self.places.at).run_expecting(1).await.expect(sql);
        tx.commit().await.expect("kept");
    }
}

/// An entry of Ada's that was published a month ago.
pub fn final_entry(n: u32, audience: Audience, for_cto: bool) -> Fact {
    Fact::Entry { n, of: ADA, status: Status::Final, audience, days: 30, for_cto }
}

/// An entry names those who are developed, as they agreed to.
pub fn developed(entry: u32) -> [Fact; 2] {
    let (named_as, answer) = (NamedAs::Developed, Some(NamedAnswer::Agreed));
    DEVELOPED.map(|who| Fact::Named { entry, who, named_as, answer, by_link: false })
}

fn is_developed(viewer: &Viewer) -> bool {
    viewer.who.is_some_and(|who| DEVELOPED.contains(&who))
}
