-- What somebody answered last about an entry is looked for by both.
create index corroborations_by_entry_and_person on corroborations (entry_id, person_id);
