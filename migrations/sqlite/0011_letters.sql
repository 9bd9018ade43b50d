-- Who posted a letter, and when it may leave at the earliest: so many a day from one account, and so many to one address.
alter table letters add column posted_by blob references accounts (id);
alter table letters add column leaves_at text;
update letters set leaves_at = created_at;
create index letters_by_address on letters (to_address, leaves_at);
create index letters_by_poster on letters (posted_by, created_at);
