//! What the main job costs, beside a floor: a program that fetches the same pages over one connection,
//! decodes them and inserts them into SQLite, with no checks at all.
//!
//! `cargo bench --bench whole_job -- [USERS]` (100 000 by default). Everything runs on one machine in one
//! go; the simulated org runs beside it and its share of the time is in both. Figures: BENCHMARKS.md.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::path::Path;
use std::time::{Duration, Instant};

use okta_profiles::config::Settings;
use okta_profiles::engine::Engine;
use okta_profiles::model::{JiraUser, Lookup, SyncMode, SyncOptions, View};
use okta_sim::{OktaSim, Role};
use serde_json::value::RawValue;

const DEFAULT_USERS: u32 = 100_000;
const LOOKUPS: usize = 20_000;

fn main() {
    // cargo passes `--bench` as well.
    let users = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(DEFAULT_USERS);
    let sim = OktaSim::builder().users(users).seed(1).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    println!("{users} users, no latency\n");

    let floor = measure(|| floor(&sim, &folder.path().join("floor.db")));
    println!("| measure | result |\n|---|---|");
    row("floor: fetch, decode, insert", floor);

    let file = folder.path().join("directory.db");
    let engine = Engine::open(&file, Settings::default()).unwrap();
    engine.connect(sim.url(), sim.token(Role::SuperAdmin)).unwrap();
    let first = measure(|| engine.sync(SyncOptions::of(SyncMode::Full)).unwrap());
    row("first full sync", first);
    println!(
        "| first full sync against the floor | {:.2} x |",
        ratio(first, floor)
    );
    let second = measure(|| engine.sync(SyncOptions::of(SyncMode::Full)).unwrap());
    row("second full sync, nothing changed", second);
    println!("| second against the first | {:.2} x |", ratio(second, first));

    let jira: Vec<JiraUser> = okta_sim::jira_users(sim.spec(), users)
        .into_iter()
        .map(jira_user)
        .collect();
    row(
        "hand over and match as many Jira users",
        measure(|| hand_over(&engine, &jira)),
    );
    row("match again", measure(|| engine.rematch().unwrap()));
    lookups("look-up by Jira key, idle", &engine, &jira);
    std::thread::scope(|scope| {
        let running = scope.spawn(|| engine.sync(SyncOptions::of(SyncMode::Full)).unwrap());
        lookups("look-up by Jira key while a sync runs", &engine, &jira);
        running.join().unwrap();
    });
    row("list all users", measure(|| list_all(&engine)));
    engine.close().unwrap();
    row(
        "open the directory",
        measure(|| Engine::open(&file, Settings::default()).unwrap()),
    );
}

fn measure<T>(work: impl FnOnce() -> T) -> Duration {
    let began = Instant::now();
    let value = work();
    let taken = began.elapsed();
    drop(value);
    taken
}

fn ratio(of: Duration, to: Duration) -> f64 {
    of.as_secs_f64() / to.as_secs_f64()
}

fn row(what: &str, taken: Duration) {
    println!("| {what} | {:.0} ms |", millis(taken));
}

fn millis(span: Duration) -> f64 {
    span.as_secs_f64() * 1_000.0
}

/// One kept-alive connection, serde_json, rusqlite, an index on login and e-mail; no checks.
fn floor(sim: &OktaSim, file: &Path) {
    let mut db = rusqlite::Connection::open(file).unwrap();
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
         CREATE TABLE users (id TEXT PRIMARY KEY, status TEXT, login TEXT, email TEXT, name TEXT, profile TEXT);
         CREATE INDEX by_login ON users (login); CREATE INDEX by_email ON users (email);",
    )
    .unwrap();
    // Only so that the client can be made; the org speaks plain HTTP.
    drop(rustls::crypto::ring::default_provider().install_default());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut next = Some(format!("{}/api/v1/users?search=status+pr&limit=200", sim.url()));
    while let Some(url) = next {
        let authorization = format!("SSWS {}", sim.token(Role::SuperAdmin));
        let (links, body) = runtime.block_on(async {
            let answer = client
                .get(&url)
                .header("authorization", authorization)
                .send()
                .await
                .unwrap();
            let links = answer
                .headers()
                .get_all("link")
                .iter()
                .map(|link| link.to_str().unwrap().to_owned());
            (links.collect::<Vec<_>>(), answer.bytes().await.unwrap())
        });
        insert_page(&mut db, &body);
        next = links
            .iter()
            .find(|link| link.contains("rel=\"next\""))
            .map(|link| link.trim_start_matches('<').split('>').next().unwrap().to_owned());
    }
}

#[derive(serde::Deserialize)]
struct FloorUser<'a> {
    id: &'a str,
    status: &'a str,
    #[serde(borrow)]
    profile: &'a RawValue,
}

#[derive(serde::Deserialize)]
struct FloorProfile {
    login: Option<String>,
    email: Option<String>,
    #[serde(rename = "displayName")]
    display_name: Option<String>,
}

fn insert_page(db: &mut rusqlite::Connection, body: &[u8]) {
    let users: Vec<FloorUser<'_>> = serde_json::from_slice(body).unwrap();
    let transaction = db.transaction().unwrap();
    {
        let mut insert = transaction
            .prepare_cached("INSERT INTO users VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
            .unwrap();
        for user in users {
            let profile: FloorProfile = serde_json::from_str(user.profile.get()).unwrap();
            let row = (
                user.id,
                user.status,
                profile.login,
                profile.email,
                profile.display_name,
                user.profile.get(),
            );
            insert.execute(row).unwrap();
        }
    }
    transaction.commit().unwrap();
}

fn jira_user(row: okta_sim::JiraUserRow) -> JiraUser {
    JiraUser {
        key: row.key,
        username: row.username,
        email: row.email,
        display_name: row.display_name,
        active: row.active,
    }
}

fn hand_over(engine: &Engine, users: &[JiraUser]) {
    engine.begin_jira_users().unwrap();
    for batch in users.chunks(2_000) {
        engine.add_jira_users(batch).unwrap();
    }
    engine.commit_jira_users(false).unwrap();
}

fn lookups(what: &str, engine: &Engine, users: &[JiraUser]) {
    let mut times: Vec<Duration> = (0..LOOKUPS)
        .map(|number| {
            // A stride that visits the keys out of order.
            let key = &users[number * 7_919 % users.len()].key;
            let began = Instant::now();
            engine.find(Lookup::JiraKey(key)).unwrap();
            began.elapsed()
        })
        .collect();
    times.sort_unstable();
    let at = |share: usize| times[times.len() * share / 100].as_secs_f64() * 1e6;
    println!("| {what} | p50 {:.1} µs, p99 {:.1} µs |", at(50), at(99));
}

fn list_all(engine: &Engine) {
    let mut after = 0;
    while let Some(last) = engine.list(View::All, after, 1_000).unwrap().last() {
        after = last.cursor;
    }
}
