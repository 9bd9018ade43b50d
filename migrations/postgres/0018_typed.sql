-- Where each person is, as their browser says or they chose; without, the instance's zone.
alter table accounts add column time_zone text;

-- The open page that made an entry's present revision, and the turn in which it did: when the answer to that turn is lost, the
-- page's next one is no conflict with itself.
alter table entries add column typed_key text;
alter table entries add column typed_turn bigint;
alter table sittings add column typed_key text;
alter table sittings add column typed_turn bigint;

-- Forms that were kept: one that is sent again leads to what it made. For a day.
create table kept_forms (
  account_id uuid not null references accounts (id),
  -- The page from which it was sent, and what it held, under the instance's secret.
  form bytea not null,
  -- What it made; none while it is being kept.
  location text,
  at timestamptz not null,
  primary key (account_id, form)
);
create index kept_forms_by_time on kept_forms (at);
