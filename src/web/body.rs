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

/// The most bytes of a body that a request's route takes: a form's, unless the route says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyLimit(pub usize);

impl Default for BodyLimit {
    fn default() -> Self {
        BodyLimit(LARGEST)
    }
}

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
    match timeout(WHOLE, read(body, PAUSE)).await.unwrap_or(Taken::TooSlow) {
        Taken::Whole(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Taken::TooLarge => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Taken::TooSlow => StatusCode::REQUEST_TIMEOUT.into_response(),
        Taken::Broken => Error::Malformed("The request broke off. Try again.".into()).into_response(),
    }
}

async fn read(mut body: Body, pause: Duration) -> Taken {
    let mut bytes = Vec::new();
    let mut total = 0_usize;
    loop {
        let frame = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx));
        let Ok(frame) = timeout(pause, frame).await else { return Taken::TooSlow };
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

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use std::time::Duration;

    use axum::body::{Body, HttpBody};
    use hyper::body::{Bytes, Frame};
    use tokio::time::timeout;

    use super::{DRAINED, LARGEST, PAUSE, Taken, read};

    /// A body that sends something, and then nothing any more.
    struct Stalling(Option<Bytes>);

    impl HttpBody for Stalling {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            self.0.take().map_or(Poll::Pending, |bytes| Poll::Ready(Some(Ok(Frame::data(bytes)))))
        }
    }

    #[tokio::test]
    async fn a_body_that_stalls_is_given_up() {
        let stream = Body::new(Stalling(Some(Bytes::from_static(b"title=half"))));
        let taken = timeout(Duration::from_secs(5), read(stream, Duration::from_millis(50))).await;
        assert!(matches!(taken, Ok(Taken::TooSlow)));
    }

    #[tokio::test]
    async fn a_body_is_taken_up_to_its_bound() {
        assert!(matches!(read(Body::from(vec![b'x'; LARGEST]), PAUSE).await, Taken::Whole(_)));
        assert!(matches!(read(Body::from(vec![b'x'; LARGEST + 1]), PAUSE).await, Taken::TooLarge));
        assert!(matches!(read(Body::from(vec![b'x'; DRAINED + 1]), PAUSE).await, Taken::TooLarge));
    }
}
