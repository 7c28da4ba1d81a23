//! The writer's end of the channel from the fetcher. The writer runs on a plain thread, so it waits by
//! parking that thread.

use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Instant;

use tokio::sync::mpsc::Receiver;

/// What waiting at an inbox gives.
#[derive(Debug, PartialEq, Eq)]
pub enum Received<T> {
    /// The next thing.
    Next(T),
    /// Nothing came in time.
    Late,
    /// Nothing will come any more.
    Closed,
}

/// Receives in order, on one thread.
pub struct Inbox<T> {
    receiver: Receiver<T>,
}

impl<T> Inbox<T> {
    /// An inbox of what this receiver gets.
    pub fn new(receiver: Receiver<T>) -> Inbox<T> {
        Inbox { receiver }
    }

    /// Waits for the next thing, however long; none when nothing will come any more.
    pub fn take(&mut self) -> Option<T> {
        self.receiver.blocking_recv()
    }

    /// Waits for the next thing until `deadline`.
    pub fn take_until(&mut self, deadline: Instant) -> Received<T> {
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut context = Context::from_waker(&waker);
        loop {
            match self.receiver.poll_recv(&mut context) {
                Poll::Ready(Some(next)) => return Received::Next(next),
                Poll::Ready(None) => return Received::Closed,
                Poll::Pending => {}
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Received::Late;
            }
            thread::park_timeout(left);
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::sync::mpsc;

    use super::*;

    #[test]
    fn things_come_in_order_late_or_not_at_all() {
        let (sender, receiver) = mpsc::channel(2);
        let mut inbox = Inbox::new(receiver);
        let soon = || Instant::now() + Duration::from_millis(20);
        assert_eq!(inbox.take_until(soon()), Received::Late);
        let sending = thread::spawn(move || {
            for number in 0..100 {
                sender.blocking_send(number).expect("somebody receives");
            }
        });
        let long = Instant::now() + Duration::from_secs(60);
        assert_eq!(inbox.take(), Some(0));
        for number in 1..100 {
            assert_eq!(inbox.take_until(long), Received::Next(number));
        }
        sending.join().expect("sent");
        assert_eq!(inbox.take_until(long), Received::Closed);
        assert_eq!(inbox.take(), None);
    }
}
