//! Dry runs and budgets as rows.

use super::reports::{CHANGE, RUN, change_cells, run_cells};
use crate::ffi::columns::Column as C;
use crate::ffi::page::{Cell, Page};
use crate::model::{DryRun, SyncBudget};

/// A dry run: one row with the report, then one for each field, then the samples. The columns of the other
/// kinds of rows are null.
pub fn dry_run(dry_run: &DryRun) -> Page {
    let of_changes = CHANGE.iter().filter(|column| **column != C::Run);
    let fixed = [C::DryRunRow, C::Name, C::Count];
    let columns: Vec<C> = fixed.iter().chain(RUN).chain(of_changes).copied().collect();
    let mut page = Page::new(&columns);
    let mut push = |kind: &str, names: &[C], cells: Vec<Cell>| {
        let mut row = vec![Cell::Null; columns.len()];
        let named = names.iter().zip(cells);
        for (name, cell) in std::iter::once((&C::DryRunRow, Cell::text(kind))).chain(named) {
            if let Some(at) = columns.iter().position(|column| column == name) {
                row[at] = cell;
            }
        }
        page.push(row);
    };
    push("run", RUN, run_cells(&dry_run.report));
    for (field, users) in &dry_run.fields {
        push("field", &fixed[1..], vec![Cell::text(field), Cell::count(*users)]);
    }
    for change in &dry_run.samples {
        push("change", CHANGE, change_cells(change));
    }
    page
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
