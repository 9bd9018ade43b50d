-- By what each change came about, and which form of the audit log's entries their hashes cover: that of what is there is 1.
alter table audit_entries add column version integer not null default 1;
-- session, link, command-line or job; null in version 1.
alter table audit_entries add column origin text;
-- Which session, link or job.
alter table audit_entries add column origin_id blob;
