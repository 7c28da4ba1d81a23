//! The C header: functions as cbindgen reads them, and before them the tables and the structs of counters.

use std::fmt::Write;

use okta_profiles::contract::choice::Choice;
use okta_profiles::contract::choices::CHOICES;
use okta_profiles::contract::columns::{Column, ColumnType};
use okta_profiles::contract::errors::{ErrorClass, ErrorCode};
use okta_profiles::contract::records::STRUCTS;
use okta_profiles::contract::records::form::{AnyShape, PartShape};
use okta_profiles::ffi::ABI_VERSION;

use crate::agree;

#[test]
fn the_header_is_the_generated_one() {
    let functions = include_str!(concat!(env!("OUT_DIR"), "/functions.h"));
    let mark = "// @contract@\n";
    assert!(functions.contains(mark), "cbindgen did not write the mark");
    agree::file("include/okta_profiles.h", &functions.replace(mark, &tables()));
}

#[test]
fn the_header_declares_every_function_that_the_library_exports() {
    let header = std::fs::read_to_string("include/okta_profiles.h").expect("the header");
    let mut exported = 0;
    for entry in std::fs::read_dir("src/ffi/c").expect("the C face") {
        let source = std::fs::read_to_string(entry.expect("a file").path()).expect("a source");
        for line in source
            .lines()
            .filter(|line| line.contains("extern \"C\" fn okp_"))
        {
            let name = line.split("fn ").nth(1).and_then(|rest| rest.split('(').next());
            let name = name.expect("a name");
            assert!(
                header.contains(&format!(" {name}(")) || header.contains(&format!("*{name}(")),
                "{name}"
            );
            exported += 1;
        }
    }
    assert!(exported > 80, "the sources were not found: {exported}");
}

/// A row of the table of errors.
pub struct CodeRow {
    pub number: i32,
    pub name: String,
    pub text: &'static str,
    pub class: ErrorClass,
}

impl From<ErrorCode> for CodeRow {
    fn from(code: ErrorCode) -> CodeRow {
        CodeRow {
            number: code.number(),
            name: code.name(),
            text: code.text(),
            class: code.class(),
        }
    }
}

pub fn codes(rows: &[CodeRow]) -> String {
    let row = |code: &CodeRow| {
        format!(
            "// {}\n#define OKP_ERROR_{} {}\n",
            code.text, code.name, code.number
        )
    };
    rows.iter().map(row).collect()
}

fn tables() -> String {
    let mut text = String::from("#include <stddef.h>\n#include <stdint.h>\n#include <string.h>\n\n");
    let version = "// The version of the boundary that this header describes.\n";
    let _ = writeln!(
        text,
        "{version}#define OKP_ABI_VERSION UINT32_C(0x{ABI_VERSION:08x})\n"
    );
    text.push_str(ARGUMENTS);
    text.push_str(&initial_values());
    text.push_str("// Codes. Numbers are stable.\n#define OKP_OK 0\n");
    let rows: Vec<CodeRow> = ErrorCode::ALL.iter().copied().map(CodeRow::from).collect();
    text.push_str(&codes(&rows));
    text.push_str("\n// Columns of pages. Times are milliseconds since 1970 UTC, truths 0 or 1; any cell may be null.\n");
    for column in Column::ALL {
        let (name, number) = (column.name(), column.number());
        let _ = writeln!(
            text,
            "// {}\n#define OKP_COLUMN_{name} {number}",
            column.meaning()
        );
    }
    for choice in CHOICES {
        text.push_str(&constants(choice));
    }
    for (name, shape) in STRUCTS {
        text.push_str(&structure(name, *shape));
    }
    text
}

/// A value that crosses as a number is a number, one that crosses as a word is a text.
fn constants(choice: &Choice) -> String {
    let mut text = format!("\n// {}\n", choice.about);
    for value in choice.values {
        let (name, word) = (value.constant(), value.word);
        let value_text = value
            .number
            .map_or(format!("\"{word}\""), |number| number.to_string());
        let _ = writeln!(
            text,
            "// {}\n#define OKP_{}_{name} {value_text}",
            value.meaning, choice.prefix
        );
    }
    text
}

/// The members of a struct of counters behind its size: choices first, because they are as wide as the size.
fn members(shape: &AnyShape) -> Vec<(&'static str, String, String)> {
    let (mut choices, mut numbers) = (Vec::new(), Vec::new());
    for field in shape.fields().into_iter().filter(|field| field.counter) {
        let PartShape::Column(column) = field.part else {
            panic!("{} is no single column", field.name);
        };
        let (name, meaning) = (field.name.to_owned(), column.meaning());
        match column.kind() {
            ColumnType::Choice(choice) | ColumnType::Number(choice) => {
                let meaning = format!("{}: {}.", choice.about.trim_end_matches('.'), choice.numbers());
                choices.push(("uint32_t", name, meaning));
            }
            ColumnType::Millis => numbers.push(("uint64_t", format!("{name}_ms"), meaning)),
            _ if column == Column::Run => numbers.push(("int64_t", name, meaning)),
            _ => numbers.push(("uint64_t", name, meaning)),
        }
    }
    choices.extend(numbers);
    choices
}

fn structure(name: &str, shape: &AnyShape) -> String {
    let init = format!("{}_INIT", name.to_uppercase());
    let mut text = format!(
        "\n// {} Set `struct_size` with `{init}`.\ntypedef struct {name} {{\n",
        shape.about()
    );
    let _ = writeln!(
        text,
        "    // Set to `sizeof({name})`. The library writes no further than this.\n    uint32_t struct_size;"
    );
    for (kind, member, meaning) in members(shape) {
        let _ = writeln!(text, "    // {meaning}\n    {kind} {member};");
    }
    let _ = writeln!(text, "}} {name};");
    text
}

const ARGUMENTS: &str = "\
// A text argument from a literal, and from a string that ends with NUL: pointer and length.
#define OKP_LITERAL(text) (text), (sizeof(text) - 1)
#define OKP_STRING(text) (text), strlen(text)

";

fn initial_values() -> String {
    let mut cpp =
        String::from("#define OKP_ERROR_INIT okp_error{sizeof(okp_error), 0, 0, {0}, {0}, {0}, {0}}\n");
    let mut c = String::from("#define OKP_ERROR_INIT {.struct_size = sizeof(okp_error)}\n");
    for (name, shape) in STRUCTS {
        let init = format!("{}_INIT", name.to_uppercase());
        let zeros = ", 0".repeat(members(*shape).len());
        let _ = writeln!(cpp, "#define {init} {name}{{sizeof({name}){zeros}}}");
        let _ = writeln!(c, "#define {init} {{.struct_size = sizeof({name})}}");
    }
    let about = "// Initial values. The members that are not named become zero.\n";
    format!("{about}#ifdef __cplusplus\n{cpp}#else\n{c}#endif\n\n")
}
