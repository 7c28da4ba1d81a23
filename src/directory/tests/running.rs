//! Runs: slices, pages, cursors, resuming, history.

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::runs::{self, PageRow, SliceRow};
use crate::directory::tests::Fixture;
use crate::directory::{Transaction, UserSet};
use crate::model::{MatchCounts, RunId, RunMode, RunReason, RunState, SyncReport};

fn write<T>(fixture: &Fixture, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> T {
    fixture.directory.write(work).expect("write")
}

fn begin(fixture: &Fixture, slices: &[&str]) -> RunId {
    let slices: Vec<String> = slices.iter().map(|query| (*query).to_owned()).collect();
    write(fixture, |tx| runs::begin(tx, "00o1", UnixMillis(100), &slices))
}

fn page<'a>(cursor_used: &'a str, next: Option<&'a str>, seen: &'a [i64]) -> PageRow<'a> {
    PageRow {
        cursor_used,
        next,
        users: seen.len() as u64,
        seen,
        ..PageRow::default()
    }
}

fn end(fixture: &Fixture, run: RunId, state: RunState) {
    let mut report = fixture.read(|conn| runs::get(conn, run)).expect("report");
    report.state = state;
    report.finished = Some(UnixMillis(200));
    write(fixture, |tx| runs::finish(tx, &report));
}

#[test]
fn a_run_goes_through_its_slices_page_by_page() {
    let fixture = Fixture::new();
    let run = begin(&fixture, &["first", "second"]);
    write(&fixture, |tx| {
        runs::commit_page(tx, run, 0, page("", Some("c1"), &[3, 1]))
    });
    write(&fixture, |tx| runs::commit_page(tx, run, 1, page("", None, &[9])));
    write(&fixture, |tx| {
        runs::commit_page(tx, run, 0, page("c1", Some("c2"), &[2, 70_000]))
    });
    let row = |slice, query: &str, cursor: Option<&str>, ended, pages| SliceRow {
        slice,
        query: query.to_owned(),
        cursor: cursor.map(str::to_owned),
        ended,
        pages,
    };
    let slices = fixture.read(|conn| runs::slices(conn, run));
    assert_eq!(
        slices,
        [
            row(0, "first", Some("c2"), false, 2),
            row(1, "second", None, true, 1)
        ]
    );
    assert_eq!(fixture.read(|conn| runs::cursors_used(conn, run, 0)), ["", "c1"]);
    let seen = fixture.read(|conn| runs::seen(conn, run));
    assert_eq!(seen, [1, 2, 3, 9, 70_000].into_iter().collect::<UserSet>());
    let report = fixture.read(|conn| runs::get(conn, run)).expect("report");
    assert_eq!((report.slices, report.slices_ended, report.pages), (2, 1, 3));
}

#[test]
fn an_ended_slice_takes_no_page() {
    let fixture = Fixture::new();
    let run = begin(&fixture, &["only"]);
    write(&fixture, |tx| runs::commit_page(tx, run, 0, page("", None, &[])));
    for slice in [0, 1] {
        let error = fixture
            .directory
            .write(|tx| runs::commit_page(tx, run, slice, page("", None, &[])))
            .expect_err("refused");
        assert_eq!(error.code(), ErrorCode::Internal);
    }
}

#[test]
fn pages_add_up_in_the_report() {
    let fixture = Fixture::new();
    let run = begin(&fixture, &["only"]);
    // The second page repeats four users of the first. Before the third page, a new attempt forgot two.
    let pages = [(10, 1, 9, Some(5)), (11, 0, 16, None), (5, 2, 14, Some(3))];
    for (users, passed_over, seen_so_far, watermark) in pages {
        let row = PageRow {
            next: Some("more"),
            users,
            seen_so_far,
            passed_over,
            watermark: watermark.map(UnixMillis),
            ..PageRow::default()
        };
        write(&fixture, |tx| runs::commit_page(tx, run, 0, row));
    }
    let report = fixture.read(|conn| runs::get(conn, run)).expect("report");
    let counts = [report.pages, report.seen, report.repeated, report.passed_over];
    assert_eq!(counts, [3, 14, 9, 3]);
    assert_eq!(report.watermark, Some(UnixMillis(5)));
}

#[test]
fn a_slice_restarts_and_slices_are_replaced() {
    let fixture = Fixture::new();
    let run = begin(&fixture, &["a", "b"]);
    write(&fixture, |tx| runs::commit_page(tx, run, 0, page("", None, &[1])));
    write(&fixture, |tx| {
        runs::commit_page(tx, run, 1, page("", Some("c"), &[2]))
    });
    write(&fixture, |tx| runs::restart_slice(tx, run, 0));
    let slices = fixture.read(|conn| runs::slices(conn, run));
    assert_eq!(
        (slices[0].ended, slices[0].pages, slices[0].cursor.as_deref()),
        (false, 0, None)
    );
    assert_eq!(slices[1].cursor.as_deref(), Some("c"));
    assert_eq!(fixture.read(|conn| runs::seen(conn, run)).len(), 1);
    assert_eq!(
        fixture
            .read(|conn| runs::get(conn, run))
            .expect("report")
            .slices_ended,
        0
    );
    write(&fixture, |tx| runs::commit_page(tx, run, 0, page("", None, &[1])));
    let whole = ["whole".to_owned()];
    write(&fixture, |tx| runs::replace_slices(tx, run, &whole));
    let slices = fixture.read(|conn| runs::slices(conn, run));
    assert_eq!(
        slices
            .iter()
            .map(|slice| slice.query.as_str())
            .collect::<Vec<_>>(),
        ["whole"]
    );
    assert!(fixture.read(|conn| runs::seen(conn, run)).is_empty());
    assert_eq!(
        fixture.read(|conn| runs::get(conn, run)).expect("report").slices,
        1
    );
}

#[test]
fn an_interrupted_run_is_found_and_resumed() {
    let fixture = Fixture::new();
    assert_eq!(fixture.read(runs::unfinished), None);
    let run = begin(&fixture, &["only"]);
    write(&fixture, |tx| {
        runs::commit_page(tx, run, 0, page("", Some("c1"), &[]))
    });
    let why = Error::with_message(ErrorCode::TimedOut, "no answer");
    write(&fixture, |tx| runs::interrupt(tx, run, &why));
    let row = fixture.read(runs::unfinished).expect("unfinished");
    assert_eq!(
        (row.run, row.org_id.as_str(), row.started, row.attempts),
        (run, "00o1", UnixMillis(100), 1)
    );
    assert_eq!(
        (row.report.state, row.report.error_code),
        (RunState::Interrupted, 304)
    );
    assert_eq!(row.report.error_message, "no answer");
    write(&fixture, |tx| runs::resume(tx, run));
    let row = fixture.read(runs::unfinished).expect("unfinished");
    assert_eq!(
        (row.report.state, row.report.error_code, row.attempts),
        (RunState::Running, 0, 2)
    );
    assert_eq!(
        fixture.read(|conn| runs::slices(conn, run))[0].cursor.as_deref(),
        Some("c1")
    );
}

#[test]
fn there_is_one_unfinished_run_at_most() {
    let fixture = Fixture::new();
    let run = begin(&fixture, &["only"]);
    let second = fixture
        .directory
        .write(|tx| runs::begin(tx, "00o1", UnixMillis(1), &[]));
    assert_eq!(second.expect_err("refused").code(), ErrorCode::Internal);
    end(&fixture, run, RunState::Dropped);
    assert!(begin(&fixture, &["only"]) > run);
}

#[test]
fn a_run_that_is_over_keeps_its_report_only() {
    for state in [RunState::Complete, RunState::Refused, RunState::Dropped] {
        let fixture = Fixture::new();
        let run = begin(&fixture, &["only"]);
        write(&fixture, |tx| runs::commit_page(tx, run, 0, page("", None, &[1])));
        end(&fixture, run, state);
        assert_eq!(fixture.read(runs::unfinished), None);
        assert_eq!(fixture.read(|conn| runs::slices(conn, run)), []);
        assert!(fixture.read(|conn| runs::seen(conn, run)).is_empty());
        let report = fixture.read(|conn| runs::get(conn, run)).expect("report");
        assert_eq!((report.state, report.pages), (state, 1));
        let error = fixture
            .directory
            .write(|tx| runs::resume(tx, run))
            .expect_err("over");
        assert_eq!(error.code(), ErrorCode::Internal);
    }
    let fixture = Fixture::new();
    let run = begin(&fixture, &["only"]);
    let report = fixture.read(|conn| runs::get(conn, run)).expect("report");
    fixture
        .directory
        .write(|tx| runs::finish(tx, &report))
        .expect_err("running is not an end");
}

#[test]
fn a_report_comes_back_as_it_was_saved() {
    let fixture = Fixture::new();
    let run = begin(&fixture, &["only"]);
    let report = SyncReport {
        run,
        mode: RunMode::Full,
        reason: RunReason::Asked,
        updated_since: None,
        state: RunState::Complete,
        error_code: 1,
        error_message: "two".into(),
        started: UnixMillis(3),
        finished: Some(UnixMillis(4)),
        attempts: 5,
        slices: 6,
        slices_ended: 7,
        pages: 8,
        seen: 9,
        repeated: 10,
        added: 11,
        updated: 12,
        touched: 13,
        unchanged: 14,
        returned: 15,
        absent: 16,
        purged: 17,
        present: 18,
        matches: MatchCounts {
            matched: 19,
            pinned: 20,
            okta_ambiguous: 21,
            jira_ambiguous: 22,
            okta_only: 23,
            jira_only: 24,
            by_rule: vec![("login=username".into(), 25), ("attribute:\"x\"=key".into(), 26)],
        },
        requests: 27,
        retries: 28,
        waited_ms: 29,
        bytes: 30,
        elapsed_ms: 31,
        watermark: Some(UnixMillis(32)),
        digest: "33".into(),
        groups: None,
        warnings: Vec::new(),
        passed_over: 34,
    };
    write(&fixture, |tx| runs::save_report(tx, &report));
    assert_eq!(fixture.read(|conn| runs::get(conn, run)), Some(report.clone()));
    assert_eq!(fixture.read(|conn| runs::list(conn, None, 10)), [report]);
}

#[test]
fn history_is_listed_newest_first_and_pruned_at_its_end() {
    let fixture = Fixture::new();
    for _ in 0..5 {
        let run = begin(&fixture, &["only"]);
        end(&fixture, run, RunState::Complete);
    }
    let unfinished = begin(&fixture, &["only"]);
    let numbers = |before, limit| -> Vec<i64> {
        let reports = fixture.read(|conn| runs::list(conn, before, limit));
        reports.into_iter().map(|report| report.run.0).collect()
    };
    assert_eq!(
        (numbers(None, 2), numbers(Some(RunId(5)), 2)),
        (vec![6, 5], vec![4, 3])
    );
    assert_eq!(write(&fixture, |tx| runs::prune(tx, 2)), 3);
    assert_eq!(numbers(None, 10), [6, 5, 4]);
    assert_eq!(write(&fixture, |tx| runs::prune(tx, 9)), 0);
    assert_eq!(
        fixture.read(runs::unfinished).map(|row| row.run),
        Some(unfinished)
    );
    assert_eq!(write(&fixture, |tx| runs::prune(tx, 0)), 2);
    assert_eq!(numbers(None, 10), [6]);
}
