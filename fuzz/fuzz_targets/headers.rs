//! `Link` and `WWW-Authenticate`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| okta_profiles::fuzzing::header(text));
