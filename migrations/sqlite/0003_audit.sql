-- What was changed by whom, hash-chained: ids and keyed commitments, never prose.
create table audit_entries (
  seq integer not null primary key,
  at text not null,
  -- The acting account; null for the command line and the program itself.
  actor blob,
  action text not null,
  subject text not null,
  subject_id blob,
  -- HMAC-SHA-256 of what was written, keyed with the instance's secret.
  commitment blob not null,
  -- SHA-256 of the previous entry's hash and this entry's canonical form.
  hash blob not null
) strict;
create index audit_entries_by_subject on audit_entries (subject_id, seq);

create table audit_head (
  id integer not null primary key check (id = 1),
  seq integer not null,
  hash blob not null
) strict;
