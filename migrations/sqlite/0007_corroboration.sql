-- Asking others about entries, what came of it, and what people named in entries say of being named.
create table requests (
  id blob not null primary key,
  entry_id blob not null references entries (id),
  -- Who is asked.
  person_id blob not null references people (id),
  asked_by blob not null references accounts (id),
  -- Whether it happened like this, or whether a solution still holds.
  question text not null check (question in ('happened', 'holds')),
  -- After how many months it is asked whether it holds; null for the other question.
  months integer check ((months is null) = (question = 'happened')),
  -- The entry's revision that is asked about.
  revision integer not null,
  -- SHA-256 of the token of the link, for somebody without an account.
  token_hash blob unique,
  expires_at text check ((expires_at is null) = (token_hash is null)),
  asked_at text not null,
  -- The first answer; a link is spent by it.
  answered_at text,
  -- Taken back, or asked anew.
  closed_at text
) strict;
create index requests_by_entry on requests (entry_id);
create index requests_by_person on requests (person_id);

-- The other person's version, where their account differs.
alter table corroborations add column account text not null default '';
alter table corroborations add column request_id blob references requests (id);
-- What the owner replied to a differing account.
alter table corroborations add column reply text not null default '';
alter table corroborations add column replied_at text;
-- The CTO who settled it, and why.
alter table corroborations add column settled_by blob references people (id);
alter table corroborations add column settlement text not null default '';

-- The moments at which it is worth asking whether a lasting solution still holds.
create table durability (
  id blob not null primary key,
  entry_id blob not null references entries (id),
  months integer not null check (months in (6, 12)),
  due_on text not null,
  raised_at text not null,
  -- The owner asked somebody, or lets it be.
  closed_at text,
  unique (entry_id, months)
) strict;

create table durability_answers (
  id blob not null primary key,
  entry_id blob not null references entries (id),
  person_id blob not null references people (id),
  position integer not null,
  request_id blob references requests (id),
  months integer not null,
  answer text not null check (answer in ('holds', 'in-part', 'no-longer')),
  on_date text not null,
  -- A sentence that may be quoted.
  comment text not null,
  -- The entry's revision that was answered.
  revision integer not null,
  created_at text not null,
  unique (entry_id, position)
) strict;
create index durability_answers_by_person on durability_answers (person_id);

-- What somebody named in an entry was told and said, whatever becomes of the entry's own rows.
create table namings (
  id blob not null primary key,
  entry_id blob not null references entries (id),
  person_id blob not null references people (id),
  -- Their last answer; `entry_people` has it for the parts that it was about.
  answer text check (answer in ('agreed', 'differs', 'unnamed')),
  answered_at text,
  -- SHA-256 of the token of the link, for somebody without an account.
  token_hash blob unique,
  expires_at text check ((expires_at is null) = (token_hash is null)),
  told_at text not null
) strict;
create index namings_by_entry on namings (entry_id, person_id);
create index namings_by_person on namings (person_id);
