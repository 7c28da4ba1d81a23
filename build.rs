//! Writes the C header into OUT_DIR, where a test compares it with the committed one, and gives the
//! shared library its soname.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=cbindgen.toml");
    for source in ["src/ffi", "src/contract"] {
        println!("cargo:rerun-if-changed={source}");
    }
    // A loaded image is permanent: what a living JVM has mapped must not be unmapped under it.
    let major = env::var("CARGO_PKG_VERSION_MAJOR").expect("cargo sets it");
    println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libokta_profiles.so.{major}");
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    fs::write(out.join("okta_profiles.h"), header(&root)).expect("OUT_DIR is writable");
}

fn header(root: &Path) -> String {
    let read = |path: &str| fs::read_to_string(root.join(path)).expect(path);
    let mut config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml");
    config.header = Some(read("src/ffi/c/tutorial.h").trim_end().to_owned());
    config.after_includes = Some(tables(
        &read("src/contract/errors.rs"),
        &read("src/contract/columns.rs"),
        &read("src/ffi/mod.rs"),
    ));
    let mut builder = cbindgen::Builder::new().with_config(config);
    for file in [
        "error",
        "page",
        "engine",
        "settings",
        "credentials",
        "sync",
        "jira_users",
        "directory",
        "groups",
        "schemas",
        "people",
        "export",
        "planning",
    ] {
        builder = builder.with_src(root.join(format!("src/ffi/c/{file}.rs")));
    }
    let mut text = Vec::new();
    builder
        .generate()
        .expect("the sources are valid")
        .write(&mut text);
    without_safety(&String::from_utf8(text).expect("cbindgen writes UTF-8"))
}

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

fn tables(errors: &str, columns: &str, ffi: &str) -> String {
    let mut text = String::from("#include <stddef.h>\n#include <stdint.h>\n#include <string.h>\n\n");
    let major = ffi.contains("ABI_VERSION: u32 = 1 << 16");
    assert!(
        major,
        "the ABI version of src/ffi/mod.rs and of the header must be changed together"
    );
    text.push_str("// The version of the boundary that this header describes.\n#define OKP_ABI_VERSION UINT32_C(0x00010000)\n\n");
    text.push_str(MACROS);
    text.push_str("// Codes. Numbers are stable.\n#define OKP_OK 0\n");
    for (name, number, meaning) in rows(errors) {
        let _ = writeln!(text, "// {meaning}\n#define OKP_ERROR_{name} {number}");
    }
    text.push_str("\n// Columns of pages. Times are milliseconds since 1970 UTC, truths 0 or 1; any cell may be null.\n");
    for (name, number, meaning) in rows(columns) {
        let _ = writeln!(text, "// {meaning}\n#define OKP_COLUMN_{name} {number}");
    }
    text.push_str(CHOICES);
    text
}

/// The lines `Name = 123, …, "meaning";` of a table macro.
fn rows(source: &str) -> Vec<(String, u32, String)> {
    source.lines().filter_map(row).collect()
}

fn row(line: &str) -> Option<(String, u32, String)> {
    let (name, rest) = line.trim().split_once(" = ")?;
    let (number, rest) = rest.split_once(',')?;
    let number = number.parse().ok()?;
    let meaning = rest.trim().strip_suffix("\";")?.split_once('"')?.1.to_owned();
    let mut upper = String::new();
    for (index, letter) in name.char_indices() {
        if index > 0 && letter.is_ascii_uppercase() {
            upper.push('_');
        }
        upper.push(letter.to_ascii_uppercase());
    }
    Some((upper, number, meaning))
}

const MACROS: &str = "\
// A text argument from a literal, and from a string that ends with NUL: pointer and length.
#define OKP_LITERAL(text) (text), (sizeof(text) - 1)
#define OKP_STRING(text) (text), strlen(text)

// Initial values. The members that are not named become zero.
#ifdef __cplusplus
#define OKP_ERROR_INIT okp_error{sizeof(okp_error), 0, 0, {0}, {0}, {0}, {0}}
#define OKP_PROGRESS_INIT okp_progress{sizeof(okp_progress), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
#define OKP_SYNC_REPORT_INIT \\
    okp_sync_report{sizeof(okp_sync_report), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, \\
                    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
#else
#define OKP_ERROR_INIT {.struct_size = sizeof(okp_error)}
#define OKP_PROGRESS_INIT {.struct_size = sizeof(okp_progress)}
#define OKP_SYNC_REPORT_INIT {.struct_size = sizeof(okp_sync_report)}
#endif

";

const CHOICES: &str = "
// Flags of okp_engine_sync.
#define OKP_SYNC_CONFIRM_ABSENT 1
#define OKP_SYNC_CONFIRM_CLEARED 2
#define OKP_SYNC_RESTART 4
#define OKP_SYNC_MODE_FULL 8
#define OKP_SYNC_MODE_DELTA 16

// Flags of okp_engine_begin_authorization and okp_engine_connect_service_app.
#define OKP_CONNECT_DPOP 1
#define OKP_CONNECT_STORED_SECRET 2
#define OKP_CONNECT_UNTRIED 4
#define OKP_CONNECT_TRIED 8

// By what okp_engine_find looks up.
#define OKP_FIND_BY_JIRA_KEY 1
#define OKP_FIND_BY_JIRA_USERNAME 2
#define OKP_FIND_BY_OKTA_ID 3
#define OKP_FIND_BY_LOGIN 4
#define OKP_FIND_BY_EMAIL 5

// Views of okp_engine_list.
#define OKP_VIEW_MATCHED 0
#define OKP_VIEW_OKTA_ONLY 1
#define OKP_VIEW_JIRA_ONLY 2
#define OKP_VIEW_AMBIGUOUS 3
#define OKP_VIEW_JIRA_AMBIGUOUS 4
#define OKP_VIEW_ALL 5
#define OKP_VIEW_ABSENT 6
#define OKP_VIEW_DEACTIVATED 7

// Formats of okp_engine_export.
#define OKP_FORMAT_CSV 1
#define OKP_FORMAT_JSON_LINES 2

// Fields of okp_engine_search.
#define OKP_SEARCH_NAME 1
#define OKP_SEARCH_LOGIN 2
#define OKP_SEARCH_EMAIL 3
#define OKP_SEARCH_INSIDE_NAME 4
#define OKP_SEARCH_INSIDE_LOGIN 5
#define OKP_SEARCH_INSIDE_EMAIL 6

// Sides of okp_engine_candidates.
#define OKP_CANDIDATES_OF_OKTA_USER 1
#define OKP_CANDIDATES_OF_JIRA_USER 2
";
