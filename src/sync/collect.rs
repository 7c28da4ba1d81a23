//! Reads the slices of a run to their end. A fetcher works on the caller's thread, a writer on a thread of its own
//! that ends with it, and a bounded channel connects them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use tokio::sync::mpsc;

use crate::contract::errors::{Error, Result};
use crate::contract::settings::Key;
use crate::directory::{runs, users};
use crate::model::{Phase, RunId};
use crate::okta::PageSize;
use crate::resources;
use crate::sync::begin::Begun;
use crate::sync::context::SyncContext;
use crate::sync::read::cut::Outlook;
use crate::sync::read::fetch::Fetcher;
use crate::sync::retention::only_matched;
use crate::sync::write::commit::{Spending, Writer};

/// How many pages may wait for the writer. The limit bounds the memory and makes the fetcher wait for slow commits.
const PAGES_IN_FLIGHT: usize = 16;

/// How many users are sampled from the directory to learn when users were created.
const USERS_IN_SAMPLE: u32 = 512;

impl SyncContext<'_> {
    /// Reads every slice to its end, and fetches the next pages while the last one is committed. Returns the users
    /// whose rows could not be read.
    pub(in crate::sync) fn collect(
        &self,
        begun: Begun,
        may_cut: bool,
        spending: &Spending,
    ) -> Result<BTreeMap<String, String>> {
        self.progress.enter(Phase::Reading);
        let page_size =
            PageSize::new(u32::try_from(self.settings.integer(Key::SyncPageSize)).unwrap_or(u32::MAX));
        let (sender, receiver) = mpsc::channel(PAGES_IN_FLIGHT);
        let writer = self.writer(begun.run, spending);
        let (outlook, next_number) = self.look_out(begun.run)?;
        let mut fetcher = Fetcher {
            client: &self.client,
            page_size: &page_size,
            pages: sender,
            log: self.log,
            meter: &self.meter,
            most_in_flight: usize::try_from(self.settings.integer(Key::SyncMaxInFlight)).unwrap_or(1),
            outlook,
            spent: 0,
            unreadable: RefCell::default(),
        };
        std::thread::scope(|scope| {
            let writing = std::thread::Builder::new()
                .name("okp-writer".to_owned())
                .spawn_scoped(scope, || writer.commit_all(receiver))
                .map_err(|_| resources::refused("a thread for the writer"))?;
            let reading = fetcher.read_all(begun.slices, next_number, may_cut);
            let fetched = self.runtime.block_on(reading);
            let unreadable = fetcher.unreadable.take();
            // The writer ends when the last sender is dropped.
            drop(fetcher);
            let written = writing
                .join()
                .map_err(|_| Error::internal("the writer panicked"))?;
            written.and(fetched).map(|()| unreadable)
        })
    }

    /// What is known about the users before reading them, and the number for the run's next slice.
    fn look_out(&self, run: RunId) -> Result<(Outlook, i64)> {
        let outlook = Outlook {
            users: self.progress.read().users_expected,
            sample: self
                .directory
                .read(|conn| users::created_sample(conn, USERS_IN_SAMPLE))?,
            ..Outlook::default()
        };
        Ok((outlook, self.directory.read(|conn| runs::next_slice(conn, run))?))
    }

    /// The writer of this run's pages.
    pub(in crate::sync) fn writer<'a>(&'a self, run: RunId, spending: &'a Spending) -> Writer<'a> {
        Writer {
            directory: self.directory,
            run,
            progress: self.progress,
            spending,
            only_matched: only_matched(self.settings).then_some(self.rules),
        }
    }
}
