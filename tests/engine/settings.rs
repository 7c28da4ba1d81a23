//! Settings that a directory keeps: a plain call does not bring back what they keep out.

use std::path::Path;
use std::process::{Command, Output};

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::contract::settings::{SettingSource, Settings};
use okta_profiles::engine::Engine;
use okta_profiles::model::View;
use okta_sim::{OktaSim, Role};

use crate::fixture::{Fixture, QUICK, assert_code, entries, settings_of};

fn source(engine: &Engine, key: &str) -> (String, SettingSource) {
    let settings = engine.settings().unwrap();
    let setting = settings.into_iter().find(|setting| setting.key == key).unwrap();
    (setting.value, setting.source)
}

#[test]
fn what_the_directory_keeps_holds_for_the_next_engine_and_a_call_goes_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.db");
    let engine = Engine::open(&file, Settings::default()).unwrap();
    engine.store_setting("retain", "matched").unwrap();
    engine.store_setting("attributes.keep", "department").unwrap();
    assert_eq!(engine.setting("retain").unwrap(), "matched", "at once");
    for (key, value, code) in [
        ("retan", "matched", ErrorCode::UnknownSetting),
        ("retain", "some", ErrorCode::InvalidSetting),
        ("directory.lock_wait_seconds", "5", ErrorCode::InvalidSetting),
        (
            "http.proxy",
            "http://user:secret@proxy:3128",
            ErrorCode::InvalidSetting,
        ),
        ("matching.rules", "name=name", ErrorCode::MatchingRulesInvalid),
    ] {
        assert_code(&engine.store_setting(key, value).unwrap_err(), code);
    }
    engine.close().unwrap();

    let engine = Engine::open(&file, settings_of(&[("retain", "all")])).unwrap();
    assert_eq!(source(&engine, "retain"), ("all".to_owned(), SettingSource::Call));
    let kept = ("department".to_owned(), SettingSource::Directory);
    assert_eq!(source(&engine, "attributes.keep"), kept);
    assert_eq!(source(&engine, "runs.keep").1, SettingSource::Default);
    assert!(engine.unset_setting("attributes.keep").unwrap());
    assert!(!engine.unset_setting("attributes.keep").unwrap());
    assert_code(
        &engine.unset_setting("attributes").unwrap_err(),
        ErrorCode::UnknownSetting,
    );
    engine.close().unwrap();

    let engine = Engine::open(&file, Settings::default()).unwrap();
    assert_eq!(engine.setting("retain").unwrap(), "matched");
    assert_eq!(source(&engine, "attributes.keep").1, SettingSource::Default);
}

#[test]
fn a_plain_sync_does_not_bring_back_what_a_kept_setting_keeps_out() {
    let sim = OktaSim::builder().users(150).seed(76).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture
        .engine
        .store_setting("attributes.keep", "department")
        .unwrap();
    fixture.sync().unwrap();
    fixture.engine.close().unwrap();
    let engine = Engine::open(&fixture.file(), settings_of(QUICK)).unwrap();
    engine.sync(Default::default()).unwrap();
    for entry in entries(&engine, View::All) {
        assert_eq!(entry.okta.unwrap().profile.text("mobilePhone"), None);
    }
}

#[test]
fn a_setting_that_a_newer_engine_kept_is_passed_over_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.db");
    Engine::open(&file, Settings::default()).unwrap().close().unwrap();
    let sqlite = rusqlite::Connection::open(&file).unwrap();
    sqlite
        .execute_batch("INSERT INTO settings VALUES ('future.thing', '1'), ('retain', 'none')")
        .unwrap();
    drop(sqlite);
    let engine = Engine::open(&file, Settings::default()).unwrap();
    assert_eq!(engine.setting("retain").unwrap(), "all");
    let told = engine.log(0, 100);
    assert_eq!(
        told.iter()
            .filter(|line| line.message.contains("is not used"))
            .count(),
        2
    );
    engine.close().unwrap();
    let sqlite = rusqlite::Connection::open(&file).unwrap();
    let kept: i64 = sqlite
        .query_row("SELECT count(*) FROM settings", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, 2);
}

fn run(sim: Option<&OktaSim>, file: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_okta-profiles"));
    command.arg("--directory").arg(file).args(arguments);
    command.env_remove("OKTA_API_TOKEN").env_remove("OKTA_ORG_URL");
    if let Some(sim) = sim {
        command
            .env("OKTA_ORG_URL", sim.url())
            .env("OKTA_API_TOKEN", sim.token(Role::SuperAdmin));
    }
    command.output().unwrap()
}

fn text(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn settings_are_kept_shown_and_forgotten_from_the_shell() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.db");
    let kept = text(&run(
        None,
        &file,
        &["set", "retain=matched", "attributes.drop=mobilePhone,secondEmail"],
    ));
    assert!(kept.contains("retain = matched (from the directory)"), "{kept}");
    let shown = text(&run(None, &file, &["settings"]));
    assert!(
        shown.contains("attributes.drop") && shown.contains("the directory"),
        "{shown}"
    );
    assert!(!shown.contains("runs.keep"), "{shown}");
    let lines = text(&run(
        None,
        &file,
        &[
            "--set",
            "runs.keep=7",
            "settings",
            "--json",
            "runs.keep",
            "retain",
        ],
    ));
    assert!(
        lines.contains(r#""key":"runs.keep","value":"7","source":"call""#),
        "{lines}"
    );
    assert!(
        lines.contains(r#""key":"retain","value":"matched","source":"directory""#),
        "{lines}"
    );
    let half = run(None, &file, &["set", "runs.keep=9", "retain=some"]);
    assert!(!half.status.success());
    text(&run(None, &file, &["unset", "retain", "runs.keep"]));
    let left = text(&run(None, &file, &["settings"]));
    assert!(!left.contains("retain") && !left.contains("runs.keep"), "{left}");
    assert!(text(&run(None, &file, &["settings", "--all"])).contains("runs.keep"));
    assert!(!run(None, &file, &["set", "retan=all"]).status.success());
}

#[test]
fn a_setting_before_the_command_is_not_lost_to_one_after_it() {
    let sim = OktaSim::builder().users(60).seed(77).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.db");
    let before_and_after = [
        "--set",
        "attributes.keep=department",
        "sync",
        "--set",
        "sync.full_every_hours=0",
    ];
    text(&run(Some(&sim), &file, &before_and_after));
    let listed = text(&run(None, &file, &["list", "--view", "all", "--json"]));
    assert!(
        listed.contains("department") && !listed.contains("mobilePhone"),
        "{listed}"
    );
}

#[test]
fn a_setting_names_a_usable_file_or_none_yet() {
    let fixture = Fixture::unconnected(QUICK);
    let folder = fixture.folder.path();
    let place = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let pipe = place("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    std::fs::create_dir(place("folder")).unwrap();
    let large = std::fs::File::create(place("large")).unwrap();
    large.set_len(9 * 1024 * 1024).unwrap();
    for (file, why) in [
        (pipe, "a device or a pipe"),
        ("/dev/zero".to_owned(), "a device or a pipe"),
        (place("folder"), "it is a folder"),
        (place("large"), "it has more than"),
    ] {
        for outcome in [
            fixture.engine.set("http.ca_file", &file),
            fixture.engine.store_setting("http.ca_file", &file),
        ] {
            let error = outcome.unwrap_err();
            assert_code(&error, ErrorCode::InvalidSetting);
            for word in ["http.ca_file", &file, why] {
                assert!(error.message().contains(word), "{error}");
            }
        }
        assert_eq!(fixture.engine.setting("http.ca_file").unwrap(), "", "{file}");
    }
    fixture
        .engine
        .store_setting("http.ca_file", &place("later.pem"))
        .unwrap();
}
