//! Deliveries of the event hook: who may deliver, what is kept, and what changes nothing.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::engine::{Engine, MAX_DELIVERY_BYTES};

use crate::fixture::{Fixture, assert_code, settings_of};
use crate::live::{deliver, delivery, event, listening, updated};

const HEADER: &str = "X-Okta-Profiles-Secret";

fn secret(engine: &Engine) -> String {
    engine.hook_secret().unwrap().expose().to_owned()
}

fn post(engine: &Engine, headers: &[(&str, &str)], body: &[u8]) -> u16 {
    engine.receive_event("POST", headers, body).unwrap().status
}

#[test]
fn a_challenge_is_answered_to_who_knows_the_secret_only() {
    let fixture = Fixture::unconnected(&listening());
    let engine = &fixture.engine;
    let secret = secret(engine);
    let challenge = ("x-okta-verification-challenge", "Me_rShK8-1");
    let get = |headers: &[(&str, &str)]| engine.receive_event("GET", headers, b"").unwrap();
    let answer = get(&[(HEADER, &secret), challenge]);
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (200, r#"{"verification":"Me_rShK8-1"}"#)
    );
    assert!(engine.live_status().unwrap().verified_at.is_some());
    for (headers, status) in [
        (vec![challenge], 401),
        (vec![(HEADER, "wrong"), challenge], 401),
        (vec![(HEADER, ""), challenge], 401),
        (
            vec![(HEADER, secret.as_str()), (HEADER, secret.as_str()), challenge],
            401,
        ),
        (vec![("Authorization", secret.as_str()), challenge], 401),
        (vec![(HEADER, secret.as_str())], 400),
        (
            vec![
                (HEADER, secret.as_str()),
                ("X-Okta-Verification-Challenge", "a\nb"),
            ],
            400,
        ),
    ] {
        let answer = get(&headers);
        assert_eq!((answer.status, answer.body.as_str()), (status, ""));
    }
    for method in ["PUT", "DELETE", "HEAD", "", "get"] {
        assert_eq!(
            engine
                .receive_event(method, &[(HEADER, &secret), challenge], b"")
                .unwrap()
                .status,
            405
        );
    }
}

#[test]
fn forged_huge_and_malformed_deliveries_change_nothing() {
    let fixture = Fixture::unconnected(&listening());
    let engine = &fixture.engine;
    let secret = secret(engine);
    let right = [(HEADER, secret.as_str())];
    let good = delivery("d1", &[updated("e1", "00u1")]);
    assert_eq!(post(engine, &[], &good), 401);
    assert_eq!(post(engine, &[(HEADER, &secret[..63])], &good), 401);
    assert_eq!(post(engine, &[(HEADER, &format!("{secret}0"))], &good), 401);
    assert_eq!(post(engine, &right, &vec![b' '; MAX_DELIVERY_BYTES + 1]), 413);
    for body in [
        &b""[..],
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"{\"data\":7}",
        &good[..good.len() - 1],
    ] {
        assert_eq!(
            post(engine, &right, body),
            400,
            "{}",
            String::from_utf8_lossy(body)
        );
    }
    let status = engine.live_status().unwrap();
    assert_eq!((status.pending, status.events, status.since), (0, 0, None));
    // A user's id that is a path leads nowhere.
    let odd = delivery(
        "d2",
        &[
            updated("e2", "../../logs"),
            event("e3", "user.lifecycle.create", &[]),
        ],
    );
    assert_eq!(post(engine, &right, &odd), 204);
    assert_eq!(engine.live_status().unwrap().pending, 0);
    assert_eq!(post(engine, &right, &good), 204);
    assert_eq!(post(engine, &right, &good), 204, "Okta sends it once more");
    let status = engine.live_status().unwrap();
    assert_eq!((status.pending, status.events, status.repeated), (1, 3, 1));
}

/// What the folders of the directory and of the cluster hold: names, sizes and times of writing. Not the memory that
/// SQLite's readers share, which is no data.
fn on_disk(folders: &[&Path]) -> Vec<(PathBuf, u64, SystemTime)> {
    let mut found = Vec::new();
    for folder in folders {
        for entry in std::fs::read_dir(folder).unwrap() {
            let (path, known) = entry
                .map(|entry| (entry.path(), entry.metadata().unwrap()))
                .unwrap();
            found.push((path, known.len(), known.modified().unwrap()));
        }
    }
    found.retain(|(path, ..)| !path.to_string_lossy().ends_with("-shm"));
    found.sort();
    found
}

#[test]
fn ten_thousand_refused_deliveries_write_nothing_to_the_disk() {
    let fixture = Fixture::unconnected(&listening());
    let engine = &fixture.engine;
    let secret = secret(engine);
    let right = [(HEADER, secret.as_str())];
    let twice = [right[0], right[0]];
    let shared = tempfile::tempdir().unwrap();
    let good = delivery("d1", &[updated("e1", "00u1")]);
    let huge = vec![b' '; MAX_DELIVERY_BYTES + 1];
    let nothing: [(&str, &str); 0] = [];
    for in_a_cluster in [false, true] {
        if in_a_cluster {
            engine.publish_to(shared.path(), "", false).unwrap();
        }
        let folders = [fixture.folder.path(), shared.path()];
        let before = on_disk(&folders);
        for number in 0..5_000 {
            let forged = format!("{number:064x}");
            let forged = [(HEADER, forged.as_str())];
            let (headers, body, status): (&[(&str, &str)], &[u8], u16) = match number % 5 {
                0 => (&nothing, &good, 401),
                1 => (&forged, &good, 401),
                2 => (&twice, &good, 401),
                3 => (&right, &huge, 413),
                _ => (&right, &good[1..], 400),
            };
            assert_eq!(post(engine, headers, body), status, "{number}");
        }
        assert_eq!(on_disk(&folders), before, "in a cluster: {in_a_cluster}");
    }
    let status = engine.live_status().unwrap();
    assert_eq!(
        (status.events, status.repeated, status.last_received),
        (0, 0, None)
    );
}

#[test]
fn nothing_is_received_unless_the_hook_is_the_source() {
    let fixture = Fixture::unconnected(&[]);
    let engine = &fixture.engine;
    let secret = secret(engine);
    let body = delivery("d1", &[updated("e1", "00u1")]);
    for source in ["off", "log"] {
        engine.set("live", source).unwrap();
        assert_eq!(post(engine, &[(HEADER, &secret)], &body), 404);
    }
    engine.set("live", "hook").unwrap();
    engine.set("live.secret_header", "X-Other").unwrap();
    assert_eq!(post(engine, &[(HEADER, &secret)], &body), 401);
    assert_eq!(post(engine, &[("x-other", &secret)], &body), 204);
    engine.close().unwrap();
    assert_code(
        &engine.receive_event("POST", &[], b"").unwrap_err(),
        ErrorCode::InvalidHandle,
    );
}

#[test]
fn other_events_in_a_delivery_with_a_known_id_are_taken_in() {
    let fixture = Fixture::unconnected(&listening());
    let engine = &fixture.engine;
    let both = [updated("e1", "00u1"), updated("e2", "00u2")];
    assert_eq!(deliver(engine, "d1", &both[..1]).events, 1);
    assert_eq!(deliver(engine, "d1", &both).events, 1);
    assert_eq!(engine.live_status().unwrap().pending, 2);
}

#[test]
fn two_secrets_are_valid_while_one_takes_the_place_of_the_other() {
    let fixture = Fixture::unconnected(&listening());
    let engine = &fixture.engine;
    let first = secret(engine);
    let second = engine.renew_hook_secret().unwrap().expose().to_owned();
    assert_ne!(first, second);
    assert_eq!(secret(engine), second);
    for (number, given) in [&first, &second].into_iter().enumerate() {
        let body = delivery(&format!("d{number}"), &[]);
        assert_eq!(post(engine, &[(HEADER, given)], &body), 204);
    }
    engine.rekey(None).unwrap();
    assert_eq!(secret(engine), second, "sealed under the new key");
    let file = std::fs::read(fixture.file()).unwrap();
    let holds = |secret: &str| file.windows(secret.len()).any(|bytes| bytes == secret.as_bytes());
    assert!(!holds(&first) && !holds(&second));
    engine.disconnect().ok();
    assert_eq!(post(engine, &[(HEADER, &second)], &delivery("d9", &[])), 401);
}

/// The child of the next test: takes a delivery and is killed when it has answered.
#[test]
fn child_takes_a_delivery() {
    let Ok(directory) = std::env::var("OKP_TEST_LIVE_CHILD") else {
        return;
    };
    let engine = Engine::open(Path::new(&directory), settings_of(&listening())).unwrap();
    assert_eq!(deliver(&engine, "d1", &[updated("e1", "00u_killed")]).status, 204);
    std::process::abort();
}

#[test]
fn what_was_answered_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("directory.db");
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "live_receive::child_takes_a_delivery"])
        .env("OKP_TEST_LIVE_CHILD", &directory)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(!status.success(), "it was killed");
    let engine = Engine::open(&directory, settings_of(&listening())).unwrap();
    let live = engine.live_status().unwrap();
    assert_eq!((live.pending, live.events), (1, 1));
    assert_eq!(
        deliver(&engine, "d1", &[updated("e1", "00u_killed")]).events,
        0,
        "known"
    );
}
