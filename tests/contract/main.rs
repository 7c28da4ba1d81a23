//! One truth in four languages: header, Java and the reference must say what the Rust tables say.
//!
//! `OKP_WRITE=1 cargo test --test contract` (or `make header`) writes them anew from `src/contract` instead of
//! comparing, after which `git diff` shows what changed.

#![allow(clippy::unwrap_used)]

mod agree;
mod header;
mod java;
mod java_settings;
mod page;
mod reference;
mod touched;

#[test]
fn one_version_everywhere() {
    let version = env!("CARGO_PKG_VERSION");
    for path in ["java-bridge/pom.xml", "java-bridge/engine/pom.xml"] {
        let pom = std::fs::read_to_string(path).unwrap();
        assert!(
            pom.contains(&format!("<version>{version}</version>")),
            "{path} has another version"
        );
    }
}
