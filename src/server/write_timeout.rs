//! A connection that is given up when its client does not take what it is sent.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// Bytes that a client must take in each second for which it is waited for, on the whole.
const SLOWEST: u32 = 4 * 1024;

/// A stream with a budget of time to wait for its client. Waiting uses it up, and what the client takes wins it back, so
/// that a slow line is served, while a client that takes nothing, or a byte now and then, is given up.
pub(super) struct TimedStream<S> {
    stream: S,
    /// The whole budget.
    most: Duration,
    /// What is left of it.
    left: Duration,
    /// Since when the client is waited for, and what wakes us when the budget is used up.
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl<S> TimedStream<S> {
    /// Waits for a client that takes nothing for as long as `most`.
    pub(super) fn new(stream: S, most: Duration) -> TimedStream<S> {
        TimedStream { stream, most, left: most, waiting: None }
    }

    /// Follows an attempt to write: counts what was taken, or the time that passes meanwhile.
    fn follow(&mut self, cx: &mut Context<'_>, attempt: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        let Poll::Ready(outcome) = attempt else {
            let left = self.left;
            let (_, end) = self.waiting.get_or_insert_with(|| {
                let now = Instant::now();
                (now, Box::pin(sleep_until(now + left)))
            });
            ready!(end.as_mut().poll(cx));
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client takes nothing")));
        };
        if let Some((since, _)) = self.waiting.take() {
            self.left = self.left.saturating_sub(since.elapsed());
        }
        if let Ok(taken) = outcome {
            let won = Duration::from_secs(1) / SLOWEST * u32::try_from(taken).unwrap_or(u32::MAX);
            self.left = self.left.saturating_add(won).min(self.most);
        }
        Poll::Ready(outcome)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for TimedStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let attempt = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.follow(cx, attempt)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let attempt = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.follow(cx, attempt)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for TimedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
    use tokio::time::{Instant, sleep};

    use super::{SLOWEST, TimedStream};

    const MOST: Duration = Duration::from_secs(1);
    const ANSWER: usize = 6 * SLOWEST as usize;

    /// Sends a long answer to a client that takes so many bytes ten times a second; how it ended, and after how long.
    async fn sent(taken: usize) -> (Result<(), ErrorKind>, Duration) {
        let (server, mut client) = duplex(SLOWEST as usize);
        let reading = tokio::spawn(async move {
            let mut taken = vec![0; taken];
            while client.read_exact(&mut taken).await.is_ok() {
                sleep(Duration::from_millis(100)).await;
            }
        });
        let began = Instant::now();
        let sent = TimedStream::new(server, MOST).write_all(&vec![b'x'; ANSWER]).await;
        reading.abort();
        (sent.map_err(|error| error.kind()), began.elapsed())
    }

    #[tokio::test]
    async fn who_takes_nothing_or_a_byte_now_and_then_is_given_up() {
        for taken in [0, 1] {
            let (outcome, after) = sent(taken).await;
            assert_eq!(outcome, Err(ErrorKind::TimedOut));
            assert!((MOST..MOST * 3).contains(&after), "{after:?}");
        }
    }

    #[tokio::test]
    async fn a_slow_line_is_served_to_the_end() {
        let (outcome, after) = sent(SLOWEST as usize / 5).await;
        assert_eq!(outcome, Ok(()));
        assert!(after > MOST * 2, "it took {after:?}");
    }
}
