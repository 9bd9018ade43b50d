//! Where the inputs of each target begin, and the words that it knows.

use serde_json::json;

fn owned(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// Ids, words and fields of dossiers.
pub const DOSSIER: &[&str] = &[
    "p1",
    "p2",
    "p9",
    "e1",
    "evident-dossier/1",
    "evident-dossier/2",
    "evident-dossier/3",
    "e1-to-e2",
    "internal",
    "external",
    "final",
    "draft",
    "withdrawn",
    "confirmed",
    "differs",
    "developed",
    "agreed",
    "meets",
    "not-yet",
    "partly",
    "cross-domain-leadership",
    "developing-e1s",
    "external-presence",
    "cto-partnership",
    "developing-e1s/directors-growing",
    "CTO",
    "E1",
    "E2",
    "2026-06-30",
    "1900-01-01",
    "https://example.com/",
    "javascript:alert(1)",
    "from",
    "to",
    "on",
    "by",
    "people",
    "evidence",
    "leave",
    "sittings",
    "comments",
    "durability",
    "milestones",
    "levels",
    "ongoing",
    "recorded_on",
];

/// A whole dossier of each format, and the least.
pub fn dossiers() -> Vec<Vec<u8>> {
    let people = json!([
        {"id": "p1", "name": "Ada Marsh", "organization": "internal",
         "levels": [{"level": "E1", "from": "2022-01-10", "domain": "Payments", "reports_to": "p9", "by": "p9"}],
         "milestones": [{"on": "2025-09-01", "what": "Ran the board review", "by": "p9"}]},
        {"id": "p2", "name": "Pia Holt", "organization": "external"},
        {"id": "p9", "name": "Cleo Brandt", "organization": "internal", "levels": [{"level": "CTO", "from": "2019-01-01"}]},
    ]);
    let entry = |id: &str, capability: &str, from: &str| {
        json!({
            "id": id, "title": "One roadmap", "from": from, "ongoing": true, "status": "final",
            "recorded_on": "2025-06-02", "impact": "Less", "scope": "cross-domain", "conduct": "with-peers",
            "setting": "board", "horizon_years": 3, "for_cto": false, "audience": "dossier",
            "capabilities": [capability], "people": [{"person": "p2", "as": "external", "answer": "agreed"}],
            "links": ["https://example.com/rfc"], "updates": [{"on": "2025-11-20", "text": "Still so"}],
            "corroborations": [{"by": "p9", "on": "2025-06-10", "answer": "confirmed"},
                               {"by": "p2", "on": "2025-06-12", "answer": "differs", "settled_on": "2025-07-01"}],
            "assessments": [{"by": "p9", "on": "2025-06-20", "judgement": "meets", "reason": "Seen"}],
        })
    };
    let whole = json!({
        "format": "evident-dossier/1", "framework": "e1-to-e2", "candidate": "p1",
        "leave": [{"from": "2025-02-01", "to": "2025-06-15"}], "people": people,
        "evidence": [entry("e1", "cross-domain-leadership", "2025-03-01"), entry("e2", "external-presence", "2024-07-01")],
        "check_ins": [{"kind": "self", "by": "p1", "on": "2025-06-30", "answers": {"deputizing": "partly"}}],
        "feedback": [{"by": "p9", "on": "2025-06-30", "broader_scope": "partly", "text": "More"}],
    });
    let mut second = whole.clone();
    second["format"] = json!("evident-dossier/2");
    second["sittings"] = json!([{"by": "p9", "on": "2025-06-30", "sentences": {"developing-e1s": "Two"}, "commitment": "To ask", "kept": "yes"}]);
    second["evidence"][0]["durability"] =
        json!([{"by": "p9", "on": "2026-01-01", "months": 6, "answer": "yes"}]);
    second["evidence"][0]["comments"] =
        json!([{"by": "p9", "on": "2026-01-01", "field": "impact", "text": "By how much?"}]);
    let mut third = second.clone();
    third["format"] = json!("evident-dossier/3");
    third["evidence"][0]["corroborations"][0]["superseded_on"] = json!("2025-08-01");
    third["evidence"][0]["corroborations"][1]["via"] = json!("mail");
    third["evidence"][0]["corroborations"][1]["vouched"] = json!({"by": "p9", "on": "2025-06-14"});
    third["evidence"][0]["people"][0]["via"] = json!("link");
    third["evidence"][1]["assessments"][0]["superseded_on"] = json!("2025-06-20");
    let least = json!({"format": "evident-dossier/1", "framework": "e1-to-e2", "candidate": "p1",
        "people": [{"id": "p1", "name": "Ada Marsh", "organization": "internal"}], "evidence": []});
    vec![
        whole.to_string().into(),
        second.to_string().into(),
        third.to_string().into(),
        least.to_string().into(),
        b"[[[{\"a\":".to_vec(),
    ]
}

/// Keys and words of frameworks.
pub const FRAMEWORK: &[&str] = &[
    "[[capabilities]]\n",
    "[[capabilities.criteria]]\n",
    "[thresholds]\n",
    "[timeline]\n",
    "id = ",
    "rule = ",
    "{ kind = \"impact\", capability = \"cross-domain-leadership\" }",
    "{ kind = \"share\", field = \"scope\", value = \"company\" }",
    "\"\"\"",
    "'''",
    "[",
    "{",
    "#",
    "0x7fffffffffffffff",
    "inf",
    "18300",
    "600",
    "\"none\"",
    "carry_days = ",
    "\\u0000",
    "1979-05-27T07:32:00Z",
];

/// The built-in guide with its first capability alone, in full and without its texts.
pub fn frameworks() -> Vec<Vec<u8>> {
    const BUILT_IN: &str = include_str!("../../../src/framework/e1-to-e2.toml");
    let capabilities: Vec<&str> = BUILT_IN.split("\n[[capabilities]]\n").collect();
    let (_, timeline) = BUILT_IN.split_once("\n[timeline]\n").expect("a timeline");
    let one = |capability: &str| {
        format!("{}\n[[capabilities]]\n{capability}\n[timeline]\n{timeline}", capabilities[0])
    };
    let first = capabilities[1].split("\n[[capabilities.development_actions]]").next().unwrap_or_default();
    let short = |text: String| -> String {
        let line = |line: &str| match line.split_once(" = \"") {
            Some((key, text)) if text.len() > 60 => format!("{key} = \"x\"\n"),
            _ => format!("{line}\n"),
        };
        text.lines().map(line).collect()
    };
    let lenient = short(one(first)).replace("question_most = 4", "question_most = 0");
    vec![short(one(first)).into(), lenient.into(), b"id = \"a\"\nversion = 1\n".to_vec()]
}

/// Signs of Markdown and of what must not come out of it.
pub const MARKDOWN: &[&str] = &[
    "# ",
    "> ",
    "- ",
    "1. ",
    "```",
    "~~~",
    "    ",
    "**",
    "_",
    "*",
    "~~",
    "`",
    "[",
    "](",
    ")",
    "![",
    "<",
    ">",
    "</",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?",
    "|",
    "---",
    "|---|",
    "\n\n",
    "\\",
    "<script>",
    "</script>",
    "<img src=x onerror=a()>",
    "<svg/onload=a()>",
    "<a href=\"javascript:a()\">",
    "<style>",
    "<math><mtext><table><mglyph>",
    "<noscript>",
    "<textarea>",
    "<iframe srcdoc=",
    "javascript:a()",
    "JaVaScRiPt:",
    "java\tscript:",
    "&#106;avascript:",
    "data:text/html,",
    "vbscript:",
    "//example.com",
    "https://example.com/",
    "http://a\" onclick=\"a()",
    "<https://example.com/>",
    " https://example.com/a_(b). ",
    "<kim@example.com>",
    "](mailto:kim@example.com)",
    "<javascript:a()>",
    "[x]: javascript:a()\n",
    "[x]",
    "&lt;script&gt;",
    "&quot;",
    "&colon;",
    "zq7",
];

/// Narratives with everything that Markdown has, and with what somebody would try.
pub fn narratives() -> Vec<Vec<u8>> {
    owned(&[
        "# Title\n\nCut **costs** by _half_, ~~not~~ `really`.\n\n> Quoted\n> - one\n> - two\n\n1. a\n2. b\n\n---\n",
        "| a | b |\n|---|:-:|\n| 1 | [x](https://example.com) |\n\n```rust\nfn main() {}\n```\n",
        "[a][1] ![b](https://example.com/b.png \"t\") <https://example.com> <b onclick=a()>x</b>\n\n[1]: https://example.com/x\n",
        "<script>alert(1)</script>\n\n<div>\n*x*\n</div>\n\n<img src=x onerror=alert(1)>",
        "see https://example.com/a?b=1&c, (http://example.com)\nor <kim@example.com> [Kim](mailto:kim@example.com)",
        "[x](javascript:alert(1)) [y](data:text/html,x) [z](//example.com) [w](/own)",
        "a\\\nb  \nc &copy; &#x41; &nbsp;",
    ])
}

/// Fields and values of forms.
pub const FORM: &[&str] = &[
    "title=",
    "from_day=",
    "from_month=",
    "from_year=",
    "to=",
    "ongoing=true",
    "capability=",
    "criterion=",
    "situation=",
    "links=",
    "person=",
    "as=developed",
    "organization=internal",
    "horizon_years=",
    "audience=cto",
    "intent=publish",
    "add=person",
    "email=",
    "password=",
    "next=",
    "carried=",
    "on_day=",
    "text=",
    "2026-03",
    "March",
    "14",
    "cross-domain-leadership",
    "external-presence%2Frecognized-externally",
    "https%3A%2F%2Fexample.com%2Fx",
    "%0D%0A",
    "%E2%80%AE",
    "[]",
    "[0]",
    "+",
];

/// Forms as browsers send them.
pub fn forms() -> Vec<Vec<u8>> {
    owned(&[
        "intent=publish&title=One+roadmap&from_day=1&from_month=3&from_year=2026&to=2026-04&capability=cross-domain-leadership&criterion=cross-domain-leadership%2Fstrategic-coherence&impact=Less&links=https%3A%2F%2Fexample.com%2Fx&horizon_years=3&audience=cto",
        "title=x&person=Ada&as=developed&organization=internal&works_at=&level=E1&domain=Payments&person=&as=&organization=&works_at=&level=&domain=&add=person",
        "email=ada%40example.com&password=harbour+violet&next=%2Fevidence&carried_to=&carried=&carried_seal=",
        "on_day=14&on_month=3&on_year=2026&text=Still+in+force",
    ])
}

/// Parameters and their values.
pub const QUERY: &[&str] = &[
    "gap=",
    "kind=",
    "match=all",
    "match=any",
    "state=",
    "as_of=",
    "lens=all",
    "lens=confirmed",
    "q=",
    "page=",
    "per_page=",
    "external-presence",
    "developing-e1s",
    "lapsed",
    "short",
    "unheard",
    "no-evidence",
    "established",
    "none",
    ",",
    "%2C",
    "2026-03-01",
    "200",
    "201",
];

/// Queries of the board.
pub fn queries() -> Vec<Vec<u8>> {
    owned(&[
        "gap=external-presence&gap=developing-e1s&kind=lapsed,short&match=all&state=developing&q=Zo%C3%AB&as_of=2026-03-01&lens=all&page=2&per_page=10",
        "q=a+b&page=1",
        "",
    ])
}

/// Parts of paths.
pub const PATH: &[&str] = &[
    "/",
    "//",
    "\\",
    "..",
    ".",
    "@",
    ":",
    "?",
    "#",
    "%2F",
    "%5C",
    "http:",
    "javascript:",
    "example.com",
    "/evidence",
    "019a0000-0000-7000-8000-000000000000",
    "{",
    "}",
    "-",
    "a@b.c",
    "\u{FF0F}",
    "\u{3002}",
];

/// Ids, tokens, addresses to go on to, and e-mail addresses.
pub fn paths() -> Vec<Vec<u8>> {
    owned(&[
        "019a0000-0000-7000-8000-00000000000a",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "/evidence?q=a%20b#x",
        "https://example.com/",
        "Ada.Marsh@Example.com ",
    ])
}

/// Parts of cookies.
pub const COOKIE: &[&str] = &[
    "evident=",
    "__Host-evident=",
    "theme=dark",
    "theme=light",
    "; ",
    ";",
    "=",
    "\"",
    "%3B",
    ",",
    "Path=/",
    "evident",
];

/// The cookie header as browsers send it.
pub fn cookies() -> Vec<Vec<u8>> {
    owned(&[
        "evident=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08; theme=dark",
        "__Host-evident=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "a=b; evident=\"x\"; evident=y",
    ])
}

/// Parts of dates.
pub const DATE: &[&str] =
    &["-", "|", "2026", "02", "29", "30", "31", "0", "+", "March", "jul", "1899", "2200", "T00:00", "٢"];

/// Dates in one field and in three.
pub fn dates() -> Vec<Vec<u8>> {
    owned(&["2026-03-14", "2024-02-29", "2026-03|14|3|2026", "|1|feb|2199", " 1900-01-01 "])
}

/// What spreadsheets run.
pub const CELL: &[&str] =
    &["=", "+", "-", "@", "\t", "\r", "|", "\n", "\"", ",", "'", "=1+1", "@SUM(A1)", "\"\""];

/// Rows of cells, which `|` separates.
pub fn cells() -> Vec<Vec<u8>> {
    owned(&["Ada Marsh|sustained|short", "=1+1|\"x\", y|-2\n|@a|\tb"])
}

/// Texts of several scripts.
pub fn texts() -> Vec<Vec<u8>> {
    owned(&[
        "Zoë O’Brien-Łukasz (Straße)",
        "山田 太郎 ﬁnance ２０２６",
        "عائشة الحداد\r\nline",
        "a\tb",
        "می\u{200C}خواهم 👩\u{200D}💻 क्\u{200D}ष \u{AD}\u{202E}a\u{B}b",
    ])
}
