//! The audit chain: a log that is whole verifies, and of one that was tampered with the first wrong entry is named.

use std::process::Command;

use evident::audit::{self, Change, Checkpoint, Event, Origin};
use evident::db::Tx;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::support::World;

/// What somebody with the database's password might do, and what is said of it.
const TAMPERINGS: &[(&str, &str)] = &[
    ("update audit_entries set action = 'entry.edited' where seq = 3", "entry 3 is not what was written"),
    ("update audit_entries set actor = null where seq = 4", "entry 4 is not what was written"),
    ("update audit_entries set origin = 'job' where seq = 3", "entry 3 is not what was written"),
    ("update audit_entries set origin_id = subject_id where seq = 1", "entry 1 is not what was written"),
    ("update audit_entries set version = 1 where seq = 3", "entry 3 holds a value that is never written"),
    ("update audit_entries set version = 3 where seq = 3", "entry 3 holds a value that is never written"),
    (
        "update audit_entries set version = 1, origin = null, origin_id = null where seq = 3",
        "entry 3 is not what was written",
    ),
    ("update audit_entries set origin = null where seq = 3", "entry 3 holds a value that is never written"),
    ("update audit_entries set hash = commitment where seq = 2", "entry 2 is not what was written"),
    ("update audit_entries set seq = 99 where seq = 4", "entry 4 is missing between others"),
    ("delete from audit_entries where seq = 1", "entry 1 is missing between others"),
    ("update audit_entries set seq = -1 where seq = 1", "entry -1 stands before the first"),
    ("delete from audit_entries where seq > 3", "entry 4 is missing: the log was cut off, and its head"),
    (
        "update audit_head set seq = 3",
        "entry 4 was put after the end of the log, which by its head is entry 3",
    ),
    (
        "update audit_head set hash = (select hash from audit_entries where seq = 1)",
        "and the head of the log has",
    ),
    ("delete from audit_head", "and the log has no head any more"),
];

async fn verified(tx: &mut Tx, checkpoint: Option<&Checkpoint>) -> Result<Checkpoint, String> {
    audit::verify(tx, checkpoint).await.expect("verified").map_err(|fault| fault.to_string())
}

#[tokio::test]
async fn the_first_wrong_entry_is_named() {
    for world in World::on_both().await {
        world.candidate("Ada Marsh").await.get("/evidence").await.expect(200);
        let mut tx = world.instance.db.read().await.expect("a read");
        let end = verified(&mut tx, None).await.expect("it is whole");
        assert!(end.seq >= 4, "{end:?}");
        drop(tx);
        for (sql, told) in TAMPERINGS {
            let mut tx = world.instance.db.write().await.expect("a write");
            tx.query(sql).run().await.expect("tampered");
            let fault = verified(&mut tx, None).await.expect_err(sql);
            assert!(fault.contains(told), "{sql}: {fault}");
        }
    }
}

#[tokio::test]
async fn a_log_made_anew_is_told_by_a_checkpoint() {
    for world in World::on_both().await {
        let mut tx = world.instance.db.read().await.expect("a read");
        let empty = verified(&mut tx, None).await.expect("it is whole");
        assert_eq!(empty.seq, 0);
        drop(tx);
        world.candidate("Ada Marsh").await;
        let mut tx = world.instance.db.read().await.expect("a read");
        let end = verified(&mut tx, Some(&empty)).await.expect("it went on");
        drop(tx);
        let mut tx = world.instance.db.write().await.expect("a write");
        tx.query("delete from audit_entries where seq > 1").run().await.expect("cut off");
        let rest = "update audit_head set seq = 1, hash = (select hash from audit_entries where seq = 1)";
        tx.query(rest).run().await.expect("a head that agrees");
        verified(&mut tx, None).await.expect("it agrees with itself");
        let fault = verified(&mut tx, Some(&end)).await.expect_err("the checkpoint knows more");
        assert!(fault.starts_with("entry 2 is missing: the log was cut off, and its checkpoint"), "{fault}");
        let other = Checkpoint { seq: 1, ..end };
        let fault = verified(&mut tx, Some(&other)).await.expect_err("the checkpoint has another hash");
        assert!(fault.starts_with("entry 1 is not the one of the checkpoint"), "{fault}");
    }
}

/// Writes the log's first entries as the program wrote them before it knew by what somebody acts.
async fn first_form(world: &World, entries: i64) {
    let (at, mut hash) = (world.instance.now(), vec![0; 32]);
    let mut tx = world.instance.db.write().await.expect("a write");
    for seq in 1..=entries {
        let (actor, subject) = (Uuid::from_u128(7), Uuid::from_u128(8));
        let commitment = vec![9; 32];
        let form = [
            hash.as_slice(),
            &seq.to_be_bytes(),
            &at.timestamp_micros().to_be_bytes(),
            actor.as_bytes(),
            b"account.added\0account\0",
            subject.as_bytes(),
            &commitment,
        ];
        hash = Sha256::digest(form.concat()).to_vec();
        tx.query(
            "insert into audit_entries (seq, at, actor, action, subject, subject_id, commitment, hash) \
             values ($1, $2, $3, 'account.added', 'account', $4, $5, $6)",
        )
        .bind(seq)
        .bind(at)
        .bind(actor)
        .bind(subject)
        .bind(commitment)
        .bind(hash.clone())
        .run_expecting(1)
        .await
        .expect("an entry");
    }
    tx.query("update audit_head set seq = $1, hash = $2")
        .bind(entries)
        .bind(hash)
        .run_expecting(1)
        .await
        .expect("a head");
    tx.commit().await.expect("kept");
}

#[tokio::test]
async fn a_log_goes_on_from_entries_that_do_not_say_by_what() {
    for world in World::on_both().await {
        first_form(&world, 3).await;
        let mut tx = world.instance.db.read().await.expect("a read");
        let known = verified(&mut tx, None).await.expect("as it was before");
        drop(tx);
        world.candidate("Ada Marsh").await;
        let mut tx = world.instance.db.read().await.expect("a read");
        let end = verified(&mut tx, Some(&known)).await.expect("it goes on");
        assert!(end.seq > known.seq, "{end:?}");
        drop(tx);
        for (sql, told) in [
            ("origin = 'session' where seq = 2", "entry 2 holds a value that is never written"),
            ("origin_id = subject_id where seq = 2", "entry 2 holds a value that is never written"),
            ("version = 2 where seq = 2", "entry 2 holds a value that is never written"),
            ("version = 2, origin = 'session' where seq = 2", "entry 2 is not what was written"),
            ("version = 0 where seq = 2", "entry 2 holds a value that is never written"),
            ("actor = subject_id where seq = 2", "entry 2 is not what was written"),
            ("version = 1, origin = null, origin_id = null where seq = 4", "entry 4 is not what was written"),
        ] {
            let mut tx = world.instance.db.write().await.expect("a write");
            tx.query_built(format!("update audit_entries set {sql}")).run().await.expect("tampered");
            let fault = verified(&mut tx, None).await.expect_err(sql);
            assert!(fault.contains(told), "{sql}: {fault}");
        }
    }
}

/// An entry's action, actor, origin and origin's id.
type Said = (String, Option<Uuid>, Option<String>, Option<Uuid>);

#[tokio::test]
async fn every_entry_says_by_what_it_came_about() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let session = ada.actor().session();
        let account = Some(ada.actor().account);
        ada.get("/evidence").await.expect(200);
        let typed = [("email", "ada.marsh@example.com"), ("password", "harbour violet kettle sparrow")];
        world.anonymous().post("/sign-in", &typed).await.expect(303);
        let job = Uuid::from_u128(5);
        let mut change = Change::begin(&world.instance, Origin::Job(Some(job))).await.expect("a change");
        change.record(Event::RemindersRaised, None, &());
        change.commit().await.expect("kept");

        let mut tx = world.instance.db.read().await.expect("a read");
        let sql = "select action, actor, origin, origin_id from audit_entries order by seq";
        let said: Vec<Said> = tx.query(sql).all().await.expect("the log");
        let latest = "select id from sessions where id <> $1";
        let (second,): (Uuid,) = tx.query(latest).bind(session).one().await.expect("another session");
        let expected = [
            ("account.added", None, "command-line", None),
            ("link.made", None, "command-line", None),
            ("password.set", account, "link", None),
            ("session.begun", account, "link", None),
            ("dossier.opened", account, "session", session),
            ("session.begun", account, "session", Some(second)),
            ("reminders.raised", None, "job", Some(job)),
        ];
        let expected: Vec<Said> =
            expected.map(|(what, who, by, id)| (what.into(), who, Some(by.into()), id)).into();
        assert_eq!(said, expected);
    }
}

#[tokio::test]
async fn a_value_that_is_never_written_is_named_and_no_failure() {
    let world = World::on_sqlite().await;
    world.candidate("Ada Marsh").await;
    for change in
        ["at = 'yesterday'", "subject_id = x'00'", "action = cast(x'ff' as text)", "subject = 'a' || char(0)"]
    {
        let mut tx = world.instance.db.write().await.expect("a write");
        tx.query_built(format!("update audit_entries set {change} where seq = 2"))
            .run()
            .await
            .expect("tampered");
        assert_eq!(
            verified(&mut tx, None).await,
            Err("entry 2 holds a value that is never written".into()),
            "{change}"
        );
    }
    for world in World::on_both().await {
        world.candidate("Ada Marsh").await;
        let mut tx = world.instance.db.write().await.expect("a write");
        let nil = uuid::Uuid::nil();
        let sql = "update audit_entries set actor = $1 where seq = 1 and actor is null";
        tx.query(sql).bind(nil).run_expecting(1).await.expect("tampered");
        let fault = verified(&mut tx, None).await.expect_err("nobody has the nil id");
        assert_eq!(fault, "entry 1 holds a value that is never written");
    }
}

#[tokio::test]
async fn the_command_tells_by_its_exit_code_and_a_sentence() {
    let world = World::on_sqlite().await;
    world.candidate("Ada Marsh").await;
    let evident = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_evident"))
            .args(arguments)
            .env_clear()
            .env("EVIDENT_DATA", world.folder())
            .output()
            .expect("runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, checkpoint, _) = evident(&["audit", "checkpoint"]);
    assert_eq!(code, Some(0));
    let file = world.folder().join("checkpoint.json");
    std::fs::write(&file, &checkpoint).expect("written");
    let file = file.display().to_string();
    world.candidate("Ben Ito").await;
    let (code, said, _) = evident(&["audit", "verify", "--checkpoint", &file]);
    assert_eq!(code, Some(0));
    let seq = Checkpoint::read(&checkpoint).expect("a checkpoint").seq;
    assert!(said.ends_with(&format!(" entries, as the checkpoint has them up to entry {seq}.\n")), "{said}");

    let known = Checkpoint::read(&checkpoint).expect("a checkpoint").hash;
    assert_eq!(evident(&["audit", "verify", "--head", &known]).0, Some(0));
    let (code, _, said) = evident(&["audit", "verify", "--head", &"0".repeat(64)]);
    assert_eq!(code, Some(1));
    assert!(said.contains("no entry has the hash that was kept"), "{said}");
    assert_eq!(evident(&["audit", "verify", "--head", "0f"]).0, Some(2));

    std::fs::write(&file, "{\"seq\":1}").expect("written");
    let (code, _, said) = evident(&["audit", "verify", "--checkpoint", &file]);
    assert_eq!(code, Some(1));
    assert!(said.contains("missing field `hash`"), "{said}");

    let mut tx = world.instance.db.write().await.expect("a write");
    tx.query("update audit_entries set at = '2020-01-01T00:00:00+00:00' where seq = 2")
        .run_expecting(1)
        .await
        .expect("tampered");
    tx.commit().await.expect("kept");
    for command in [&["audit", "verify"], &["audit", "checkpoint"]] {
        let (code, out, said) = evident(command);
        assert_eq!((code, out.as_str()), (Some(1), ""));
        assert!(
            said.starts_with("evident: the audit log is not whole: entry 2 is not what was written"),
            "{said}"
        );
    }
}
