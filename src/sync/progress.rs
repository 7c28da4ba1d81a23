//! The progress of the run. Any thread may poll it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::contract::errors::ErrorCode;
use crate::http::Meter;
use crate::model::{Phase, Progress, RunId};

/// The board that a run writes to and a host reads.
#[derive(Default)]
pub struct ProgressBoard(Mutex<Board>);

#[derive(Default)]
struct Board {
    progress: Progress,
    running: Option<(Meter, Instant)>,
}

impl ProgressBoard {
    /// Clears the board for a new run.
    pub fn begin(&self, meter: Meter) {
        let mut board = self.board();
        board.progress = Progress {
            phase: Phase::Starting,
            ..Progress::default()
        };
        board.running = Some((meter, Instant::now()));
    }

    /// Notes the number of the run, what earlier attempts committed, and the expected number of users.
    pub fn resume(&self, run: RunId, users_seen: u64, pages: u64, users_expected: u64) {
        let mut board = self.board();
        board.progress.run = run.0;
        board.progress.users_seen = users_seen;
        board.progress.pages = pages;
        board.progress.users_expected = users_expected;
    }

    /// Notes that the run enters another phase.
    pub fn enter(&self, phase: Phase) {
        self.board().progress.phase = phase;
    }

    /// Notes that `pages` more pages were committed and how many different users were seen so far.
    pub fn committed(&self, pages: u64, users_seen: u64) {
        let mut board = self.board();
        board.progress.users_seen = users_seen;
        board.progress.pages += pages;
    }

    /// Notes that the groups are listed and how many of them must be read.
    pub fn groups_listed(&self, to_read: u64) {
        self.board().progress.groups_to_read = to_read;
    }

    /// Notes that members of a group were read.
    pub fn members_read(&self, members: u64) {
        self.board().progress.memberships_read += members;
    }

    /// Notes that a group is done.
    pub fn group_done(&self) {
        self.board().progress.groups_read += 1;
    }

    /// Notes that the run is over. Its last figures stay readable until the next run begins.
    pub fn end(&self) {
        let mut board = self.board();
        board.progress = snapshot(&board);
        board.progress.phase = Phase::Idle;
        board.progress.wait_left_ms = 0;
        board.progress.waits_for = 0;
        board.running = None;
    }

    /// The figures of this moment.
    pub fn read(&self) -> Progress {
        snapshot(&self.board())
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        // Every field is written as a whole, so a poisoned lock is safe to use.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn snapshot(board: &Board) -> Progress {
    let mut progress = board.progress;
    if let Some((meter, began)) = &board.running {
        let cost = meter.read();
        progress.requests = cost.requests;
        progress.retries = cost.retries;
        progress.waited_ms = millis(cost.waited);
        progress.wait_left_ms = millis(cost.wait_left);
        progress.waits_for = cost.waits_for.map_or(0, ErrorCode::number);
        progress.elapsed_ms = millis(began.elapsed());
        if progress.phase == Phase::Reading && progress.wait_left_ms > 0 {
            progress.phase = Phase::Waiting;
        }
    }
    progress
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
