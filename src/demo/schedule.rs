//! When things happened: a capability's course turned into dated beats, so that the days they speak for come out as the
//! course says. A backbone of confirmed beats carries the course alone; further ones are strewn within its limits.

use chrono::{Datelike, NaiveDate};

use super::calendar::{Calendar, back, forth};
use super::dice::Dice;
use super::plan::{Course, Open, Voices};
use crate::evidence::Status;

/// Longest entry, in days; shorter than what one entry can speak for.
const LONGEST: i64 = 165;
/// Days before today after which nothing ends, so that it can still be recorded and confirmed.
const LATEST: i64 = 4;
/// What others say against an entry is at least this old, beyond the committee's fourteen days.
pub(super) const SETTLED_IN: i64 = 21;

/// One thing that happened, before it has words.
#[derive(Clone, Debug)]
pub(super) struct Beat {
    pub(super) capability: usize,
    pub(super) from: NaiveDate,
    pub(super) to: Option<NaiveDate>,
    pub(super) ongoing: bool,
    /// Whether only the months were given.
    pub(super) by_month: bool,
    pub(super) updates: Vec<NaiveDate>,
    pub(super) recorded: NaiveDate,
    pub(super) status: Status,
    /// The place in the backbone; none for what is strewn in.
    pub(super) backbone: Option<usize>,
    /// The criterion that it must name, by place, and how many may be named in all of the course.
    pub(super) criterion: usize,
    pub(super) allowed: usize,
    pub(super) voices: Voices,
    pub(super) open: Open,
    /// A second capability that it may touch, whose course can't be changed by it.
    pub(super) also: Option<usize>,
}

/// What all beats of one course have in common.
pub(super) struct Track<'a> {
    pub(super) capability: usize,
    pub(super) course: &'a Course,
    /// How long evidence speaks after its last day.
    pub(super) carry: i64,
    /// The first criterion, so that narrow courses differ.
    pub(super) first_criterion: usize,
    pub(super) criteria: usize,
    pub(super) calendar: &'a Calendar,
    /// How many days ago the candidate became a Director.
    pub(super) director: i64,
}

impl Track<'_> {
    /// The beats of a course with so many entries.
    pub(super) fn beats(&self, entries: usize, dice: &mut Dice) -> Vec<Beat> {
        let Some((earliest, latest)) = self.course.since else { return Vec::new() };
        let start = dice.between(earliest, latest).min(self.director);
        let quiet = match self.course.silent {
            Some((low, high)) => self.carry + dice.between(low, high),
            None => dice.between(LATEST + 1, 30).min(start - 10),
        };
        let mut beats = self.backbone(entries, start, quiet, dice);
        let strewn = entries - beats.len();
        for _ in 0..strewn {
            beats.push(self.strewn(start, quiet, beats.len(), dice));
        }
        self.question(&mut beats);
        beats
    }

    /// Beats whose silence between two never exceeds what evidence carries, from the start to the quiet days.
    fn backbone(&self, entries: usize, start: i64, quiet: i64, dice: &mut Dice) -> Vec<Beat> {
        let days = start - quiet;
        let usual = usize::try_from(days / (self.carry * 3 / 4)).unwrap_or(0) + 1;
        let count = usual.max(self.course.least).min(self.course.most.unwrap_or(usize::MAX)).min(entries);
        let mut beats = Vec::with_capacity(count);
        let last_length = if self.capability == 3 { 2 } else { dice.between(3, 20) }.min(days);
        let steps = i64::try_from(count.max(2) - 1).unwrap_or(1);
        let step = (days - last_length) / steps;
        let mut shown_to = start + self.carry;
        for place in 0..count {
            let last = place + 1 == count;
            let nth = i64::try_from(place).unwrap_or(0);
            let nominal = if last && count > 1 { quiet + last_length } else { start - nth * step };
            let from = if place == 0 { start } else { nominal.max(shown_to - self.carry + 3) };
            let natural = self.length(dice);
            let length = natural.max(step - self.carry + 8).clamp(0, LONGEST);
            let to = if last { quiet.min(from) } else { (from - length).max(quiet) };
            let to = to.max(from - LONGEST);
            let mut beat = self.beat(from, to, place, dice);
            if place == 0 && (732..=800).contains(&start) && to > 725 {
                beat.to = Some(self.calendar.date(725));
            }
            shown_to = beat.to.map_or(from, |to| self.calendar.ago(to));
            beat.backbone = Some(place);
            self.record(&mut beat, true, dice);
            self.widen(&mut beat, start, quiet, dice);
            beats.push(beat);
        }
        beats
    }

    fn strewn(&self, start: i64, quiet: i64, place: usize, dice: &mut Dice) -> Beat {
        let oldest = if self.course.history { self.director.clamp(start, 1500) } else { start };
        let length = self.length(dice);
        let from = dice.between(quiet + 1, oldest);
        let to = (from - length).max(quiet);
        let mut beat = self.beat(from, to, place, dice);
        let goes_on = self.course.silent.is_none();
        let age = self.calendar.today() - beat.from;
        if goes_on
            && self.capability.is_multiple_of(2)
            && age.num_days() > 60
            && age.num_days() < 560
            && dice.chance(9)
        {
            beat.to = None;
            beat.ongoing = true;
        }
        self.record(&mut beat, false, dice);
        if goes_on && (beat.ongoing || dice.chance(12)) {
            self.follow_up(&mut beat, dice);
        }
        self.widen(&mut beat, oldest, quiet, dice);
        beat
    }

    /// A natural length in days: a talk is short, the growth of a person long.
    fn length(&self, dice: &mut Dice) -> i64 {
        match self.capability {
            3 if dice.chance(70) => dice.between(0, 2),
            3 => dice.between(5, 60),
            1 => dice.between(0, 45),
            2 => dice.between(14, 120),
            _ => dice.between(5, 90),
        }
    }

    fn beat(&self, from: i64, to: i64, place: usize, dice: &mut Dice) -> Beat {
        let (from, mut to) = (self.calendar.date(from), self.calendar.date(to));
        if let Some(leave) = self.calendar.interrupted(from, to) {
            to = back(leave, 1);
        }
        let allowed = self.course.criteria.min(self.criteria).max(1);
        let turn = if place < 8 { place } else { dice.below(allowed) };
        Beat {
            capability: self.capability,
            from,
            to: (to > from || dice.chance(40)).then_some(to),
            ongoing: false,
            by_month: false,
            updates: Vec::new(),
            recorded: to,
            status: Status::Final,
            backbone: None,
            criterion: (self.first_criterion + turn % allowed) % self.criteria,
            allowed,
            voices: self.course.voices,
            open: Open::Nothing,
            also: None,
        }
    }

    /// Most things are recorded within days, some much later; nobody records on leave.
    fn record(&self, beat: &mut Beat, promptly: bool, dice: &mut Dice) {
        let late = if promptly || dice.chance(85) { dice.between(0, 24) } else { dice.between(30, 140) };
        let ended = beat.to.unwrap_or(beat.from);
        beat.recorded = self.calendar.at_work(forth(ended, late)).min(back(self.calendar.today(), 2));
    }

    /// "What happened since?"
    fn follow_up(&self, beat: &mut Beat, dice: &mut Dice) {
        let mut on = forth(beat.recorded, dice.between(60, 150));
        while on < back(self.calendar.today(), 2) && beat.updates.len() < 3 {
            beat.updates.push(self.calendar.at_work(on).min(back(self.calendar.today(), 2)));
            on = forth(on, dice.between(80, 170));
        }
        beat.updates.dedup();
    }

    /// Gives months in place of days, where the whole months stay within the course.
    fn widen(&self, beat: &mut Beat, start: i64, quiet: i64, dice: &mut Dice) {
        if self.capability == 3 || !dice.chance(22) {
            return;
        }
        let last = beat.to.unwrap_or(beat.from);
        let (from, to) = (back(beat.from, i64::from(beat.from.day0())), end_of_month(last));
        let within = self.calendar.ago(from) <= start && self.calendar.ago(to) >= quiet;
        let short = (to - from).num_days() < LONGEST + 15;
        let whole = self.calendar.leave().iter().all(|leave| to < leave.0 || leave.1 < from);
        if within && short && whole && to < back(self.calendar.today(), 2) {
            beat.by_month = true;
            beat.from = from;
            beat.to = (!beat.ongoing).then_some(to);
            beat.recorded = beat.recorded.max(forth(to, 1)).min(back(self.calendar.today(), 2));
            beat.updates.retain(|on| *on >= beat.recorded);
        }
    }

    /// Chooses the beat whose account or judgement is open: the latest of the backbone that is old enough.
    fn question(&self, beats: &mut [Beat]) {
        if self.course.open == Open::Nothing {
            return;
        }
        let old_enough = back(self.calendar.today(), SETTLED_IN * 2);
        let chosen = beats.iter_mut().filter(|beat| beat.backbone.is_some() && beat.recorded <= old_enough);
        if let Some(beat) = chosen.max_by_key(|beat| beat.recorded) {
            beat.open = self.course.open;
        }
    }
}

fn end_of_month(date: NaiveDate) -> NaiveDate {
    let next = forth(back(date, i64::from(date.day0())), 32);
    back(next, i64::from(next.day0()) + 1)
}
