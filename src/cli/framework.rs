//! `evident framework`: shows the built-in guide, and checks a guide of one's own.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::framework::{Framework, load};

/// What can be asked about frameworks.
#[derive(Debug, clap::Subcommand)]
pub enum FrameworkCommand {
    /// Show a framework: its capabilities, criteria and questions, as text or as JSON
    Show {
        /// The framework's id, such as e1-to-e2
        id: String,
        /// Print JSON, with the thresholds and every rule
        #[arg(long)]
        json: bool,
    },
    /// Check a framework file (TOML), and say what is wrong with it
    Check {
        /// The file to check
        file: PathBuf,
    },
}

/// Carries the command out on this process's own output. 0 if all is well, 2 if there is no such framework or the
/// file has faults, 1 if the output can't be written.
pub fn run(command: &FrameworkCommand) -> ExitCode {
    let outcome = match command {
        FrameworkCommand::Show { id, json } => show(id, *json),
        FrameworkCommand::Check { file } => check(file),
    };
    let written = match &outcome {
        Ok(text) => io::stdout().lock().write_all(text.as_bytes()),
        Err(text) => io::stderr().lock().write_all(text.as_bytes()),
    };
    match (outcome, written) {
        (Err(_), _) => ExitCode::from(2),
        // Whoever reads only the first lines (`| head`) has what they wanted.
        (Ok(_), Err(error)) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        (Ok(_), _) => ExitCode::SUCCESS,
    }
}

/// The text for standard output, or else the one for standard error.
type Outcome = Result<String, String>;

fn show(id: &str, json: bool) -> Outcome {
    let Some(framework) = load::find(id) else {
        let known: Vec<&str> = load::all().iter().map(|framework| framework.id.as_str()).collect();
        return Err(format!("There is no framework {id:?}; this program knows {}.\n", known.join(", ")));
    };
    if json {
        serde_json::to_string_pretty(framework)
            .map(|text| text + "\n")
            .map_err(|error| format!("The framework can't be written as JSON: {error}\n"))
    } else {
        Ok(framework.plain_text())
    }
}

fn check(file: &Path) -> Outcome {
    match load::read_file(file) {
        Ok(framework) => Ok(format!("{}: {}\n", file.display(), in_short(&framework))),
        Err(faults) => Err(faults.iter().map(|fault| format!("{fault}\n")).collect()),
    }
}

fn in_short(framework: &Framework) -> String {
    let criteria = framework.capabilities.iter().map(|capability| capability.criteria.len()).sum();
    let actions = framework.capabilities.iter().map(|capability| capability.development_actions.len()).sum();
    let counts = [
        count(framework.capabilities.len(), "capability", "capabilities"),
        count(criteria, "criterion", "criteria"),
        count(actions, "development action", "development actions"),
        count(framework.shifts.len(), "shift", "shifts"),
        count(framework.pitfalls.len(), "pitfall", "pitfalls"),
        count(framework.track_record.len(), "track-record item", "track-record items"),
        count(framework.questions.len(), "question", "questions"),
    ];
    format!("a framework {}, version {}: {}", framework.id, framework.version, counts.join(", "))
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
