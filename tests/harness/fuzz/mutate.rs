//! Makes new inputs from old ones: first by the structure that they have, then byte by byte.

use serde_json::{Map, Value, json};

use crate::dice::Dice;

/// The structure of a target's inputs.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A JSON document.
    Json,
    /// Lines of text, TOML or Markdown, whose order and presence mean something.
    Lines,
    /// `name=value` pairs with percent signs, joined by `&`.
    Pairs,
    /// A short text.
    Text,
}

/// Longest input, in bytes; once in a while one is longer.
const LONGEST: usize = 4 * 1024;
const LONGEST_EVER: usize = 64 * 1024;

/// What breaks parsers of all kinds.
const NASTY: &[&[u8]] = &[
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\r\n",
    b"\r",
    b"\t",
    b" ",
    b"%00",
    b"%FF",
    b"%",
    b"%2",
    b"%u0041",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"\"",
    b"'",
    b"<",
    b">",
    b"&",
    b"&amp;",
    b"&#0;",
    b"-1",
    b"0",
    b"4294967296",
    b"18446744073709551616",
    b"-9223372036854775809",
    b"1e999",
    b"NaN",
    b"0000-00-00",
    b"2026-02-30",
    b"2024-02-29",
    b"2199-12-31",
    b"9999-12-31",
    "\u{202E}".as_bytes(),
    "\u{FFFD}".as_bytes(),
    "\u{FEFF}".as_bytes(),
    "\u{2028}".as_bytes(),
    "\u{0130}".as_bytes(),
    "e\u{301}\u{323}".as_bytes(),
    "\u{FB03}\u{FDFA}".as_bytes(),
    "\u{1F469}\u{200D}\u{1F4BB}".as_bytes(),
    "\u{10FFFF}".as_bytes(),
    "٣".as_bytes(),
];

/// A new input from those that are there.
pub fn next(dice: &mut Dice, shape: Shape, corpus: &[Vec<u8>], words: &[&str]) -> Vec<u8> {
    let mut input = dice.one(corpus).clone();
    let structured = match shape {
        Shape::Json => json_edits(dice, &mut input, words),
        Shape::Lines => list_edits(dice, &mut input, b'\n', corpus, words),
        Shape::Pairs => list_edits(dice, &mut input, b'&', corpus, words),
        Shape::Text => false,
    };
    let edits = if structured && !dice.once_in(3) { 0 } else { 1 + dice.below(4) };
    for _ in 0..edits {
        edit(dice, &mut input, corpus, words);
    }
    input.truncate(if dice.once_in(2_000) { LONGEST_EVER } else { LONGEST });
    input
}

fn word<'w>(dice: &mut Dice, words: &[&'w str]) -> &'w [u8] {
    if words.is_empty() || dice.once_in(2) {
        dice.one::<&[u8]>(NASTY)
    } else {
        dice.one::<&str>(words).as_bytes()
    }
}

/// A part of an input, from and to; it may be empty.
fn part(dice: &mut Dice, length: usize) -> (usize, usize) {
    let from = dice.below(length + 1);
    (from, from + dice.below((length - from).min(40) + 1))
}

fn edit(dice: &mut Dice, input: &mut Vec<u8>, corpus: &[Vec<u8>], words: &[&str]) {
    let (from, to) = part(dice, input.len());
    match dice.below(10) {
        0 if from < input.len() => input[from] ^= 1 << dice.below(8),
        1 if from < input.len() => input[from] = dice.byte(),
        2..=4 => drop(input.splice(from..from, word(dice, words).iter().copied())),
        5 => drop(input.splice(from..to, word(dice, words).iter().copied())),
        6 => drop(input.drain(from..to)),
        7 => {
            let copied = input[from..to].to_vec();
            let at = dice.below(input.len() + 1);
            input.splice(at..at, copied);
        }
        8 => {
            // Deep or long: the same part many times.
            let most = if dice.once_in(200) { 20_000 } else { 40 };
            let repeated = input[from..to.min(from + 8)].repeat(1 + dice.below(most));
            input.splice(from..from, repeated);
        }
        _ => {
            let other = dice.one(corpus);
            let (begin, end) = part(dice, other.len());
            input.splice(from..to, other[begin..end].iter().copied());
        }
    }
}

/// Edits a list of parts: takes some out, puts others in, swaps and repeats them, and changes what follows a `=`.
fn list_edits(dice: &mut Dice, input: &mut Vec<u8>, between: u8, corpus: &[Vec<u8>], words: &[&str]) -> bool {
    let mut parts: Vec<Vec<u8>> = input.split(|byte| *byte == between).map(<[u8]>::to_vec).collect();
    for _ in 0..=dice.below(3) {
        let at = dice.below(parts.len());
        match dice.below(6) {
            0 if parts.len() > 1 => drop(parts.remove(at)),
            1 => parts.insert(at, parts[at].clone()),
            2 => {
                let other = dice.below(parts.len());
                parts.swap(at, other);
            }
            3 => {
                let other: Vec<&[u8]> = dice.one(corpus).split(|byte| *byte == between).collect();
                let other = dice.one(&other).to_vec();
                parts.insert(at, other);
            }
            4 => {
                let value = parts[at].iter().position(|byte| *byte == b'=').map_or(0, |sign| sign + 1);
                parts[at].truncate(value);
                for _ in 0..=dice.below(3) {
                    parts[at].extend_from_slice(word(dice, words));
                }
            }
            _ => {
                let within = dice.below(parts[at].len() + 1);
                parts[at].splice(within..within, word(dice, words).iter().copied());
            }
        }
    }
    *input = parts.join(&between);
    true
}

/// Edits a JSON document as a tree; false when it is none.
fn json_edits(dice: &mut Dice, input: &mut Vec<u8>, words: &[&str]) -> bool {
    let Ok(mut tree) = serde_json::from_slice::<Value>(input) else { return false };
    for _ in 0..=dice.below(3) {
        let mut at = dice.below(size(&tree));
        let other = dice.below(size(&tree));
        let other = nth(&mut tree, &mut { other }).clone();
        change(dice, nth(&mut tree, &mut at), other, words);
    }
    *input = tree.to_string().into_bytes();
    true
}

fn size(node: &Value) -> usize {
    1 + match node {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(fields) => fields.values().map(size).sum::<usize>(),
        _ => 0,
    }
}

/// The nth node, counted from the root; `at` counts down while looking.
fn nth<'n>(node: &'n mut Value, at: &mut usize) -> &'n mut Value {
    if *at == 0 {
        return node;
    }
    *at -= 1;
    let children: Vec<&mut Value> = match node {
        Value::Array(items) => items.iter_mut().collect(),
        Value::Object(fields) => fields.values_mut().collect(),
        _ => Vec::new(),
    };
    for child in children {
        let below = size(child);
        if *at < below {
            return nth(child, at);
        }
        *at -= below;
    }
    unreachable!("there are as many nodes as were counted")
}

fn change(dice: &mut Dice, node: &mut Value, other: Value, words: &[&str]) {
    match (dice.below(8), &mut *node) {
        (0 | 1, Value::Array(items)) if !items.is_empty() => {
            let at = dice.below(items.len());
            if dice.once_in(2) {
                items.remove(at);
            } else {
                items.insert(at, items[at].clone());
            }
        }
        (0 | 1, Value::Object(fields)) if !fields.is_empty() => {
            let name = fields.keys().nth(dice.below(fields.len())).cloned().unwrap_or_default();
            let value = fields.shift_remove(&name);
            if dice.once_in(2) {
                let renamed = String::from_utf8_lossy(word(dice, words)).into_owned();
                fields.insert(renamed, value.unwrap_or_default());
            }
        }
        (2, _) => *node = other,
        (3, _) => *node = if dice.once_in(2) { json!([other]) } else { Value::Object(Map::new()) },
        (4, _) => {
            *node = dice.one(&[json!(null), json!(true), json!(-1), json!(1.5), json!(u64::MAX)]).clone();
        }
        _ => *node = json!(String::from_utf8_lossy(word(dice, words))),
    }
}
