//! Dry runs and budgets as rows.

use super::mixed::Mixed;
use super::named::hand_over;
use super::reports::{CHANGE, RUN, change_cells, run_cells};
use crate::contract::columns::Column as C;
use crate::ffi::page::{Cell, Page};
use crate::model::{DryRun, SyncBudget};

/// A dry run: one row with the report, then one for each field and each count of the hand-over of Jira users,
/// then the samples. The columns of the other kinds of rows are null.
pub fn dry_run(dry_run: &DryRun) -> Page {
    const FIELD: &[C] = &[C::Name, C::Count];
    let of_changes: Vec<C> = CHANGE
        .iter()
        .copied()
        .filter(|column| *column != C::Run)
        .collect();
    let mut page = Mixed::new(C::DryRunRow, &[FIELD, RUN, &of_changes]);
    page.push("run", RUN, run_cells(&dry_run.report));
    for (field, users) in &dry_run.fields {
        page.push("field", FIELD, vec![Cell::text(field), Cell::count(*users)]);
    }
    for (name, count) in dry_run.jira_users.iter().flat_map(hand_over) {
        page.push("jira_users", FIELD, vec![Cell::text(name), Cell::count(count)]);
    }
    for change in &dry_run.samples {
        page.push("change", CHANGE, change_cells(change));
    }
    page.done()
}

/// A budget, one row for each bucket.
pub fn sync_budget(budget: &SyncBudget) -> Page {
    let mut page = Page::new(&[
        C::Bucket,
        C::BucketRequests,
        C::BucketLimit,
        C::BucketRemaining,
        C::BucketResetsInMs,
        C::BucketLeftToOthers,
        C::BucketDurationMs,
        C::BudgetUsers,
        C::BudgetRequests,
        C::BudgetDurationMs,
        C::RunMode,
        C::RunReason,
    ]);
    for bucket in &budget.buckets {
        let mut row = vec![Cell::text(&bucket.bucket)];
        let numbers = [
            bucket.requests,
            bucket.limit,
            bucket.remaining,
            bucket.resets_in_ms,
            bucket.left_to_others,
            bucket.duration_ms,
            budget.users,
            budget.requests,
            budget.duration_ms,
        ];
        row.extend(numbers.map(|number| number.map_or(Cell::Null, Cell::count)));
        row.push(Cell::text(budget.mode.name()));
        row.push(Cell::text(budget.reason.name()));
        page.push(row);
    }
    page
}
