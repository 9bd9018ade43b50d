-- What others say: corroborations, assessments, check-ins, feedback.
create table corroborations (
  id blob not null primary key,
  entry_id blob not null references entries (id),
  person_id blob not null references people (id),
  -- Order of arrival: of two answers on one date, the later counts.
  position integer not null,
  answer text not null check (answer in ('confirmed', 'differs', 'not-close-enough', 'declined')),
  on_date text not null,
  -- A sentence that may be quoted.
  comment text not null,
  -- The entry's revision that was answered.
  revision integer not null,
  settled_on text,
  created_at text not null,
  unique (entry_id, position)
) strict;
create index corroborations_by_person on corroborations (person_id);

create table assessments (
  id blob not null primary key,
  entry_id blob not null references entries (id),
  person_id blob not null references people (id),
  position integer not null,
  judgement text not null check (judgement in ('meets', 'partly', 'not-yet')),
  reason text not null,
  -- Unreleased, it is CTOs' alone and in nobody's facts; released, this is its date.
  released_on text,
  created_at text not null,
  unique (entry_id, position)
) strict;

create table check_ins (
  id blob not null primary key,
  dossier_id blob not null references dossiers (id),
  kind text not null check (kind in ('self', 'cto')),
  person_id blob not null references people (id),
  position integer not null,
  -- The date it counts from: of the answers (self), or of its release (cto; null until released).
  on_date text check (on_date is not null or kind = 'cto'),
  -- Whether the owner shows CTOs one from before the dossier was shared.
  included integer not null,
  created_at text not null,
  unique (dossier_id, position)
) strict;

create table check_in_answers (
  check_in_id blob not null references check_ins (id),
  question text not null,
  answer text not null check (answer in ('yes', 'partly', 'not-yet')),
  primary key (check_in_id, question)
) strict;

create table feedback (
  id blob not null primary key,
  dossier_id blob not null references dossiers (id),
  person_id blob not null references people (id),
  position integer not null,
  broader_scope text check (broader_scope in ('yes', 'partly', 'not-yet')),
  text text not null,
  -- Unreleased, it is its author's alone and in nobody's facts; released, this is its date.
  released_on text,
  created_at text not null,
  unique (dossier_id, position)
) strict;
