//! Takes in a request's body, bounded and within a time: whole, before any handler sees it, or piece by piece where the route
//! asks for that.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hyper::body::Frame;
use tokio::time::{Instant, Sleep, sleep, timeout};

use crate::error::Error;

/// How much more is read and thrown away, so that the client can read the answer.
const DRAINED: usize = 14 * 1024 * 1024;
/// Longest pause within a body.
const PAUSE: Duration = Duration::from_secs(10);
/// Longest time for a whole body.
const WHOLE: Duration = Duration::from_secs(25);

/// Most bytes of a body, as a request's extension: of a form, where the route has none of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyLimit(pub usize);

impl Default for BodyLimit {
    fn default() -> Self {
        BodyLimit(2 * 1024 * 1024)
    }
}

/// As a request's extension, that its handler takes the body piece by piece, with the limit and the longest pause, and for as
/// long as it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyStreamed;

enum Taken {
    Whole(Vec<u8>),
    TooLarge,
    TooSlow,
    Broken,
}

/// Reads the body to its end before the handler runs, or hands it on piece by piece.
pub async fn take(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let limit = parts.extensions.get::<BodyLimit>().copied().unwrap_or_default();
    if parts.extensions.get::<BodyStreamed>().is_some() {
        return next.run(Request::from_parts(parts, Body::new(Bounded::of(body, limit, PAUSE)))).await;
    }
    match timeout(WHOLE, read(body, limit, PAUSE)).await.unwrap_or(Taken::TooSlow) {
        Taken::Whole(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Taken::TooLarge => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Taken::TooSlow => StatusCode::REQUEST_TIMEOUT.into_response(),
        Taken::Broken => Error::Malformed("The request broke off. Try again.".into()).into_response(),
    }
}

async fn read(mut body: Body, BodyLimit(limit): BodyLimit, pause: Duration) -> Taken {
    let mut bytes = Vec::new();
    let mut total = 0_usize;
    loop {
        let frame = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx));
        let Ok(frame) = timeout(pause, frame).await else { return Taken::TooSlow };
        match frame {
            None if total > limit => return Taken::TooLarge,
            None => return Taken::Whole(bytes),
            Some(Err(_)) => return Taken::Broken,
            Some(Ok(frame)) => {
                let Some(data) = frame.data_ref() else { continue };
                total += data.len();
                if total > limit.saturating_add(DRAINED) {
                    return Taken::TooLarge;
                }
                if total > limit {
                    bytes = Vec::new();
                } else {
                    bytes.extend_from_slice(data);
                }
            }
        }
    }
}

/// A body that is handed on piece by piece, until it is too large or pauses for too long.
struct Bounded {
    body: Body,
    /// How much may still come.
    left: usize,
    pause: Duration,
    /// How long the sender is waited for, while it is.
    waits: Pin<Box<Sleep>>,
    waiting: bool,
}

impl Bounded {
    fn of(body: Body, BodyLimit(left): BodyLimit, pause: Duration) -> Bounded {
        Bounded { body, left, pause, waits: Box::pin(sleep(pause)), waiting: false }
    }
}

impl HttpBody for Bounded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) else {
            // It is the sender's pause that counts, not that of who reads.
            if !self.waiting {
                let until = Instant::now() + self.pause;
                self.waits.as_mut().reset(until);
                self.waiting = true;
            }
            let broken = |()| Some(Err(axum::Error::new(io::Error::from(ErrorKind::TimedOut))));
            return self.waits.as_mut().poll(cx).map(broken);
        };
        self.waiting = false;
        let came = match &frame {
            Some(Ok(frame)) => frame.data_ref().map_or(0, Bytes::len),
            _ => 0,
        };
        Poll::Ready(match self.left.checked_sub(came) {
            Some(left) => {
                self.left = left;
                frame
            }
            None => Some(Err(axum::Error::new(io::Error::from(ErrorKind::FileTooLarge)))),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use std::time::Duration;

    use axum::Router;
    use axum::body::{Body, HttpBody, to_bytes};
    use axum::extract::Request;
    use axum::middleware::from_fn;
    use axum::routing::post;
    use hyper::body::{Bytes, Frame};
    use tokio::time::timeout;
    use tower::ServiceExt;

    use super::{BodyLimit, BodyStreamed, Bounded, DRAINED, PAUSE, Taken, read, take};

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
        let pause = Duration::from_millis(50);
        let stream = || Body::new(Stalling(Some(Bytes::from_static(b"title=half"))));
        let taken = timeout(Duration::from_secs(5), read(stream(), BodyLimit::default(), pause)).await;
        assert!(matches!(taken, Ok(Taken::TooSlow)));
        let streamed = to_bytes(Body::new(Bounded::of(stream(), BodyLimit::default(), pause)), usize::MAX);
        assert!(timeout(Duration::from_secs(5), streamed).await.expect("it ends").is_err());
    }

    #[tokio::test]
    async fn a_body_is_taken_up_to_its_bound() {
        for limit in [BodyLimit(7), BodyLimit::default()] {
            let BodyLimit(most) = limit;
            let body = |more: usize| Body::from(vec![b'x'; most + more]);
            assert!(matches!(read(body(0), limit, PAUSE).await, Taken::Whole(_)));
            assert!(matches!(read(body(1), limit, PAUSE).await, Taken::TooLarge));
            assert!(matches!(read(body(DRAINED + 1), limit, PAUSE).await, Taken::TooLarge));
            let streamed = |more| to_bytes(Body::new(Bounded::of(body(more), limit, PAUSE)), usize::MAX);
            assert_eq!(streamed(0).await.expect("it fits").len(), most);
            assert!(streamed(1).await.is_err());
        }
    }

    #[tokio::test]
    async fn a_route_has_a_limit_of_its_own_and_streams_where_it_asks_for_it() {
        let length = async |body: Body| match to_bytes(body, usize::MAX).await {
            Ok(bytes) => bytes.len().to_string(),
            Err(_) => "broken".to_owned(),
        };
        let service = Router::new().route("/", post(length)).layer(from_fn(take));
        let sent = async |size: usize, limit: Option<usize>, streamed: bool| {
            let mut request = Request::post("/").body(Body::from(vec![b'x'; size])).expect("a request");
            if let Some(limit) = limit {
                request.extensions_mut().insert(BodyLimit(limit));
            }
            if streamed {
                request.extensions_mut().insert(BodyStreamed);
            }
            let answer = service.clone().oneshot(request).await.expect("an answer");
            let (status, body) = (answer.status(), to_bytes(answer.into_body(), usize::MAX).await);
            (status.as_u16(), String::from_utf8_lossy(&body.expect("a body")).into_owned())
        };
        let large = 3 * 1024 * 1024;
        assert_eq!(sent(large, None, false).await.0, 413);
        assert_eq!(sent(large, Some(large), false).await, (200, large.to_string()));
        assert_eq!(sent(10, Some(9), false).await.0, 413);
        assert_eq!(sent(large, Some(large), true).await, (200, large.to_string()));
        assert_eq!(sent(10, Some(9), true).await, (200, "broken".to_owned()));
    }
}
