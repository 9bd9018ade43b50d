-- How answers came, who said that they are really that person's, and what a material edit superseded.
alter table corroborations add column via text not null default 'account' check (via in ('account', 'mail', 'link'));
-- Who vouched for an answer by mail or link, and from which day on: not before that of the answer.
alter table corroborations add column vouched_by blob references people (id);
alter table corroborations add column vouched_on text check ((vouched_on is null) = (vouched_by is null));
-- The day on which its entry was edited so that it says something else.
alter table corroborations add column superseded_on text;
update corroborations set via = 'link'
  where request_id in (select r.id from requests r where r.token_hash is not null);
-- Who vouched is looked for when two people turn out to be one, and for the answers that wait for it.
create index corroborations_by_voucher on corroborations (vouched_by) where vouched_by is not null;
create index corroborations_not_by_account on corroborations (person_id) where via <> 'account';

alter table assessments add column superseded_on text;

alter table durability_answers add column via text not null default 'account'
  check (via in ('account', 'mail', 'link'));
update durability_answers set via = 'link'
  where request_id in (select r.id from requests r where r.token_hash is not null);

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
update namings set via = 'link' where token_hash is not null and answered_at is not null and answer is not null;
update entry_people set via = 'link' where answer is not null and exists (select 1 from namings n
  where n.entry_id = entry_people.entry_id and n.person_id = entry_people.person_id and n.via = 'link');

-- What a merge took out of an entry, and what the one who stayed had answered before, come back as they came.
alter table person_merge_names add column via text not null default 'account';
alter table person_merge_names add column vouched_by blob;
alter table person_merge_names add column vouched_on text;
alter table person_merge_names add column via_before text not null default 'account';
alter table person_merge_names add column vouched_by_before blob;
alter table person_merge_names add column vouched_on_before text;
