-- Kinds of milestones and their corrections, and two people who turn out to be one.

-- What kind it is of; null where there are words alone.
alter table milestones add column kind text check (kind in
  ('board-exposure', 'stretch-assignment', 'next-level-opportunity', 'succession-named', 'hired-away', 'other'));
-- The milestone in whose place this one stands.
alter table milestones add column corrects blob references milestones (id);
-- False for a correction that says it did not happen.
alter table milestones add column happened integer not null default 1;
create unique index milestones_corrected on milestones (corrects);

-- Who somebody turned out to be: everything about them is with that person.
alter table people add column merged_into blob references people (id);
create index people_merged on people (merged_into);

create table person_merges (
  id blob not null primary key,
  survivor blob not null references people (id),
  merged blob not null references people (id),
  merged_by blob not null references accounts (id),
  merged_at text not null,
  undone_by blob references accounts (id),
  undone_at text
) strict;
create index person_merges_by_survivor on person_merges (survivor);

-- Every row that was moved, so that undoing moves back just these.
create table person_merge_moves (
  merge_id blob not null references person_merges (id),
  -- The column that referred to the person, as `table.column`.
  reference text not null,
  -- The row, by its id or by that of its entry.
  row_id blob not null,
  -- The rest of its key: as what an entry names somebody. Empty elsewhere.
  part text not null,
  -- Where it stood among the person's levels.
  position integer,
  -- What was done besides, and is to be undone: the reference emptied, or a request closed.
  besides text check (besides in ('emptied', 'closed')),
  primary key (merge_id, reference, row_id, part)
) strict;

-- Names that were taken out of an entry because it named both people as the same.
create table person_merge_names (
  merge_id blob not null references person_merges (id),
  entry_id blob not null,
  named_as text not null,
  position integer not null,
  answer text,
  -- What the one who stayed had answered before.
  answer_before text,
  primary key (merge_id, entry_id, named_as)
) strict;

-- Namesakes of whom an admin has said that they are two people.
create table namesakes (
  one blob not null references people (id),
  other blob not null references people (id),
  noted_by blob not null references accounts (id),
  noted_at text not null,
  primary key (one, other)
) strict;
