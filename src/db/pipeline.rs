//! Statements of SQLite's writer that wait for the next one whose outcome is asked for, and are sent with it.
//!
//! A statement runs on a thread of its connection, and to speak to that thread costs several times what most statements
//! do. So those of which nothing is to be learnt but that they changed what they should go together.

use std::collections::VecDeque;

use sqlx::Arguments;
use sqlx::sqlite::SqliteArguments;

/// Statements that wait, each with its end, and the values of them all: placeholders count on from one to the next.
#[derive(Debug, Default)]
pub(super) struct Pipeline {
    sql: String,
    pub(super) values: SqliteArguments,
    /// How many rows each is to change, where that matters.
    expected: VecDeque<Option<u64>>,
    /// Whether the first of them begins a turn.
    begins: bool,
}

impl Pipeline {
    /// The beginning of a turn alone.
    pub(super) fn beginning(sql: &str) -> Pipeline {
        let mut pipeline = Pipeline { begins: true, ..Pipeline::default() };
        pipeline.push(sql, 0, None);
        pipeline
    }

    /// Whether the turn's beginning waits, so that nothing of it has been sent.
    pub(super) fn begins(&self) -> bool {
        self.begins
    }

    /// Adds a statement, whose values begin after this many others.
    pub(super) fn push(&mut self, sql: &str, offset: usize, expected: Option<u64>) {
        renumber(sql, offset, &mut self.sql);
        self.sql.push_str(";\n");
        self.expected.push_back(expected);
    }

    /// How many values there are.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// Takes everything out, with a statement after it whose values begin after this many others: the text, the values,
    /// and how many rows each statement before the last is to change.
    pub(super) fn take(
        &mut self,
        last: &str,
        offset: usize,
    ) -> (String, SqliteArguments, VecDeque<Option<u64>>) {
        renumber(last, offset, &mut self.sql);
        let Pipeline { sql, values, expected, .. } = std::mem::take(self);
        (sql, values, expected)
    }
}

/// Writes a statement whose placeholders count from further up.
fn renumber(sql: &str, offset: usize, into: &mut String) {
    let mut parts = sql.split('$');
    into.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = part.split_at(digits);
        into.push('$');
        match number.parse::<usize>() {
            Ok(number) => into.push_str(&(number + offset).to_string()),
            Err(_) => into.push_str(number),
        }
        into.push_str(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::{Pipeline, renumber};

    #[test]
    fn placeholders_count_on() {
        let mut text = String::new();
        renumber("select $1, $12, '$.a' where x = $2", 10, &mut text);
        assert_eq!(text, "select $11, $22, '$.a' where x = $12");
    }

    #[test]
    fn statements_go_in_their_order() {
        let mut pipeline = Pipeline::beginning("begin");
        assert!(pipeline.begins());
        pipeline.push("delete from a where b = $1", 0, Some(1));
        let (sql, _, expected) = pipeline.take("select $1", 1);
        assert_eq!(sql, "begin;\ndelete from a where b = $1;\nselect $2");
        assert_eq!(expected, [None, Some(1)]);
        assert!(!pipeline.begins() && pipeline.len() == 0);
    }
}
