//! Java: error codes, columns, enums, records and their decoding.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use okta_profiles::contract::choice::{Choice, JavaForm};
use okta_profiles::contract::choices::CHOICES;
use okta_profiles::contract::columns::{Column, ColumnType};
use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::contract::names::camel;
use okta_profiles::contract::records::form::{AnyShape, FieldShape, PartShape};
use okta_profiles::contract::records::names::{AnyNames, NamedForm};
use okta_profiles::contract::records::{NAMES, RECORDS};

use crate::agree;
use crate::header::CodeRow;

const JAVA: &str = "java-bridge/engine/src/main/java/com/mumosystems/oktaprofiles";
const PACKAGE: &str = "package com.mumosystems.oktaprofiles;\n";
const WRITTEN: &str = "Written from the Rust tables by {@code make header}.";

#[test]
fn java_has_every_code() {
    let rows: Vec<CodeRow> = ErrorCode::ALL.iter().copied().map(CodeRow::from).collect();
    let body = format!("\n{}\n", codes(&rows));
    let end = "  /** A code of a newer native library;";
    agree::part(
        &format!("{JAVA}/ErrorCode.java"),
        "public enum ErrorCode {",
        end,
        &body,
    );
}

pub fn codes(rows: &[CodeRow]) -> String {
    let row = |code: &CodeRow| {
        let (text, class) = (javadoc(code.text), code.class.name().to_uppercase());
        format!(
            "  /** {text} */\n  {}({}, ErrorClass.{class}),\n",
            code.name, code.number
        )
    };
    rows.iter().map(row).collect()
}

#[test]
fn java_has_every_column() {
    let row = |column: &Column| {
        let (meaning, text) = (javadoc(&column.meaning()), column.kind().is_text());
        format!(
            "  /** {meaning} */\n  {}({}, {text})",
            column.name(),
            column.number()
        )
    };
    let rows: Vec<String> = Column::ALL.iter().map(row).collect();
    let body = format!("\n{};\n", rows.join(",\n"));
    let path = format!("{JAVA}/internal/Column.java");
    agree::part(&path, "public enum Column {", "\n  final int number;", &body);
}

#[test]
fn java_has_every_choice() {
    let mut flags = format!(
        "package com.mumosystems.oktaprofiles.internal;\n\n/** Numbers that are handed over, some of them added up. {WRITTEN} */\npublic final class Flags {{\n"
    );
    for choice in CHOICES {
        match choice.java {
            JavaForm::Argument(name) => {
                agree::file(&format!("{JAVA}/{name}.java"), &argument_enum(name, choice))
            }
            JavaForm::Answer(name) => agree::file(&format!("{JAVA}/{name}.java"), &answer_enum(name, choice)),
            JavaForm::Flags => {
                for value in choice.values {
                    let (meaning, number) = (javadoc(value.meaning), value.number.unwrap());
                    let name = format!("{}_{}", choice.prefix, value.constant());
                    let _ = writeln!(
                        flags,
                        "  /** {meaning} */\n  public static final int {name} = {number};"
                    );
                }
            }
            JavaForm::Text => {}
        }
    }
    flags.push_str("\n  private Flags() {}\n}\n");
    agree::file(&format!("{JAVA}/internal/Flags.java"), &flags);
}

/// An enum whose values callers hand in by their numbers.
fn argument_enum(name: &str, choice: &Choice) -> String {
    let row = |value: &okta_profiles::contract::choice::ChoiceValue| {
        format!(
            "  /** {} */\n  {}({})",
            javadoc(value.meaning),
            value.constant(),
            value.number.unwrap()
        )
    };
    let rows: Vec<String> = choice.values.iter().map(row).collect();
    format!(
        "{PACKAGE}\n/** {} {WRITTEN} */\npublic enum {name} {{\n{};\n\n  final int number;\n\n  {name}(int number) {{\n    this.number = number;\n  }}\n}}\n",
        javadoc(choice.about),
        rows.join(",\n")
    )
}

/// An enum whose values answers hold, as words or as numbers; what it does not know becomes `UNKNOWN`.
fn answer_enum(name: &str, choice: &Choice) -> String {
    let mut body = String::new();
    for value in choice.values {
        let _ = writeln!(
            body,
            "  /** {} */\n  {}(\"{}\"),",
            javadoc(value.meaning),
            value.constant(),
            value.word
        );
    }
    let by_number = Column::ALL
        .iter()
        .any(|column| matches!(column.kind(), ColumnType::Number(of) if of.prefix == choice.prefix));
    let of = if by_number {
        format!(
            "  static {name} of(long number) {{\n    return number >= 0 && number < UNKNOWN.ordinal() ? values()[(int) number] : UNKNOWN;\n  }}\n"
        )
    } else {
        format!(
            "  static {name} of(String word) {{\n    for ({name} value : values()) {{\n      if (value.word.equals(word)) {{\n        return value;\n      }}\n    }}\n    return UNKNOWN;\n  }}\n"
        )
    };
    format!(
        "{PACKAGE}\n/** {} {WRITTEN} */\npublic enum {name} {{\n{body}  /** A value of a newer native library. */\n  UNKNOWN(\"unknown\");\n\n  private final String word;\n\n  {name}(String word) {{\n    this.word = word;\n  }}\n\n{of}\n  /**\n   * The word in answers and in the directory.\n   *\n   * @return such as {first}\n   */\n  @Override\n  public String toString() {{\n    return word;\n  }}\n}}\n",
        javadoc(choice.about),
        first = choice.values[0].word
    )
}

/// The type of a column's values in Java.
fn java_type(column: Column) -> &'static str {
    match column.kind() {
        ColumnType::Text => "String",
        ColumnType::Words | ColumnType::Lines => "List<String>",
        ColumnType::Choice(choice) | ColumnType::Number(choice) => match choice.java {
            JavaForm::Argument(name) | JavaForm::Answer(name) => name,
            JavaForm::Flags | JavaForm::Text => "String",
        },
        ColumnType::Integer => "long",
        ColumnType::Optional => "Long",
        ColumnType::Small => "int",
        ColumnType::Time => "Instant",
        ColumnType::Millis => "Duration",
        ColumnType::Truth => "boolean",
    }
}

/// A member of a Java record: type, name, meaning.
type Member = (String, String, String);

fn member(field: &FieldShape) -> Member {
    let name = camel(field.name);
    match field.part {
        PartShape::Column(column) => (java_type(column).to_owned(), name, column.meaning()),
        PartShape::Record(shape) => {
            let about = format!("{} Null if there is none.", shape.about());
            (inner_name(shape).to_owned(), name, about)
        }
        PartShape::Rows(shape) => (
            format!("List<{}>", inner_name(shape)),
            name,
            shape.about().to_owned(),
        ),
    }
}

/// The name of a record where the record around it is known.
fn inner_name(shape: &AnyShape) -> &'static str {
    shape.java().rsplit('.').next().unwrap()
}

fn named_member((name, form, meaning): &(&'static str, NamedForm, &'static str)) -> Member {
    let java = match form {
        NamedForm::Text => "String",
        NamedForm::Number => "long",
        NamedForm::Time => "Instant",
        NamedForm::Truth => "boolean",
        NamedForm::Family(_) => "Map<String, Long>",
        NamedForm::Texts(_) => "List<String>",
        NamedForm::Inner(_, shape) => shape.java(),
    };
    (java.to_owned(), camel(name), (*meaning).to_owned())
}

/// The head of a record's file, up to the brace behind which its own methods stand.
fn record_head(name: &str, about: &str, members: &[Member]) -> String {
    let imported = [
        ("Duration", "java.time.Duration"),
        ("Instant", "java.time.Instant"),
        ("List<", "java.util.List"),
        ("Map<", "java.util.Map"),
    ];
    let needed = imported
        .iter()
        .filter(|(kind, _)| members.iter().any(|(java, ..)| java.starts_with(kind)));
    let imports: String = needed.map(|(_, class)| format!("import {class};\n")).collect();
    let mut text = format!("{PACKAGE}\n");
    if !imports.is_empty() {
        let _ = writeln!(text, "{imports}");
    }
    let _ = writeln!(text, "/**\n * {} {WRITTEN}\n *", javadoc(about));
    for (_, name, meaning) in members {
        let _ = writeln!(text, " * @param {name} {}", javadoc(meaning));
    }
    let components: Vec<String> = members
        .iter()
        .map(|(java, name, _)| format!("    {java} {name}"))
        .collect();
    let _ = write!(text, " */\npublic record {name}(\n{}) {{", components.join(",\n"));
    text
}

#[test]
fn java_has_every_record() {
    for shape in RECORDS {
        let members: Vec<Member> = shape.fields().iter().map(member).collect();
        match shape.java().split_once('.') {
            None => {
                let head = record_head(shape.java(), shape.about(), &members);
                agree::head(&format!("{JAVA}/{}.java", shape.java()), ") {", &head, "}\n");
            }
            Some((outer, name)) => {
                let components: Vec<String> = members
                    .iter()
                    .map(|(java, name, _)| format!("      {java} {name}"))
                    .collect();
                let begin = format!("  public record {name}(");
                let body = format!("\n{}", components.join(",\n"));
                agree::part(&format!("{JAVA}/{outer}.java"), &begin, ") {", &body);
            }
        }
    }
    for shape in NAMES {
        let members: Vec<Member> = shape.values().iter().map(named_member).collect();
        let head = record_head(shape.java(), shape.about(), &members);
        agree::head(&format!("{JAVA}/{}.java", shape.java()), ") {", &head, "}\n");
    }
}

#[test]
fn java_decodes_every_record() {
    let mut text = format!(
        "{PACKAGE}\nimport com.mumosystems.oktaprofiles.internal.Column;\nimport com.mumosystems.oktaprofiles.internal.Page;\n\n/** From rows and names to the records of this package. {WRITTEN} */\nfinal class Decode {{\n  private Decode() {{}}\n"
    );
    for shape in RECORDS {
        text.push_str(&decode_row(*shape));
    }
    for shape in NAMES {
        text.push_str(&decode_names(*shape));
    }
    text.push_str("}\n");
    agree::file(&format!("{JAVA}/Decode.java"), &text);
}

/// The name of the method that decodes a record.
fn method(java: &str) -> String {
    let name = java.rsplit('.').next().unwrap();
    format!("{}{}", name[..1].to_lowercase(), &name[1..])
}

fn decode_row(shape: &AnyShape) -> String {
    let fields = shape.fields();
    let arguments: Vec<String> = fields
        .iter()
        .map(|field| format!("        {}", argument(field)))
        .collect();
    let (java, name) = (shape.java(), method(shape.java()));
    let of_page = fields
        .iter()
        .any(|field| matches!(field.part, PartShape::Rows(_)));
    let head = if of_page {
        format!("  static {java} {name}(Page page) {{\n    Page.Row row = page.row(0);\n")
    } else {
        format!("  static {java} {name}(Page.Row row) {{\n")
    };
    format!(
        "\n{head}    return new {java}(\n{});\n  }}\n",
        arguments.join(",\n")
    )
}

/// How the value of a field is read from a row.
fn argument(field: &FieldShape) -> String {
    let column = match field.part {
        PartShape::Column(column) => column,
        PartShape::Record(shape) => {
            let first = shape.columns()[0].name();
            return format!("row.has(Column.{first}) ? {}(row) : null", method(shape.java()));
        }
        PartShape::Rows(shape) => return format!("page.map(Decode::{})", method(shape.java())),
    };
    let name = column.name();
    let read = |how: &str| format!("row.{how}(Column.{name})");
    match (column.kind(), java_type(column)) {
        (ColumnType::Words, _) => read("words"),
        (ColumnType::Lines, _) => read("lines"),
        (ColumnType::Choice(_) | ColumnType::Text, "String") => read("text"),
        (ColumnType::Choice(_), java) => format!("{java}.of({})", read("text")),
        (ColumnType::Number(_), java) => format!("{java}.of({})", read("number")),
        (ColumnType::Integer, _) => read("number"),
        (ColumnType::Optional, _) => read("numberOrNull"),
        (ColumnType::Small, _) => format!("Math.toIntExact({})", read("number")),
        (ColumnType::Time, _) => read("time"),
        (ColumnType::Millis, _) => read("span"),
        (ColumnType::Truth, _) => read("truth"),
        (ColumnType::Text, java) => panic!("a text as {java}"),
    }
}

fn decode_names(shape: &AnyNames) -> String {
    let argument = |(name, form, _): &(&str, NamedForm, &str)| match form {
        NamedForm::Text => format!("        named.text(\"{name}\")"),
        NamedForm::Number => format!("        named.number(\"{name}\")"),
        NamedForm::Time => format!("        named.time(\"{name}\")"),
        NamedForm::Truth => format!("        named.number(\"{name}\") == 1"),
        NamedForm::Family(prefix) => format!("        named.below(\"{prefix}\")"),
        NamedForm::Texts(each) => format!("        named.texts(\"{each}\")"),
        NamedForm::Inner(prefix, inner) => {
            format!("        {}(named.within(\"{prefix}\"))", method(inner.java()))
        }
    };
    let arguments: Vec<String> = shape.values().iter().map(argument).collect();
    let (java, name) = (shape.java(), method(shape.java()));
    format!(
        "\n  static {java} {name}(Named named) {{\n    return new {java}(\n{});\n  }}\n",
        arguments.join(",\n")
    )
}

#[test]
fn java_calls_exactly_the_methods_there_are() {
    let mut declared = BTreeSet::new();
    for (path, java) in files(&format!("{JAVA}/internal"), "java") {
        let class = path.rsplit('/').next().unwrap().trim_end_matches(".java");
        let methods = java
            .lines()
            .filter_map(|line| line.trim().strip_prefix("public static native "))
            .filter_map(|line| line.split_once(' ')?.1.split_once('('));
        declared.extend(methods.map(|(name, _)| format!("{class}_{name}")));
    }
    let mut exported = BTreeSet::new();
    for (_, source) in files("src/ffi/jni", "rs") {
        let names = source
            .split("extern \"system\" fn Java_com_mumosystems_oktaprofiles_internal_")
            .skip(1);
        exported.extend(names.map(|rest| rest.split(['(', '<']).next().unwrap().to_owned()));
    }
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

pub fn javadoc(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('{', "&#123;")
        .replace('}', "&#125;")
}
