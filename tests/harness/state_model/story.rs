//! What people do in a story, as it is made up and as it is told.

use evident::accounts::Role;
use evident::evidence::{Aim, NamedAnswer, Sharing};
use evident::review::CorroborationAnswer;
use proptest::collection::vec;
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};
use strum::VariantArray;

/// Somebody in a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, VariantArray, strum::Display)]
pub enum Who {
    /// A candidate.
    Ada,
    /// Another candidate.
    Ben,
    /// A CTO.
    Ruth,
    /// Another CTO.
    Theo,
    /// A member of the committee.
    Jonas,
}

impl Who {
    pub fn role(self) -> Role {
        match self {
            Who::Ada | Who::Ben => Role::Candidate,
            Who::Ruth | Who::Theo => Role::Cto,
            Who::Jonas => Role::Committee,
        }
    }

    pub fn is_candidate(self) -> bool {
        self.role() == Role::Candidate
    }

    pub fn is_cto(self) -> bool {
        self.role() == Role::Cto
    }
}

/// What is written of a piece of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    pub title: u8,
    /// Whether it says when it was.
    pub dated: bool,
    /// Whether it names a capability.
    pub tagged: bool,
    /// Whether it is for CTOs alone.
    pub for_ctos: bool,
    /// Whom it names, as a peer.
    pub names: Option<Who>,
}

impl Work {
    /// Of these some differ in half of their words, and some in more.
    pub fn title(&self) -> String {
        let what = if self.is_rewritten() { "Else" } else { "Work" };
        format!("{what} {}", self.title)
    }

    /// Of which of two kinds it is: another kind is another title altogether.
    pub fn is_rewritten(&self) -> bool {
        self.title >= 3
    }
}

/// What somebody does. Entries, requests, answers, remarks and periods of leave are counted from the first of the story; a
/// number past the last of them counts on from the first.
#[derive(Clone, Debug)]
pub enum Deed {
    Log { publish: bool, work: Work },
    Edit { entry: usize, publish: bool, work: Work, stale: bool, goes_on: bool },
    Withdraw { entry: usize },
    Duplicate { entry: usize },
    Update { entry: usize, text: u8 },
    Ask { entry: usize, whom: Who },
    TakeBack { request: usize },
    Answer { request: usize, answer: CorroborationAnswer, text: u8 },
    ReplyToAnswer { answer: usize },
    Settle { answer: usize },
    Judge { entry: usize, release: bool },
    Comment { entry: usize, release: bool },
    Release { remark: usize },
    ReplyToRemark { remark: usize },
    Sit { over: Who, release: bool, stale: bool },
    Discard { over: Who },
    SayOfBeingNamed { entry: usize, answer: NamedAnswer },
    Share { sharing: Sharing },
    Aim { aim: Aim },
    TakeLeave,
    CutLeave { leave: usize },
    CheckIn,
    RecordLevel { of: Who, level: Level },
    RecordMilestone { of: Who },
}

/// A level that is recorded of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray, strum::IntoStaticStr)]
pub enum Level {
    M3,
    E1,
    #[strum(serialize = "CTO")]
    Cto,
}

/// Who does it.
#[derive(Clone, Debug)]
pub struct Step {
    pub by: Who,
    pub deed: Deed,
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} does {:?}", self.by, self.deed)
    }
}

/// A story: something is published, shared and asked about first, so that there is what the rest can be about.
pub fn story(steps: usize) -> impl Strategy<Value = Vec<Step>> {
    let candidate = || prop_oneof![Just(Who::Ada), Just(Who::Ben)];
    let by = |(by, deed): (Who, Deed)| Step { by, deed };
    let published = (candidate(), work().prop_map(|work| Deed::Log { publish: true, work })).prop_map(by);
    let shared = one(&[Sharing::Sponsor, Sharing::Committee]).prop_map(|sharing| Deed::Share { sharing });
    let shared = (candidate(), shared).prop_map(by);
    let asked = (0_usize..4, anybody()).prop_map(|(entry, whom)| Deed::Ask { entry, whom });
    let asked = (candidate(), asked).prop_map(by);
    let rest = steps.saturating_sub(10);
    let parts = (
        vec(left_out_to_shrink(published), 4),
        vec(left_out_to_shrink(shared), 2),
        vec(left_out_to_shrink(asked), 4),
        vec(left_out_to_shrink(step()), rest),
    );
    parts.prop_map(|(published, shared, asked, rest)| {
        [published, shared, asked, rest].into_iter().flatten().flatten().collect()
    })
}

/// A step that is there, until a story is shortened: a story has its full length, and shrinks to less than that.
fn left_out_to_shrink(step: impl Strategy<Value = Step>) -> impl Strategy<Value = Option<Step>> {
    (proptest::bool::weighted(1.0), step).prop_map(|(kept, step)| kept.then_some(step))
}

/// Everything that can be done by anybody, what is likely to be allowed more often.
fn step() -> impl Strategy<Value = Step> {
    let ada_or_ben = || prop_oneof![Just(Who::Ada), Just(Who::Ben)];
    let candidate = || prop_oneof![12 => ada_or_ben(), 1 => anybody()];
    let cto = || prop_oneof![12 => prop_oneof![Just(Who::Ruth), Just(Who::Theo)], 1 => anybody()];
    let number = || 0_usize..12;
    let by = |who: BoxedStrategy<Who>, deed: BoxedStrategy<Deed>| {
        (who, deed).prop_map(|(by, deed)| Step { by, deed }).boxed()
    };
    let writing = prop_oneof![
        4 => (any::<bool>(), work()).prop_map(|(publish, work)| Deed::Log { publish, work }),
        4 => (number(), any::<bool>(), work(), proptest::bool::weighted(0.1), proptest::bool::weighted(0.7))
            .prop_map(|(entry, publish, work, stale, goes_on)| Deed::Edit { entry, publish, work, stale, goes_on }),
        1 => number().prop_map(|entry| Deed::Withdraw { entry }),
        1 => number().prop_map(|entry| Deed::Duplicate { entry }),
        1 => (number(), 0_u8..3).prop_map(|(entry, text)| Deed::Update { entry, text }),
    ];
    let asking = prop_oneof![
        3 => (number(), anybody()).prop_map(|(entry, whom)| Deed::Ask { entry, whom }),
        1 => number().prop_map(|request| Deed::TakeBack { request }),
        1 => number().prop_map(|answer| Deed::ReplyToAnswer { answer }),
        1 => number().prop_map(|remark| Deed::ReplyToRemark { remark }),
    ];
    let answering = prop_oneof![
        3 => (number(), one(CorroborationAnswer::VARIANTS), 0_u8..2)
            .prop_map(|(request, answer, text)| Deed::Answer { request, answer, text }),
        1 => (number(), one(NamedAnswer::VARIANTS))
            .prop_map(|(entry, answer)| Deed::SayOfBeingNamed { entry, answer }),
    ];
    let judging = prop_oneof![
        2 => (number(), any::<bool>()).prop_map(|(entry, release)| Deed::Judge { entry, release }),
        2 => (number(), any::<bool>()).prop_map(|(entry, release)| Deed::Comment { entry, release }),
        2 => number().prop_map(|remark| Deed::Release { remark }),
        2 => number().prop_map(|answer| Deed::Settle { answer }),
        3 => (ada_or_ben(), any::<bool>(), proptest::bool::weighted(0.1))
            .prop_map(|(over, release, stale)| Deed::Sit { over, release, stale }),
        1 => ada_or_ben().prop_map(|over| Deed::Discard { over }),
    ];
    let settings = prop_oneof![
        3 => one(Sharing::VARIANTS).prop_map(|sharing| Deed::Share { sharing }),
        1 => one(Aim::VARIANTS).prop_map(|aim| Deed::Aim { aim }),
        1 => Just(Deed::TakeLeave),
        1 => number().prop_map(|leave| Deed::CutLeave { leave }),
        1 => Just(Deed::CheckIn),
    ];
    let recording = prop_oneof![
        3 => (anybody(), one(Level::VARIANTS)).prop_map(|(of, level)| Deed::RecordLevel { of, level }),
        1 => anybody().prop_map(|of| Deed::RecordMilestone { of }),
    ];
    prop_oneof![
        6 => by(candidate().boxed(), writing.boxed()),
        3 => by(candidate().boxed(), asking.boxed()),
        4 => by(anybody().boxed(), answering.boxed()),
        4 => by(cto().boxed(), judging.boxed()),
        3 => by(candidate().boxed(), settings.boxed()),
        2 => by(cto().boxed(), recording.boxed()),
    ]
}

fn work() -> impl Strategy<Value = Work> {
    let names = prop_oneof![1 => Just(None), 1 => anybody().prop_map(Some)];
    let likely = || proptest::bool::weighted(0.9);
    (0_u8..6, likely(), likely(), proptest::bool::weighted(0.2), names)
        .prop_map(|(title, dated, tagged, for_ctos, names)| Work { title, dated, tagged, for_ctos, names })
}

fn anybody() -> impl Strategy<Value = Who> {
    one(Who::VARIANTS)
}

fn one<T: Copy + std::fmt::Debug + 'static>(of: &'static [T]) -> impl Strategy<Value = T> {
    proptest::sample::select(of)
}
