//! The product in a few hundred lines: what each deed does, whom it is refused, and what each may see afterwards. It holds
//! the rules of the product's description, and nothing of how the program keeps them.

mod deeds;

use std::collections::{BTreeMap, BTreeSet};

use evident::evidence::{Aim, NamedAnswer, Sharing, Status};
use evident::review::CorroborationAnswer;

use super::story::{Deed, Step, Who, Work};

/// What comes of a deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused, with the status of an answer.
    Refused(u16),
    /// There is nothing yet that it could be about.
    Idle,
}

/// An entry, thrown away or there.
#[derive(Clone, Debug)]
pub struct Entry {
    pub owner: Who,
    pub work: Work,
    pub status: Status,
    pub revision: i64,
    /// Whether each revision, from the first, is of the other kind of work.
    kinds: Vec<bool>,
    updates: BTreeSet<u8>,
    /// What the one who is named says of it.
    named: Option<NamedAnswer>,
    /// What each whom it named said last: it stands whenever they are named again.
    said: BTreeMap<Who, NamedAnswer>,
    gone: bool,
}

#[derive(Clone, Debug)]
struct Request {
    entry: usize,
    whom: Who,
    revision: i64,
    answered: bool,
    closed: bool,
}

#[derive(Clone, Debug)]
struct Voice {
    entry: usize,
    by: Who,
    answer: CorroborationAnswer,
    text: u8,
    revision: i64,
    settled: bool,
    /// Whether it confirmed what the entry no longer says.
    superseded: bool,
}

#[derive(Clone, Debug)]
struct Remark {
    entry: usize,
    by: Who,
    released: bool,
}

#[derive(Clone, Debug)]
struct Dossier {
    sharing: Sharing,
    aim: Aim,
    /// The revisions of sittings in the making, by their CTO.
    drafts: BTreeMap<Who, i64>,
    sittings: usize,
    check_ins: usize,
}

/// Everything that there is.
#[derive(Clone, Debug)]
pub struct Model {
    dossiers: BTreeMap<Who, Dossier>,
    pub entries: Vec<Entry>,
    requests: Vec<Request>,
    voices: Vec<Voice>,
    remarks: Vec<Remark>,
    /// Whose it is, and whether it stands.
    leave: Vec<(Who, bool)>,
}

/// What somebody may see of a dossier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// Whether they read it at all.
    pub reads: bool,
    /// The entries, each with its status, its title, and how many confirm and contest it.
    pub entries: BTreeMap<usize, (Option<Status>, String, usize, usize)>,
    /// What CTOs remarked.
    pub remarks: BTreeSet<usize>,
    /// How many sittings were released to be read.
    pub sittings: usize,
    /// The revision of their own sitting in the making.
    pub draft: Option<i64>,
    /// The requests that they may answer.
    pub asked: BTreeSet<usize>,
    /// The entries of which they know that these name them, and what they said of it.
    pub named: BTreeMap<usize, Option<NamedAnswer>>,
    /// How many check-ins and periods of leave there are, for the owner.
    pub own: (usize, usize),
}

impl Model {
    pub fn new() -> Model {
        let dossier = Dossier {
            sharing: Sharing::Private,
            aim: Aim::Undecided,
            drafts: BTreeMap::new(),
            sittings: 0,
            check_ins: 0,
        };
        Model {
            dossiers: BTreeMap::from([(Who::Ada, dossier.clone()), (Who::Ben, dossier)]),
            entries: Vec::new(),
            requests: Vec::new(),
            voices: Vec::new(),
            remarks: Vec::new(),
            leave: Vec::new(),
        }
    }

    /// Whose dossier a deed is about, when there is what it is about.
    pub fn concerns(&self, step: &Step) -> Option<Who> {
        let of_entry = |entry: usize| pick(&self.entries, entry).map(|place| self.entries[place].owner);
        match &step.deed {
            Deed::Log { .. } | Deed::Share { .. } | Deed::Aim { .. } | Deed::TakeLeave | Deed::CheckIn => {
                Some(step.by).filter(|by| by.is_candidate())
            }
            Deed::Edit { entry, .. }
            | Deed::Withdraw { entry }
            | Deed::Duplicate { entry }
            | Deed::Update { entry, .. }
            | Deed::Ask { entry, .. }
            | Deed::Judge { entry, .. }
            | Deed::Comment { entry, .. }
            | Deed::SayOfBeingNamed { entry, .. } => of_entry(*entry),
            Deed::TakeBack { request } | Deed::Answer { request, .. } => {
                pick(&self.requests, *request).and_then(|place| of_entry(self.requests[place].entry))
            }
            Deed::ReplyToAnswer { answer } | Deed::Settle { answer } => {
                pick(&self.voices, *answer).and_then(|place| of_entry(self.voices[place].entry))
            }
            Deed::Release { remark } | Deed::ReplyToRemark { remark } => {
                pick(&self.remarks, *remark).and_then(|place| of_entry(self.remarks[place].entry))
            }
            Deed::Sit { over, .. } | Deed::Discard { over } => Some(*over),
            Deed::RecordLevel { of, .. } | Deed::RecordMilestone { of } => {
                Some(*of).filter(|of| of.is_candidate())
            }
            Deed::CutLeave { leave } => pick(&self.leave, *leave).map(|place| self.leave[place].0),
        }
    }

    /// The place of what a number in a deed stands for.
    pub fn place(&self, deed: &Deed) -> Option<usize> {
        match deed {
            Deed::Edit { entry, .. }
            | Deed::Withdraw { entry }
            | Deed::Duplicate { entry }
            | Deed::Update { entry, .. }
            | Deed::Ask { entry, .. }
            | Deed::Judge { entry, .. }
            | Deed::Comment { entry, .. }
            | Deed::SayOfBeingNamed { entry, .. } => pick(&self.entries, *entry),
            Deed::TakeBack { request } | Deed::Answer { request, .. } => pick(&self.requests, *request),
            Deed::ReplyToAnswer { answer } | Deed::Settle { answer } => pick(&self.voices, *answer),
            Deed::Release { remark } | Deed::ReplyToRemark { remark } => pick(&self.remarks, *remark),
            Deed::CutLeave { leave } => pick(&self.leave, *leave),
            Deed::Log { .. }
            | Deed::Share { .. }
            | Deed::Aim { .. }
            | Deed::TakeLeave
            | Deed::CheckIn
            | Deed::Sit { .. }
            | Deed::Discard { .. }
            | Deed::RecordLevel { .. }
            | Deed::RecordMilestone { .. } => Some(0),
        }
    }

    /// The revision of somebody's sitting in the making; 0 where there is none.
    pub fn draft(&self, by: Who, over: Who) -> i64 {
        self.dossiers[&over].drafts.get(&by).copied().unwrap_or(0)
    }

    fn is_asked(&self, who: Who, request: &Request) -> bool {
        let entry = &self.entries[request.entry];
        request.whom == who
            && !request.closed
            && entry.status == Status::Final
            && (!entry.work.for_ctos || who.is_cto())
    }

    /// Somebody's latest answer about an entry.
    fn latest(&self, entry: usize, by: Who) -> Option<usize> {
        self.voices.iter().rposition(|voice| (voice.entry, voice.by) == (entry, by))
    }

    /// Whether an answer stands and differs.
    fn is_contested(&self, place: usize) -> bool {
        let voice = &self.voices[place];
        let latest = self.latest(voice.entry, voice.by) == Some(place);
        latest && voice.answer == CorroborationAnswer::Differs && !voice.settled
    }

    /// Whether an entry tells somebody that it names them.
    fn tells(&self, who: Who, entry: &Entry) -> bool {
        let dossier = &self.dossiers[&entry.owner];
        entry.work.names == Some(who)
            && entry.status == Status::Final
            && dossier.sharing != Sharing::Private
            && dossier.aim != Aim::E1ByChoice
            && (!entry.work.for_ctos || who.is_cto())
    }

    fn reads_dossier(&self, who: Who, owner: Who) -> bool {
        let dossier = &self.dossiers[&owner];
        who == owner || who.is_cto() && dossier.sharing != Sharing::Private && dossier.aim != Aim::E1ByChoice
    }

    /// Whether somebody reads an entry.
    pub fn reads(&self, who: Who, place: usize) -> bool {
        let entry = &self.entries[place];
        !entry.gone
            && (who == entry.owner || entry.status == Status::Final && self.reads_dossier(who, entry.owner))
    }

    /// What somebody may see of a dossier.
    pub fn view(&self, who: Who, owner: Who) -> View {
        let dossier = &self.dossiers[&owner];
        let reads = self.reads_dossier(who, owner);
        let in_it = |entry: usize| self.entries[entry].owner == owner;
        let own = (
            dossier.check_ins,
            self.leave.iter().filter(|(whose, stands)| *whose == owner && *stands).count(),
        );
        let requests = self.requests.iter().enumerate();
        let remarks = self.remarks.iter().enumerate();
        let places = 0..self.entries.len();
        View {
            reads,
            entries: places
                .clone()
                .filter(|place| in_it(*place) && self.reads(who, *place))
                .map(|place| (place, self.line(place)))
                .collect(),
            remarks: remarks
                .filter(|(_, remark)| in_it(remark.entry) && self.reads(who, remark.entry))
                .filter(|(_, remark)| remark.released || who != owner)
                .map(|(place, _)| place)
                .collect(),
            sittings: if reads { dossier.sittings } else { 0 },
            draft: dossier.drafts.get(&who).copied().filter(|_| reads),
            asked: requests
                .filter(|(_, request)| in_it(request.entry) && self.is_asked(who, request))
                .map(|(place, _)| place)
                .collect(),
            named: places
                .filter(|place| in_it(*place) && self.tells(who, &self.entries[*place]))
                .map(|place| (place, self.entries[place].named))
                .collect(),
            own: if who == owner { own } else { (0, 0) },
        }
    }

    fn line(&self, place: usize) -> (Option<Status>, String, usize, usize) {
        let entry = &self.entries[place];
        let standing = (0..self.voices.len()).filter(|voice| {
            let known = &self.voices[*voice];
            known.entry == place
                && !known.settled
                && !known.superseded
                && self.latest(place, known.by) == Some(*voice)
        });
        let standing: Vec<CorroborationAnswer> = standing.map(|voice| self.voices[voice].answer).collect();
        let number = |answer| standing.iter().filter(|given| **given == answer).count();
        let (confirm, contest) =
            (number(CorroborationAnswer::Confirmed), number(CorroborationAnswer::Differs));
        (Some(entry.status), entry.work.title(), confirm, contest)
    }
}

impl Entry {
    /// A further revision, of the work as it is now.
    fn revise(&mut self) {
        self.revision += 1;
        self.kinds.push(self.work.is_rewritten());
    }

    /// Whether it says something else than in a revision.
    fn says_else_than(&self, revision: i64, work: &Work) -> bool {
        let kind = usize::try_from(revision - 1).ok().and_then(|place| self.kinds.get(place));
        kind.is_some_and(|kind| *kind != work.is_rewritten())
    }

    fn new(owner: Who, work: Work, status: Status) -> Entry {
        let (updates, said) = (BTreeSet::new(), BTreeMap::new());
        let kinds = vec![work.is_rewritten()];
        Entry { owner, work, status, revision: 1, kinds, updates, named: None, said, gone: false }
    }
}

/// The place that a number stands for among these.
fn pick<T>(among: &[T], number: usize) -> Option<usize> {
    (!among.is_empty()).then(|| number % among.len())
}
