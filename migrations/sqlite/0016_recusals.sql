-- Who has no part in whose case, and why: kept in the transaction in which the reason arises or goes.
create table recusals (
  dossier_id blob not null references dossiers (id),
  person_id blob not null references people (id),
  -- Named as developed in a final entry.
  reason text not null check (reason in ('developed')),
  -- The row from which it arises: the entry.
  arises_from blob not null,
  since text not null,
  primary key (dossier_id, person_id, reason, arises_from)
) strict;
create index recusals_by_person on recusals (person_id, dossier_id);
create index recusals_by_cause on recusals (arises_from);
insert into recusals (dossier_id, person_id, reason, arises_from, since)
  select e.dossier_id, n.person_id, 'developed', e.id, e.updated_at
  from entries e join entry_people n on n.entry_id = e.id
  where e.status = 'final' and n.named_as = 'developed';

-- The dossier of whose case a notice tells somebody who has a part in it by their role: hidden while they have none.
alter table notices add column case_id blob references dossiers (id);
update notices set case_id = (select e.dossier_id from assessments a join entries e on e.id = a.entry_id where a.id = notices.about)
  where kind = 'replied';
update notices set case_id = (select e.dossier_id from comments c join entries e on e.id = c.entry_id where c.id = notices.about)
  where kind = 'replied' and case_id is null;

-- A sponsor is a CTO in use who has a part in the case, of a dossier that is shared; where there is one alone, it is that one.
update dossiers set sponsor = null where sponsor is not null and (sharing = 'private' or not exists (
  select 1 from accounts a join account_roles r on r.account_id = a.id and r.role = 'cto'
  where a.id = dossiers.sponsor and a.disabled_at is null and a.id <> dossiers.owner_account
  and not exists (select 1 from recusals x where x.dossier_id = dossiers.id and x.person_id = a.person_id)));
update dossiers set sponsor = (
  select a.id from accounts a join account_roles r on r.account_id = a.id and r.role = 'cto'
  where a.disabled_at is null and a.id <> dossiers.owner_account
  and not exists (select 1 from recusals x where x.dossier_id = dossiers.id and x.person_id = a.person_id))
where sponsor is null and sharing <> 'private' and 1 = (
  select count(*) from accounts a join account_roles r on r.account_id = a.id and r.role = 'cto'
  where a.disabled_at is null and a.id <> dossiers.owner_account
  and not exists (select 1 from recusals x where x.dossier_id = dossiers.id and x.person_id = a.person_id));
create index dossiers_by_sponsor on dossiers (sponsor);
