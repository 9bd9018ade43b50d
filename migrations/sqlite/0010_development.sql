-- The development plan, path conversations and responses to signals: the owner's alone.
create table plan_actions (
  id blob not null primary key,
  dossier_id blob not null references dossiers (id),
  -- The framework's development action it was chosen from; null for one in the owner's own words.
  action text,
  capability text,
  words text not null check (length(words) between 1 and 500),
  due_date text not null,
  state text not null check (state in ('planned', 'under-way', 'done', 'dropped')),
  -- The entry that closed it.
  entry_id blob references entries (id),
  -- The day it was done or dropped.
  closed_on text check ((closed_on is not null) = (state in ('done', 'dropped'))),
  created_at text not null
) strict;
create index plan_actions_by_dossier on plan_actions (dossier_id, due_date);

create table path_conversations (
  id blob not null primary key,
  dossier_id blob not null references dossiers (id),
  on_date text not null,
  -- With whom, in the owner's words.
  with_whom text not null,
  notes text not null,
  next_steps text not null,
  created_at text not null
) strict;
create index path_conversations_by_dossier on path_conversations (dossier_id, on_date);

create table signal_responses (
  dossier_id blob not null references dossiers (id),
  pitfall text not null,
  text text not null,
  on_date text not null,
  primary key (dossier_id, pitfall)
) strict;

-- What a reminder says, in the framework's words; null where the kind says it all.
alter table notices add column words text;
