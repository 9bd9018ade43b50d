//! How many instructions the program runs to answer a page: `cargo bench --bench instructions`.
//!
//! It starts itself under valgrind's callgrind, which counts what the processor would run, whatever else the machine does
//! meanwhile. Each page is counted as the difference between few answers and many more in a process of its own, so that
//! making the company and signing in fall out. What is counted is the thread that answers, from the request to the
//! page's last byte: not the database's threads, which poll, and nothing of the network.
//!
//! The counts are compared with those in `recorded.toml`: from run to run they stay the same to less than [`TOLERANCE`];
//! another compiler or processor counts otherwise. `-- --record` writes them anew.

#[path = "../parts/site.rs"]
mod site;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail, ensure};

use site::{Page, Site};

/// As the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Answers in the shorter run: caches are warm, and the allocator has what it needs.
const FEW: u64 = 500;
/// Answers in the longer run.
const MANY: u64 = 4_500;
/// How far a count may be from what was recorded, in thousandths of it.
const TOLERANCE: u64 = 10;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let ["answer", page, times] = arguments.as_slice() {
        return answer(page.parse()?, times.parse()?);
    }
    let record = arguments.contains(&"--record");
    let recorded: BTreeMap<String, u64> = if record { BTreeMap::new() } else { read()? };
    let mut counted = BTreeMap::new();
    let mut changed = Vec::new();
    for page in [Page::Dashboard, Page::Board] {
        let count = (instructions(page, MANY)? - instructions(page, FEW)?) / (MANY - FEW);
        counted.insert(page.to_string(), count);
        match recorded.get(&page.to_string()) {
            Some(before) => {
                println!("{page}: {count} instructions an answer; {before} are recorded");
                if count.abs_diff(*before) * 1_000 > TOLERANCE * before {
                    changed.push(page.to_string());
                }
            }
            None => println!("{page}: {count} instructions an answer"),
        }
    }
    if record {
        let said = "# Instructions an answer, by `cargo bench --bench instructions -- --record`.\n";
        std::fs::write(file(), said.to_owned() + &toml::to_string(&counted)?)?;
    }
    ensure!(
        changed.is_empty(),
        "{} changed by more than {TOLERANCE} in a thousand; `cargo bench --bench instructions -- --record` keeps the new \
         counts",
        changed.join(" and ")
    );
    Ok(())
}

/// What callgrind looks at.
fn answer(page: Page, times: u64) -> anyhow::Result<()> {
    let site = Site::open()?;
    for _ in 0..times {
        site.answer(page)?;
    }
    Ok(())
}

/// Instructions of the answering thread of a process that answers so many times.
fn instructions(page: Page, times: u64) -> anyhow::Result<u64> {
    let folder = tempfile::tempdir()?;
    let counts = folder.path().join("counts");
    let status = Command::new("valgrind")
        .args(["--tool=callgrind", "--separate-threads=yes"])
        .arg(format!("--callgrind-out-file={}", counts.display()))
        .arg(std::env::current_exe()?)
        .args(["answer", &page.to_string(), &times.to_string()])
        .stderr(Stdio::null())
        .status()
        .context("valgrind can't be started; install it (apt-get install valgrind)")?;
    ensure!(status.success(), "valgrind ended with {status}");
    // The first thread's file.
    let text = std::fs::read_to_string(folder.path().join("counts-01"))?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    let Some(total) = total else { bail!("callgrind counted nothing") };
    Ok(total.trim().parse()?)
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/instructions/recorded.toml")
}

fn read() -> anyhow::Result<BTreeMap<String, u64>> {
    let text = std::fs::read_to_string(file()).context("benches/instructions/recorded.toml can't be read")?;
    Ok(toml::from_str(&text)?)
}
