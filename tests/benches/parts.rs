//! What single parts of the engine cost: `cargo bench --bench parts`. Whole runs are measured by whole_job,
//! delta_run and compare.sh.

#![allow(clippy::unwrap_used)]

#[path = "../jira.rs"]
mod jira;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::LazyLock;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use okta_profiles::contract::settings::Settings;
use okta_profiles::directory::content_hash;
use okta_profiles::engine::Engine;
use okta_profiles::matching::fold;
use okta_profiles::model::{AttributeFilter, Lookup, OktaUser, SearchField, SyncOptions, View};
use okta_profiles::okta::users::decode;
use okta_sim::{OktaSim, Role};

use crate::jira::{hand_over, jira_users};

/// As many as Okta puts on a page at most.
const ROWS: u32 = 200;
/// Users of the directory that is read; more of them only make its trees a level deeper.
const USERS: u32 = 20_000;

fn main() {
    divan::main();
}

/// A page as Okta sends it.
static BODY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let sim = OktaSim::builder().users(ROWS).seed(1).start().unwrap();
    serde_json::to_vec(&sim.all_users().collect::<Vec<_>>()).unwrap()
});

fn users() -> Vec<OktaUser> {
    decode(&BODY, &AttributeFilter::default()).unwrap().items
}

/// A synchronized directory with as many Jira users as Okta users, and the keys of these.
static DIRECTORY: LazyLock<(tempfile::TempDir, Engine, Vec<String>)> = LazyLock::new(|| {
    let sim = OktaSim::builder().users(USERS).seed(1).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(&folder.path().join("directory.db"), Settings::default()).unwrap();
    engine.set("groups.sync", "on").unwrap();
    engine.connect(sim.url(), sim.token(Role::SuperAdmin)).unwrap();
    let jira = jira_users(&sim, USERS);
    hand_over(&engine, &jira);
    engine.sync(SyncOptions::default()).unwrap();
    (folder, engine, jira.into_iter().map(|user| user.key).collect())
});

#[divan::bench]
fn decode_a_page(bencher: Bencher<'_, '_>) {
    LazyLock::force(&BODY);
    bencher.counter(ItemsCount::new(ROWS)).bench(users);
}

#[divan::bench]
fn hash_the_content_of_a_page(bencher: Bencher<'_, '_>) {
    let users = users();
    bencher.counter(ItemsCount::new(ROWS)).bench(|| {
        users.iter().map(content_hash).for_each(|hash| {
            black_box(hash);
        })
    });
}

#[divan::bench(args = ["user0001@example.com", "Ärger.STRAẞE@example.com"])]
fn fold_a_login(login: &str) -> String {
    fold(black_box(login))
}

#[divan::bench]
fn look_up_by_jira_key(bencher: Bencher<'_, '_>) {
    let (_, engine, keys) = &*DIRECTORY;
    let mut keys = keys.iter().cycle();
    bencher
        .with_inputs(|| keys.next().unwrap())
        .bench_local_values(|key| engine.find(Lookup::JiraKey(key)).unwrap());
}

#[divan::bench]
fn people_of_an_issue(bencher: Bencher<'_, '_>) {
    let (_, engine, keys) = &*DIRECTORY;
    let mut pairs = keys.chunks_exact(2).cycle();
    bencher
        .with_inputs(|| pairs.next().unwrap())
        .bench_local_values(|pair| engine.people(pair).unwrap());
}

#[divan::bench]
fn people_of_an_issue_with_chosen_attributes(bencher: Bencher<'_, '_>) {
    let (_, engine, keys) = &*DIRECTORY;
    let chosen = ["title", "department", "manager"].map(str::to_owned);
    let mut pairs = keys.chunks_exact(2).cycle();
    bencher
        .with_inputs(|| pairs.next().unwrap())
        .bench_local_values(|pair| engine.people_showing(pair, &chosen).unwrap());
}

#[divan::bench]
fn list_a_thousand(bencher: Bencher<'_, '_>) {
    let (_, engine, _) = &*DIRECTORY;
    bencher
        .counter(ItemsCount::new(1_000_u32))
        .bench_local(|| engine.list(View::All, 0, 1_000).unwrap());
}

#[divan::bench]
fn search_by_login(bencher: Bencher<'_, '_>) {
    let (_, engine, _) = &*DIRECTORY;
    bencher.bench_local(|| {
        engine
            .search(View::All, SearchField::Login, "user01", "", 20)
            .unwrap()
    });
}

#[divan::bench(sample_count = 10)]
fn match_everybody_again(bencher: Bencher<'_, '_>) {
    let (_, engine, _) = &*DIRECTORY;
    bencher
        .counter(ItemsCount::new(USERS))
        .bench_local(|| engine.rematch().unwrap());
}

/// Sizes of blocks: one of few bytes, the mean of a run, a buffer.
const BLOCKS: [usize; 3] = [24, 180, 4_096];

/// A block of the library's allocator, which wipes what is freed.
#[divan::bench(args = BLOCKS)]
fn a_block_with_wiping(bencher: Bencher<'_, '_>, size: usize) {
    bencher.bench_local(|| drop(black_box(Vec::<u8>::with_capacity(black_box(size)))));
}

/// The same of the system's allocator.
#[divan::bench(args = BLOCKS)]
fn a_block_without_wiping(bencher: Bencher<'_, '_>, size: usize) {
    let layout = Layout::array::<u8>(size).unwrap();
    bencher.bench_local(|| {
        // SAFETY: the layout has a size, and the block goes back with it.
        unsafe { System.dealloc(black_box(System.alloc(black_box(layout))), layout) }
    });
}
