//! SIGKILL at random moments of renewals with rotation: never locked out, never an old token used when
//! its grace is over.

use std::time::Duration;

use okta_profiles::engine::Engine;
use okta_sim::{OAuthApp, OktaSim};

use crate::fixture::{QUICK, settings_of};
use crate::sign_in::{REDIRECT_URI, grants, rotating, sign_in};

#[test]
fn a_hundred_kills_during_renewals_never_lock_out() {
    let kills: usize = std::env::var("OKP_KILLS")
        .ok()
        .map_or(100, |n| n.parse().unwrap());
    let mut app = OAuthApp::web(&[REDIRECT_URI]);
    rotating(&mut app);
    let latency = Duration::from_millis(15);
    let sim = OktaSim::builder()
        .users(5)
        .web_app(app)
        .latency(latency)
        .start()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("directory.db");
    let engine = Engine::open(&directory, settings_of(QUICK)).unwrap();
    sign_in(&engine, &sim);
    engine.close().unwrap();
    let mut random = fastrand::Rng::with_seed(41);
    let (mut killed, mut struck) = (0, 0);
    // About when Okta is asked; found out on the way, because it depends on what else the machine does.
    let mut aim = Duration::from_millis(40);
    while killed < kills {
        let before = grants(&sim, "refresh_token");
        let mut child = crate::connect_cli::program(&directory, &["refresh"])
            .spawn()
            .unwrap();
        std::thread::sleep(aim.mul_f64(0.5 + random.f64()));
        let finished = child.try_wait().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        if let Some(status) = finished {
            assert!(status.success(), "locked out after {killed} kills: {status}");
            aim = aim.mul_f64(0.9);
        } else {
            killed += 1;
            // What the org had begun, it ends: its answer goes to nobody.
            std::thread::sleep(latency * 2);
            let asked = grants(&sim, "refresh_token") > before;
            struck += usize::from(asked);
            aim = aim.mul_f64(if asked { 1.0 } else { 1.1 });
        }
        assert_eq!(sim.token_reuses(), 0);
    }
    let engine = Engine::open(&directory, settings_of(QUICK)).unwrap();
    engine.refresh_token().unwrap();
    assert_eq!(sim.token_reuses(), 0);
    eprintln!("{struck} kills struck after Okta was asked");
    assert!(struck > kills / 10);
}
