//! Writes the functions of the C header into OUT_DIR, from where a test takes them for the whole header, and gives
//! the shared library its soname.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=cbindgen.toml");
    println!("cargo:rerun-if-changed=src/ffi/c");
    // A loaded image is permanent: what a living JVM has mapped must not be unmapped under it.
    let major = env::var("CARGO_PKG_VERSION_MAJOR").expect("cargo sets it");
    println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libokta_profiles.so.{major}");
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    fs::write(out.join("functions.h"), functions(&root)).expect("OUT_DIR is writable");
}

/// The functions and their types. The tables come from `src/contract`, and `make header` puts them where the mark
/// stands: they are facts of the compiled library, which a build script cannot ask.
fn functions(root: &Path) -> String {
    let read = |path: &str| fs::read_to_string(root.join(path)).expect(path);
    let mut config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml");
    config.header = Some(read("src/ffi/c/tutorial.h").trim_end().to_owned());
    let mut builder = cbindgen::Builder::new().with_config(config);
    for file in FILES {
        builder = builder.with_src(root.join(format!("src/ffi/c/{file}.rs")));
    }
    let mut text = Vec::new();
    builder
        .generate()
        .expect("the sources are valid")
        .write(&mut text);
    without_safety(&String::from_utf8(text).expect("cbindgen writes UTF-8"))
}

/// The files of the C face, in the order of the header.
const FILES: &[&str] = &[
    "error",
    "page",
    "engine",
    "settings",
    "credentials",
    "trials",
    "sync",
    "matching",
    "directory",
    "groups",
    "schemas",
    "people",
    "erasure",
    "export",
    "planning",
    "live",
    "cluster",
];

/// The `# Safety` sections speak to Rust callers; the conventions on top say the same to C readers.
fn without_safety(header: &str) -> String {
    let mut kept = Vec::new();
    let mut skipping = false;
    for line in header.lines() {
        let comment = line.trim_start().starts_with("//");
        skipping = comment && (skipping || line.contains("# Safety"));
        if !skipping {
            kept.push(line);
        } else if kept.last().is_some_and(|last| last.trim() == "//") {
            kept.pop();
        }
    }
    kept.join("\n") + "\n"
}
