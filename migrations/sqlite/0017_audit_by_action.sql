-- The admin's page shows some actions alone, and counts them.
create index audit_entries_by_action on audit_entries (action, seq);
