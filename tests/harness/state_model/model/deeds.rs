//! What each deed does, and whom it is refused.

use evident::evidence::{NamedAnswer, Status};
use evident::review::CorroborationAnswer;

use super::{Dossier, Entry, Model, Outcome, Remark, Request, Voice};
use crate::state_model::story::{Deed, Level, Step, Who, Work};

const ROLE: Outcome = Outcome::Refused(403);
const HIDDEN: Outcome = Outcome::Refused(404);
const CONFLICT: Outcome = Outcome::Refused(409);
const FAULTY: Outcome = Outcome::Refused(422);

impl Model {
    /// Does it, or refuses.
    pub fn act(&mut self, step: &Step) -> Outcome {
        let by = step.by;
        let Some(place) = self.place(&step.deed) else { return Outcome::Idle };
        match &step.deed {
            Deed::Log { publish, work } => self.log(by, *publish, work),
            Deed::Edit { publish, work, stale, goes_on, .. } => {
                self.edit(by, place, (*publish, work), *stale, *goes_on)
            }
            Deed::Withdraw { .. } => self.withdraw(by, place),
            Deed::Duplicate { .. } => self.duplicate(by, place),
            Deed::Update { text, .. } => self.update(by, place, *text),
            Deed::Ask { whom, .. } => self.ask(by, place, *whom),
            Deed::TakeBack { .. } => self.take_back(by, place),
            Deed::Answer { answer, text, .. } => self.answer(by, place, *answer, *text),
            Deed::ReplyToAnswer { .. } => self.reply_to_answer(by, place),
            Deed::Settle { .. } => self.settle(by, place),
            Deed::Judge { release, .. } | Deed::Comment { release, .. } => self.remark(by, place, *release),
            Deed::Release { .. } => self.release(by, place),
            Deed::ReplyToRemark { .. } => self.reply_to_remark(by, place),
            Deed::Sit { over, release, stale } => self.sit(by, *over, *release, *stale),
            Deed::Discard { over } => self.discard(by, *over),
            Deed::SayOfBeingNamed { answer, .. } => self.say_of_being_named(by, place, *answer),
            Deed::Share { sharing } => self.set(by, |dossier| dossier.sharing = *sharing),
            Deed::Aim { aim } => self.set(by, |dossier| dossier.aim = *aim),
            Deed::CheckIn => self.set(by, |dossier| dossier.check_ins += 1),
            Deed::TakeLeave => {
                if !by.is_candidate() {
                    return ROLE;
                }
                self.leave.push((by, true));
                Outcome::Done
            }
            Deed::CutLeave { .. } => match (by.is_candidate(), self.leave[place]) {
                (false, _) => ROLE,
                (true, (whose, true)) if whose == by => {
                    self.leave[place].1 = false;
                    Outcome::Done
                }
                (true, _) => HIDDEN,
            },
            // Nobody makes themselves a CTO; of others a CTO alone records anything.
            Deed::RecordLevel { of, level: Level::Cto } if *of == by => FAULTY,
            Deed::RecordLevel { level: Level::Cto, .. } if !by.is_cto() => ROLE,
            Deed::RecordLevel { of, .. } | Deed::RecordMilestone { of } if *of != by && !by.is_cto() => ROLE,
            Deed::RecordLevel { .. } | Deed::RecordMilestone { .. } => Outcome::Done,
        }
    }

    fn set(&mut self, by: Who, change: impl FnOnce(&mut Dossier)) -> Outcome {
        let Some(dossier) = self.dossiers.get_mut(&by) else { return ROLE };
        change(dossier);
        Outcome::Done
    }

    /// Why an entry can't be changed by somebody; nothing where it can.
    fn kept_from(&self, by: Who, place: usize) -> Option<Outcome> {
        let entry = &self.entries[place];
        match (by.is_candidate(), entry.owner == by && !entry.gone) {
            (false, _) => Some(ROLE),
            (true, false) => Some(HIDDEN),
            (true, true) => None,
        }
    }

    fn log(&mut self, by: Who, publish: bool, work: &Work) -> Outcome {
        if !by.is_candidate() {
            return ROLE;
        }
        if is_faulty(by, publish, work) {
            return FAULTY;
        }
        let status = if publish { Status::Final } else { Status::Draft };
        self.entries.push(Entry::new(by, work.clone(), status));
        Outcome::Done
    }

    fn edit(
        &mut self,
        by: Who,
        place: usize,
        (publish, work): (bool, &Work),
        stale: bool,
        goes_on: bool,
    ) -> Outcome {
        if let Some(refused) = self.kept_from(by, place) {
            return refused;
        }
        let lost = if publish { self.lost(place, work) } else { Vec::new() };
        let entry = &mut self.entries[place];
        if !publish && entry.status != Status::Draft || is_faulty(by, publish, work) {
            return FAULTY;
        }
        if stale {
            return CONFLICT;
        }
        let status = if publish { Status::Final } else { Status::Draft };
        if entry.work == *work && entry.status == status {
            return Outcome::Done;
        }
        if !lost.is_empty() && !goes_on {
            return FAULTY;
        }
        for voice in lost {
            self.voices[voice].superseded = true;
        }
        if entry.work.names != work.names {
            entry.named = work.names.and_then(|named| entry.said.get(&named).copied());
        }
        entry.work = work.clone();
        entry.status = status;
        entry.revise();
        self.close_what_none_can_answer(place);
        Outcome::Done
    }

    /// The confirmations of an entry that are about something else than it is to say.
    fn lost(&self, place: usize, work: &Work) -> Vec<usize> {
        let entry = &self.entries[place];
        let is_lost = |voice: &usize| {
            let known = &self.voices[*voice];
            known.entry == place
                && known.answer == CorroborationAnswer::Confirmed
                && !known.superseded
                && self.latest(place, known.by) == Some(*voice)
                && entry.says_else_than(known.revision, work)
        };
        (0..self.voices.len()).filter(is_lost).collect()
    }

    fn withdraw(&mut self, by: Who, place: usize) -> Outcome {
        if let Some(refused) = self.kept_from(by, place) {
            return refused;
        }
        let entry = &mut self.entries[place];
        match entry.status {
            Status::Draft => entry.gone = true,
            Status::Final => {
                entry.status = Status::Withdrawn;
                entry.revise();
                self.close_what_none_can_answer(place);
            }
            Status::Withdrawn => {}
        }
        Outcome::Done
    }

    fn duplicate(&mut self, by: Who, place: usize) -> Outcome {
        if let Some(refused) = self.kept_from(by, place) {
            return refused;
        }
        let work = Work { dated: false, ..self.entries[place].work.clone() };
        self.entries.push(Entry::new(by, work, Status::Draft));
        Outcome::Done
    }

    fn update(&mut self, by: Who, place: usize, text: u8) -> Outcome {
        if let Some(refused) = self.kept_from(by, place) {
            return refused;
        }
        let entry = &mut self.entries[place];
        if entry.status != Status::Final {
            return CONFLICT;
        }
        if entry.updates.insert(text) {
            entry.revise();
        }
        Outcome::Done
    }

    fn ask(&mut self, by: Who, place: usize, whom: Who) -> Outcome {
        if let Some(refused) = self.kept_from(by, place) {
            return refused;
        }
        let entry = &self.entries[place];
        if entry.status != Status::Final {
            return CONFLICT;
        }
        if whom == by || entry.work.for_ctos && !whom.is_cto() {
            return FAULTY;
        }
        for request in self.requests.iter_mut().filter(|known| (known.entry, known.whom) == (place, whom)) {
            request.closed = true;
        }
        let revision = entry.revision;
        self.requests.push(Request { entry: place, whom, revision, answered: false, closed: false });
        Outcome::Done
    }

    fn take_back(&mut self, by: Who, place: usize) -> Outcome {
        let request = &mut self.requests[place];
        if !by.is_candidate() {
            return ROLE;
        }
        if self.entries[request.entry].owner != by {
            return HIDDEN;
        }
        if request.answered && !request.closed {
            return CONFLICT;
        }
        request.closed = true;
        Outcome::Done
    }

    fn answer(&mut self, by: Who, place: usize, answer: CorroborationAnswer, text: u8) -> Outcome {
        let request = self.requests[place].clone();
        if !self.is_asked(by, &request) {
            return HIDDEN;
        }
        // A version of one's own goes with an account that differs alone.
        let text = if answer == CorroborationAnswer::Differs { text } else { 0 };
        let said = (answer, text, request.revision, false);
        let last = self.latest(request.entry, by).map(|place| &self.voices[place]);
        let repeats =
            |last: &Voice| (last.answer, last.text, last.revision, last.settled) == said && !last.superseded;
        if !last.is_some_and(repeats) {
            let (place, revision) = (request.entry, request.revision);
            let entry = &self.entries[place];
            // They confirmed what they were shown, whatever the entry says by now.
            let superseded =
                answer == CorroborationAnswer::Confirmed && entry.says_else_than(revision, &entry.work);
            self.voices.push(Voice { entry: place, by, answer, text, revision, settled: false, superseded });
        }
        self.requests[place].answered = true;
        Outcome::Done
    }

    fn reply_to_answer(&mut self, by: Who, place: usize) -> Outcome {
        if let Some(refused) = self.kept_from(by, self.voices[place].entry) {
            return refused;
        }
        if self.is_contested(place) { Outcome::Done } else { CONFLICT }
    }

    fn settle(&mut self, by: Who, place: usize) -> Outcome {
        if !by.is_cto() {
            return ROLE;
        }
        if !self.reads(by, self.voices[place].entry) {
            return HIDDEN;
        }
        // Whose account it is answers anew instead.
        if self.voices[place].by == by {
            return ROLE;
        }
        if !self.is_contested(place) {
            return CONFLICT;
        }
        self.voices[place].settled = true;
        Outcome::Done
    }

    fn remark(&mut self, by: Who, place: usize, released: bool) -> Outcome {
        if !by.is_cto() {
            return ROLE;
        }
        if !self.reads(by, place) {
            return HIDDEN;
        }
        self.remarks.push(Remark { entry: place, by, released });
        Outcome::Done
    }

    fn release(&mut self, by: Who, place: usize) -> Outcome {
        if !by.is_cto() {
            return ROLE;
        }
        if !self.reads(by, self.remarks[place].entry) {
            return HIDDEN;
        }
        if self.remarks[place].by != by {
            return ROLE;
        }
        self.remarks[place].released = true;
        Outcome::Done
    }

    fn reply_to_remark(&mut self, by: Who, place: usize) -> Outcome {
        let remark = &self.remarks[place];
        match self.kept_from(by, remark.entry) {
            Some(refused) => refused,
            None if remark.released => Outcome::Done,
            None => HIDDEN,
        }
    }

    fn sit(&mut self, by: Who, over: Who, release: bool, stale: bool) -> Outcome {
        if !by.is_cto() {
            return ROLE;
        }
        if !self.reads_dossier(by, over) {
            return HIDDEN;
        }
        if stale {
            return FAULTY;
        }
        let revision = self.draft(by, over) + 1;
        if let Some(dossier) = self.dossiers.get_mut(&over) {
            if release {
                dossier.drafts.remove(&by);
                dossier.sittings += 1;
            } else {
                dossier.drafts.insert(by, revision);
            }
        }
        Outcome::Done
    }

    fn discard(&mut self, by: Who, over: Who) -> Outcome {
        if !by.is_cto() {
            return ROLE;
        }
        if !self.reads_dossier(by, over) {
            return HIDDEN;
        }
        if let Some(dossier) = self.dossiers.get_mut(&over) {
            dossier.drafts.remove(&by);
        }
        Outcome::Done
    }

    fn say_of_being_named(&mut self, by: Who, place: usize, answer: NamedAnswer) -> Outcome {
        if !self.tells(by, &self.entries[place]) {
            return HIDDEN;
        }
        let entry = &mut self.entries[place];
        entry.named = Some(answer);
        entry.said.insert(by, answer);
        Outcome::Done
    }

    fn close_what_none_can_answer(&mut self, place: usize) {
        let entry = &self.entries[place];
        for request in self.requests.iter_mut().filter(|request| request.entry == place) {
            let open = entry.status == Status::Final && (!entry.work.for_ctos || request.whom.is_cto());
            request.closed |= !open;
        }
    }
}

/// Whether what was typed can't be kept.
fn is_faulty(by: Who, publish: bool, work: &Work) -> bool {
    work.names == Some(by) || publish && !(work.dated && work.tagged)
}
