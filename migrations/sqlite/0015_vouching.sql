-- Whose word an answer by mail or link is. A letter's link is another than the one that is shown to the asker, so that an
-- answer tells by which way it came; either answer spends both.
alter table requests add column mail_token_hash blob;
-- The address that the letter went to.
alter table requests add column address text;
create unique index requests_by_mail_token on requests (mail_token_hash);
create index requests_by_address on requests (address);

-- Who vouched for an answer to whether a solution holds, as `corroborations` has it.
alter table durability_answers add column vouched_by blob references people (id);
alter table durability_answers add column vouched_on text check ((vouched_on is null) = (vouched_by is null));
create index durability_answers_by_voucher on durability_answers (vouched_by) where vouched_by is not null;

-- The link for somebody named is another thing than what they answered: a new one takes nothing back.
alter table namings add column mail_token_hash blob;
alter table namings add column address text;
alter table namings add column spent_at text;
-- The day of the answer that stands, the address that it came from by mail, and the parts that it was about, each
-- after a space.
alter table namings add column answered_on text;
alter table namings add column answered_from text;
alter table namings add column answered_as text not null default '';
-- A later answer by mail or link than the one that stands, until somebody vouches for it.
alter table namings add column later_answer text check (later_answer in ('agreed', 'differs', 'unnamed'));
alter table namings add column later_via text
  check ((later_via is null) = (later_answer is null) and later_via in ('mail', 'link'));
alter table namings add column later_on text check ((later_on is null) = (later_answer is null));
alter table namings add column later_at text check ((later_at is null) = (later_answer is null));
alter table namings add column later_from text;
alter table namings add column later_as text check ((later_as is null) = (later_answer is null));
create unique index namings_by_mail_token on namings (mail_token_hash);
create index namings_by_address on namings (address);
update namings set spent_at = answered_at where token_hash is not null;
update namings set answered_on = substr(coalesce(answered_at, told_at), 1, 10) where answer is not null;
update namings set answered_as = coalesce((select ' ' || string_agg(n.named_as, ' ') from entry_people n
  where n.entry_id = namings.entry_id and n.person_id = namings.person_id and n.answer = namings.answer), '')
  where answer is not null;

-- The addresses of which somebody said that they are a person's: all answers mailed from there are theirs.
create table vouched_addresses (
  id blob not null primary key,
  person_id blob not null references people (id),
  address text not null,
  vouched_by blob not null references people (id),
  vouched_on text not null,
  created_at text not null
) strict;
-- Not unique: when two people turn out to be one, what was said of each stays, so that undoing finds it again.
create index vouched_addresses_by_person on vouched_addresses (person_id, address, vouched_by);

-- The domains of organizations that are known here: mailed answers from there are vouched for by the admin who listed it.
create table known_domains (
  id blob not null primary key,
  domain text not null,
  listed_by blob not null references people (id),
  listed_on text not null,
  listed_at text not null,
  removed_at text
) strict;
create unique index known_domains_listed on known_domains (domain) where removed_at is null;
