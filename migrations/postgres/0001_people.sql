-- Leaders: anyone named in evidence, with a dated history of levels, and milestones.
create table people (
  id uuid not null primary key,
  name text collate "C" not null check (length(name) between 1 and 200),
  organization text not null check (organization in ('internal', 'external')),
  -- Where somebody external works, in words.
  works_at text,
  -- The candidate's account that added this person; null when an admin did, or the person has an account.
  added_by uuid,
  created_at timestamptz not null
);
create index people_by_name on people (name, id);

create table person_levels (
  id uuid not null primary key,
  person_id uuid not null references people (id),
  -- Order of recording: of two entries with one date, the later counts.
  position bigint not null,
  level text not null,
  from_date date not null,
  domain text,
  reports_to uuid references people (id),
  -- Who recorded it; null when an admin did.
  recorded_by uuid references people (id),
  recorded_at timestamptz not null,
  unique (person_id, position)
);

create table milestones (
  id uuid not null primary key,
  person_id uuid not null references people (id),
  on_date date not null,
  what text not null,
  -- Who recorded it; null when an admin did.
  recorded_by uuid references people (id),
  recorded_at timestamptz not null
);
create index milestones_by_person on milestones (person_id, on_date);
