//! A framework as plain text, for reading in a terminal.

use super::{Capability, Framework};

/// The width that text is broken at, in characters.
const WIDTH: usize = 92;

impl Framework {
    /// The whole guide as text, broken into lines for a terminal.
    pub fn plain_text(&self) -> String {
        let mut out = Text::default();
        out.paragraph("", &self.name);
        out.paragraph(
            "",
            &format!("{}, version {}. Levels: {}.", self.id, self.version, self.levels.join(", ")),
        );
        out.blank();
        out.paragraph("", &self.question);

        out.heading("How the role changes");
        for shift in &self.shifts {
            out.paragraph("- ", &format!("{}: {}", self.from_level, shift.from));
            out.paragraph("  ", &format!("{}: {}", self.to_level, shift.to));
        }
        for (i, capability) in self.capabilities.iter().enumerate() {
            capability_text(&mut out, i + 1, capability);
        }
        out.heading("What commonly goes wrong");
        for pitfall in &self.pitfalls {
            out.paragraph("- ", &format!("{}. {}", pitfall.name, pitfall.text));
        }
        out.heading("What makes a track record");
        for item in &self.track_record {
            out.paragraph("- ", &item.text);
        }
        out.heading("Questions to ask yourself");
        for question in &self.questions {
            out.paragraph("- ", &question.text);
        }
        out.heading("How long it takes");
        out.paragraph("", &format!("Shown over: {}", self.timeline.demonstration));
        out.paragraph(
            "",
            &format!("Typical time at {}: {}", self.from_level, self.timeline.typical_at_level),
        );
        out.blank();
        out.paragraph("", "What that time reflects");
        for line in &self.timeline.reflects {
            out.paragraph("- ", line);
        }
        out.blank();
        out.paragraph("", &self.timeline.last_word);
        out.0
    }
}

fn capability_text(out: &mut Text, number: usize, capability: &Capability) {
    out.heading(&format!("{number}. {}", capability.name));
    out.paragraph("", &capability.summary);
    let asked = capability.asks_for.in_words();
    out.paragraph(
        "",
        &format!(
            "It asks to hear from {asked}. Evidence speaks for {} days after its last day.",
            capability.carry_days
        ),
    );
    out.blank();
    out.paragraph("", "What this looks like");
    for criterion in &capability.criteria {
        out.paragraph("- ", &criterion.text);
        out.paragraph("    Example: ", &criterion.example);
        out.paragraph("    Counter-example: ", &criterion.counter_example);
    }
    out.blank();
    out.paragraph("", "How to develop it");
    for action in &capability.development_actions {
        out.paragraph("- ", &action.text);
    }
}

/// Text in the making.
#[derive(Default)]
struct Text(String);

impl Text {
    fn blank(&mut self) {
        self.0.push('\n');
    }

    fn heading(&mut self, text: &str) {
        self.blank();
        self.paragraph("", text);
        self.0.push_str(&"=".repeat(text.chars().count().min(WIDTH)));
        self.blank();
    }

    /// A paragraph that opens with `lead`; the lines after the first are indented a little further than it.
    fn paragraph(&mut self, lead: &str, text: &str) {
        let hang = if lead.is_empty() { 0 } else { lead.len() - lead.trim_start().len() + 2 };
        self.0.push_str(lead);
        let mut column = lead.chars().count();
        let mut opening = true;
        for word in text.split_whitespace() {
            let length = word.chars().count();
            if !opening && column + 1 + length > WIDTH {
                self.blank();
                self.0.push_str(&" ".repeat(hang));
                column = hang;
            } else if !opening {
                self.0.push(' ');
                column += 1;
            }
            self.0.push_str(word);
            column += length;
            opening = false;
        }
        self.blank();
    }
}
