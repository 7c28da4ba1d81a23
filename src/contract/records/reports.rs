//! Validations, budgets and dry runs. In these reports every row repeats the values about the whole report.

use super::form::{RecordForm, field, rows};
use super::mixed::Mixed;
use super::named::hand_over;
use super::runs::{CHANGE, RUN};
use super::values::words;
use crate::contract::columns::Column as C;
use crate::contract::page::{Cell, Page};
use crate::model::{BucketBudget, Check, DryRun, SyncBudget, ValidationReport};

/// One check of a validation.
pub static CHECK: RecordForm<Check> = RecordForm {
    java: "Check",
    about: "One line of a validation report.",
    fields: &[
        field("capability", C::Capability, |check| check.capability.into()),
        field("purpose", C::Purpose, |check| check.purpose.into()),
        field("outcome", C::Outcome, |check| check.outcome.into()),
        field("required", C::Required, |check| check.required.into()),
        field("error_code", C::ErrorCode, |check| check.error_code.into()),
        field("advice", C::Advice, |check| (&check.advice).into()),
        field("finding", C::Finding, |check| (&check.value).into()),
        field("missing_scope", C::MissingScope, |check| {
            (&check.missing_scope).into()
        }),
        field("okta_error_code", C::OktaErrorCode, |check| {
            (&check.okta_error_code).into()
        }),
        field("okta_request_id", C::OktaRequestId, |check| {
            (&check.okta_request_id).into()
        }),
    ],
};

/// The result of a validation.
pub static VALIDATION: RecordForm<ValidationReport> = RecordForm {
    java: "ValidationReport",
    about: "The result of validating a connection.",
    fields: &[
        field("usable", C::Usable, |report| report.usable.into()),
        field("org_url", C::OrgUrl, |report| (&report.org_url).into()),
        field("org_url_note", C::OrgUrlNote, |report| {
            (&report.org_url_note).into()
        }),
        field("credential_kind", C::CredentialKind, |report| {
            report.credential_kind.into()
        }),
        field("granted_scopes", C::GrantedScopes, |report| {
            words(&report.granted_scopes)
        }),
        field("missing_scopes", C::MissingScopes, |report| {
            words(&report.missing_scopes)
        }),
        field("unneeded_scopes", C::UnneededScopes, |report| {
            words(&report.unneeded_scopes)
        }),
        rows("checks", &CHECK),
    ],
};

/// What a sync would need of one bucket.
pub static BUCKET: RecordForm<BucketBudget> = RecordForm {
    java: "SyncBudget.Bucket",
    about: "What a sync would need of one bucket of Okta's rate limits. An unknown value is null.",
    fields: &[
        field("path", C::Bucket, |bucket| (&bucket.bucket).into()),
        field("requests", C::BucketRequests, |bucket| bucket.requests.into()),
        field("limit", C::BucketLimit, |bucket| bucket.limit.into()),
        field("remaining", C::BucketRemaining, |bucket| bucket.remaining.into()),
        field("resets_in", C::BucketResetsInMs, |bucket| {
            bucket.resets_in_ms.into()
        }),
        field("left_to_others", C::BucketLeftToOthers, |bucket| {
            bucket.left_to_others.into()
        }),
        field("duration", C::BucketDurationMs, |bucket| {
            bucket.duration_ms.into()
        }),
    ],
};

/// How many requests and how much time a sync would need.
pub static BUDGET: RecordForm<SyncBudget> = RecordForm {
    java: "SyncBudget",
    about: "How many requests and how much time a sync that begins now would need. An unknown value is null.",
    fields: &[
        field("mode", C::RunMode, |budget| budget.mode.into()),
        field("reason", C::RunReason, |budget| budget.reason.into()),
        field("users", C::BudgetUsers, |budget| budget.users.into()),
        field("requests", C::BudgetRequests, |budget| budget.requests.into()),
        field("duration", C::BudgetDurationMs, |budget| {
            budget.duration_ms.into()
        }),
        rows("buckets", &BUCKET),
    ],
};

/// A page with a row for each part. Every row repeats the values about the whole.
fn of_whole<P, W>(part: &RecordForm<P>, parts: &[P], whole: &RecordForm<W>, value: &W) -> Page {
    let mut columns = part.columns();
    columns.extend(whole.columns());
    let mut page = Page::new(&columns);
    for one in parts {
        let mut row = part.cells(one);
        whole.push(Some(value), &mut row);
        page.push(&row);
    }
    page
}

/// The checks of a validation.
pub fn validation(report: &ValidationReport) -> Page {
    of_whole(&CHECK, &report.checks, &VALIDATION, report)
}

/// A budget, one row for each bucket.
pub fn sync_budget(budget: &SyncBudget) -> Page {
    of_whole(&BUCKET, &budget.buckets, &BUDGET, budget)
}

/// A dry run: one row with the report, then one row for each field, one for each count of the hand-over of Jira
/// users, and one for each sample. In each row, the columns of the other kinds of rows are null.
pub fn dry_run(dry_run: &DryRun) -> Page {
    const FIELD: &[C] = &[C::Name, C::Count];
    let (run, change) = (RUN.columns(), CHANGE.columns());
    let mut page = Mixed::new(C::DryRunRow, &[FIELD, &run, &change]);
    page.push("run", &run, RUN.cells(&dry_run.report));
    for (field, users) in &dry_run.fields {
        page.push("field", FIELD, vec![Cell::from(field), Cell::from(*users)]);
    }
    for (name, count) in dry_run.jira_users.iter().flat_map(hand_over) {
        page.push("jira_users", FIELD, vec![Cell::from(name), count]);
    }
    for sample in &dry_run.samples {
        page.push("change", &change, CHANGE.cells(sample));
    }
    page.done()
}
