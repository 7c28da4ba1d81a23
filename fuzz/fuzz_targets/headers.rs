//! `Link`, `WWW-Authenticate`, rate limits, and what a proxy offers.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| okta_profiles::fuzzing::header(text));
