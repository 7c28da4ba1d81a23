//! What people paste: the address of an org, a callback URL, a proxy, a private key.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| okta_profiles::fuzzing::pasted(text));
