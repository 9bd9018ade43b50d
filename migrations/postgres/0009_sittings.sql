-- A CTO's sittings over one dossier at a time, what CTOs remark on entries, and who was offered which opportunity.
create table sittings (
  id uuid not null primary key,
  dossier_id uuid not null references dossiers (id),
  -- The CTO whose it is: each has their own.
  account_id uuid not null references accounts (id),
  -- The answers and the feedback, unreleased while it is a draft; none where a released one leaves them out.
  check_in_id uuid references check_ins (id),
  feedback_id uuid references feedback (id),
  -- What the CTO will do.
  commitment text not null,
  -- The sitting whose commitment this one looks back on, and what became of it.
  earlier_id uuid references sittings (id),
  earlier_kept text check (earlier_kept in ('kept', 'partly', 'not-kept')),
  -- Counts up with every save, so that two windows don't overwrite each other.
  revision bigint not null,
  -- Unreleased, it is its author's alone.
  released_on date,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index sittings_in_the_making on sittings (dossier_id, account_id) where released_on is null;
create index sittings_by_account on sittings (account_id, dossier_id, released_on);

-- A sentence on a capability.
create table sitting_sentences (
  sitting_id uuid not null references sittings (id),
  capability text not null,
  text text not null,
  primary key (sitting_id, capability)
);

-- The entry's revision that was judged, and the owner's reply.
alter table assessments add column revision bigint;
alter table assessments add column reply text;
alter table assessments add column replied_on date;

-- A CTO's word on one field of an entry, as a revision of it stood.
create table comments (
  id uuid not null primary key,
  entry_id uuid not null references entries (id),
  account_id uuid not null references accounts (id),
  field text not null check (field in ('title', 'situation', 'action', 'impact', 'domain_cost')),
  revision bigint not null,
  text text not null,
  -- Unreleased, it is CTOs' alone; released, also the owner's, who may reply.
  released_on date,
  reply text,
  replied_on date,
  created_at timestamptz not null
);
create index comments_by_entry on comments (entry_id);

-- Something that CTOs have to offer, and to whom they did.
create table opportunities (
  id uuid not null primary key,
  kind text not null check (kind in ('board-slot', 'stand-in', 'customer', 'conference')),
  on_date date not null,
  what text not null,
  offered_to uuid not null references people (id),
  -- Who took it, who may be somebody else; none while nobody has.
  taken_by uuid references people (id),
  -- Taken back by a CTO; it is kept, and counts for nobody.
  withdrawn boolean not null,
  revision bigint not null,
  recorded_by uuid not null references accounts (id),
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index opportunities_by_date on opportunities (on_date);
create index opportunities_by_offered on opportunities (offered_to);
create index opportunities_by_taken on opportunities (taken_by);
