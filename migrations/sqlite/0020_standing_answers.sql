-- What an answer may not undo that nobody vouched for, what comes back when a vouching is taken back, and whose account is in
-- whose hands.
-- The day of a wish not to be named that came by mail or link beside an answer that stands. It masks the name at once, and
-- changes what counts once somebody vouches for it.
alter table namings add column masked_on text;
-- What stood before the answer that somebody vouched for, as JSON: it stands again when that is taken back.
alter table namings add column stood_before text;
-- Who made a link by which a password is set; none for those of the command line, and for those of before.
alter table account_links add column made_by blob references accounts (id);
