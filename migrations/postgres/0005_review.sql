-- What others say: corroborations, assessments, check-ins, feedback.
create table corroborations (
  id uuid not null primary key,
  entry_id uuid not null references entries (id),
  person_id uuid not null references people (id),
  -- Order of arrival: of two answers on one date, the later counts.
  position bigint not null,
  answer text not null check (answer in ('confirmed', 'differs', 'not-close-enough', 'declined')),
  on_date date not null,
  -- A sentence that may be quoted.
  comment text not null,
  -- The entry's revision that was answered.
  revision bigint not null,
  settled_on date,
  created_at timestamptz not null,
  unique (entry_id, position)
);
create index corroborations_by_person on corroborations (person_id);

create table assessments (
  id uuid not null primary key,
  entry_id uuid not null references entries (id),
  person_id uuid not null references people (id),
  position bigint not null,
  judgement text not null check (judgement in ('meets', 'partly', 'not-yet')),
  reason text not null,
  -- Unreleased, it is CTOs' alone and in nobody's facts; released, this is its date.
  released_on date,
  created_at timestamptz not null,
  unique (entry_id, position)
);

create table check_ins (
  id uuid not null primary key,
  dossier_id uuid not null references dossiers (id),
  kind text not null check (kind in ('self', 'cto')),
  person_id uuid not null references people (id),
  position bigint not null,
  -- The date it counts from: of the answers (self), or of its release (cto; null until released).
  on_date date check (on_date is not null or kind = 'cto'),
  -- Whether the owner shows CTOs one from before the dossier was shared.
  included boolean not null,
  created_at timestamptz not null,
  unique (dossier_id, position)
);

create table check_in_answers (
  check_in_id uuid not null references check_ins (id),
  question text not null,
  answer text not null check (answer in ('yes', 'partly', 'not-yet')),
  primary key (check_in_id, question)
);

create table feedback (
  id uuid not null primary key,
  dossier_id uuid not null references dossiers (id),
  person_id uuid not null references people (id),
  position bigint not null,
  broader_scope text check (broader_scope in ('yes', 'partly', 'not-yet')),
  text text not null,
  -- Unreleased, it is its author's alone and in nobody's facts; released, this is its date.
  released_on date,
  created_at timestamptz not null,
  unique (dossier_id, position)
);
