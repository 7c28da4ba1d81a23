//! An event hook that somebody else changed, that Okta does not take as it is wanted, or that nobody listens to for a
//! while: nothing goes by in silence, and nobody is locked out.

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::engine::Engine;
use okta_profiles::model::View;
use okta_sim::OktaSim;

use crate::fixture::{assert_code, rows, truth};
use crate::live::{delivery, updated};
use crate::live_hook::{Receiver, listening, settle, wait_for};

const HEADER: &str = "X-Okta-Profiles-Secret";

fn post(engine: &Engine, secret: &str, delivery: &[u8]) -> u16 {
    let answer = engine.receive_event("POST", &[(HEADER, secret)], delivery);
    answer.unwrap().status
}

#[test]
fn a_hook_that_was_narrowed_or_moves_its_secret_is_put_right_and_what_it_did_not_tell_is_read() {
    let sim = OktaSim::builder().users(12).seed(741).start().unwrap();
    let here = listening(&sim);
    let receiver = Receiver::before(&here.engine);
    let id = here.engine.register_hook(&receiver.url).unwrap().hook_id;
    settle(&here.engine);
    let all = sim.event_hook_types(&id);
    let mut gap = None;
    for (number, is_narrowed) in [(3, true), (4, false)] {
        sim.edit_event_hook(&id, |types, header| match is_narrowed {
            true => types.truncate(1),
            false => "X-Other".clone_into(header),
        });
        let user = sim.spec().user_id(number);
        sim.delete_user(&user);
        let checked = here.engine.check_hook().unwrap();
        assert!(checked.hook_verified && checked.hook_id == id, "{checked:?}");
        assert!(checked.gap.contains("changed in Okta"), "{}", checked.gap);
        gap = checked.gap_at;
        assert_eq!(sim.event_hook_types(&id), all);
        sim.edit_event_hook(&id, |_, header| assert_eq!(header, HEADER));
        settle(&here.engine);
        assert_eq!(rows(&here.engine, View::All), truth(&sim));
    }
    assert_eq!(here.engine.check_hook().unwrap().gap_at, gap, "all is well");
}

#[test]
fn an_org_that_offers_not_all_types_gets_a_hook_for_the_others() {
    let sim = OktaSim::builder().users(12).seed(742).start().unwrap();
    let withheld = ["group.lifecycle.delete", "user.account.unlock_by_admin"];
    for event_type in withheld {
        sim.withhold_event_type(event_type);
    }
    let here = listening(&sim);
    let receiver = Receiver::before(&here.engine);
    let status = here.engine.register_hook(&receiver.url).unwrap();
    assert!(status.hook_verified, "{status:?}");
    let told = sim.event_hook_types(&status.hook_id);
    let wanted: Vec<&str> = okta_profiles::events::hook_event_types()
        .filter(|event_type| !withheld.contains(event_type))
        .collect();
    assert_eq!(told, wanted);
    settle(&here.engine);
    let checked = here.engine.check_hook().unwrap();
    assert_eq!(
        (checked.gap_at, checked.pending, checked.hook_verified),
        (None, 0, true),
        "the org offers no more"
    );
}

#[test]
fn a_hook_that_okta_does_not_take_is_not_blamed_on_its_address() {
    let sim = OktaSim::builder().users(5).seed(743).start().unwrap();
    sim.refuse_event_hooks(true);
    let here = listening(&sim);
    let receiver = Receiver::before(&here.engine);
    let refused = here.engine.register_hook(&receiver.url).unwrap_err();
    assert_code(&refused, ErrorCode::ValidationFailed);
    assert!(refused.message().contains("at most 25 active hooks"), "{refused}");
    assert!(!refused.message().contains("challenge"), "{refused}");
}

#[test]
fn a_renewal_that_fails_locks_nobody_out() {
    let sim = OktaSim::builder().users(5).seed(744).start().unwrap();
    let here = listening(&sim);
    let receiver = Receiver::before(&here.engine);
    let hook = here.engine.register_hook(&receiver.url).unwrap().hook_id;
    let before = here.engine.hook_secret().unwrap().expose().to_owned();
    sim.refuse_event_hooks(true);
    for _ in 0..2 {
        here.engine.rotate_hook_secret().unwrap_err();
    }
    let days_later = || {
        here.engine.close().unwrap();
        let path = here.folder.path().join("directory.db");
        let file = rusqlite::Connection::open(&path).unwrap();
        file.execute("UPDATE hook_secrets SET ends = 1 WHERE ends IS NOT NULL", [])
            .unwrap();
        drop(file);
        let settings = crate::fixture::settings_of(&crate::live::listening());
        std::sync::Arc::new(Engine::open(&path, settings).unwrap())
    };
    let later = days_later();
    assert_eq!(
        post(&later, &before, &delivery("d1", &[])),
        204,
        "Okta has no other"
    );
    sim.refuse_event_hooks(false);
    let receiver_later = Receiver::before(&later);
    later.register_hook(&receiver_later.url).unwrap();
    let renewed = later.rotate_hook_secret().unwrap().hook_id;
    assert_ne!(renewed, hook);
    assert_eq!(sim.event_hook_states(), [(renewed, true, true)]);
    let digests = later.hook_secret_digests().unwrap();
    assert_eq!(
        digests.len(),
        2,
        "the one that failed is the one that Okta has now"
    );
    assert_ne!(later.hook_secret().unwrap().expose(), before);
}

#[test]
fn a_removed_hook_leaves_no_secret_behind() {
    let sim = OktaSim::builder().users(5).seed(745).start().unwrap();
    let here = listening(&sim);
    let receiver = Receiver::before(&here.engine);
    here.engine.register_hook(&receiver.url).unwrap();
    let secret = here.engine.hook_secret().unwrap().expose().to_owned();
    let removed = here.engine.remove_hook().unwrap();
    assert!(!removed.has_secret);
    assert_eq!(post(&here.engine, &secret, &delivery("d1", &[])), 401);
    let again = here.engine.register_hook(&receiver.url).unwrap();
    assert!(again.hook_verified && again.has_secret);
}

#[test]
fn what_was_delivered_while_nobody_listened_is_made_up_for() {
    let sim = OktaSim::builder().users(12).seed(746).start().unwrap();
    let here = listening(&sim);
    let receiver = Receiver::before(&here.engine);
    here.engine.register_hook(&receiver.url).unwrap();
    settle(&here.engine);
    let secret = here.engine.hook_secret().unwrap().expose().to_owned();
    here.engine.set("live", "off").unwrap();
    sim.delete_user(&sim.spec().user_id(3));
    wait_for("the delivery to be refused", || sim.hook_counts().failed > 0);
    assert_eq!(
        here.engine.live_status().unwrap().pending,
        0,
        "nobody wants it now"
    );
    here.engine.set("live", "hook").unwrap();
    let told = delivery("d1", &[updated("e1", &sim.spec().user_id(4))]);
    assert_eq!(post(&here.engine, &secret, &told), 204);
    let status = here.engine.live_status().unwrap();
    assert!(status.gap.contains("something else"), "{}", status.gap);
    settle(&here.engine);
    assert_eq!(rows(&here.engine, View::All), truth(&sim));
}

#[test]
fn a_hook_with_a_secret_that_the_directory_lost_is_put_right() {
    let sim = OktaSim::builder().users(12).seed(747).start().unwrap();
    let here = listening(&sim);
    let receiver = Receiver::before(&here.engine);
    here.engine.register_hook(&receiver.url).unwrap();
    settle(&here.engine);
    here.engine.disconnect().unwrap();
    let token = sim.token(okta_sim::Role::SuperAdmin);
    here.engine.connect(sim.url(), token).unwrap();
    sim.delete_user(&sim.spec().user_id(3));
    wait_for("the delivery to be refused", || sim.hook_counts().failed > 0);
    let checked = here.engine.check_hook().unwrap();
    assert!(checked.hook_verified && checked.has_secret, "{checked:?}");
    assert!(checked.gap.contains("does not know"), "{}", checked.gap);
    settle(&here.engine);
    assert_eq!(rows(&here.engine, View::All), truth(&sim));
    sim.set_status(&sim.spec().user_id(4), "SUSPENDED");
    wait_for("a delivery", || here.engine.live_status().unwrap().pending > 0);
}

#[test]
fn a_directory_from_before_another_secret_is_told_the_secret_again() {
    let sim = OktaSim::builder().users(12).seed(748).start().unwrap();
    let here = listening(&sim);
    let receiver = Receiver::before(&here.engine);
    here.engine.register_hook(&receiver.url).unwrap();
    settle(&here.engine);
    let key = here.folder.path().join("directory.db.key");
    let other = tempfile::tempdir().unwrap();
    let restored = other.path().join("directory.db");
    here.engine.backup(&restored).unwrap();
    std::fs::copy(key, other.path().join("directory.db.key")).unwrap();
    let renewed = here.engine.rotate_hook_secret().unwrap();
    here.engine.close().unwrap();
    drop(receiver);
    let settings = crate::fixture::settings_of(&crate::live::listening());
    let engine = std::sync::Arc::new(Engine::open(&restored, settings).unwrap());
    engine
        .connect(sim.url(), sim.token(okta_sim::Role::SuperAdmin))
        .unwrap();
    let _there = Receiver::at(&renewed.hook_url, &engine);
    let checked = engine.check_hook().unwrap();
    assert!(
        checked.gap.contains("does not know") && checked.hook_id == renewed.hook_id,
        "{checked:?}"
    );
    settle(&engine);
    sim.set_status(&sim.spec().user_id(4), "SUSPENDED");
    wait_for("a delivery", || engine.live_status().unwrap().pending > 0);
}
