//! Turns a request into a reply: counts it, applies faults, checks the caller, answers, and logs.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::api::credentials::Presented;
use crate::api::rate_limit::Rate;
use crate::api::reply::Reply;
use crate::api::{self, Context, Endpoint, Incoming, OAuthEndpoint, errors};
use crate::control;
use crate::effects;
use crate::fault::Fault;
use crate::fault_plan::Strikes;
use crate::oauth;
use crate::org::Org;
use crate::population::draw::{Draw, Topic, mix};
use crate::population::timestamps::{http_date, now_seconds};
use crate::request_log::RequestRecord;

/// Answers one request.
pub(crate) async fn respond(org: &Org, request: Incoming) -> Reply {
    if request.path.starts_with("/sim/") {
        return control::answer(org, &request);
    }
    let endpoint = Endpoint::of(&request.path);
    let arrived = org.0.started.elapsed();
    if endpoint == Endpoint::UsersList {
        org.run_hooks();
    }
    let turn = org.0.turns.fetch_add(1, Ordering::SeqCst);
    let strikes = org.faults().strikes(&endpoint, &request);
    let in_flight = InFlight::enter(org);
    tokio::time::sleep(latency(org, turn)).await;
    let mut reply = decide(org, &endpoint, &request, &strikes, turn, in_flight.count);
    dress(org, &mut reply, &strikes, turn);
    org.record(RequestRecord {
        grant_type: grant_type(&endpoint, &request),
        method: request.method,
        path_and_query: request.path_and_query,
        status: reply.status,
        arrived,
        at: org.0.started.elapsed(),
        had_credential: request.authorization.is_some(),
        had_cookie: request.cookie,
        faults: strikes.all().to_vec(),
    });
    reply
}

fn latency(org: &Org, turn: u64) -> Duration {
    let settings = &org.0.settings;
    let jitter = u64::try_from(settings.jitter.as_micros()).unwrap_or(0);
    let extra = Draw::new(org.0.spec.seed, Topic::Jitter, turn).below(jitter + 1);
    settings.latency + Duration::from_micros(extra)
}

fn decide(
    org: &Org,
    endpoint: &Endpoint,
    request: &Incoming,
    strikes: &Strikes,
    turn: u64,
    in_flight: usize,
) -> Reply {
    let now = i64::from(now_seconds()) + org.clock_ahead();
    let rate = endpoint.bucket().map(|bucket| org.limits().take(bucket, now));
    let crowded = (org.0.settings.concurrency_limit).is_some_and(|most| in_flight > most);
    let (mut reply, rate) = if let Some(reply) = effects::replacement(strikes, turn, org.attacker_url()) {
        (reply, rate)
    } else if crowded {
        (errors::rate_limited(), Some(effects::concurrency_rate(now)))
    } else if rate.is_some_and(|rate: Rate| !rate.passes) {
        (errors::rate_limited(), rate)
    } else {
        let bend = org.bends().of(&request.path);
        (bend(answer(org, endpoint, request, strikes)), rate)
    };
    if let Some(rate) = rate.filter(|_| reply.from_okta) {
        let rate = effects::bend_rate(strikes, rate, now);
        effects::write_rate_headers(&mut reply, strikes, rate);
    }
    reply
}

fn answer(org: &Org, endpoint: &Endpoint, request: &Incoming, strikes: &Strikes) -> Reply {
    if let Endpoint::OAuth(endpoint) = endpoint {
        let mut reply = oauth::answer(org, *endpoint, request);
        effects::bend_token(&mut reply, strikes);
        return reply;
    }
    let presented = presented(org, request);
    let checked = org.credentials().check(&presented, endpoint, org.url());
    match checked {
        Err(refusal) => refusal,
        Ok(_) if endpoint.is_event_hooks() => api::event_hooks::answer(org, endpoint, request),
        Ok(visibility) => {
            if *endpoint == Endpoint::Logs {
                org.world_mut().log.settle(std::time::Instant::now());
            }
            let world = org.world();
            let context = Context {
                world: &world,
                strikes,
                visibility,
                honours_fields: org.0.settings.honours_fields,
                alternate_url: org.0.settings.alternate_url.as_deref(),
            };
            api::answer(&context, endpoint, request)
        }
    }
}

/// The credential that the caller sent; its proof of possession is checked here.
fn presented<'a>(org: &Org, request: &'a Incoming) -> Presented<'a> {
    let now = org.clock_millis();
    let authorization = request.authorization.as_deref();
    let token = authorization.and_then(|header| header.strip_prefix("DPoP "));
    let url = format!("{}{}", org.url(), request.path);
    let with_proof = token.filter(|_| !request.dpop.is_empty());
    Presented {
        authorization,
        proof: with_proof.map(|token| org.oauth().proof_of(request, &url, token, now)),
        method: &request.method,
        path: &request.path,
        now,
    }
}

fn grant_type(endpoint: &Endpoint, request: &Incoming) -> Option<String> {
    let to_token = *endpoint == Endpoint::OAuth(OAuthEndpoint::Token);
    let mut form = to_token.then(|| request.form())?.into_iter();
    form.find(|(name, _)| name == "grant_type")
        .map(|(_, value)| value)
}

/// Adds the headers of every response, and disturbs the delivery if a fault requires it.
fn dress(org: &Org, reply: &mut Reply, strikes: &Strikes, turn: u64) {
    let settings = &org.0.settings;
    effects::write_links(reply, strikes, &settings.base_url, &settings.attacker_url);
    if !strikes.has(Fault::MissingDateHeader) {
        let date = i64::from(now_seconds()) + org.clock_ahead() + effects::skew_of(strikes);
        reply.headers.push(("date", http_date(date)));
    }
    effects::spoil_delivery(reply, strikes, settings.stall, settings.slow_body);
    if !reply.from_okta {
        return;
    }
    let id = format!(
        "Z{:016x}{turn:08}",
        mix(org.0.spec.seed, Topic::Request as u64, turn)
    );
    let session = format!("JSESSIONID={:016X}; Path=/; Secure; HttpOnly", turn + 1);
    for (name, value) in [
        ("x-okta-request-id", id.as_str()),
        ("set-cookie", session.as_str()),
        ("set-cookie", "sid=\"\"; Version=1; Path=/; Max-Age=0"),
        ("cache-control", "no-cache, no-store"),
        ("expires", "0"),
        ("pragma", "no-cache"),
        ("p3p", "CP=\"HONK\""),
        ("server", "nginx"),
    ] {
        reply.headers.push((name, value.to_owned()));
    }
}

/// Counts a request as in flight while it lives.
struct InFlight<'a> {
    org: &'a Org,
    /// How many are in flight, this one included.
    count: usize,
}

impl<'a> InFlight<'a> {
    fn enter(org: &'a Org) -> InFlight<'a> {
        let count = org.0.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        org.0.peak_in_flight.fetch_max(count, Ordering::SeqCst);
        InFlight { org, count }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.org.0.in_flight.fetch_sub(1, Ordering::SeqCst);
    }
}
