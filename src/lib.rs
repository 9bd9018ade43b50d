//! Evident keeps the evidence behind a promotion from Director to Senior Director of Engineering, and shows how far it
//! carries.
//!
//! A candidate logs what they did as it happens. The CTO sees which capabilities the evidence sustains, and why. A
//! committee sees the candidates side by side, by the gaps that are left. The evidence is computed, the judgement stays
//! with people: there is no score and no ranking, and every state names the rule and the evidence that produced it.
//!
//! # Where to start reading
//!
//! 1. [`framework`]: the progression guide as data, `src/framework/e1-to-e2.toml`. Every capability, criterion, question
//!    and threshold comes from there.
//! 2. [`readiness`]: the rules. One pure function, [`readiness::assess`], says all that is ever said about readiness.
//! 3. [`evidence`]: what a candidate writes, and in `visibility.rs` who may read it.
//! 4. `routes.rs` of each feature: its addresses, a line each, with whom they serve; [`server::routes`] gathers them.
//!    [`policy`] decides who may do what; `docs/authorization.md` tells the same in tables.
//!
//! `cargo run -- demo` shows the whole with invented people, and `tests/run` checks it.
//!
//! # The house
//!
//! One crate, one binary. A folder is named after what the product is about; layers are files inside it.
//!
//! | folder | what it is about |
//! |---|---|
//! | [`policy`] | who may do what, over plain states |
//! | [`routes`] | what a feature says of each of its routes |
//! | [`people`] | leaders: anyone whom evidence names, with their dated levels |
//! | [`accounts`] | who may sign in, and as what |
//! | [`notices`] | what somebody is told or asked, in the app and by mail |
//! | [`framework`] | the progression guide as data |
//! | [`evidence`] | dossiers and the entries in them, as their owner writes them |
//! | [`corroboration`] | asking others about entries, and what those named in them say |
//! | [`review`] | check-ins, and what CTOs say of evidence and of the candidate |
//! | [`directory`] | leaders as those who are signed in may know them |
//! | [`opportunities`] | what CTOs have to offer, and to whom they did |
//! | [`readiness`] | how far the evidence carries: the rules, and nothing else |
//! | [`dashboard`] | the same of one dossier, loaded, kept and shown |
//! | [`development`] | the development plan and path conversations, their owner's alone |
//! | [`trajectories`] | the leaders whom a candidate developed, and where they went |
//! | [`sitting`] | the CTO's ten minutes over a dossier, and their remarks on entries |
//! | [`journal`] | one's list of evidence, and the page of an entry with what others say of it |
//! | [`portable`] | a dossier as a file, read and written |
//! | [`board`] | what looks at many dossiers: the committee's board, the CTO's overview, people side by side |
//! | [`reminders`] | what the program suggests by itself, once a day |
//! | [`transfer`] | how a dossier leaves the database |
//! | [`demo`] | the invented company |
//! | [`site`] | home, settings and the admin's pages about the whole |
//!
//! Each imports only those above it, and `tests/house.rs` holds them to that. Inside a feature there are at most
//! `mod.rs` (types and pure rules), `store.rs` (SQL), `actions.rs` (one function for each thing that a person can do) and
//! `pages.rs` with `forms.rs` (handlers beside the structs that their templates show), which `routes.rs` lists. Pages call actions, actions call
//! stores, stores call [`db`]; nothing goes the other way, and the command line ([`cli`]) calls the same actions.
//!
//! What is shared knows no feature: [`db`] is the one place that names a database driver, [`web`] the toolkit of pages,
//! [`audit`] the chain of what was changed, [`jobs`] what the program does by itself, [`mail`] how it writes to people,
//! [`blobs`] files by what they hold, [`cache`] what is kept in memory, [`work`] what takes long, [`error`] the one error type. Time and randomness are arguments: [`clock`] and [`ids`]
//! hold the only sources of either, and travel with the [`instance`], which is the state of every handler.
//! `templates/` has the pages, `static/` the style and the script, `migrations/` the schema, once for each database.
//!
//! # The life of a request
//!
//! The listener ([`server`]) bounds connections and the time a client may take. The request's address is settled (a
//! forwarded one only from a trusted proxy), changes from other sites are refused, and the gate looks the route up in
//! the table of routes: what has no row there is served to nobody. The session's cookie becomes an [`accounts::Actor`],
//! which a handler asks for as an argument. A GET reads in one snapshot, filters by the feature's visibility fragment
//! in SQL, and renders a template; unknown parameters are refused by name. An [`error::Error`] becomes a page or JSON
//! at one place, and what is internal shows a number, never its text.
//!
//! # The life of a change
//!
//! A POST is parsed into a form whose faults come back beside their fields, with all that was typed. The action begins an
//! [`audit::Change`], which is a transaction: it checks the permission ([`policy::decide`]), applies the rule,
//! writes by the store and records what was done. What a dossier's readiness rests on counts up its version with it
//! ([`evidence::dossiers`]), under which [`cache`] keeps what was made of it: so nothing kept is ever out of date. The audit
//! entry, hashed onto the one before it, is written in that same transaction, last. The change runs in a task of its own, so
//! that a client that hangs up can't cut it in half, and shutdown waits for it. Then the browser is sent to where the change
//! is seen.
//!
//! # How to add
//!
//! - **A page or an address**: a handler in the feature's `pages.rs` beside the struct that its template shows, and a line in the
//!   feature's `routes.rs` with path, whom it serves ([`policy::access`]) and what it answers. `tests/authorization` then asks for its row in
//!   `docs/authorization.md`, and the harnesses that ask for everything find it by themselves.
//! - **Something to do**: a function in `actions.rs` that begins an [`audit::Change`] by its [`audit::Author`], asks
//!   [`policy::decide`], writes by the store, and records an [`audit::Event`]: a line in `audit/events.rs`, with what admins are told of it, if
//!   anything.
//! - **A table**: the next migration, in both folders of `migrations/`, with the same number and name, and its owner in
//!   `tests/house.rs`, which compares the two schemas: the owner alone writes it, in its store. What names a person is also listed in `directory/merging`, which is held to the foreign keys.
//! - **Something with permissions of its own**: its state and acts in a file of [`policy`], without a wildcard arm; its fragment of SQL in the
//!   feature's `visibility.rs`; its arm in the harness `policy-sql`, which compares the two.
//! - **A job**: a type that implements [`jobs::Job`], and a line in [`server::jobs::ALL`].
//! - **A kind of notice**: a variant of [`notices::Kind`] with its words; where it is settled is asked for by its tests.
//! - **An enum that is a word** in SQL, JSON and forms: `#[apply(word!)]`.
//!
//! # Words of the code
//!
//! | word | meaning |
//! |---|---|
//! | actor | whoever is signed in, with their roles and what they came with |
//! | author, origin | whose change it is, and by what: a session, a link, the command line, a job |
//! | act, decision | what somebody wants to do, in the state that decides over it; allowed, hidden or refused |
//! | change, event | a transaction that is kept only with its entries in the audit log; what such an entry says was done |
//! | viewer | an actor as SQL sees them: the parameters of the visibility fragments |
//! | via, vouching, standing | how an answer came; who says that it is really that person's; whether it counts by these |
//! | naming | that an entry names somebody, with what they say of it |
//! | material, superseded | an edit that changes what was confirmed; what no longer counts since one |
//! | recusal | that somebody has no part in a case, whatever their role |
//! | as of, lens | the day that readiness is asked about; all evidence, or only what others confirmed |
//! | shown, counted, in the window | days that evidence speaks for; entries that count at all; those that count by now |
//! | reaction | what a later feature does within an earlier feature's change, registered in this file |
//! | autocommit read, write slot, pipeline | one statement outside a transaction; a place among those who write to SQLite; statements sent together |

/// What follows in a change of an account's roles or state, or of a new account, within that change: registered here, since
/// [`accounts`] come before what reacts to them.
pub const ACCOUNT_REACTIONS: &[accounts::Reaction] =
    &[|change, account| Box::pin(evidence::sponsors::follow_account(change, account))];

/// Who is told of what is done to an account, within that change: registered here, since [`accounts`] come before [`notices`].
pub const ACCOUNT_TELLING: accounts::telling::Telling =
    |change, deed| Box::pin(notices::accounts::tell(change, deed));

/// The entry that a letter is about: registered here, since [`notices`] come before [`corroboration`], which posts letters.
pub const ENTRY_OF_LETTER: notices::sending::EntryOf =
    |tx, about| Box::pin(corroboration::store::of_letter(tx, about));

/// What follows in a change of entries, or of how their dossier is shared, within that change: registered here, since
/// [`evidence`] comes before what is asked and said of it.
pub const ENTRY_REACTIONS: &[evidence::telling::Reaction] =
    &[|change, changed| Box::pin(corroboration::following::follow(change, changed))];

/// What others say of entries, of which a material edit supersedes what stands: registered here for the same reason.
pub const SAYINGS: &[evidence::superseding::Source] =
    &[corroboration::superseding::CONFIRMED, review::superseding::MEETS];

pub mod accounts;
pub mod audit;
pub mod blobs;
pub mod board;
pub mod cache;
pub mod cli;
pub mod clock;
pub mod config;
pub mod corroboration;
pub mod dashboard;
pub mod db;
pub mod demo;
pub mod development;
pub mod directory;
pub mod error;
pub mod evidence;
pub mod framework;
pub mod ids;
pub mod instance;
pub mod jobs;
pub mod journal;
pub mod mail;
pub mod notices;
pub mod opportunities;
pub mod people;
pub mod policy;
pub mod portable;
pub mod readiness;
pub mod reminders;
pub mod review;
pub mod routes;
pub mod server;
pub mod site;
pub mod sitting;
pub mod telemetry;
pub mod text;
pub mod trajectories;
pub mod transfer;
pub mod web;
mod word;
pub mod work;
