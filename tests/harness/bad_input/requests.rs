//! Hostile requests: to every route that the router has, and to what pages offer.

use axum::body::Body;
use axum::http::{Request, header};
use evident::routes::Route;
use url::form_urlencoded;

use super::pages::{Field, Found, Offered};
use crate::dice::Dice;
use crate::support::{Visitor, live};

/// A request, to be told about when its answer is wrong.
pub struct Sent {
    pub method: &'static str,
    pub address: String,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Vec<u8>,
}

const FORM: &[u8] = b"application/x-www-form-urlencoded";

/// What is put where text can be typed. Markup among it gives an element an attribute `zq7` if it comes through.
const TEXTS: &[&str] = &[
    "",
    " ",
    "a",
    "<script zq7>zq7()</script>",
    "\"><img zq7 src=x onerror=zq7()>",
    "' zq7='1' onfocus='zq7()' autofocus='",
    "\" zq7=\"1\" onmouseover=\"zq7()",
    "x zq7=1 onload=zq7()",
    "</textarea><svg zq7 onload=zq7()>",
    "</title></style></script><b zq7>x</b>",
    "--><b zq7><!--",
    "<a zq7 href=javascript:zq7()>x</a> [x](javascript:zq7()) ![x](https://example.com/x.png) [y](//example.com)",
    "<https://example.com/\" zq7=\"1> <javascript:zq7()>\n\n    <b zq7>\n\n<div zq7>\n\n| <b zq7> |\n|---|\n| x |",
    "{{7*7}} {% include \"x\" %} ${7*7}",
    "=zq7+1",
    "@SUM(A1)\tx",
    "a\0b",
    "\u{202E}gpj.exe",
    "\u{FFFD}\u{FEFF}",
    "e\u{301}\u{200B}\u{1F469}\u{200D}\u{1F4BB}",
    "\r\nSet-Cookie: evident=zq7\r\n\r\n<b zq7>",
    "' or 1=1 --",
    "%' and 1=0 union select 1 --",
    "a%_\\'\";",
    "%s%n%x",
    "../../etc/passwd",
    "//example.com",
    "/\\example.com",
    "/\u{1}",
    "/\u{7f}x",
    "javascript:zq7()",
    "data:text/html,<b zq7>",
    "https://example.com/\"><b zq7>",
    "0000-01-01",
    "9999-12-31",
    "2026-02-30",
    "2026-03-14",
    "-9223372036854775808",
    "99999999999999999999999999",
    "NaN",
    "019a0000-0000-7000-8000-000000000000",
    "x@example.com",
];

/// What is put in the place of an id or a token.
const PARTS: &[&str] = &[
    "019a0000-0000-7000-8000-000000000000",
    "019A0000-0000-7000-8000-00000000000A",
    "%7B019a0000-0000-7000-8000-000000000000%7D",
    "019a0000000070008000000000000000",
    "00000000-0000-0000-0000-000000000000",
    "not-an-id",
    "%FF",
    "%00",
    "%C3%28",
    "..%2f..%2fetc",
    "%2e%2e",
    "%F0%9F%92%A9",
    "%3Cb%20zq7%3E",
    "0",
    "-1",
    "own-domain-focus",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "x.json",
];

const QUERIES: &[&str] = &[
    "nonsense=1",
    "q=%00",
    "q=%FF",
    "q=%25_%27%22%5C",
    "q=%3Cb+zq7%3E%22+zq7%3D%221",
    "next=%2F%2Fexample.com",
    "next=javascript:zq7()",
    "as_of=2026-02-30",
    "as_of=1900-01-01",
    "as_of=2199-12-31",
    "lens=both",
    "lens=all",
    "page=0",
    "page=99999999999999999999999",
    "page=1000000",
    "page=1&page=2",
    "per_page=200",
    "from=2026-13-01",
    "capability=external-presence",
    "capability=%3Cb+zq7%3E",
    "gap=external-presence&kind=lapsed,short&match=all",
    "kind=,,,",
    "state=developing",
    "dossier=x",
    "title=%3Cb+zq7%3E&capability=x&criterion=%22+zq7%3D1",
    "a%5B%5D=1&a%5B%5D=2",
    "&&&",
    "%",
    "=",
];

const HEADERS: &[(&str, &[u8])] = &[
    ("accept", b"application/json"),
    ("accept", b"\xff<b zq7>"),
    ("accept-language", b"*;q=0.\xc3"),
    ("cookie", b"evident=0; evident=\"zq7\"; theme=<b zq7>"),
    ("cookie", b"__Host-evident=x; \xff=;;;="),
    ("content-encoding", b"gzip"),
    ("expect", b"zq7"),
    ("host", b"evil.example"),
    ("if-none-match", b"*"),
    ("origin", b"null"),
    ("origin", b"https://evil.example"),
    ("range", b"bytes=0-1,5-"),
    ("referer", b"javascript:zq7()"),
    ("sec-fetch-site", b"cross-site"),
    ("sec-fetch-site", b"zq7"),
    ("user-agent", b"<b zq7>\xff"),
    ("x-forwarded-for", b"1.1.1.1, zq7, ::1"),
    ("x-http-method-override", b"DELETE"),
    ("x-original-url", b"/admin"),
];

const METHODS: &[&str] = &["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "ZQ7"];

/// What requests are made from.
pub struct Maker<'m> {
    pub routes: &'m [Route],
    pub names: &'m [String],
}

impl Maker<'_> {
    /// The next request of somebody who has found this.
    pub fn next(&self, dice: &mut Dice, found: &Found) -> Sent {
        let mut sent = match dice.below(20) {
            0..=3 => self.offered_link(dice, found),
            4..=6 => self.route(dice, found, "GET"),
            7..=12 => offered_form(dice, found).unwrap_or_else(|| self.route(dice, found, "POST")),
            13..=15 => self.route(dice, found, "POST"),
            16..=17 => self.garbled(dice, found),
            _ => self.other_method(dice, found),
        };
        if dice.once_in(8) {
            let (name, value) = dice.one(HEADERS);
            sent.headers.retain(|(other, _)| other != name);
            sent.headers.push((name, value.to_vec()));
        }
        sent
    }

    fn offered_link(&self, dice: &mut Dice, found: &Found) -> Sent {
        let Some(link) = found.link(dice) else { return self.route(dice, found, "GET") };
        let mut address = link.split('#').next().unwrap_or_default().to_owned();
        if dice.once_in(3) {
            let sign = if address.contains('?') { '&' } else { '?' };
            address = format!("{address}{sign}{}", dice.one(QUERIES));
        }
        Sent { method: "GET", address, headers: Vec::new(), body: Vec::new() }
    }

    /// An address of the router's own list, with something in the place of each id.
    fn address(&self, dice: &mut Dice, found: &Found, method: &str) -> String {
        let routes: Vec<&str> =
            self.routes.iter().filter(|route| route.method == method).map(|route| route.path).collect();
        let mut address = String::new();
        for part in dice.one(&routes).split('/').skip(1) {
            address.push('/');
            let part = if part.starts_with('{') {
                if found.ids.is_empty() || dice.once_in(3) {
                    *dice.one(PARTS)
                } else {
                    dice.one(&found.ids).as_str()
                }
            } else {
                part
            };
            address.push_str(part);
        }
        address
    }

    fn route(&self, dice: &mut Dice, found: &Found, method: &'static str) -> Sent {
        let mut address = self.address(dice, found, method);
        if dice.once_in(if method == "GET" { 2 } else { 20 }) {
            address = format!("{address}?{}", dice.one(QUERIES));
        }
        let mut sent = Sent { method, address, headers: Vec::new(), body: Vec::new() };
        if method == "POST" {
            let value = dice.one(TEXTS);
            let pairs: Vec<(String, String)> = match dice.below(4) {
                0 => self.names.iter().map(|name| (name.clone(), (*value).to_owned())).collect(),
                1 => vec![(dice.one(self.names).clone(), (*value).to_owned()); 2],
                _ => (0..dice.below(40))
                    .map(|_| (dice.one(self.names).clone(), (*dice.one(TEXTS)).to_owned()))
                    .collect(),
            };
            sent = sent.with_form(&pairs);
        }
        sent
    }

    /// A body that is no form, or more of one than anybody fills in.
    fn garbled(&self, dice: &mut Dice, found: &Found) -> Sent {
        let address = self.address(dice, found, "POST");
        let name = dice.one(self.names).clone();
        let many = |times: usize, value: &dyn Fn(usize) -> String| -> Vec<u8> {
            let pairs = (0..times).map(|n| (name.clone(), value(n)));
            form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes()
        };
        let body = match dice.below(13) {
            0 => vec![0xFF; 64],
            1 => b"title=%FF%FE&email=%C3".to_vec(),
            2 => b"&&&&&=&=&".to_vec(),
            3 => format!("{name}[]=a&{name}[0]=b&person[x][y]=z").into_bytes(),
            4 => many(1_000, &|n| format!("a/{n}")),
            5 if dice.once_in(20) => many(1, &|_| "x".repeat(2_200_000)),
            6 if dice.once_in(20) => many(1, &|_| "<b zq7>".repeat(140_000)),
            7 => many(1, &|_| "[](".repeat(5_000)),
            8 => b"intent=draft&title=Links&links=https://example.com/%0A"
                .iter()
                .copied()
                .chain((0..20_000).flat_map(|n| format!("https://example.com/{n}%0A").into_bytes()))
                .collect(),
            9 => format!("intent=draft&title=People{}", "&person=Somebody&as=peer".repeat(5_000)).into_bytes(),
            10 => (0..200).map(|_| dice.byte()).collect(),
            11 => br#"{"title":{"$gt":""},"__proto__":{}}"#.to_vec(),
            _ => b"--x\r\nContent-Disposition: form-data; name=\"title\"; filename=\"../x\"\r\n\r\n<b zq7>\r\n--x--".to_vec(),
        };
        let kinds: &[&[u8]] = &[
            FORM,
            FORM,
            b"application/json",
            b"multipart/form-data; boundary=x",
            b"text/plain",
            b"\xff",
            b"",
        ];
        let headers =
            vec![("content-type", dice.one(kinds).to_vec()), ("sec-fetch-site", b"same-origin".to_vec())];
        Sent { method: "POST", address, headers, body }
    }

    fn other_method(&self, dice: &mut Dice, found: &Found) -> Sent {
        let address = if dice.once_in(4) {
            (*dice.one(&[
                "/nowhere",
                "/static/nothing.css",
                "/static/%2e%2e/Cargo.toml",
                "/%3Cb%20zq7%3E",
                "/favicon.ico",
                "//x",
                "*",
            ]))
            .to_owned()
        } else {
            self.address(dice, found, "GET")
        };
        let headers = vec![("sec-fetch-site", b"same-origin".to_vec())];
        Sent { method: dice.one::<&str>(METHODS), address, headers, body: Vec::new() }
    }
}

/// A form that a page offers: filled in as somebody would who types markup into every text, or with anything anywhere.
fn offered_form(dice: &mut Dice, found: &Found) -> Option<Sent> {
    let form: &Offered = found.form(dice)?;
    let plausible = !dice.once_in(3);
    let mut pairs = Vec::new();
    for field in &form.fields {
        let value = if !plausible && dice.once_in(4) {
            (*dice.one::<&str>(TEXTS)).to_owned()
        } else {
            filled_in(dice, field)
        };
        let times = if !plausible && dice.once_in(12) { dice.below(3) } else { 1 };
        // A box that is not ticked and a choice that was not made are not sent.
        let left_out = field.choices.len() == 1 && dice.once_in(2);
        for _ in 0..if left_out { 0 } else { times } {
            pairs.push((field.name.clone(), value.clone()));
        }
    }
    let sent = Sent { method: "POST", address: form.action.clone(), headers: Vec::new(), body: Vec::new() }
        .with_form(&pairs);
    if form.posts {
        return Some(sent);
    }
    let path = form.action.split('?').next().unwrap_or_default();
    let address = format!("{path}?{}", String::from_utf8_lossy(&sent.body));
    Some(Sent { method: "GET", address, headers: Vec::new(), body: Vec::new() })
}

/// What somebody with good manners and bad texts fills in.
fn filled_in(dice: &mut Dice, field: &Field) -> String {
    if !field.choices.is_empty() {
        return dice.one(&field.choices).clone();
    }
    if field.hidden {
        return field.value.clone();
    }
    let name = field.name.as_str();
    let digits = |number: usize| number.to_string();
    if name.ends_with("_day") {
        digits(1 + dice.below(28))
    } else if name.ends_with("_month") {
        digits(1 + dice.below(12))
    } else if name.ends_with("_year") {
        digits(2024 + dice.below(3))
    } else if matches!(name, "from" | "to" | "on" | "due" | "as_of") {
        format!("{}-{:02}-{:02}", 2024 + dice.below(3), 1 + dice.below(12), 1 + dice.below(28))
    } else if name == "email" {
        format!("x{}@example.com", dice.below(10_000))
    } else if name == "horizon_years" {
        digits(dice.below(9))
    } else if name == "links" {
        "https://example.com/\"><b zq7>".to_owned()
    } else if !field.value.is_empty() && dice.once_in(2) {
        field.value.clone()
    } else {
        format!("{}{}", dice.byte(), dice.one(TEXTS))
    }
}

impl Sent {
    /// A page, asked for in good faith.
    pub fn get(link: &str) -> Sent {
        let address = link.split('#').next().unwrap_or_default().to_owned();
        Sent { method: "GET", address, headers: Vec::new(), body: Vec::new() }
    }

    fn with_form(mut self, pairs: &[(String, String)]) -> Sent {
        self.body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes();
        self.headers.push(("content-type", FORM.to_vec()));
        self.headers.push(("sec-fetch-site", b"same-origin".to_vec()));
        self
    }

    /// The request as somebody sends it; none when no client could.
    pub fn request(&self, visitor: &Visitor) -> Option<Request<Body>> {
        let mut request = visitor.request(self.method, &self.address);
        for (name, value) in &self.headers {
            request = request.header(*name, value.as_slice());
        }
        let request = request.body(Body::from(self.body.clone())).ok()?;
        request.headers().contains_key(header::HOST).then_some(request)
    }

    /// Whether it plants markup.
    pub fn plants(&self) -> bool {
        self.body.windows(live::MARK.len()).any(|part| part == live::MARK.as_bytes())
    }
}

impl std::fmt::Display for Sent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.address)?;
        for (name, value) in &self.headers {
            write!(f, " [{name}: {}]", value.escape_ascii())?;
        }
        write!(f, " {}", self.body[..self.body.len().min(600)].escape_ascii())
    }
}
