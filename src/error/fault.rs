//! What is wrong with what was given, value by value: found by whoever reads a form or a body, and by the action that judges it.

use std::borrow::Cow;
use std::fmt;

use super::Error;

/// Where in what was given a value stands. On a page it is the id of an element, in JSON a pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Path {
    /// A field by its name.
    Field(Cow<'static, str>),
    /// A field of one of a list, counted from 0.
    Item(&'static str, usize, &'static str),
}

impl Path {
    /// A field's.
    pub const fn field(name: &'static str) -> Path {
        Path::Field(Cow::Borrowed(name))
    }

    /// That of a field of the nth of a list.
    pub const fn at(list: &'static str, place: usize, field: &'static str) -> Path {
        Path::Item(list, place, field)
    }

    /// As a JSON pointer.
    pub fn pointer(&self) -> String {
        let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
        match self {
            Path::Field(name) => format!("/{}", escaped(name)),
            Path::Item(list, place, field) => format!("/{}/{place}/{}", escaped(list), escaped(field)),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Field(name) => f.write_str(name),
            Path::Item(list, place, field) => write!(f, "{list}-{place}-{field}"),
        }
    }
}

/// Whether an element's id is that of the path.
impl<S: AsRef<str> + ?Sized> PartialEq<S> for Path {
    fn eq(&self, id: &S) -> bool {
        match self {
            Path::Field(name) => name == id.as_ref(),
            Path::Item(..) => {
                let own = self.to_string();
                own == id.as_ref()
            }
        }
    }
}

impl From<&'static str> for Path {
    fn from(name: &'static str) -> Path {
        Path::field(name)
    }
}

impl From<String> for Path {
    fn from(name: String) -> Path {
        Path::Field(name.into())
    }
}

impl serde::Serialize for Path {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// What is wrong with one field, in words for the person who filled it in.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// Where the field stands in the form, the query or the body.
    pub field: Path,
    /// The problem and the way out.
    pub message: String,
}

impl FieldError {
    /// A fault of a field.
    pub fn new(field: impl Into<Path>, message: impl Into<String>) -> FieldError {
        FieldError { field: field.into(), message: message.into() }
    }
}

/// The faults of what was given, gathered field by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(pub Vec<FieldError>);

impl Faults {
    /// Adds one.
    pub fn add(&mut self, field: impl Into<Path>, message: impl Into<String>) {
        self.0.push(FieldError::new(field, message));
    }

    /// Whether something was said of a field: what could not be read at all is not missing as well.
    pub fn has(&self, field: &Path) -> bool {
        self.0.iter().any(|fault| fault.field == *field)
    }

    /// Takes a checked value, or notes why there is none.
    pub fn take<T, M: Into<String>>(&mut self, field: impl Into<Path>, checked: Result<T, M>) -> Option<T> {
        checked.map_err(|message| self.add(field, message)).ok()
    }

    /// What has to be given; notes that it is missing, unless its reading said more.
    pub fn need<T>(&mut self, field: &'static str, given: Option<T>, missing: &str) -> Option<T> {
        if given.is_none() && !self.has(&Path::field(field)) {
            self.add(field, missing);
        }
        given
    }

    /// Puts them into the order of these fields, as the page has them; those of others come after.
    pub fn in_order(&mut self, fields: &[&str]) {
        let place = |fault: &FieldError| fields.iter().position(|field| fault.field == field);
        self.0.sort_by_key(|fault| place(fault).unwrap_or(fields.len()));
    }

    /// The value, when nothing was wrong.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every fault.
    pub fn done<T>(self, value: Option<T>) -> Result<T, Error> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(Error::Invalid(self.0)),
        }
    }
}

/// What somebody gave an action, with the faults of what could not be read. The action adds those of what it judges, so that
/// all are said at once; of a value that is missing for its fault it says nothing more.
#[derive(Clone, Debug, Default)]
pub struct Given<T> {
    /// What was read.
    pub input: T,
    /// What could not be.
    pub faults: Faults,
}

#[cfg(test)]
mod tests {
    use super::{Faults, Path};

    #[test]
    fn a_path_is_an_id_on_a_page_and_a_pointer_in_json() {
        let (from, level) = (Path::field("from"), Path::at("people", 2, "level"));
        assert_eq!((from.to_string().as_str(), from.pointer().as_str()), ("from", "/from"));
        assert_eq!(level.to_string(), "people-2-level");
        assert_eq!(level.pointer(), "/people/2/level");
        assert!(level == "people-2-level" && from != "to");
        assert_eq!(Path::from("a/b~c".to_owned()).pointer(), "/a~1b~0c");
    }

    #[test]
    fn what_could_not_be_read_is_not_missing_as_well() {
        let mut faults = Faults::default();
        faults.add("from", "This day does not exist.");
        assert_eq!((faults.need("from", None::<i32>, "Enter it."), faults.0.len()), (None, 1));
        assert_eq!((faults.need("to", None::<i32>, "Enter it."), faults.0.len()), (None, 2));
    }
}
