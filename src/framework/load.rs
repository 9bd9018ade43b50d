//! Where frameworks come from: the built-in one, and files that people bring.
//!
//! A file is read in three steps, each of which needs the one before: is it TOML, has it the shape of a
//! [`Framework`], and do its parts fit together. The first two stop at the first fault, because what follows it
//! can't be trusted; the third lists every fault.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::LazyLock;

use super::{Framework, soundness};

/// The largest framework file that is read, in bytes.
pub const MAX_BYTES: usize = 1024 * 1024;

/// Something wrong with a framework file, as people are told about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where: a path such as `capabilities[1].criteria[0].id`, or a line and column. `None` for the file as a whole.
    pub place: Option<String>,
    /// What is wrong there, in words.
    pub what: String,
}

impl Fault {
    /// A fault of the file as a whole.
    pub(super) fn of_file(what: impl Into<String>) -> Self {
        Self { place: None, what: what.into() }
    }

    /// A fault at a path, or at a line and column.
    pub(super) fn at(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: Some(place.into()), what: what.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{place}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

static BUILT_IN: LazyLock<Framework> = LazyLock::new(|| match check(include_str!("e1-to-e2.toml")) {
    Ok(framework) => framework,
    Err(faults) => panic!("the built-in framework does not hold together: {faults:?}"),
});

/// The framework `e1-to-e2`, which is part of the program.
pub fn built_in() -> &'static Framework {
    &BUILT_IN
}

/// Every framework that is part of the program.
pub fn all() -> [&'static Framework; 1] {
    [built_in()]
}

/// The framework of the program that has this id.
pub fn find(id: &str) -> Option<&'static Framework> {
    all().into_iter().find(|framework| framework.id == id)
}

/// Reads and checks a framework file. A file that can't be read is a fault like any other, and no more than
/// [`MAX_BYTES`] of it are ever held in memory.
///
/// # Errors
/// Returns the faults found, at least one.
pub fn read_file(path: &Path) -> Result<Framework, Vec<Fault>> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| vec![Fault::of_file(format!("{}: {error}", path.display()))])?;
    if bytes.len() > MAX_BYTES {
        return Err(vec![too_large()]);
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let (line, column) = line_and_column(error.as_bytes(), error.utf8_error().valid_up_to());
        vec![Fault::at(format!("line {line}, column {column}"), "is not UTF-8 text")]
    })?;
    check(&text)
}

/// Parses the text of a framework file and checks that its parts fit together.
///
/// # Errors
/// Returns the faults found, at least one: the first of syntax or shape, or else all of those in its meaning.
pub fn check(text: &str) -> Result<Framework, Vec<Fault>> {
    if text.len() > MAX_BYTES {
        return Err(vec![too_large()]);
    }
    let parsed = toml::Deserializer::parse(text).map_err(|error| vec![syntax_fault(text, &error)])?;
    let framework: Framework =
        serde_path_to_error::deserialize(parsed).map_err(|error| vec![shape_fault(&error)])?;
    let faults = soundness::faults(&framework);
    if faults.is_empty() { Ok(framework) } else { Err(faults) }
}

fn too_large() -> Fault {
    Fault::of_file("the file is larger than 1 MiB, which is more than any framework needs")
}

fn syntax_fault(text: &str, error: &toml::de::Error) -> Fault {
    let what = format!("is not TOML: {}", on_one_line(error.message()));
    match error.span() {
        Some(span) => {
            let (line, column) = line_and_column(text.as_bytes(), span.start);
            Fault::at(format!("line {line}, column {column}"), what)
        }
        None => Fault::of_file(what),
    }
}

fn shape_fault(error: &serde_path_to_error::Error<toml::de::Error>) -> Fault {
    let what = on_one_line(error.inner().message()).replace("expected u32", "expected a whole number");
    match error.path().to_string() {
        path if path == "." => Fault::of_file(what),
        path => Fault::at(path, what),
    }
}

/// A fault is one line, whatever the file had in it.
fn on_one_line(message: &str) -> String {
    message.lines().collect::<Vec<_>>().join(" ")
}

/// The line and column, both from 1, of a byte; columns count characters.
fn line_and_column(bytes: &[u8], at: usize) -> (usize, usize) {
    let before = &bytes[..at.min(bytes.len())];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    (line, String::from_utf8_lossy(&before[start..]).chars().count() + 1)
}
