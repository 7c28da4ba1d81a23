//! A response body that is sent at its own speed, and that may stop, stall or never end.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame};
use tokio::time::Sleep;

use crate::api::reply::{Delivery, Pieces};

/// The size of a huge body.
const HUGE: u64 = 2 << 30;
/// A piece of a huge body: blanks, which JSON allows, so that only a size limit stops a client.
static BLANKS: [u8; 64 * 1_024] = [b' '; 64 * 1_024];
/// The number of pieces of a slow body.
const SLOW_PIECES: usize = 10;

/// The pause before a body breaks. Without it, the head would be lost too, because it was not sent yet.
const FLUSH: Duration = Duration::from_millis(20);

enum Step {
    Send(Bytes),
    Wait(Duration),
    Sleeping(Pin<Box<Sleep>>),
    Blanks(u64),
    Produce(Pieces),
    /// Stops in the middle: HTTP/2 resets the stream without an error code, HTTP/1.1 closes the connection.
    Break,
}

/// The parts that remain to be sent.
pub(crate) struct PacedBody {
    steps: VecDeque<Step>,
}

impl PacedBody {
    /// The body of a reply, and the `Content-Length` that announces it.
    pub(crate) fn of(body: Bytes, delivery: Delivery) -> (PacedBody, Option<u64>) {
        let length = body.len() as u64;
        let half = body.slice(..body.len() / 2);
        let (steps, announced) = match delivery {
            Delivery::Whole => (vec![Step::Send(body)], Some(length)),
            Delivery::Truncated => (
                vec![Step::Send(half), Step::Wait(FLUSH), Step::Break],
                Some(length),
            ),
            Delivery::Unended => (vec![Step::Send(body), Step::Wait(FLUSH), Step::Break], None),
            Delivery::Stalled(time) => (
                vec![Step::Send(half), Step::Wait(time), Step::Break],
                Some(length),
            ),
            Delivery::Slow(time) => (slow(&body, time), Some(length)),
            Delivery::Huge { announced } => (
                vec![Step::Send(Bytes::from_static(b"[")), Step::Blanks(HUGE - 1)],
                announced.then_some(HUGE),
            ),
            Delivery::Pieces(pieces) => (vec![Step::Produce(pieces)], None),
            Delivery::Reset | Delivery::Never => (Vec::new(), None),
        };
        (PacedBody { steps: steps.into() }, announced)
    }
}

fn slow(body: &Bytes, time: Duration) -> Vec<Step> {
    let piece = body.len().div_ceil(SLOW_PIECES).max(1);
    let pause = time / SLOW_PIECES as u32;
    let starts = (0..body.len()).step_by(piece);
    starts
        .flat_map(|start| {
            let end = (start + piece).min(body.len());
            [Step::Wait(pause), Step::Send(body.slice(start..end))]
        })
        .collect()
}

impl Body for PacedBody {
    type Data = Bytes;
    type Error = h2::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, h2::Error>>> {
        let steps = &mut self.steps;
        loop {
            let bytes = match steps.pop_front() {
                None => return Poll::Ready(None),
                Some(Step::Send(bytes)) => bytes,
                Some(Step::Wait(time)) => {
                    steps.push_front(Step::Sleeping(Box::pin(tokio::time::sleep(time))));
                    continue;
                }
                Some(Step::Sleeping(mut sleep)) => {
                    if sleep.as_mut().poll(cx).is_pending() {
                        steps.push_front(Step::Sleeping(sleep));
                        return Poll::Pending;
                    }
                    continue;
                }
                Some(Step::Blanks(0)) => continue,
                Some(Step::Blanks(left)) => {
                    let size = left.min(BLANKS.len() as u64);
                    steps.push_front(Step::Blanks(left - size));
                    Bytes::from_static(&BLANKS[..size as usize])
                }
                Some(Step::Produce(mut pieces)) => match pieces() {
                    None => continue,
                    Some(bytes) => {
                        steps.push_front(Step::Produce(pieces));
                        bytes
                    }
                },
                Some(Step::Break) => {
                    return Poll::Ready(Some(Err(h2::Error::from(h2::Reason::NO_ERROR))));
                }
            };
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
    }
}
