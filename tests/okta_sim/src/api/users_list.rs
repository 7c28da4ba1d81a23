//! `GET /api/v1/users`: the plain list, `search` and `filter`, and the faults of listings.

use serde_json::{Value, json};

use super::lies::{self, Told};
use super::reply::{PageLinks, Reply};
use super::selection::{self, Order, Selected, Wanted};
use super::{Context, Incoming, errors, projection};
use crate::fault::Fault;
use crate::population::ids;
use crate::search::{self, Comparison, Expression, Operator};
use crate::world::user_object::{Form, user_object};

/// The most users on a page, and also the number of a request without `limit`.
const MOST_USERS: usize = 200;
/// A page of more than this fails under the fault `timeout-on-large-limit`.
const LARGE_LIMIT: usize = 100;
/// How many rows of the page before are repeated under the fault `duplicate-rows`.
const REPEATED_ROWS: usize = 3;

const TIMES: [&str; 4] = ["created", "activated", "statusChanged", "lastUpdated"];

pub(crate) fn users(context: &Context<'_>, request: &Incoming) -> Reply {
    match wanted(context, request) {
        Ok(wanted) => page(context, request, &wanted),
        Err(refusal) => refusal,
    }
}

/// The limit of a request: `most` if it is missing or larger.
pub(super) fn limit(request: &Incoming, most: usize) -> Result<usize, Reply> {
    match request.parameter("limit") {
        None => Ok(most),
        Some(text) => match text.parse::<usize>() {
            Ok(limit) if limit > 0 => Ok(limit.min(most)),
            _ => Err(errors::invalid_paging()),
        },
    }
}

fn wanted(context: &Context<'_>, request: &Incoming) -> Result<Wanted, Reply> {
    let limit = limit(request, MOST_USERS)?;
    let strikes = context.strikes;
    if strikes.has(Fault::TimeoutOnLargeLimit) && limit > LARGE_LIMIT {
        return Err(errors::internal());
    }
    let search = request.parameter("search");
    let filter = request.parameter("filter");
    if search.is_some() && filter.is_some() {
        return Err(errors::search_with_filter());
    }
    let expression = match (search, filter) {
        (Some(text), _) => Some(valid_search(context, text)?),
        (None, Some(text)) => Some(valid_filter(context, text)?),
        (None, None) => None,
    };
    let after = selection::id_in_cursor(request.parameter("after"))?;
    if strikes.has(Fault::InvalidCursor) {
        return Err(errors::invalid_criteria("Invalid cursor."));
    }
    if strikes.has(Fault::SortInvalid) && request.parameter("sortBy").is_some() {
        return Err(errors::okta_error(
            400,
            "E0000001",
            "Api validation failed: sortBy",
            &[],
        ));
    }
    if strikes.has(Fault::SortRefused) && request.parameter("sortBy").is_some() {
        return Err(errors::invalid_criteria("Invalid sort."));
    }
    let order = match search {
        Some(_) if strikes.has(Fault::SortIgnored) => Order::scattered(),
        Some(_) => order(request)?,
        None => Order::Ascending,
    };
    let short = strikes.has(Fault::ShortPages);
    let seed = context.world.spec.seed;
    Ok(Wanted {
        with_deprovisioned: expression.is_some(),
        limit: if short {
            selection::shortened(seed, after.as_deref(), &order, limit)
        } else {
            limit
        },
        expression,
        order,
        after,
    })
}

fn valid_search(context: &Context<'_>, text: &str) -> Result<Expression, Reply> {
    let refuse = || errors::invalid_criteria("Invalid search query.");
    let expression = search::parse(text).ok_or_else(refuse)?;
    for comparison in expression.comparisons() {
        if !search_allows(comparison) {
            return Err(refuse());
        }
        let strikes = context.strikes;
        if strikes.has(Fault::RangeSearchRefused) && comparison.attribute == "created" {
            return Err(refuse());
        }
        if strikes.has(Fault::UpdatedSearchRefused) && comparison.attribute == "lastUpdated" {
            return Err(refuse());
        }
        if strikes.has(Fault::StatusPrRefused) && comparison.operator == Operator::Present {
            return Err(errors::unsupported_operator());
        }
    }
    if context.strikes.has(Fault::SearchUnparsable) {
        return Err(errors::unparsable_results());
    }
    Ok(expression)
}

fn search_allows(comparison: &Comparison) -> bool {
    let attribute = comparison.attribute.as_str();
    let time = crate::population::timestamps::parse_millis(&comparison.literal);
    match comparison.operator {
        Operator::Contains => [
            "profile.firstName",
            "profile.lastName",
            "profile.email",
            "profile.login",
        ]
        .contains(&attribute),
        _ if attribute.starts_with("profile.") || attribute == "status" => true,
        Operator::Present => TIMES.contains(&attribute) || attribute == "id",
        _ if TIMES.contains(&attribute) => time.is_some(),
        // Ids are compared with case and searches without, so ranges of ids are refused.
        Operator::Eq => attribute == "id" || attribute == "type.id",
        Operator::Gt | Operator::Ge | Operator::Lt | Operator::Le | Operator::StartsWith => false,
    }
}

/// The plain `filter` allows few attributes, and ranges of `lastUpdated` only.
fn valid_filter(context: &Context<'_>, text: &str) -> Result<Expression, Reply> {
    const ATTRIBUTES: [&str; 6] = [
        "status",
        "id",
        "profile.login",
        "profile.email",
        "profile.firstName",
        "profile.lastName",
    ];
    let expression = search::parse(text).ok_or_else(errors::invalid_filter)?;
    let allowed = |comparison: &&Comparison| match comparison.operator {
        Operator::Eq => {
            comparison.attribute == "lastUpdated" || ATTRIBUTES.contains(&comparison.attribute.as_str())
        }
        Operator::Gt | Operator::Ge | Operator::Lt | Operator::Le => comparison.attribute == "lastUpdated",
        Operator::StartsWith | Operator::Contains | Operator::Present => false,
    };
    let refuses_updated = context.strikes.has(Fault::UpdatedFilterRefused);
    let refused = |comparison: &&Comparison| refuses_updated && comparison.attribute == "lastUpdated";
    if expression.comparisons().iter().any(refused) {
        return Err(errors::invalid_filter());
    }
    if expression.comparisons().iter().all(allowed) {
        Ok(expression)
    } else {
        Err(errors::invalid_filter())
    }
}

fn order(request: &Incoming) -> Result<Order, Reply> {
    let descending = match request.parameter("sortOrder").unwrap_or("asc") {
        order if order.eq_ignore_ascii_case("asc") => false,
        order if order.eq_ignore_ascii_case("desc") => true,
        _ => return Err(errors::invalid_criteria("Invalid sort order.")),
    };
    Ok(match request.parameter("sortBy") {
        None => Order::Ascending,
        Some("id" | "created") if descending => Order::Descending,
        Some("id" | "created") => Order::Ascending,
        Some(attribute) => Order::By {
            attribute: attribute.to_owned(),
            descending,
        },
    })
}

fn page(context: &Context<'_>, request: &Incoming, wanted: &Wanted) -> Reply {
    let searching = request.parameter("search").is_some();
    let view = if searching {
        context.world.search_view()
    } else {
        context.world.view()
    };
    let strikes = context.strikes;
    let Selected {
        mut indexes,
        mut next,
    } = wanted.select(&view);
    if strikes.has(Fault::EmptyLastPage) && next.is_none() {
        next = indexes.last().map(|&last| context.world.spec.user_id(last));
    }
    if strikes.has(Fault::DuplicateRows) {
        indexes.splice(0..0, rows_before(&view, wanted));
    }
    indexes.retain(|&index| context.visibility.sees(index));
    if strikes.has(Fault::RoleLessEmpty) || context.visibility.sees_nobody() {
        (indexes, next) = (Vec::new(), None);
    }
    let form = if request.wants_slim_users() {
        Form::SlimRow
    } else {
        Form::Row
    };
    let fields = request.parameter("fields").filter(|_| context.honours_fields);
    let rows: Vec<Value> = indexes
        .into_iter()
        .map(|index| user_object(&view, index, form))
        .map(|user| projection::project(user, fields))
        .collect();
    let plain = wanted.expression.is_none();
    if strikes.has(Fault::RepeatedCursor) && next.is_some() {
        next = Some(context.world.spec.user_id(0));
    }
    let next = next.map(|id| selection::cursor_for(plain, &id));
    listing(context, request, rows, next)
}

/// An array with its links, or what the fault `wrong-json-shape` sends instead.
pub(super) fn listing(
    context: &Context<'_>,
    request: &Incoming,
    rows: Vec<Value>,
    next: Option<String>,
) -> Reply {
    let Told {
        status,
        path,
        rows,
        next,
    } = lies::bend(context, request, rows, next);
    let body = if context.strikes.has(Fault::WrongJsonShape) {
        json!({"items": rows})
    } else {
        Value::Array(rows)
    };
    let others = request.parameters.iter().filter(|(name, _)| name != "after");
    Reply::json(status, &body).with_page(PageLinks {
        path,
        parameters: others.cloned().collect(),
        after: request.parameter("after").map(str::to_owned),
        next,
    })
}

/// The last rows of the page before this one.
fn rows_before(view: &crate::world::View<'_>, wanted: &Wanted) -> Vec<u32> {
    let Some(after) = &wanted.after else {
        return Vec::new();
    };
    let world = view.world;
    let position = ids::position_after(world.spec.seed, after, world.end());
    let everything = Wanted {
        expression: wanted.expression.clone(),
        with_deprovisioned: wanted.with_deprovisioned,
        order: Order::Descending,
        after: (position < world.end()).then(|| world.spec.user_id(position)),
        limit: REPEATED_ROWS,
    };
    let mut rows = everything.select(view).indexes;
    rows.reverse();
    rows
}
