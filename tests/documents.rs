//! Programs in the documents are those of `examples`, which are compiled and run.

#![allow(clippy::unwrap_used)]

use std::fs;

const DOCUMENTS: [&str; 4] = [
    "README.md",
    "docs/using-from-c.md",
    "docs/using-from-java.md",
    "docs/using-from-rust.md",
];

/// The example of a language, by the word behind the fence of a code block.
fn example(language: &str) -> Option<&'static str> {
    match language {
        "c" => Some("examples/quickstart.c"),
        "java" => Some("examples/Quickstart.java"),
        "rust" => Some("examples/quickstart.rs"),
        _ => None,
    }
}

/// Lines without their indentation: a document may show the middle of a program.
fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).collect()
}

#[test]
fn programs_in_documents_are_compiled_ones() {
    let mut found = Vec::new();
    for document in DOCUMENTS {
        let text = fs::read_to_string(document).unwrap();
        for block in text.split("\n```").skip(1).step_by(2) {
            let (language, program) = block.split_once('\n').unwrap();
            let Some(path) = example(language) else { continue };
            let source = fs::read_to_string(path).unwrap();
            let (source, program) = (lines(&source), lines(program));
            assert!(
                source.windows(program.len()).any(|part| part == program),
                "{document} shows what {path} does not have"
            );
            found.push(language.to_owned());
        }
    }
    found.sort();
    assert_eq!(found, ["c", "java", "java", "rust", "rust"]);
}
