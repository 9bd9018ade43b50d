-- What a job is told besides what it is about.
alter table jobs add column payload text check (json_valid(payload));
