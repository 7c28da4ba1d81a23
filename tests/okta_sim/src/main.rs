//! The simulated org as a program. It starts the org, prints one line of JSON with its addresses, and serves until
//! standard input closes, its time is over, or it gets a signal.

// The program's interface is the one line on stdout.
#![allow(clippy::print_stdout)]

mod live_arguments;
mod oauth_arguments;

use std::error::Error;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use clap::Parser;
use live_arguments::LiveArguments;
use oauth_arguments::OAuthArguments;
use okta_sim::{Bucket, Fault, OktaSim, Role, jira_users, jira_users_csv};
use serde_json::{Map, Value, json};

/// A simulated Okta org on the loopback interface, for tests and demonstrations.
#[derive(Parser)]
struct Arguments {
    /// How many users the org begins with.
    #[arg(long, default_value_t = 1_000)]
    users: u32,
    /// The seed of everything that looks random.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many groups there are, with `Everyone`.
    #[arg(long, default_value_t = 20)]
    groups: u32,
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// How long every answer takes.
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// The most time that an answer may take in addition.
    #[arg(long, default_value_t = 0)]
    jitter_ms: u64,
    /// How long searches lag behind changes.
    #[arg(long, default_value_t = 0)]
    search_lag_ms: u64,
    /// The limit of a bucket per window: users, user, groups, group, logs, oauth or generic.
    #[arg(long, value_name = "BUCKET=N", value_parser = bucket_limit)]
    rate_limit: Vec<(Bucket, u32)>,
    /// The limits of a Workforce org on all buckets not named by --rate-limit.
    #[arg(long)]
    workforce_limits: bool,
    /// How long a rate limit window is.
    #[arg(long, default_value_t = 60)]
    window_seconds: u64,
    /// How many requests may be in flight at once.
    #[arg(long)]
    concurrency_limit: Option<usize>,
    /// Faults by name, comma separated; --list-faults shows them.
    #[arg(long, value_delimiter = ',', value_parser = fault)]
    fault: Vec<Fault>,
    /// Periodic faults affect every n-th request that they can affect.
    #[arg(long, default_value_t = 7)]
    fault_period: u32,
    /// How often in a row a periodic fault affects the same request.
    #[arg(long, default_value_t = 1)]
    fault_repeats: u32,
    /// How long the fault stalled-body stalls.
    #[arg(long, default_value_t = 30_000)]
    stall_ms: u64,
    /// How long a body takes under the fault slow-body.
    #[arg(long, default_value_t = 500)]
    slow_body_ms: u64,
    /// Answer as if there was no `fields` parameter.
    #[arg(long)]
    ignore_fields: bool,
    /// Give no user a status that clients do not know.
    #[arg(long)]
    known_statuses: bool,
    /// Serve over TLS, with a certificate from an authority that is made for this run.
    #[arg(long)]
    tls: bool,
    /// Where to write the certificate of the authority, in PEM.
    #[arg(long, requires = "tls")]
    ca_file: Option<PathBuf>,
    /// Where to write the token of the super admin.
    #[arg(long)]
    token_file: Option<PathBuf>,
    /// Where to write the users of a Jira that belongs to the org, as CSV.
    #[arg(long)]
    jira_users: Option<PathBuf>,
    /// How many users that Jira has; by default as many as the org.
    #[arg(long)]
    jira_user_count: Option<u32>,
    /// Stop after this many seconds.
    #[arg(long)]
    duration_seconds: Option<u64>,
    /// Do not stop when standard input closes.
    #[arg(long)]
    stay: bool,
    /// List all faults and stop.
    #[arg(long)]
    list_faults: bool,
    #[command(flatten)]
    oauth: OAuthArguments,
    #[command(flatten)]
    live: LiveArguments,
}

fn fault(name: &str) -> Result<Fault, String> {
    Fault::parse(name).ok_or_else(|| format!("no fault is called `{name}`; try --list-faults"))
}

fn bucket_limit(text: &str) -> Result<(Bucket, u32), String> {
    let (name, limit) = text.split_once('=').ok_or("expected BUCKET=N")?;
    let bucket = Bucket::parse(name).ok_or_else(|| format!("no bucket is called `{name}`"))?;
    Ok((
        bucket,
        limit.parse().map_err(|_| format!("`{limit}` is not a number"))?,
    ))
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    if arguments.list_faults {
        for fault in Fault::ALL {
            let kind = if fault.is_recoverable() {
                "recoverable"
            } else {
                "terminal"
            };
            println!("{:<28} {kind:<12} {}", fault.name(), fault.describe());
        }
        return Ok(());
    }
    let sim = start(&arguments)?;
    arguments.live.apply(&sim);
    write_files(&arguments, &sim)?;
    println!("{}", announcement(&sim));
    io::stdout().flush()?;
    wait(&arguments);
    Ok(())
}

fn start(arguments: &Arguments) -> io::Result<OktaSim> {
    let mut builder = OktaSim::builder()
        .users(arguments.users)
        .seed(arguments.seed)
        .groups(arguments.groups)
        .port(arguments.port)
        .latency(Duration::from_millis(arguments.latency_ms))
        .latency_jitter(Duration::from_millis(arguments.jitter_ms))
        .search_lag(Duration::from_millis(arguments.search_lag_ms))
        .window(Duration::from_secs(arguments.window_seconds))
        .faults(&arguments.fault)
        .fault_period(arguments.fault_period)
        .fault_repeats(arguments.fault_repeats)
        .stall(Duration::from_millis(arguments.stall_ms))
        .slow_body(Duration::from_millis(arguments.slow_body_ms))
        .honours_fields(!arguments.ignore_fields)
        .unknown_status(!arguments.known_statuses)
        .tls(arguments.tls)
        .web_app(arguments.oauth.web_app())
        .service_app(arguments.oauth.service_app()?);
    if arguments.workforce_limits {
        builder = builder.workforce_limits();
    }
    for &(bucket, limit) in &arguments.rate_limit {
        builder = builder.rate_limit(bucket, limit);
    }
    if let Some(most) = arguments.concurrency_limit {
        builder = builder.concurrency_limit(most);
    }
    builder.start()
}

fn write_files(arguments: &Arguments, sim: &OktaSim) -> io::Result<()> {
    let write = |path: &Option<PathBuf>, text: &dyn Fn() -> String| match path {
        Some(path) => std::fs::write(path as &Path, text()),
        None => Ok(()),
    };
    write(&arguments.ca_file, &|| {
        sim.ca_pem().unwrap_or_default().to_owned()
    })?;
    write(&arguments.token_file, &|| sim.token(Role::SuperAdmin).to_owned())?;
    arguments.oauth.write_files(sim)?;
    let count = arguments.jira_user_count.unwrap_or(arguments.users);
    write(&arguments.jira_users, &|| {
        jira_users_csv(&jira_users(sim.spec(), count))
    })
}

fn announcement(sim: &OktaSim) -> Value {
    let tokens: Map<String, Value> = Role::ALL
        .iter()
        .map(|&role| (role.name().to_owned(), json!(sim.token(role))))
        .collect();
    json!({
        "url": sim.url(), "token": sim.token(Role::SuperAdmin), "tokens": tokens,
        "org_id": sim.org_id(), "users": sim.user_count(), "attacker_url": sim.attacker_url(),
        "oauth": oauth_arguments::announcement(sim),
    })
}

/// Waits for the end of standard input or of the time, whichever was chosen and comes first.
fn wait(arguments: &Arguments) {
    let (ended, end) = mpsc::channel::<()>();
    let reader = ended.clone();
    if !arguments.stay {
        std::thread::spawn(move || {
            // An input that cannot be read counts as closed.
            let _ = io::copy(&mut io::stdin().take(u64::MAX), &mut io::sink());
            let _ = reader.send(());
        });
    }
    // A message and a time-out mean the same.
    let _ = match arguments.duration_seconds {
        Some(seconds) => end.recv_timeout(Duration::from_secs(seconds)).ok(),
        None => end.recv().ok(),
    };
    drop(ended);
}
