//! What was measured, as a table for the terminal and as `docs/performance.md` with its charts.

use std::fmt::Write as _;
use std::path::Path;

use crate::figures::{CONNECTIONS, Engine, Figures, Growth, Kind};

/// The table, as Markdown.
pub fn table(engines: &[Figures]) -> String {
    let mut text = String::new();
    for figures in engines {
        let _ = writeln!(
            text,
            "### {}: {} dossiers, {} entries\n",
            figures.engine.name(),
            grouped(figures.size.0),
            grouped(figures.size.1)
        );
        text.push_str("| what | at least | answers/s | of the constant page | CPU an answer | p50 / p99 at 1 | at 16 | at 64 | page |\n");
        text.push_str("|---|---|--:|--:|--:|--:|--:|--:|--:|\n");
        for measured in &figures.measured {
            let share = match (measured.share, measured.constant) {
                (Some(share), Some(constant)) => format!("{:.1} % of {constant:.0}/s", share * 100.0),
                _ => String::new(),
            };
            let at = measured.latencies.map(|(half, most)| format!("{half:.1} / {most:.1} ms"));
            let _ = writeln!(
                text,
                "| {} | {} | {:.0} | {share} | {:.0} µs | {} | {:.0} kB |",
                measured.asked.what,
                measured.asked.at_least,
                measured.rate,
                measured.time,
                at.join(" | "),
                kilobytes(measured.bytes)
            );
        }
        text.push_str("\n| what | at least | this run |\n|---|---|--:|\n");
        for (what, at_least, found) in rest(figures, engines) {
            let _ = writeln!(text, "| {what} | {at_least} | {found} |");
        }
        text.push('\n');
        text.push_str("| CPU an answer | dashboard | board |\n|---|--:|--:|\n");
        for growth in &figures.growth {
            let _ =
                writeln!(text, "| {} | {:.0} µs | {:.0} µs |", size(growth), growth.dashboard, growth.board);
        }
        text.push('\n');
    }
    text
}

/// What is not of one thing that is asked: what it is, what is wanted at least, and what was found.
fn rest(figures: &Figures, engines: &[Figures]) -> Vec<(&'static str, &'static str, String)> {
    let [small, few, large] = figures.growth;
    let times = |from: f64, to: f64| format!("{:.2}×", to / from);
    let mut rest = vec![
        ("cost of a board, from a tenth of the entries", "≤ 1.3×", times(few.board, large.board)),
        (
            "cost of a dashboard, from a tenth of the company",
            "≤ 1.2×",
            times(small.dashboard, large.dashboard),
        ),
        ("cost of a board, from a tenth of the company", "≤ 2×", times(small.board, large.board)),
        ("start to first answer", "≤ 150 ms", format!("{:.0} ms", figures.start.as_secs_f64() * 1000.0)),
        (
            "the first board, when nothing is kept",
            "",
            format!("{:.1} s", figures.first_board().as_secs_f64()),
        ),
        (
            "a board after somebody’s level was recorded",
            "",
            format!("{:.0} ms", figures.after_level.as_secs_f64() * 1000.0),
        ),
        ("memory after all of it", "≤ 120 MB", format!("{:.0} MB", megabytes(figures.memory))),
    ];
    if figures.engine == Engine::Postgres
        && let Some(embedded) = engines.iter().find(|other| other.engine == Engine::Sqlite)
    {
        let share = |kind| format!("{:.0} %", figures.rate(kind) / embedded.rate(kind) * 100.0);
        rest.push(("dashboards, of SQLite’s", "half", share(Kind::Dashboard)));
        rest.push(("boards, of SQLite’s", "half", share(Kind::Board)));
    }
    rest
}

/// Writes the document and its charts.
pub fn write(engines: &[Figures]) -> std::io::Result<()> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let charts = docs.join("charts");
    std::fs::create_dir_all(&charts)?;
    let mut text = String::from(INTRODUCTION);
    let _ = writeln!(text, "The machine: {}.\n", machine());
    text.push_str(&table(engines));
    for figures in engines {
        let name = figures.engine.name().to_lowercase();
        let shares: Vec<Bar> = figures
            .measured
            .iter()
            .filter_map(|m| Some((m.asked.what.to_owned(), m.share? * 100.0)))
            .map(|(label, value)| Bar { label, said: format!("{value:.1} %"), value })
            .collect();
        let growth: Vec<Bar> = figures
            .growth
            .iter()
            .flat_map(|g| [("dashboard", g.dashboard, g), ("board", g.board, g)])
            .map(|(what, value, g)| Bar {
                label: format!("{what}, {}", size(g)),
                said: format!("{value:.0} µs"),
                value,
            })
            .collect();
        for (kind, title, bars) in [
            ("shares", "Answers, as a share of the constant page’s", shares),
            ("growth", "CPU an answer, as the company grows", growth),
        ] {
            let title = format!("{title}: {}", figures.engine.name());
            std::fs::write(charts.join(format!("{kind}-{name}.svg")), chart(&title, &bars))?;
            let _ = writeln!(text, "![{title}](charts/{kind}-{name}.svg)\n");
        }
    }
    std::fs::write(docs.join("performance.md"), text.trim_end().to_owned() + "\n")
}

const INTRODUCTION: &str = "# How fast it is\n\n\
Written by `cargo bench --bench load`, which makes the companies, serves them with the real program, asks over loopback on the \
same machine with real sessions, and takes some minutes. Nothing is compressed, as for a client that doesn't ask for it. A share is \
of the constant page: an answer of as many bytes, held in memory, through the same listener and outer layers, without a session, \
asked in slices that take turns with what is measured; medians of five, on 16 connections. CPU is what the program uses, with PostgreSQL's \
processes where it serves; the client's is not in it. What writes is on disk when it is answered (`synchronous=FULL`, `fsync=on`), with its audit entry.\n\n";

struct Bar {
    label: String,
    value: f64,
    said: String,
}

/// Horizontal bars, readable on light and dark pages.
fn chart(title: &str, bars: &[Bar]) -> String {
    let most = bars.iter().map(|bar| bar.value).fold(1e-9, f64::max);
    let height = 40 + bars.len() * 28;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 {height}\" role=\"img\" aria-label=\"{title}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"13\">\n<style>text{{fill:#1c2430}}rect{{fill:#2f6c94}}\
         @media(prefers-color-scheme:dark){{text{{fill:#e9ebef}}rect{{fill:#6fa9cc}}}}</style>\n\
         <text x=\"0\" y=\"18\" font-weight=\"600\">{title}</text>\n"
    );
    for (row, bar) in bars.iter().enumerate() {
        let y = 34 + row * 28;
        let width = (bar.value / most * 300.0).max(1.0);
        let _ = writeln!(
            text,
            "<text x=\"0\" y=\"{}\">{}</text><rect x=\"380\" y=\"{y}\" width=\"{width:.0}\" height=\"18\" rx=\"2\"/>\
             <text x=\"{:.0}\" y=\"{}\">{}</text>",
            y + 14,
            bar.label,
            388.0 + width,
            y + 14,
            bar.said
        );
    }
    text + "</svg>\n"
}

fn size(growth: &Growth) -> String {
    format!("{} dossiers, {} entries", grouped(growth.size.0), grouped(growth.size.1))
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// `300,000`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The processor, how many of it, and the system.
fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let processors = read("/proc/cpuinfo");
    let model = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let kernel = read("/proc/sys/kernel/osrelease");
    let connections = CONNECTIONS.map(|n| n.to_string()).join(", ");
    format!(
        "{}, {cores} cores for program, database and client together, Linux {}; {connections} connections",
        model.map_or("a processor", |(_, model)| model),
        kernel.trim()
    )
}
