//! The effect of faults on an answer: they replace it, change its links and rate headers, or disturb its delivery.

use std::time::Duration;

use serde_json::Value;
use url::form_urlencoded::Serializer;

use crate::api::errors;
use crate::api::rate_limit::Rate;
use crate::api::reply::{Delivery, PageLinks, Reply};
use crate::fault::{Fault, Place};
use crate::fault_plan::Strikes;
use crate::oauth;

/// How far `Date` and the reset are ahead under the fault `skewed-clock`.
const SKEW_SECONDS: i64 = 5 * 3_600;
/// How far both are behind under the fault `late-clock`.
const LATE_SECONDS: i64 = 3 * 3_600;
/// How far ahead the reset of a concurrency 429 lies. Okta says that this reset is only a suggestion.
const CONCURRENCY_RESET_SECONDS: i64 = 60;

/// The answer of a fault in place of the org's, before the request is looked at.
pub(crate) fn replacement(strikes: &Strikes, turn: u64, attacker_url: &str) -> Option<Reply> {
    let replaced = strikes.all().iter().find_map(|fault| match fault {
        Fault::NotOkta => Some(errors::html(404, "Not Found")),
        Fault::DeactivatedOrg => Some(errors::deactivated_org()),
        Fault::Redirect => {
            let location = format!("{attacker_url}/api/v1/users");
            Some(Reply::empty(302).with_header("location", location))
        }
        Fault::AlwaysServerError | Fault::ServerError | Fault::OrganizationServerError => {
            Some(errors::internal())
        }
        Fault::AlwaysRateLimited | Fault::RateLimit | Fault::Concurrency | Fault::OrganizationRateLimited => {
            Some(errors::rate_limited())
        }
        Fault::HtmlBadGateway | Fault::OrganizationBadGateway => Some(errors::html(502, "502 Bad Gateway")),
        Fault::HtmlOk => Some(errors::html(200, "Please sign in to the proxy")),
        Fault::EmptyOk => Some(Reply::empty(200)),
        Fault::ServiceUnavailable => Some(unavailable(turn)),
        Fault::OrganizationUnavailable => Some(unavailable(0)),
        Fault::TokenRedirect => {
            let location = format!("{attacker_url}/oauth2/v1/token");
            Some(Reply::empty(307).with_header("location", location))
        }
        Fault::TokenAlwaysServerError | Fault::TokenServerError => Some(oauth::server_error()),
        Fault::TokenGrantErrorIn500 => Some(oauth::grant_error_in_500()),
        Fault::TokenUnavailable => Some(oauth::unavailable()),
        Fault::TokenAlwaysRateLimited | Fault::TokenRateLimit => Some(errors::rate_limited()),
        Fault::TokenUserRateLimit => Some(oauth::user_rate_limited()),
        Fault::TokenBadGateway => Some(errors::html(502, "502 Bad Gateway")),
        Fault::TokenNotJson => Some(errors::html(200, "Please sign in to the proxy")),
        Fault::TokenPartial => Some(oauth::token_of_nobody(206)),
        Fault::TokenChanged => Some(oauth::token_of_nobody(203)),
        _ => None,
    });
    replaced.or_else(|| {
        let any = |faults: &[Fault]| faults.iter().any(|fault| strikes.has(*fault));
        let never = any(&[Fault::StalledForever, Fault::OrganizationStalled]);
        let reset = any(&[
            Fault::ConnectionReset,
            Fault::TokenReset,
            Fault::OrganizationReset,
        ]);
        let delivery = if never { Delivery::Never } else { Delivery::Reset };
        (never || reset).then(|| Reply::empty(0).delivered(delivery))
    })
}

fn unavailable(turn: u64) -> Reply {
    if turn.is_multiple_of(2) {
        errors::okta_error(503, "E0000010", "Service is in read only mode", &[])
    } else {
        errors::okta_error(503, "E0000100", "Unable to perform search query.", &[])
    }
}

/// The numbers of the limiter, as the affected response shows them.
pub(crate) fn bend_rate(strikes: &Strikes, rate: Rate, now: i64) -> Rate {
    let mut rate = rate;
    let limited = [
        Fault::RateLimit,
        Fault::AlwaysRateLimited,
        Fault::TokenRateLimit,
        Fault::TokenAlwaysRateLimited,
    ];
    if limited.iter().any(|fault| strikes.has(*fault)) {
        rate = Rate {
            remaining: 0,
            reset: now + 1,
            ..rate
        };
    }
    if strikes.has(Fault::Concurrency) {
        rate = concurrency_rate(now);
    }
    if strikes.has(Fault::ResetInThePast) {
        rate.reset = now - 2;
    }
    rate.reset += skew_of(strikes);
    rate
}

/// How far the clock of the answers is ahead of the world's, in seconds.
pub(crate) fn skew(is_skewed: bool, is_late: bool) -> i64 {
    i64::from(is_skewed) * SKEW_SECONDS - i64::from(is_late) * LATE_SECONDS
}

/// How far the clock of one answer is ahead of the world's, in seconds.
pub(crate) fn skew_of(strikes: &Strikes) -> i64 {
    skew(strikes.has(Fault::SkewedClock), strikes.has(Fault::LateClock))
}

/// The numbers of the concurrency limit, which belong to no bucket.
pub(crate) fn concurrency_rate(now: i64) -> Rate {
    Rate {
        limit: 0,
        remaining: 0,
        reset: now + CONCURRENCY_RESET_SECONDS,
        passes: false,
    }
}

/// Adds the rate limit headers.
pub(crate) fn write_rate_headers(reply: &mut Reply, strikes: &Strikes, rate: Rate) {
    if strikes.has(Fault::MissingRateHeaders) {
        return;
    }
    let mut write = |rate: Rate| {
        reply.headers.push(("x-rate-limit-limit", rate.limit.to_string()));
        reply
            .headers
            .push(("x-rate-limit-remaining", rate.remaining.to_string()));
        reply.headers.push(("x-rate-limit-reset", rate.reset.to_string()));
    };
    if strikes.has(Fault::DuplicateRateHeaders) {
        // The higher limit comes first, so a client that reads only one line believes it.
        write(Rate {
            limit: rate.limit * 2 + 50,
            remaining: rate.remaining + 50,
            ..rate
        });
    }
    write(rate);
}

/// Adds the `Link` headers of a page.
pub(crate) fn write_links(reply: &mut Reply, strikes: &Strikes, base: &str, attacker: &str) {
    let Some(page) = reply.page.take() else {
        return;
    };
    let own = page_url(base, &page, page.after.as_deref(), false);
    let mut lines = vec![format!("<{own}>; rel=\"self\"")];
    if let Some(next) = &page.next {
        let other_scheme = match base.split_once("://") {
            Some(("https", host)) => format!("http://{host}"),
            Some((_, host)) => format!("https://{host}"),
            None => base.to_owned(),
        };
        let base = if strikes.has(Fault::ForeignNext) {
            attacker
        } else if strikes.has(Fault::NextWithOtherScheme) {
            &other_scheme
        } else {
            base
        };
        let cursor = if strikes.has(Fault::EmptyCursor) { "" } else { next };
        let bare = strikes.has(Fault::DroppedParametersInNext);
        let url = page_url(base, &page, Some(cursor), bare);
        lines.push(format!("<{url}>; rel=\"next\""));
    }
    if strikes.has(Fault::NextBeforeSelf) {
        lines.reverse();
    }
    if strikes.has(Fault::FoldedLink) {
        lines = vec![lines.join(", ")];
    }
    reply.headers.extend(lines.into_iter().map(|line| ("link", line)));
}

/// The parameters are sorted and encoded again, as Okta does.
fn page_url(base: &str, page: &PageLinks, after: Option<&str>, bare: bool) -> String {
    let mut parameters: Vec<(&str, &str)> = Vec::new();
    if !bare {
        let pairs = page.parameters.iter();
        parameters.extend(pairs.map(|(name, value)| (name.as_str(), value.as_str())));
    }
    parameters.extend(after.map(|after| ("after", after)));
    parameters.sort_unstable();
    if parameters.is_empty() {
        return format!("{base}{}", page.path);
    }
    let query = Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("{base}{}?{query}", page.path)
}

/// Changes the type of a granted token.
pub(crate) fn bend_token(reply: &mut Reply, strikes: &Strikes) {
    let kind = match strikes.all().iter().find(|fault| fault.place() == Place::Token) {
        Some(Fault::TokenWithoutType) => Value::Null,
        Some(Fault::TokenOfOtherType) => "mac".into(),
        Some(Fault::TokenUnbound) => "Bearer".into(),
        _ => return,
    };
    let Ok(Value::Object(mut fields)) = serde_json::from_slice(&reply.body) else {
        return;
    };
    if !fields.contains_key("token_type") {
        return;
    }
    match kind.is_null() {
        true => fields.remove("token_type"),
        false => fields.insert("token_type".to_owned(), kind),
    };
    reply.body = Value::Object(fields).to_string().into();
}

/// Disturbs the delivery of the body.
pub(crate) fn spoil_delivery(reply: &mut Reply, strikes: &Strikes, stall: Duration, slow: Duration) {
    if !matches!(reply.delivery, Delivery::Whole) {
        return;
    }
    if strikes.has(Fault::CutJson) {
        reply.body.truncate(reply.body.len() / 2);
    }
    for fault in strikes.all() {
        reply.delivery = match fault {
            Fault::TokenLostResponse => Delivery::Reset,
            Fault::TruncatedJson => Delivery::Truncated,
            Fault::UnendedBody => Delivery::Unended,
            Fault::StalledBody => Delivery::Stalled(stall),
            Fault::SlowBody => Delivery::Slow(slow),
            Fault::EndlessBody => Delivery::Huge { announced: false },
            Fault::AnnouncedHugeBody => Delivery::Huge { announced: true },
            _ => continue,
        };
    }
}
