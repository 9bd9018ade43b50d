-- How answers came, who said that they are really that person's, and what a material edit superseded.
alter table corroborations add column via text not null default 'account' check (via in ('account', 'mail', 'link'));
-- Who vouched for an answer by mail or link, and from which day on: not before that of the answer.
alter table corroborations add column vouched_by blob references people (id);
alter table corroborations add column vouched_on text check ((vouched_on is null) = (vouched_by is null));
-- The day on which its entry was edited so that it says something else.
alter table corroborations add column superseded_on text;
-- That an answer was given in the app is in the audit log, which names the account then; by a link it has none. What the log
-- tells nothing of stays as it was counted.
update corroborations set via = 'link' where exists (select 1 from audit_entries a
  where a.subject_id = corroborations.request_id and a.action = 'corroboration.answered'
  and a.at = corroborations.created_at and a.actor is null);
-- Who vouched is looked for when two people turn out to be one, and for the answers that wait for it.
create index corroborations_by_voucher on corroborations (vouched_by) where vouched_by is not null;
create index corroborations_not_by_account on corroborations (person_id) where via <> 'account';

alter table assessments add column superseded_on text;

alter table durability_answers add column via text not null default 'account'
  check (via in ('account', 'mail', 'link'));
update durability_answers set via = 'link' where exists (select 1 from audit_entries a
  where a.subject_id = durability_answers.request_id and a.action = 'corroboration.answered'
  and a.at = durability_answers.created_at and a.actor is null);

-- The same of what somebody named answered: with the entry's own rows, and with what they were told.
alter table entry_people add column via text not null default 'account' check (via in ('account', 'mail', 'link'));
alter table entry_people add column vouched_by blob references people (id);
alter table entry_people add column vouched_on text check ((vouched_on is null) = (vouched_by is null));
create index entry_people_by_voucher on entry_people (vouched_by) where vouched_by is not null;

alter table namings add column via text not null default 'account' check (via in ('account', 'mail', 'link'));
alter table namings add column vouched_by blob references people (id);
alter table namings add column vouched_on text check ((vouched_on is null) = (vouched_by is null));
create index namings_by_voucher on namings (vouched_by) where vouched_by is not null;
create index namings_not_by_account on namings (person_id) where via <> 'account';
update namings set via = 'link' where answer is not null and answered_at is not null
  and exists (select 1 from audit_entries a where a.subject_id = namings.entry_id and a.action = 'naming.answered'
  and a.at = namings.answered_at and a.actor is null);
-- A further link took the moment away: it came by the one before, unless the person ever answered in the app.
update namings set via = 'link' where answer is not null and answered_at is null and token_hash is not null
  and not exists (select 1 from audit_entries a join accounts c on c.id = a.actor
  where a.subject_id = namings.entry_id and a.action = 'naming.answered' and c.person_id = namings.person_id);
update entry_people set via = 'link' where answer is not null and exists (select 1 from namings n
  where n.entry_id = entry_people.entry_id and n.person_id = entry_people.person_id and n.via = 'link');

-- What a merge took out of an entry, and what the one who stayed had answered before, come back as they came.
alter table person_merge_names add column via text not null default 'account';
alter table person_merge_names add column vouched_by blob;
alter table person_merge_names add column vouched_on text;
alter table person_merge_names add column via_before text not null default 'account';
alter table person_merge_names add column vouched_by_before blob;
alter table person_merge_names add column vouched_on_before text;
