-- What was changed by whom, hash-chained: ids and keyed commitments, never prose.
create table audit_entries (
  seq bigint not null primary key,
  at timestamptz not null,
  -- The acting account; null for the command line and the program itself.
  actor uuid,
  action text not null,
  subject text not null,
  subject_id uuid,
  -- HMAC-SHA-256 of what was written, keyed with the instance's secret.
  commitment bytea not null,
  -- SHA-256 of the previous entry's hash and this entry's canonical form.
  hash bytea not null
);
create index audit_entries_by_subject on audit_entries (subject_id, seq);

create table audit_head (
  id bigint not null primary key check (id = 1),
  seq bigint not null,
  hash bytea not null
);
