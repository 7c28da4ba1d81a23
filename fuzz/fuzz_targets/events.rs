//! Deliveries of event hooks.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| drop(okta_profiles::events::read_delivery(bytes)));
