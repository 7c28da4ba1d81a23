//! The writer's end of the channel from the fetcher. The writer runs on a plain thread, so it waits by
//! parking that thread.

use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Instant;

use tokio::sync::mpsc::Receiver;

/// The result of a wait.
#[derive(Debug, PartialEq, Eq)]
pub enum Received<T> {
    /// The next page.
    Next(T),
    /// No page came in time.
    Late,
    /// No page will come any more.
    Closed,
}

/// Pages that wait for the writer, in the order in which they were fetched.
pub struct PageQueue<T> {
    receiver: Receiver<T>,
}

impl<T> PageQueue<T> {
    /// The queue of this receiver.
    pub fn new(receiver: Receiver<T>) -> PageQueue<T> {
        PageQueue { receiver }
    }

    /// Waits for the next page without a limit. Returns none when no page will come any more.
    pub fn next_page(&mut self) -> Option<T> {
        self.receiver.blocking_recv()
    }

    /// Waits for the next page until `deadline`.
    pub fn next_page_until(&mut self, deadline: Instant) -> Received<T> {
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
        let mut queue = PageQueue::new(receiver);
        let soon = || Instant::now() + Duration::from_millis(20);
        assert_eq!(queue.next_page_until(soon()), Received::Late);
        let sending = thread::spawn(move || {
            for number in 0..100 {
                sender.blocking_send(number).expect("somebody receives");
            }
        });
        let long = Instant::now() + Duration::from_secs(60);
        assert_eq!(queue.next_page(), Some(0));
        for number in 1..100 {
            assert_eq!(queue.next_page_until(long), Received::Next(number));
        }
        sending.join().expect("sent");
        assert_eq!(queue.next_page_until(long), Received::Closed);
        assert_eq!(queue.next_page(), None);
    }
}
