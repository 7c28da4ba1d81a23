//! Deliveries of event hooks, and rows of the System Log.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    drop(okta_profiles::events::read_delivery(bytes));
    okta_profiles::fuzzing::log(bytes);
});
