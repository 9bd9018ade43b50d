-- What somebody is told or asked, the mail that carries it, and the jobs that do what is done by itself.
create table notices (
  id blob not null primary key,
  account_id blob not null references accounts (id),
  kind text not null,
  -- The request, entry or dossier that it is about.
  about blob not null,
  -- Who asks or did it.
  by_person blob references people (id),
  -- Where it is dealt with.
  path text not null,
  told_at text not null,
  -- When it was dealt with or put away; open until then.
  settled_at text,
  -- When a mail carried it.
  mailed_at text
) strict;
create unique index notices_open on notices (account_id, kind, about) where settled_at is null;
create index notices_open_by_about on notices (about) where settled_at is null;
create index notices_by_person on notices (by_person);

-- How an account wants to hear of a topic, where it is not the usual way.
create table notice_switches (
  account_id blob not null references accounts (id),
  topic text not null,
  delivery text not null check (delivery in ('off', 'digest', 'at-once')),
  primary key (account_id, topic)
) strict;

-- Letters to addresses. Subject and text are blank once it is sent or recalled.
create table letters (
  id blob not null primary key,
  to_address text not null,
  kind text not null,
  about blob not null,
  subject text not null,
  text text not null,
  created_at text not null,
  sent_at text,
  recalled_at text
) strict;
create index letters_waiting_by_about on letters (about) where sent_at is null and recalled_at is null;

create table jobs (
  id blob not null primary key,
  name text not null,
  -- Of two jobs with one name and key, there is only the first.
  key text not null,
  -- What it works on, where that is one thing.
  about blob,
  due_at text not null,
  attempts integer not null,
  -- Who works on it and until when nobody else may.
  lease blob,
  leased_until text,
  started_at text,
  done_at text,
  -- When it was given up.
  failed_at text,
  last_error text not null,
  created_at text not null,
  unique (name, key)
) strict;
create index jobs_waiting on jobs (due_at, id) where done_at is null and failed_at is null;
create index jobs_started on jobs (started_at);
