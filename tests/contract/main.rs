//! One truth in four languages: header, Java and the reference must say what the Rust tables say.
//!
//! `OKP_WRITE=1 cargo test --test contract` (or `make header`) writes header, reference tables and the Java
//! enums' bodies anew instead of comparing, after which `git diff` shows what changed.

#![allow(clippy::unwrap_used)]

use std::fs;

use okta_profiles::contract::columns::{Column, ColumnType};
use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::contract::settings::{Kind, SETTINGS};

const HEADER: &str = "include/okta_profiles.h";
const JAVA: &str = "java-bridge/engine/src/main/java/com/mumosystems/oktaprofiles";

/// Compares a part of a file, or writes it where that is asked for.
fn agree(path: &str, begin: &str, end: &str, expected: &str) {
    let text = fs::read_to_string(path).unwrap();
    let from = text
        .find(begin)
        .unwrap_or_else(|| panic!("{path} has no {begin:?}"))
        + begin.len();
    let to = from
        + text[from..]
            .find(end)
            .unwrap_or_else(|| panic!("{path} has no {end:?}"));
    if text[from..to] == *expected {
        return;
    }
    assert!(
        std::env::var_os("OKP_WRITE").is_some(),
        "{path} is behind the Rust tables; run: make header"
    );
    fs::write(path, format!("{}{expected}{}", &text[..from], &text[to..])).unwrap();
}

#[test]
fn the_header_is_the_generated_one() {
    let generated = include_str!(concat!(env!("OUT_DIR"), "/okta_profiles.h"));
    if fs::read_to_string(HEADER).unwrap_or_default() == generated {
        return;
    }
    assert!(
        std::env::var_os("OKP_WRITE").is_some(),
        "{HEADER} is behind the sources; run: make header"
    );
    fs::write(HEADER, generated).unwrap();
}

#[test]
fn the_header_has_every_code_and_column() {
    let header = include_str!(concat!(env!("OUT_DIR"), "/okta_profiles.h"));
    let defines = |name: String, number: i64| {
        let line = format!("#define {name} {number}\n");
        assert!(header.contains(&line), "the header has no {line}");
    };
    for code in ErrorCode::ALL {
        defines(format!("OKP_ERROR_{}", code.name()), code.number().into());
        assert!(
            header.contains(code.text()),
            "the header does not explain {}",
            code.name()
        );
    }
    for column in Column::ALL {
        defines(format!("OKP_COLUMN_{}", column.name()), column.number().into());
    }
    let count = |prefix: &str| header.matches(&format!("#define {prefix}")).count();
    assert_eq!(
        count("OKP_ERROR_"),
        ErrorCode::ALL.len() + 2,
        "two OKP_ERROR_INIT besides the codes"
    );
    assert_eq!(count("OKP_COLUMN_"), Column::ALL.len());
}

#[test]
fn the_reference_has_every_code_column_and_setting() {
    let mut codes = String::from("\n| number | name | meaning and what to do |\n|---|---|---|\n");
    for code in ErrorCode::ALL {
        codes.push_str(&format!(
            "| {} | {} | {} |\n",
            code.number(),
            code.name(),
            code.text()
        ));
    }
    let mark = |name: &str| format!("<!-- {name}: begin -->");
    agree(
        "docs/reference/errors.md",
        &mark("errors"),
        "<!-- errors: end -->",
        &codes,
    );

    let mut settings = String::from("\n| key | default | range | meaning |\n|---|---|---|---|\n");
    for setting in SETTINGS {
        let range = match setting.kind {
            Kind::Integer { min, max } => format!("{min} to {max}"),
            Kind::Choice(words) => words.join(" or "),
            Kind::Text => "text".to_owned(),
        };
        let default = if setting.default.is_empty() {
            String::new()
        } else {
            format!("`{}`", setting.default)
        };
        let meaning = setting.meaning.replace('|', "\\|");
        settings.push_str(&format!(
            "| `{}` | {default} | {range} | {meaning} |\n",
            setting.key
        ));
    }
    agree(
        "docs/reference/settings.md",
        &mark("settings"),
        "<!-- settings: end -->",
        &settings,
    );

    let mut columns = String::from("\n| number | name | type | meaning |\n|---|---|---|---|\n");
    for column in Column::ALL {
        let kind = match column.kind() {
            ColumnType::Text => "text",
            ColumnType::Integer => "integer",
        };
        let meaning = column.meaning().replace('|', "\\|");
        columns.push_str(&format!(
            "| {} | {} | {kind} | {meaning} |\n",
            column.number(),
            column.name()
        ));
    }
    agree(
        "docs/reference/columns.md",
        &mark("columns"),
        "<!-- columns: end -->",
        &columns,
    );
}

#[test]
fn java_has_every_code() {
    let mut body = String::from("\n");
    for code in ErrorCode::ALL {
        body.push_str(&format!(
            "  /** {} */\n  {}({}),\n",
            javadoc(code.text()),
            code.name(),
            code.number()
        ));
    }
    body.push('\n');
    let end = "  /** A code of a newer native library;";
    agree(
        &format!("{JAVA}/ErrorCode.java"),
        "public enum ErrorCode {",
        end,
        &body,
    );
}

#[test]
fn java_has_every_column() {
    let rows: Vec<String> = Column::ALL
        .iter()
        .map(|column| {
            let text = column.kind() == ColumnType::Text;
            let meaning = javadoc(column.meaning());
            format!(
                "  /** {meaning} */\n  {}({}, {text})",
                column.name(),
                column.number()
            )
        })
        .collect();
    let body = format!("\n{};\n", rows.join(",\n"));
    agree(
        &format!("{JAVA}/internal/Column.java"),
        "public enum Column {",
        "\n  final int number;",
        &body,
    );
}

#[test]
fn java_calls_exactly_the_methods_there_are() {
    let mut declared = Vec::new();
    for (path, java) in files(&format!("{JAVA}/internal"), "java") {
        let class = path.rsplit('/').next().unwrap().trim_end_matches(".java");
        let methods = java
            .lines()
            .filter_map(|line| line.trim().strip_prefix("public static native "))
            .filter_map(|line| line.split_once(' ')?.1.split_once('('));
        declared.extend(methods.map(|(name, _)| format!("{class}_{name}")));
    }
    let mut exported: Vec<String> = Vec::new();
    for (_, source) in files("src/ffi/jni", "rs") {
        let names = source
            .split("extern \"system\" fn Java_com_mumosystems_oktaprofiles_internal_")
            .skip(1);
        exported.extend(names.map(|rest| rest.split(['(', '<']).next().unwrap().to_owned()));
    }
    declared.sort_unstable();
    exported.sort_unstable();
    assert!(declared.len() > 20, "the native methods were not found");
    assert_eq!(declared, exported);
}

/// The files of a folder with this ending, with their texts.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let wanted = paths.filter(|path| path.extension().is_some_and(|found| found == ending));
    wanted
        .map(|path| {
            (
                path.to_string_lossy().into_owned(),
                fs::read_to_string(&path).unwrap(),
            )
        })
        .collect()
}

#[test]
fn one_version_everywhere() {
    let version = env!("CARGO_PKG_VERSION");
    for path in ["java-bridge/pom.xml", "java-bridge/engine/pom.xml"] {
        let pom = fs::read_to_string(path).unwrap();
        assert!(
            pom.contains(&format!("<version>{version}</version>")),
            "{path} has another version"
        );
    }
}

fn javadoc(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('{', "&#123;")
        .replace('}', "&#125;")
}
