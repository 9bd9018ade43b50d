-- Browsers in which an account signed in before: only the SHA-256 of a browser's token is kept. The session is the last
-- that began there; it may be gone.
create table sign_in_devices (
  token_hash blob not null,
  account_id blob not null references accounts (id),
  session_id blob not null,
  used_at text not null,
  primary key (token_hash, account_id)
) strict;
create index sign_in_devices_by_account on sign_in_devices (account_id);
-- Failures that are long past are forgotten once a day, found by their time.
create index sign_in_failures_by_time on sign_in_failures (last_failed_at);
