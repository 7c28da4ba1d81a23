//! Evaluates an expression for users and groups.
//!
//! Dates are compared as points in time, text without case. Ids and creation dates ascend together, so a condition
//! on `created` narrows the range of indexes.

use std::borrow::Cow;

use serde_json::Value;

use super::parse::{Comparison, Expression, Operator};
use crate::population::timestamps;
use crate::world::user_object::{Form, user_object};
use crate::world::{View, World};

/// Whether the user matches; the user must exist.
pub(crate) fn matches_user(expression: &Expression, view: &View<'_>, index: u32) -> bool {
    match expression {
        Expression::And(left, right) => matches_user(left, view, index) && matches_user(right, view, index),
        Expression::Or(left, right) => matches_user(left, view, index) || matches_user(right, view, index),
        Expression::Compare(comparison) => user_compares(comparison, view, index),
    }
}

fn user_compares(comparison: &Comparison, view: &View<'_>, index: u32) -> bool {
    let spec = &view.world.spec;
    match comparison.attribute.as_str() {
        "status" => holds_text(comparison, view.status_text(index).unwrap_or_default()),
        "created" => holds_time(comparison, seconds(view.created(index))),
        "lastUpdated" => holds_time(comparison, seconds(view.updated(index))),
        "id" => {
            let id = spec.user_id(index);
            comparison.operator == Operator::Present || id == comparison.literal
        }
        "type.id" => {
            let partner = spec.is_partner(index);
            let id = if partner {
                spec.partner_type_id()
            } else {
                spec.default_type_id()
            };
            holds_text(comparison, &id)
        }
        "profile.login" => holds_text(comparison, &view.login(index)),
        "profile.email" => holds_text(comparison, &view.email(index)),
        other => match other.strip_prefix("profile.") {
            Some(name) => holds_value(comparison, view.profile(index).get(name)),
            // `activated` and `statusChanged` are drawn together with the object.
            None => match user_object(view, index, Form::SlimRow).get(other) {
                Some(Value::String(text)) => {
                    holds_time(comparison, timestamps::parse_millis(text).unwrap_or_default())
                }
                _ => false,
            },
        },
    }
}

/// Whether the group matches.
pub(crate) fn matches_group(expression: &Expression, world: &World, group: u32) -> bool {
    match expression {
        Expression::And(left, right) => {
            matches_group(left, world, group) && matches_group(right, world, group)
        }
        Expression::Or(left, right) => {
            matches_group(left, world, group) || matches_group(right, world, group)
        }
        Expression::Compare(comparison) => group_compares(comparison, world, group),
    }
}

fn group_compares(comparison: &Comparison, world: &World, group: u32) -> bool {
    let [created, updated, members] = world.group_dates(group);
    match comparison.attribute.as_str() {
        "type" => holds_text(comparison, world.group_kind(group).text()),
        "id" => holds_text(comparison, &world.spec.group_id(group)),
        "created" => holds_time(comparison, seconds(created)),
        "lastUpdated" => holds_time(comparison, seconds(updated)),
        "lastMembershipUpdated" => holds_time(comparison, seconds(members)),
        other => {
            let object = world.group_object(group, false);
            let name = other.strip_prefix("profile.").unwrap_or_default();
            holds_value(comparison, object["profile"].get(name))
        }
    }
}

fn seconds(seconds: u32) -> i64 {
    i64::from(seconds) * 1_000
}

fn holds_time(comparison: &Comparison, actual: i64) -> bool {
    let Some(wanted) = timestamps::parse_millis(&comparison.literal) else {
        return comparison.operator == Operator::Present;
    };
    match comparison.operator {
        Operator::Eq => actual == wanted,
        Operator::Gt => actual > wanted,
        Operator::Ge => actual >= wanted,
        Operator::Lt => actual < wanted,
        Operator::Le => actual <= wanted,
        Operator::Present => true,
        Operator::StartsWith | Operator::Contains => false,
    }
}

fn holds_value(comparison: &Comparison, actual: Option<&Value>) -> bool {
    match actual {
        None | Some(Value::Null) => false,
        Some(Value::Array(items)) => items.iter().any(|item| holds_value(comparison, Some(item))),
        Some(Value::String(text)) => holds_text(comparison, text),
        Some(other) => holds_text(comparison, &other.to_string()),
    }
}

fn holds_text(comparison: &Comparison, actual: &str) -> bool {
    let actual = fold(actual);
    let wanted = fold(&comparison.literal);
    match comparison.operator {
        Operator::Eq => actual == wanted,
        Operator::Gt => actual > wanted,
        Operator::Ge => actual >= wanted,
        Operator::Lt => actual < wanted,
        Operator::Le => actual <= wanted,
        Operator::StartsWith => actual.starts_with(wanted.as_ref()),
        Operator::Contains => actual.contains(wanted.as_ref()),
        Operator::Present => true,
    }
}

/// Values are compared without case. ASCII in lower case is common and needs no copy.
fn fold(text: &str) -> Cow<'_, str> {
    if text
        .bytes()
        .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
    {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_lowercase())
    }
}

/// The creation dates that an expression allows: `from` inclusive, `before` exclusive, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CreatedRange {
    from: i64,
    before: i64,
}

impl CreatedRange {
    /// No restriction.
    pub(crate) const ALL: CreatedRange = CreatedRange {
        from: i64::MIN,
        before: i64::MAX,
    };

    /// The narrowest range that follows from the expression.
    pub(crate) fn of(expression: &Expression) -> CreatedRange {
        match expression {
            Expression::And(left, right) => {
                let (left, right) = (CreatedRange::of(left), CreatedRange::of(right));
                CreatedRange {
                    from: left.from.max(right.from),
                    before: left.before.min(right.before),
                }
            }
            Expression::Or(left, right) => {
                let (left, right) = (CreatedRange::of(left), CreatedRange::of(right));
                CreatedRange {
                    from: left.from.min(right.from),
                    before: left.before.max(right.before),
                }
            }
            Expression::Compare(comparison) if comparison.attribute == "created" => {
                CreatedRange::of_comparison(comparison)
            }
            Expression::Compare(_) => CreatedRange::ALL,
        }
    }

    fn of_comparison(comparison: &Comparison) -> CreatedRange {
        let Some(at) = timestamps::parse_millis(&comparison.literal) else {
            return CreatedRange::ALL;
        };
        let (from, before) = match comparison.operator {
            Operator::Eq => (at, at + 1),
            Operator::Gt => (at + 1, i64::MAX),
            Operator::Ge => (at, i64::MAX),
            Operator::Lt => (i64::MIN, at),
            Operator::Le => (i64::MIN, at + 1),
            Operator::StartsWith | Operator::Contains | Operator::Present => (i64::MIN, i64::MAX),
        };
        CreatedRange { from, before }
    }

    /// The range as indexes into ascending creation dates.
    pub(crate) fn indexes(self, created: &[u32]) -> std::ops::Range<u32> {
        let first = created.partition_point(|&at| seconds(at) < self.from);
        let end = created.partition_point(|&at| seconds(at) < self.before);
        first as u32..end.max(first) as u32
    }
}
