-- Dossiers, and the evidence in them.
create table dossiers (
  id uuid not null primary key,
  owner_account uuid not null unique references accounts (id),
  owner_person uuid not null unique references people (id),
  framework text not null,
  sharing text not null check (sharing in ('private', 'sponsor', 'committee')),
  -- The day from which the present sharing beyond the owner holds; null while private.
  shared_on date,
  aim text not null check (aim in ('e2', 'undecided', 'e1-by-choice')),
  -- The CTO's account that writes the statement.
  sponsor uuid references accounts (id),
  -- Counts up with every change of what the dossier's readiness rests on.
  version bigint not null,
  created_at timestamptz not null
);
create index dossiers_by_sharing on dossiers (sharing);

create table leave_periods (
  id uuid not null primary key,
  dossier_id uuid not null references dossiers (id),
  from_date date not null,
  to_date date not null,
  created_at timestamptz not null,
  check (from_date <= to_date)
);
create index leave_periods_by_dossier on leave_periods (dossier_id);

create table entries (
  id uuid not null primary key,
  dossier_id uuid not null references dossiers (id),
  status text not null check (status in ('draft', 'final', 'withdrawn')),
  title text not null check (length(title) between 1 and 200),
  -- Only a draft may lack it.
  from_date date check (from_date is not null or status = 'draft'),
  to_date date,
  -- Whether the dates were given as months.
  from_is_month boolean not null,
  to_is_month boolean not null,
  ongoing boolean not null,
  -- The day of first publication.
  recorded_on date,
  situation text not null,
  action text not null,
  impact text not null,
  domain_cost text not null,
  scope text,
  conduct text,
  setting text,
  horizon_years bigint,
  for_cto boolean not null,
  audience text not null check (audience in ('dossier', 'cto')),
  -- Counts up with every saved change.
  revision bigint not null,
  -- Normalised words of title and narrative, each with a space before it; what searches look at.
  search_words text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check (to_date is null or (from_date is not null and from_date <= to_date))
);
create index entries_by_dossier on entries (dossier_id, status, from_date);

create table entry_capabilities (
  entry_id uuid not null references entries (id),
  capability text not null,
  primary key (entry_id, capability)
);

create table entry_criteria (
  entry_id uuid not null references entries (id),
  criterion text not null,
  primary key (entry_id, criterion)
);

create table entry_people (
  entry_id uuid not null references entries (id),
  person_id uuid not null references people (id),
  named_as text not null,
  position bigint not null,
  -- What the named leader said of being named.
  answer text check (answer in ('agreed', 'differs', 'unnamed')),
  primary key (entry_id, person_id, named_as)
);
create index entry_people_by_person on entry_people (person_id);

create table entry_links (
  entry_id uuid not null references entries (id),
  position bigint not null,
  url text not null,
  primary key (entry_id, position)
);

create table entry_updates (
  id uuid not null primary key,
  entry_id uuid not null references entries (id),
  on_date date not null,
  text text not null,
  created_at timestamptz not null
);
create index entry_updates_by_entry on entry_updates (entry_id, on_date);

-- Every saved state of an entry, as JSON of its content.
create table entry_revisions (
  entry_id uuid not null references entries (id),
  number bigint not null,
  saved_by uuid not null references accounts (id),
  saved_at timestamptz not null,
  content text not null,
  primary key (entry_id, number)
);
