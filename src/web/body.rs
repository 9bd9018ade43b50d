//! Takes in a request's body: whole, bounded, and within a time, before any handler sees it.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::pin::Pin;
use tokio::time::timeout;

use crate::error::Error;

/// Most bytes of a form.
const LARGEST: usize = 2 * 1024 * 1024;
/// How much more is read and thrown away, so that the client can read the answer.
const DRAINED: usize = 16 * 1024 * 1024;
/// Longest pause within a body.
const PAUSE: Duration = Duration::from_secs(10);
/// Longest time for a whole body.
const WHOLE: Duration = Duration::from_secs(25);

enum Taken {
    Whole(Vec<u8>),
    TooLarge,
    TooSlow,
    Broken,
}

/// Reads the body to its end before the handler runs.
pub async fn take(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match timeout(WHOLE, read(body)).await.unwrap_or(Taken::TooSlow) {
        Taken::Whole(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Taken::TooLarge => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Taken::TooSlow => StatusCode::REQUEST_TIMEOUT.into_response(),
        Taken::Broken => Error::Malformed("The request broke off. Try again.".into()).into_response(),
    }
}

async fn read(mut body: Body) -> Taken {
    let mut bytes = Vec::new();
    let mut total = 0_usize;
    loop {
        let frame = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx));
        let Ok(frame) = timeout(PAUSE, frame).await else { return Taken::TooSlow };
        match frame {
            None if total > LARGEST => return Taken::TooLarge,
            None => return Taken::Whole(bytes),
            Some(Err(_)) => return Taken::Broken,
            Some(Ok(frame)) => {
                let Some(data) = frame.data_ref() else { continue };
                total += data.len();
                if total > DRAINED {
                    return Taken::TooLarge;
                }
                if total > LARGEST {
                    bytes = Vec::new();
                } else {
                    bytes.extend_from_slice(data);
                }
            }
        }
    }
}
