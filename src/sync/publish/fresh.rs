//! What the complete runs of the directory have read, including this run.

use crate::contract::settings::Key;
use crate::directory::runs::freshness::Freshness;
use crate::model::{RunMode, SyncReport};
use crate::sync::publish::Publication;
use crate::sync::publish::watermark::{self, ReadSpan};
use crate::sync::retention::kept;

/// Whether a delta run reached back only to the first waiting event, and not to the last listing. Then the next
/// delta run must begin at the same time as this one should have begun.
pub fn is_short(report: &SyncReport, before: &Freshness) -> bool {
    let next_from = before.watermark.map(|watermark| watermark.next_from);
    report.mode == RunMode::Delta && report.updated_since > next_from
}

impl Publication<'_> {
    /// The stored state of freshness after this run.
    pub(super) fn freshness(&self, before: Freshness, report: &SyncReport) -> Freshness {
        let spent = self.spending.read();
        let reading = ReadSpan {
            mode: report.mode,
            began: spent.okta_began,
            ended: spent.okta_ended,
            greatest: report.watermark,
        };
        let overlap = self.settings.seconds(Key::SyncDeltaOverlap);
        let watermark = watermark::after(before.watermark, reading, overlap);
        let present = report.present;
        let alternates = self.organization.alternates.iter();
        match report.mode {
            RunMode::Full => Freshness {
                last_full: Some(self.at),
                kept: kept(self.settings),
                org_url: self.org_url.to_owned(),
                alternates: alternates.map(ToString::to_string).collect(),
                present,
                watermark,
                ..before
            },
            RunMode::Delta if is_short(report, &before) => Freshness { present, ..before },
            RunMode::Delta => Freshness {
                last_delta: Some(self.at),
                present,
                watermark,
                ..before
            },
            // A live run reads only the users that events name, so the next delta run must begin at the same time
            // as before.
            RunMode::Live => Freshness { present, ..before },
        }
    }
}
