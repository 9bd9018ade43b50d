-- Accounts, their roles, single-use links, sessions, and what slows down guessing.
create table accounts (
  id blob not null primary key,
  email text not null unique,
  person_id blob not null unique references people (id),
  -- PHC string of argon2id; null until the invitation is taken up.
  password_hash text,
  disabled_at text,
  created_at text not null
) strict;

create table account_roles (
  account_id blob not null references accounts (id),
  role text not null check (role in ('candidate', 'cto', 'committee', 'admin')),
  primary key (account_id, role)
) strict;

-- Links that act once: only the SHA-256 of their token is kept.
create table account_links (
  token_hash blob not null primary key,
  account_id blob not null references accounts (id),
  purpose text not null check (purpose in ('invite', 'reset', 'demo')),
  created_at text not null,
  expires_at text not null,
  used_at text
) strict;
create index account_links_by_account on account_links (account_id);

create table sessions (
  token_hash blob not null primary key,
  id blob not null unique,
  account_id blob not null references accounts (id),
  user_agent text not null,
  created_at text not null,
  last_seen_at text not null,
  expires_at text not null,
  ended_at text
) strict;
create index sessions_by_account on sessions (account_id);

-- Failed sign-ins per account name and per address, as keyed digests.
create table sign_in_failures (
  subject blob not null primary key,
  failures integer not null,
  last_failed_at text not null,
  wait_until text not null
) strict;

-- The one row about this instance.
create table instance (
  id integer not null primary key check (id = 1),
  -- Keys the commitments of the audit log and other digests.
  secret blob not null,
  -- What the demo that filled this database was made from; null for a real instance.
  demo text,
  -- Counts up with every change of a level, milestone or account-holder that dossiers' facts rest on.
  people_version integer not null,
  created_at text not null
) strict;
