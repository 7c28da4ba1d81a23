//! The tables of docs/reference.

use std::fmt::Write;

use okta_profiles::contract::choices::CHOICES;
use okta_profiles::contract::columns::Column;
use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::contract::settings::{Kind, SETTINGS, Setting};

use crate::agree;
use crate::header::CodeRow;

/// Compares the table of a page of the reference.
fn table(name: &str, heading: &[&str], rows: Vec<Vec<String>>) {
    let mut text = format!(
        "\n| {} |\n|{}\n",
        heading.join(" | "),
        "---|".repeat(heading.len())
    );
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    let (begin, end) = (format!("<!-- {name}: begin -->"), format!("<!-- {name}: end -->"));
    agree::part(&format!("docs/reference/{name}.md"), &begin, &end, &text);
}

#[test]
fn the_reference_has_every_code() {
    let rows: Vec<CodeRow> = ErrorCode::ALL.iter().copied().map(CodeRow::from).collect();
    let heading = ["number", "name", "class", "meaning and what to do"];
    table("errors", &heading, codes(&rows));
}

pub fn codes(rows: &[CodeRow]) -> Vec<Vec<String>> {
    let row = |code: &CodeRow| {
        let class = code.class.name().replace('_', " ");
        vec![
            code.number.to_string(),
            code.name.clone(),
            class,
            code.text.to_owned(),
        ]
    };
    rows.iter().map(row).collect()
}

#[test]
fn the_reference_has_every_setting() {
    table(
        "settings",
        &["key", "default", "range", "meaning"],
        settings(SETTINGS),
    );
}

pub fn settings(settings: &[Setting]) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for setting in settings {
        let range = match setting.kind {
            Kind::Integer { min, max } => format!("{min} to {max}"),
            Kind::Choice(words) => words.join(" or "),
            Kind::Text => "text".to_owned(),
        };
        let default = match setting.default {
            "" => String::new(),
            default => format!("`{default}`"),
        };
        rows.push(vec![
            format!("`{}`", setting.key),
            default,
            range,
            setting.meaning.to_owned(),
        ]);
    }
    rows
}

#[test]
fn the_reference_has_every_column() {
    let row = |column: &Column| {
        let kind = if column.kind().is_text() {
            "text"
        } else {
            "integer"
        };
        vec![
            column.number().to_string(),
            column.name(),
            kind.to_owned(),
            column.meaning(),
        ]
    };
    let heading = ["number", "name", "type", "meaning"];
    table("columns", &heading, Column::ALL.iter().map(row).collect());
}

#[test]
fn the_reference_has_every_choice() {
    let mut rows = Vec::new();
    for choice in CHOICES {
        for value in choice.values {
            let constant = format!("OKP_{}_{}", choice.prefix, value.constant());
            let number = value.number.map_or(String::new(), |number| number.to_string());
            rows.push(vec![
                constant,
                number,
                value.word.to_owned(),
                value.meaning.to_owned(),
            ]);
        }
    }
    table("choices", &["constant in C", "number", "word", "meaning"], rows);
}
