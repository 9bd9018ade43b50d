//! A real SMTP server for a test: Debian's aiosmtpd, told how to answer, and what it took.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use evident::instance::Mail;
use evident::server::jobs::Runner;

use crate::support::World;

/// Where Debian's package puts its library.
const PYTHON: &str = "/usr/bin/python3";

/// The server, with the folder of what it took.
pub struct Mailbox {
    child: Child,
    folder: tempfile::TempDir,
    port: u16,
}

impl Mailbox {
    /// A server that takes everything. None where aiosmtpd is not installed; `tests/run` installs it.
    pub fn open() -> Option<Mailbox> {
        let known = Command::new(PYTHON).args(["-c", "import aiosmtpd"]).stderr(Stdio::null()).status();
        if !known.is_ok_and(|status| status.success()) {
            eprintln!(
                "mail is left out of this test: python3-aiosmtpd is not installed; tests/run installs it"
            );
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/smtp.py");
        let mut child = Command::new(PYTHON)
            .arg(script)
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a mail server");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("its port");
        Some(Mailbox { child, folder, port: line.trim().parse().expect("a port") })
    }

    /// The address of the server, as a setting.
    pub fn address(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// How it answers from now on: `accept`, `slow`, `late`, or an answer such as `451 later`.
    pub fn answers(&self, how: &str) {
        std::fs::write(self.folder.path().join("mode"), how).expect("written");
    }

    /// Has it take addresses in letters from now on, or no longer.
    pub fn knows_letters(&self, knows: bool) {
        let mark = self.folder.path().join("utf8");
        if knows {
            std::fs::write(mark, "").expect("written");
        } else {
            std::fs::remove_file(mark).expect("removed");
        }
    }

    /// What it took, in order: the receiver in the first line, then the mail.
    pub fn taken(&self) -> Vec<String> {
        let files =
            std::fs::read_dir(self.folder.path()).expect("a folder").map(|file| file.expect("a file").path());
        let mut mails: Vec<_> =
            files.filter(|path| path.extension().is_some_and(|end| end == "eml")).collect();
        mails.sort();
        mails.iter().map(|path| std::fs::read_to_string(path).expect("a mail")).collect()
    }

    /// Has a world send its mails here.
    pub fn serve(&self, world: &mut World) -> Runner {
        runner(world, self.port)
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Has a world send its mails to a port, 60 a minute at most.
pub fn runner(world: &mut World, port: u16) -> Runner {
    Arc::make_mut(&mut world.instance.settings).mail = Some(Mail {
        server: format!("smtp://127.0.0.1:{port}").into(),
        from: "Evident <evident@example.com>".into(),
        per_minute: 60,
        digest_hour: 7,
    });
    Runner::new(world.instance.clone()).expect("a runner")
}

/// Does everything that is due, and tells how many mails were tried.
pub async fn run(runner: &Runner) -> usize {
    runner.schedule().await.expect("scheduled");
    while runner.next(evident::jobs::Queue::Chores).await.expect("a chore") {}
    let mut tried = 0;
    while runner.next(evident::jobs::Queue::Mails).await.expect("a mail") {
        tried += 1;
    }
    tried
}
