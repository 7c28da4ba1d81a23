//! The error bodies of the management API, and of proxies before it.

use serde_json::json;

use super::reply::Reply;

/// An error with the management body; `causes` may be empty.
pub(crate) fn okta_error(status: u16, code: &str, summary: &str, causes: &[&str]) -> Reply {
    let causes: Vec<_> = causes
        .iter()
        .map(|cause| json!({"errorSummary": cause}))
        .collect();
    let body = json!({
        "errorCode": code,
        "errorSummary": summary,
        "errorLink": code,
        "errorId": "oaeSimulatedErrorId000001",
        "errorCauses": causes,
    });
    Reply::json(status, &body)
}

pub(crate) fn invalid_session() -> Reply {
    okta_error(403, "E0000005", "Invalid session", &[])
}

pub(crate) fn forbidden() -> Reply {
    let summary = "You do not have permission to perform the requested action";
    okta_error(403, "E0000006", summary, &[])
}

pub(crate) fn not_found(what: &str, kind: &str) -> Reply {
    let summary = format!("Not found: Resource not found: {what} ({kind})");
    okta_error(404, "E0000007", &summary, &[])
}

pub(crate) fn no_such_path() -> Reply {
    okta_error(404, "E0000008", "The requested path was not found", &[])
}

pub(crate) fn method_not_supported() -> Reply {
    let summary = "The endpoint does not support the provided HTTP method";
    okta_error(405, "E0000022", summary, &[])
}

pub(crate) fn internal() -> Reply {
    okta_error(500, "E0000009", "Internal Server Error", &[])
}

pub(crate) fn invalid_token() -> Reply {
    okta_error(401, "E0000011", "Invalid token provided", &[])
}

pub(crate) fn feature_off() -> Reply {
    let summary = "You do not have permission to access the feature you are requesting";
    okta_error(401, "E0000015", summary, &[])
}

pub(crate) fn invalid_paging() -> Reply {
    okta_error(400, "E0000029", "Invalid paging request.", &[])
}

pub(crate) fn invalid_criteria(cause: &str) -> Reply {
    okta_error(400, "E0000031", "Invalid search criteria.", &[cause])
}

pub(crate) fn search_with_filter() -> Reply {
    let summary = "Invalid request. Use either the 'search' or the 'filter' parameter, not both.";
    okta_error(400, "E0000033", summary, &[])
}

pub(crate) fn invalid_filter() -> Reply {
    okta_error(400, "E0000053", "Invalid filter specified.", &[])
}

pub(crate) fn unsupported_operator() -> Reply {
    okta_error(400, "E0000094", "Unsupported filter: operator 'pr'.", &[])
}

pub(crate) fn unparsable_results() -> Reply {
    let summary = "Some of the users in the search result could not be parsed.";
    okta_error(409, "E0000145", summary, &[])
}

pub(crate) fn rate_limited() -> Reply {
    let summary = "API call exceeded rate limit due to too many requests.";
    okta_error(429, "E0000047", summary, &[])
}

/// A proxy's page, in place of the org's answer.
pub(crate) fn html(status: u16, title: &str) -> Reply {
    let page = format!(
        "<!DOCTYPE html>\n<html><head><title>{title}</title></head>\n\
         <body><h1>{title}</h1><p>proxy.example.com</p></body></html>\n"
    );
    Reply {
        from_okta: false,
        ..Reply::text(status, Some("text/html; charset=utf-8"), page)
    }
}

/// The answer of a deactivated org: JSON without an error code and without a content type.
pub(crate) fn deactivated_org() -> Reply {
    let body = "{\"status\":404,\"message\":\"Resource not found\"}\n";
    Reply::text(404, None, body.to_owned())
}
