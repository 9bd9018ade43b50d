-- Leaders: anyone named in evidence, with a dated history of levels, and milestones.
create table people (
  id blob not null primary key,
  name text not null check (length(name) between 1 and 200),
  organization text not null check (organization in ('internal', 'external')),
  -- Where somebody external works, in words.
  works_at text,
  -- The candidate's account that added this person; null when an admin did, or the person has an account.
  added_by blob,
  created_at text not null
) strict;
create index people_by_name on people (name, id);

create table person_levels (
  id blob not null primary key,
  person_id blob not null references people (id),
  -- Order of recording: of two entries with one date, the later counts.
  position integer not null,
  level text not null,
  from_date text not null,
  domain text,
  reports_to blob references people (id),
  -- Who recorded it; null when an admin did.
  recorded_by blob references people (id),
  recorded_at text not null,
  unique (person_id, position)
) strict;

create table milestones (
  id blob not null primary key,
  person_id blob not null references people (id),
  on_date text not null,
  what text not null,
  -- Who recorded it; null when an admin did.
  recorded_by blob references people (id),
  recorded_at text not null
) strict;
create index milestones_by_person on milestones (person_id, on_date);
