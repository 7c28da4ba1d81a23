//! Settings and matching rules. What is accepted can be set again, and is then the same.
#![no_main]

use okta_profiles::contract::settings::Settings;

libfuzzer_sys::fuzz_target!(|pair: (&str, &str)| {
    let mut settings = Settings::default();
    if settings.set(pair.0, pair.1).is_ok() {
        let mut again = Settings::default();
        again.set(pair.0, pair.1).expect("accepted once");
    }
    drop(okta_profiles::matching::parse_rules(pair.1));
});
