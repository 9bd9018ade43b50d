-- What somebody answered last about an entry is looked for by both: a CTO answers thousands of times.
create index corroborations_by_entry_and_person on corroborations (entry_id, person_id);

-- Whether somebody is kept from a case is asked with each of their requests, and a CTO is named in most entries, seldom
-- as developed.
drop index entry_people_by_person;
create index entry_people_by_person on entry_people (person_id, named_as);
