//! Requests whose end two programs could see in different places, heads and bodies beyond all bounds, and what is no
//! HTTP at all: each is answered once or refused, in time, and no second request hides in a first.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// How long an answer may take.
const WITHIN: Duration = Duration::from_secs(30);

/// What came of all shapes.
pub struct Outcome {
    pub sent: usize,
    /// What was wrong, in words.
    pub wrong: Vec<String>,
}

/// What a shape must be answered with.
enum Must {
    /// These statuses, one for each request that is in it, and then nothing.
    Be(&'static [&'static [u16]]),
    /// Nothing of the second request that hides in it.
    NotSmuggle,
}
use Must::{Be, NotSmuggle};

const REFUSED: &[u16] = &[400, 408, 411, 413, 414, 417, 431, 501, 505];
const SERVED: &[u16] = &[200];

/// Sends each.
pub async fn all(address: SocketAddr, cookie: &str) -> Outcome {
    let mut under_way = JoinSet::new();
    for (name, bytes, must) in shapes(address, cookie) {
        under_way.spawn(async move { (name, must, told(address, &bytes).await) });
    }
    let mut outcome = Outcome { sent: under_way.len(), wrong: Vec::new() };
    while let Some(ended) = under_way.join_next().await {
        let (name, must, answer) = ended.expect("it ends");
        let Some(answer) = answer else {
            outcome.wrong.push(format!("{name}: the connection was held longer than {} s", WITHIN.as_secs()));
            continue;
        };
        let statuses = statuses(&answer);
        let well = statuses.iter().all(|status| *status < 500 || matches!(status, 501 | 505))
            && match must {
                Be(expected) => {
                    statuses.len() == expected.len()
                        && statuses.iter().zip(expected).all(|(status, among)| among.contains(status))
                }
                // The one that hides asks for /healthz, which answers "ok".
                NotSmuggle => statuses.len() <= 1 && !answer.ends_with("\r\n\r\nok\n"),
            };
        if !well {
            let answer: String = answer.chars().take(300).collect();
            outcome.wrong.push(format!("{name}: answered {statuses:?}: {answer}"));
        }
    }
    outcome
}

/// The statuses of all answers in what was received. Answers' bodies hold no status line.
fn statuses(answer: &str) -> Vec<u16> {
    answer
        .split("HTTP/1.1 ")
        .skip(1)
        .filter_map(|rest| rest.get(..3)?.parse().ok())
        .filter(|status| *status != 100)
        .collect()
}

/// What is received until the connection is closed; none when it is not in time.
async fn told(address: SocketAddr, bytes: &[u8]) -> Option<String> {
    let stream = TcpStream::connect(address).await.ok()?;
    let (mut reading, mut writing) = stream.into_split();
    let sending = async {
        // What is refused early is not taken to its end.
        let _ = writing.write_all(bytes).await;
        std::future::pending::<()>().await;
    };
    let mut answer = Vec::new();
    let received = async {
        tokio::select! {
            () = sending => {}
            _ = reading.read_to_end(&mut answer) => {}
        }
    };
    tokio::time::timeout(WITHIN, received).await.ok()?;
    Some(String::from_utf8_lossy(&answer).into_owned())
}

#[expect(clippy::too_many_lines, reason = "a line or two for each shape, and nothing else")]
fn shapes(address: SocketAddr, cookie: &str) -> Vec<(&'static str, Vec<u8>, Must)> {
    let hidden = format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    let length = hidden.len() + 5;
    let post = |headers: &str, body: &str| {
        format!(
            "POST /theme HTTP/1.1\r\nhost: {address}\r\nsec-fetch-site: same-origin\r\n\
             content-type: application/x-www-form-urlencoded\r\n{headers}\r\n\r\n{body}"
        )
        .into_bytes()
    };
    let get =
        |headers: &str| format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\n{headers}\r\n").into_bytes();
    let close = "connection: close\r\n";
    let large = |megabytes: usize| {
        let body = "x".repeat(megabytes * 1024 * 1024);
        let head = format!("cookie: {cookie}\r\nconnection: close\r\ncontent-length: {}", body.len() + 6);
        post(&head, &format!("theme={body}"))
    };
    vec![
        ("a plain request", get(close), Be(&[SERVED])),
        ("three at once", [get(""), get(""), get(close)].concat(), Be(&[SERVED, SERVED, SERVED])),
        (
            "length and chunks",
            post(
                &format!("content-length: {length}\r\ntransfer-encoding: chunked"),
                &format!("0\r\n\r\n{hidden}"),
            ),
            NotSmuggle,
        ),
        (
            "chunks and length",
            post(
                &format!("transfer-encoding: chunked\r\ncontent-length: {length}"),
                &format!("0\r\n\r\n{hidden}"),
            ),
            NotSmuggle,
        ),
        (
            "two lengths",
            post("content-length: 0\r\ncontent-length: 6", "theme=GET /healthz HTTP/1.1\r\n\r\n"),
            Be(&[REFUSED]),
        ),
        ("two lengths in one", post("content-length: 0, 6", &hidden), Be(&[REFUSED])),
        ("a length with a sign", post("content-length: +6", &format!("theme={hidden}")), Be(&[REFUSED])),
        ("a negative length", post("content-length: -1", &hidden), Be(&[REFUSED])),
        (
            "a length beyond all numbers",
            post("content-length: 99999999999999999999999", &hidden),
            Be(&[REFUSED]),
        ),
        (
            "another encoding",
            post("transfer-encoding: xchunked", &format!("0\r\n\r\n{hidden}")),
            Be(&[REFUSED]),
        ),
        (
            "chunks within something",
            post("transfer-encoding: chunked, identity", &format!("0\r\n\r\n{hidden}")),
            Be(&[REFUSED]),
        ),
        (
            "a space before the colon",
            post("transfer-encoding : chunked", &format!("0\r\n\r\n{hidden}")),
            Be(&[REFUSED]),
        ),
        (
            "a folded header",
            post("transfer-encoding:\r\n chunked", &format!("0\r\n\r\n{hidden}")),
            Be(&[REFUSED]),
        ),
        (
            "chunks in HTTP/1.0",
            b"POST /theme HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n".to_vec(),
            Be(&[REFUSED]),
        ),
        (
            "a chunk's size that is none",
            post("transfer-encoding: chunked", &format!("zz\r\n{hidden}")),
            NotSmuggle,
        ),
        (
            "a chunk's size beyond all numbers",
            post("transfer-encoding: chunked", &format!("ffffffffffffffffff\r\n{hidden}")),
            NotSmuggle,
        ),
        (
            "a chunk without its end",
            post("transfer-encoding: chunked", &format!("1\r\nxx{hidden}")),
            NotSmuggle,
        ),
        (
            "a chunk ended by a bare line feed",
            post("transfer-encoding: chunked", &format!("1\nx\n0\n\n{hidden}")),
            NotSmuggle,
        ),
        (
            "endless extensions of a chunk",
            post("transfer-encoding: chunked", &format!("1;{}\r\nx\r\n0\r\n\r\n", "x".repeat(200_000))),
            NotSmuggle,
        ),
        (
            "endless trailers",
            post("transfer-encoding: chunked", &format!("0\r\n{}\r\n", "x: y\r\n".repeat(50_000))),
            NotSmuggle,
        ),
        ("a bare carriage return", get(&format!("x: a\rGET /healthz HTTP/1.1\r\n{close}")), Be(&[REFUSED])),
        ("a null in a header", get(&format!("x: a\0b\r\n{close}")), Be(&[REFUSED])),
        ("a header without a name", get(&format!(": a\r\n{close}")), Be(&[REFUSED])),
        ("a header without a colon", get(&format!("nothing\r\n{close}")), Be(&[REFUSED])),
        ("a giant header", get(&format!("x: {}\r\n{close}", "x".repeat(200_000))), Be(&[REFUSED])),
        ("a thousand headers", get(&format!("{}{close}", "x: y\r\n".repeat(1_000))), Be(&[REFUSED])),
        (
            "a giant address",
            format!("GET /{} HTTP/1.1\r\nhost: {address}\r\n\r\n", "x".repeat(70_000)).into_bytes(),
            Be(&[REFUSED]),
        ),
        (
            "a long address",
            format!("GET /{} HTTP/1.1\r\nhost: {address}\r\n{close}\r\n", "x".repeat(30_000)).into_bytes(),
            Be(&[&[404]]),
        ),
        ("no version", format!("GET /healthz\r\n{hidden}").into_bytes(), Be(&[REFUSED])),
        ("a version to come", b"GET /healthz HTTP/3.0\r\n\r\n".to_vec(), Be(&[REFUSED])),
        ("HTTP/2 at once", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), Be(&[])),
        (
            "TLS where there is none",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".repeat(20),
            Be(&[REFUSED]),
        ),
        (
            "a tunnel",
            b"CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example:443\r\nconnection: close\r\n\r\n"
                .to_vec(),
            Be(&[&[400, 403, 404, 405]]),
        ),
        (
            "another site's address",
            b"GET http://evil.example/healthz HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n"
                .to_vec(),
            Be(&[&[200, 400, 404, 421]]),
        ),
        (
            "an upgrade",
            get(&format!("upgrade: h2c, websocket\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n{close}")),
            Be(&[SERVED]),
        ),
        ("3 MB", large(3), Be(&[&[413]])),
        ("15 MB", large(15), Be(&[&[413]])),
        (
            "nobody's 3 MB",
            post("connection: close\r\ncontent-length: 3145728", &"x".repeat(3 * 1024 * 1024)),
            Be(&[&[413]]),
        ),
    ]
}
