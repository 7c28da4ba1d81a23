//! Every fault observably does what it says.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use okta_sim::{Fault, OktaSim, Role};
use serde_json::Value;

use crate::client::{Answer, filter, get, pages, rows, search, send};
use crate::token_faults;

pub const LIST: &str = "/api/v1/users?limit=50";

pub fn struck_by(fault: Fault) -> OktaSim {
    OktaSim::builder()
        .users(400)
        .fault(fault)
        .fault_period(1)
        .stall(Duration::from_millis(300))
        .start()
        .expect("a running org")
}

/// A request that may fail before there is an answer.
fn try_get(sim: &OktaSim, path: &str) -> std::io::Result<Answer> {
    let authorization = format!("Authorization: SSWS {}", sim.token(Role::SuperAdmin));
    send(sim, "GET", path, &[&authorization], "")
}

fn status_and_code(sim: &OktaSim, path: &str) -> (u16, String) {
    let answer = get(sim, path);
    (answer.status, answer.error_code())
}

/// The first request fails as said, its retry succeeds.
fn fails_once(fault: Fault, status: u16, code: &str) {
    let sim = struck_by(fault);
    assert_eq!(status_and_code(&sim, LIST), (status, code.into()), "{fault}");
    assert_eq!(get(&sim, LIST).rows().len(), 50, "{fault}");
    assert_eq!(status_and_code(&sim, LIST).0, status, "{fault}");
    assert_eq!(sim.requests()[0].faults, [fault]);
}

fn ids(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| row["id"].to_string()).collect()
}

/// The truth, or what a search for everyone must give.
fn truth(sim: &OktaSim) -> Vec<Value> {
    sim.all_users().collect()
}

#[test]
fn every_fault_can_be_observed() {
    for &fault in Fault::ALL {
        observe(fault);
    }
}

fn observe(fault: Fault) {
    match fault {
        Fault::ServerError => fails_once(fault, 500, "E0000009"),
        Fault::RateLimit => fails_once(fault, 429, "E0000047"),
        Fault::Concurrency => fails_once(fault, 429, "E0000047"),
        Fault::ServiceUnavailable => unavailable_by_turns(fault),
        Fault::SearchUnparsable
        | Fault::InvalidCursor
        | Fault::RangeSearchRefused
        | Fault::UpdatedSearchRefused
        | Fault::UpdatedFilterRefused
        | Fault::StatusPrRefused => {
            refused_queries(fault);
        }
        Fault::SortRefused | Fault::SortIgnored | Fault::SortInvalid => sorting(fault),
        Fault::UnendedBody
        | Fault::LostEnd
        | Fault::MomentarilyRepeatedCursor
        | Fault::NextOfAnotherListing
        | Fault::EndlessEmptyPages
        | Fault::EndlessRepeatedRows
        | Fault::PartialContent
        | Fault::CutListings => untrue_pages(fault),
        Fault::FoldedLink
        | Fault::NextBeforeSelf
        | Fault::DroppedParametersInNext
        | Fault::ForeignNext
        | Fault::NextWithOtherScheme
        | Fault::RepeatedCursor
        | Fault::EmptyCursor => links(fault),
        Fault::EmptyLastPage | Fault::ShortPages | Fault::DuplicateRows | Fault::TimeoutOnLargeLimit => {
            shapes_of_pages(fault)
        }
        Fault::HtmlBadGateway
        | Fault::HtmlOk
        | Fault::EmptyOk
        | Fault::CutJson
        | Fault::TruncatedJson
        | Fault::StalledBody
        | Fault::ConnectionReset
        | Fault::SlowBody => {
            spoiled_answers(fault);
        }
        Fault::SkewedClock
        | Fault::LateClock
        | Fault::ResetInThePast
        | Fault::MissingRateHeaders
        | Fault::MissingDateHeader
        | Fault::DuplicateRateHeaders => headers(fault),
        Fault::OddUsers | Fault::DeepJson => odd_bodies(fault),
        Fault::OrganizationServerError
        | Fault::OrganizationBadGateway
        | Fault::OrganizationUnavailable
        | Fault::OrganizationRateLimited
        | Fault::OrganizationReset
        | Fault::OrganizationStalled => without_organization(fault),
        Fault::TokenServerError
        | Fault::TokenGrantErrorIn500
        | Fault::TokenUnavailable
        | Fault::TokenRateLimit
        | Fault::TokenUserRateLimit
        | Fault::TokenBadGateway
        | Fault::TokenReset
        | Fault::TokenLostResponse => token_faults::fails_once(fault),
        Fault::TokenWithoutType | Fault::TokenOfOtherType | Fault::TokenUnbound => {
            token_faults::odd_types(fault);
        }
        Fault::TokenAlwaysServerError
        | Fault::TokenAlwaysRateLimited
        | Fault::TokenRedirect
        | Fault::TokenNotJson
        | Fault::TokenPartial
        | Fault::TokenChanged => token_faults::dead_ends(fault),
        Fault::EndlessBody
        | Fault::AnnouncedHugeBody
        | Fault::Redirect
        | Fault::AlwaysServerError
        | Fault::AlwaysRateLimited
        | Fault::RoleLessEmpty
        | Fault::NotOkta
        | Fault::DeactivatedOrg
        | Fault::OtherOrgId
        | Fault::WrongJsonShape
        | Fault::StalledForever => dead_ends(fault),
    }
}

fn unavailable_by_turns(fault: Fault) {
    let sim = struck_by(fault);
    let codes: BTreeSet<String> = (0..8)
        .map(|n| format!("/api/v1/users?limit={}", n / 3 + 1))
        .map(|path| get(&sim, &path))
        .filter(|answer| answer.status == 503)
        .map(|answer| answer.error_code())
        .collect();
    assert_eq!(codes, BTreeSet::from(["E0000010".into(), "E0000100".into()]));
}

fn refused_queries(fault: Fault) {
    let sim = struck_by(fault);
    let everyone = search("status pr");
    let range = search(r#"created ge "2018-01-01T00:00:00.000Z""#);
    match fault {
        Fault::SearchUnparsable => {
            assert_eq!(status_and_code(&sim, &everyone), (409, "E0000145".into()));
            assert_eq!(get(&sim, &everyone).status, 200);
        }
        Fault::InvalidCursor => {
            let next = get(&sim, LIST).next().expect("a next page");
            assert_eq!(status_and_code(&sim, &next), (400, "E0000031".into()));
            assert_eq!(get(&sim, &next).status, 200);
        }
        Fault::UpdatedSearchRefused | Fault::UpdatedFilterRefused => {
            let updated = r#"lastUpdated ge "2018-01-01T00:00:00.000Z""#;
            let (refused, code, taken) = match fault {
                Fault::UpdatedSearchRefused => (search(updated), "E0000031", filter(updated)),
                _ => (filter(updated), "E0000053", search(updated)),
            };
            assert_eq!(status_and_code(&sim, &refused), (400, code.into()));
            assert_eq!(get(&sim, &taken).status, 200);
        }
        Fault::RangeSearchRefused => {
            assert_eq!(status_and_code(&sim, &range), (400, "E0000031".into()));
            assert_eq!(get(&sim, &everyone).status, 200);
        }
        _ => {
            assert_eq!(status_and_code(&sim, &everyone), (400, "E0000094".into()));
            assert_eq!(get(&sim, &range).status, 200);
        }
    }
}

fn sorting(fault: Fault) {
    let sim = struck_by(fault);
    let sorted = "/api/v1/users?limit=200&search=status+pr&sortBy=created&sortOrder=asc";
    if fault != Fault::SortIgnored {
        let code = if fault == Fault::SortInvalid {
            "E0000001"
        } else {
            "E0000031"
        };
        assert_eq!(status_and_code(&sim, sorted), (400, code.into()));
        let unsorted = "/api/v1/users?limit=200&search=status+pr";
        assert_eq!(get(&sim, unsorted).status, 200);
        return;
    }
    let all = rows(&sim, sorted);
    let dates: Vec<String> = all.iter().map(|user| user["created"].to_string()).collect();
    assert_eq!(dates.len(), sim.user_count(), "everybody comes once");
    assert!(!dates.is_sorted(), "in no order");
    let descending = sorted.replace("asc", "desc");
    assert_eq!(
        get(&sim, &descending).rows()[0]["id"],
        all[0]["id"],
        "no end is another"
    );
}

fn untrue_pages(fault: Fault) {
    let sim = struck_by(fault);
    let answer = get(&sim, LIST);
    let next = answer.next();
    let second = next.as_deref().map(|next| get(&sim, next));
    match fault {
        Fault::UnendedBody => {
            assert!(!answer.complete && answer.rows().len() == 25);
            assert_eq!(get(&sim, LIST).rows().len(), 50);
        }
        Fault::LostEnd | Fault::MomentarilyRepeatedCursor => {
            let (next, second) = (next.expect("a next page"), second.expect("its answer"));
            let is_lost = second.rows().is_empty() && second.next().is_none();
            let repeats = second.next().as_ref() == Some(&next);
            assert!(is_lost || repeats, "{fault}");
            let again = get(&sim, &next);
            assert!(again.rows().len() == 50 && again.next().is_some_and(|third| third != next));
        }
        Fault::NextOfAnotherListing => assert!(next.expect("a next page").contains("/api/v1/groups?")),
        Fault::EndlessEmptyPages | Fault::EndlessRepeatedRows => {
            let second = second.expect("a second page");
            assert_eq!(second.rows(), answer.rows());
            assert!(second.rows().len() <= 1 && second.next().is_some_and(|third| Some(third) != next));
            let groups = get(&sim, "/api/v1/groups?limit=3");
            assert!(groups.rows().len() <= 1 && groups.next().is_some());
        }
        Fault::PartialContent => assert!(answer.status == 206 && answer.rows().len() == 37 && next.is_none()),
        _ => {
            let second = second.expect("a second page");
            assert!(second.rows().len() == 50 && second.next().is_none());
        }
    }
}

fn links(fault: Fault) {
    let sim = struck_by(fault);
    let answer = get(&sim, LIST);
    let lines = answer.header_lines("link");
    let next = answer.next().expect("a next page");
    match fault {
        Fault::FoldedLink => assert_eq!(lines.len(), 1),
        Fault::NextBeforeSelf => assert!(lines[0].contains("next") && lines[1].contains("self")),
        Fault::DroppedParametersInNext => {
            assert!(!next.contains("limit") && next.contains("after"))
        }
        Fault::ForeignNext => assert!(next.starts_with(sim.attacker_url())),
        Fault::NextWithOtherScheme => assert!(next.starts_with("https://127.0.0.1")),
        Fault::RepeatedCursor => assert_eq!(get(&sim, &next).next(), Some(next)),
        _ => assert!(next.contains("after=&")),
    }
    if matches!(
        fault,
        Fault::FoldedLink | Fault::NextBeforeSelf | Fault::DroppedParametersInNext
    ) {
        assert_eq!(rows(&sim, "/api/v1/users").len(), rows(&sim, LIST).len());
    }
}

fn shapes_of_pages(fault: Fault) {
    let sim = struck_by(fault);
    let path = format!("{}&limit=50", search("status pr"));
    let (healthy, retried) = match fault {
        Fault::TimeoutOnLargeLimit => {
            assert_eq!(
                status_and_code(&sim, &search("status pr")),
                (500, "E0000009".into())
            );
            (8, false)
        }
        Fault::EmptyLastPage => (9, false),
        Fault::DuplicateRows => (8, true),
        _ => (0, false),
    };
    let pages = pages(&sim, &path);
    let mut found = ids(&pages.concat());
    if fault == Fault::ShortPages {
        assert!(pages.len() > 8 && pages.iter().rev().skip(1).any(Vec::is_empty));
        assert!(pages.iter().any(|page| !page.is_empty() && page.len() < 50));
    } else {
        assert_eq!(pages.len(), healthy, "{fault}");
    }
    if retried {
        assert!(found.len() > 400);
        found.sort_unstable();
        found.dedup();
    }
    assert_eq!(found, ids(&truth(&sim)), "{fault}");
}

fn spoiled_answers(fault: Fault) {
    let sim = struck_by(fault);
    let began = Instant::now();
    let struck = try_get(&sim, LIST);
    let took = began.elapsed();
    if fault == Fault::ConnectionReset {
        assert!(struck.is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionReset));
        assert_eq!(sim.requests()[0].status, 0);
    } else {
        let answer = struck.expect("an answer");
        let html = answer
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("text/html"));
        let cut = serde_json::from_slice::<Value>(&answer.body).is_err();
        match fault {
            Fault::HtmlBadGateway => {
                assert!(answer.status == 502 && html);
                assert!(answer.header("x-okta-request-id").is_none());
            }
            Fault::HtmlOk => assert!(answer.status == 200 && html),
            Fault::EmptyOk => assert!(answer.status == 200 && answer.body.is_empty()),
            Fault::CutJson => assert!(answer.complete && cut),
            Fault::TruncatedJson => assert!(!answer.complete && cut),
            Fault::StalledBody => assert!(!answer.complete && took > Duration::from_millis(250)),
            _ => assert!(answer.complete && !cut && took > Duration::from_millis(400)),
        }
    }
    assert_eq!(get(&sim, LIST).rows().len(), 50, "{fault}");
}

fn headers(fault: Fault) {
    let sim = struck_by(fault);
    let answer = get(&sim, LIST);
    assert_eq!(answer.status, 200);
    let healthy = get(&struck_by(Fault::NextBeforeSelf), LIST);
    let reset = "x-rate-limit-reset";
    match fault {
        Fault::SkewedClock => {
            assert!(answer.number(reset) - healthy.number(reset) > 4 * 3_600);
            assert_ne!(answer.header("date"), healthy.header("date"));
        }
        Fault::LateClock => {
            assert!(healthy.number(reset) - answer.number(reset) > 2 * 3_600);
            assert_ne!(answer.header("date"), healthy.header("date"));
        }
        Fault::ResetInThePast => assert!(answer.number(reset) < healthy.number(reset) - 50),
        Fault::MissingRateHeaders => assert!(answer.header(reset).is_none()),
        Fault::MissingDateHeader => assert!(answer.header("date").is_none()),
        _ => assert_eq!(answer.header_lines("x-rate-limit-remaining").len(), 2),
    }
}

fn odd_bodies(fault: Fault) {
    let sim = struck_by(fault);
    let listed = rows(&sim, &search("status pr"));
    assert_eq!(listed, truth(&sim));
    let any = |test: &dyn Fn(&Value) -> bool| listed.iter().any(test);
    if fault == Fault::DeepJson {
        assert!(any(&|user| user["tree"]
            .to_string()
            .starts_with(&"[".repeat(100))));
        return;
    }
    assert!(any(&|user| user["status"] == "QUARANTINED"));
    assert!(any(&|user| user["profile"] == serde_json::json!({})));
    assert!(any(
        &|user| user["profile"]["lastName"].is_null() && user["profile"]["login"].is_string()
    ));
    assert!(any(
        &|user| user.get("_links").is_none() && user.get("type").is_none()
    ));
    sim.clear_faults();
    assert!(truth(&sim).iter().all(|user| user["status"] != "QUARANTINED"));
}

/// The well-known document fails, and nothing else does.
fn without_organization(fault: Fault) {
    let sim = struck_by(fault);
    let told = try_get(&sim, "/.well-known/okta-organization");
    let status = told.ok().map(|answer| answer.status);
    let expected = match fault {
        Fault::OrganizationServerError => Some(500),
        Fault::OrganizationBadGateway => Some(502),
        Fault::OrganizationUnavailable => Some(503),
        Fault::OrganizationRateLimited => Some(429),
        _ => None,
    };
    assert_eq!(status, expected, "{fault}");
    assert_eq!(get(&sim, LIST).status, 200, "{fault}");
}

fn dead_ends(fault: Fault) {
    let sim = struck_by(fault);
    let known = get(&sim, "/.well-known/okta-organization");
    if fault == Fault::StalledForever {
        assert!(try_get(&sim, LIST).is_err());
        return;
    }
    let answer = get(&sim, LIST);
    match fault {
        Fault::EndlessBody => assert!(!answer.complete && answer.body.len() > 1 << 20),
        Fault::AnnouncedHugeBody => assert_eq!(answer.number("content-length"), 2 << 30),
        Fault::Redirect => {
            let location = answer.header("location").unwrap_or_default();
            assert!(answer.status == 302 && location.starts_with(sim.attacker_url()));
        }
        Fault::AlwaysServerError => assert_eq!((answer.status, get(&sim, LIST).status), (500, 500)),
        Fault::AlwaysRateLimited => assert_eq!((answer.status, get(&sim, LIST).status), (429, 429)),
        Fault::RoleLessEmpty => assert_eq!((answer.status, &answer.body[..]), (200, &b"[]"[..])),
        Fault::NotOkta => assert!(known.status == 404 && known.body.starts_with(b"<!DOCTYPE")),
        Fault::DeactivatedOrg => {
            assert_eq!(
                answer.body,
                b"{\"status\":404,\"message\":\"Resource not found\"}\n"
            );
            assert!(answer.status == 404 && answer.header("content-type").is_none());
        }
        Fault::OtherOrgId => assert_ne!(known.json()["id"], sim.org_id()),
        _ => assert!(answer.json().is_object()),
    }
}

#[test]
fn faults_keep_their_period_and_can_be_changed() {
    let sim = OktaSim::builder()
        .users(400)
        .faults(&[Fault::ServerError, Fault::HtmlOk])
        .start();
    let sim = sim.expect("a running org");
    let path = |n: u32| format!("/api/v1/users?limit={}", n + 1);
    for n in 0..70 {
        get(&sim, &path(n));
    }
    let struck = |fault| {
        sim.requests()
            .iter()
            .filter(|record| record.faults.contains(&fault))
            .count()
    };
    assert_eq!((struck(Fault::ServerError), struck(Fault::HtmlOk)), (10, 10));
    sim.clear_requests();
    sim.clear_faults();
    get(&sim, LIST);
    assert!(sim.requests()[0].faults.is_empty() && sim.requests()[0].had_credential);
}

#[test]
fn a_fault_can_strike_the_retry_too() {
    let sim = OktaSim::builder()
        .users(10)
        .fault(Fault::ServerError)
        .fault_period(1);
    let sim = sim.fault_repeats(3).start().expect("a running org");
    let statuses: Vec<u16> = (0..5).map(|_| get(&sim, LIST).status).collect();
    assert_eq!(statuses, [500, 500, 500, 200, 500]);
}

#[test]
fn a_listing_whose_cursor_was_refused_gets_through_when_begun_again() {
    let sim = struck_by(Fault::InvalidCursor);
    let list = search("status pr") + "&limit=50";
    let next = get(&sim, &list).next().expect("a next page");
    assert_eq!(get(&sim, &next).status, 400);
    assert_eq!(rows(&sim, &list), truth(&sim));
}

#[test]
fn what_follows_a_foreign_link_is_put_on_record() {
    let sim = struck_by(Fault::ForeignNext);
    let next = get(&sim, LIST).next().expect("a next page");
    assert!(sim.attacker_requests().is_empty());
    let host = next
        .trim_start_matches("http://")
        .split('/')
        .next()
        .unwrap_or_default();
    let mut stream = std::net::TcpStream::connect(host).expect("a connection");
    let request = "GET /x HTTP/1.1\r\nHost: x\r\nAuthorization: SSWS t\r\nConnection: close\r\n\r\n";
    std::io::Write::write_all(&mut stream, request.as_bytes()).expect("a request");
    crate::client::read_answer(&mut stream).expect("an answer");
    assert!(sim.attacker_requests()[0].had_credential);
}
