//! How far the run is, to be polled from any thread while another one runs it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::contract::errors::ErrorCode;
use crate::http::Meter;
use crate::model::{Phase, Progress, RunId};

/// The board a run writes to and a host reads from.
#[derive(Default)]
pub struct ProgressBoard(Mutex<Board>);

#[derive(Default)]
struct Board {
    progress: Progress,
    running: Option<(Meter, Instant)>,
}

impl ProgressBoard {
    /// A run begins: the board is wiped.
    pub fn begin(&self, meter: Meter) {
        let mut board = self.board();
        board.progress = Progress {
            phase: Phase::Starting,
            ..Progress::default()
        };
        board.running = Some((meter, Instant::now()));
    }

    /// The run has its number, what an earlier attempt had committed, and a guess of what is to come.
    pub fn resume(&self, run: RunId, users_seen: u64, pages: u64, users_expected: u64) {
        let mut board = self.board();
        board.progress.run = run.0;
        board.progress.users_seen = users_seen;
        board.progress.pages = pages;
        board.progress.users_expected = users_expected;
    }

    /// The run enters another phase.
    pub fn enter(&self, phase: Phase) {
        self.board().progress.phase = phase;
    }

    /// So many pages more were committed, and now so many different users were seen.
    pub fn committed(&self, pages: u64, users_seen: u64) {
        let mut board = self.board();
        board.progress.users_seen = users_seen;
        board.progress.pages += pages;
    }

    /// The groups are listed, and the members of so many have to be read.
    pub fn groups_listed(&self, to_read: u64) {
        self.board().progress.groups_to_read = to_read;
    }

    /// So many members of a group came.
    pub fn members_read(&self, members: u64) {
        self.board().progress.memberships_read += members;
    }

    /// A group is done.
    pub fn group_done(&self) {
        self.board().progress.groups_read += 1;
    }

    /// The run is over; its last figures stay readable until the next one begins.
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
        // Every field is written whole: a panic elsewhere leaves a readable board.
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
