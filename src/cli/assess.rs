//! `evident assess`: how far the evidence in a portable dossier carries, with no server and no database.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use strum::VariantArray;

use crate::framework::{Framework, load};
use crate::portable::{self, Fault};
use crate::readiness::{Facts, Lens, assess};

/// What is to be assessed, and how.
#[derive(Debug, clap::Args)]
pub struct Assess {
    /// The portable dossier (evident-dossier/1, JSON)
    file: PathBuf,
    /// The day to assess it on, YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = portable::parse_date)]
    as_of: NaiveDate,
    /// Which entries count: all, or those that somebody confirmed
    #[arg(long, default_value = "all", value_parser = lens_parser())]
    lens: Lens,
    /// A framework file (TOML), or the id of a framework; by default the one that the dossier names
    #[arg(long, value_name = "FILE|ID")]
    framework: Option<String>,
}

fn lens_parser() -> impl TypedValueParser<Value = Lens> {
    let words: Vec<&str> = Lens::VARIANTS.iter().map(<&'static str>::from).collect();
    PossibleValuesParser::new(words).try_map(|word| word.parse::<Lens>())
}

/// Carries the command out on this process's own output. 0 if all is well, 2 if the dossier or the framework has faults,
/// each in a line on standard error, 1 if the output can't be written.
pub fn run(command: &Assess) -> ExitCode {
    match assessment(command) {
        Ok(text) => match io::stdout().lock().write_all(text.as_bytes()) {
            // Whoever reads only the first lines (`| head`) has what they wanted.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
            _ => ExitCode::SUCCESS,
        },
        Err(faults) => {
            let mut out = BufWriter::new(io::stderr().lock());
            // The exit code tells it even to whom the lines can't be told.
            faults.iter().try_for_each(|fault| writeln!(out, "{fault}")).ok();
            out.flush().ok();
            ExitCode::from(2)
        }
    }
}

/// The JSON, or the faults.
fn assessment(command: &Assess) -> Result<String, Vec<Fault>> {
    let given = command.framework.as_deref().map(find_framework).transpose()?;
    let (dossier, framework) =
        portable::read_file(&command.file, |id| given.as_deref().or_else(|| load::find(id)))?;
    let unreadable = |what: String| vec![Fault { place: None, what }];
    let facts = Facts::from_dossier(&dossier, framework)
        .ok_or_else(|| unreadable(format!("{} is not among the people", dossier.candidate)))?;
    let assessment = assess(framework, &facts, command.as_of, command.lens);
    serde_json::to_string_pretty(&assessment)
        .map(|text| text + "\n")
        .map_err(|error| unreadable(format!("the assessment can't be written as JSON: {error}")))
}

/// A framework of the program by its id, or one from a file.
fn find_framework(name: &str) -> Result<Cow<'static, Framework>, Vec<Fault>> {
    match load::find(name) {
        Some(framework) => Ok(Cow::Borrowed(framework)),
        None if Path::new(name).exists() => load::read_file(Path::new(name)).map(Cow::Owned),
        None => {
            let what = format!("{name:?} is neither a known framework nor a file");
            Err(vec![Fault { place: Some("--framework".to_owned()), what }])
        }
    }
}
