-- What is kept about somebody counts up the versions of the dossiers that rest on them, and of no others.
alter table instance drop column people_version;
create index assessments_by_person on assessments (person_id);
create index check_ins_by_person on check_ins (person_id);
create index feedback_by_person on feedback (person_id);
