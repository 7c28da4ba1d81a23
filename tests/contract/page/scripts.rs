//! What a script of the page asks for, and which keys it reads.
//!
//! No parser of JavaScript: tokens are enough. A key is read by `answer.key`, by `answer?.key` and by a pattern such as
//! `{ key, other: [first] }`. Calls are none, for JSON has no methods; nor is what is read of the browser's own objects.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// Where a chain begins that reads the browser or the page itself, not an answer; `focus` is where the keyboard goes
/// on.
const BROWSER: &[&str] = &[
    "byId", "document", "location", "event", "response", "root", "focus", "this",
];

/// What the browser's lists, texts and elements have. None of it may be a key of an answer: it would hide a slip.
pub const BROWSER_KEYS: &[&str] = &[
    "length",
    "size",
    "children",
    "parentElement",
    "cells",
    "classList",
    "dataset",
    "hash",
    "hidden",
    "checked",
    "valueAsNumber",
    "clipboard",
];

/// One script.
#[derive(Debug, Default)]
pub struct Script {
    /// The paths it asks, such as `api/sync`.
    pub asks: BTreeSet<String>,
    /// The scripts whose functions it imports by name, and so hands answers to.
    pub imports: BTreeSet<String>,
    /// The keys it reads, with their lines.
    pub reads: BTreeSet<(String, usize)>,
    /// The members it gives to objects of its own.
    pub made: BTreeSet<String>,
}

/// Every script of a folder, by its name.
pub fn all(folder: &str) -> BTreeMap<String, Script> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let scripts = paths.filter(|path| path.extension().is_some_and(|ending| ending == "js"));
    scripts
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, Script::read(&fs::read_to_string(&path).unwrap()))
        })
        .collect()
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Word(String),
    Text(String),
    Sign(String),
}

#[derive(Clone, Debug)]
struct Token {
    kind: Kind,
    line: usize,
}

impl Token {
    fn is(&self, sign: &str) -> bool {
        matches!(&self.kind, Kind::Sign(own) if own == sign)
    }

    fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }
}

impl Script {
    /// Reads a script.
    pub fn read(text: &str) -> Script {
        let tokens = tokens(text);
        let mut script = Script::default();
        script.note_asks(&tokens);
        let browser = of_the_browser(&tokens);
        for at in 0..tokens.len() {
            script.note_member(&tokens, at, &browser);
            if is_pattern(&tokens, at) {
                script.note_pattern(&tokens, at);
            }
        }
        script
    }

    fn note_asks(&mut self, tokens: &[Token]) {
        for (at, token) in tokens.iter().enumerate() {
            let Kind::Text(text) = &token.kind else { continue };
            if text.starts_with("api/") {
                self.asks.insert(text.clone());
            }
            let by_name = tokens[..at].iter().rev().take_while(|token| !token.is(";"));
            if let Some(name) = text.strip_prefix("./").and_then(|name| name.strip_suffix(".js"))
                && by_name.into_iter().any(|token| token.is("{"))
            {
                self.imports.insert(name.to_owned());
            }
        }
    }

    /// `answer.key` and `answer?.key`; `this.key =` makes one.
    fn note_member(&mut self, tokens: &[Token], at: usize, browser: &BTreeSet<String>) {
        let is_dot = tokens[at].is(".") || tokens[at].is("?.");
        let Some(key) = tokens.get(at + 1).filter(|_| is_dot).and_then(Token::word) else {
            return;
        };
        // What stands in data-… attributes is the page's own.
        if at > 0 && tokens[at - 1].word() == Some("dataset") {
            return;
        }
        let begin = beginning(tokens, at);
        let next = tokens.get(at + 2);
        if next.is_some_and(|next| next.is("=")) {
            if begin == "this" {
                self.made.insert(key.to_owned());
            }
        } else if !next.is_some_and(|next| next.is("(")) && !browser.contains(begin) && may_be_sent(key) {
            // A name in capitals is a constant of the script.
            if begin.is_empty() || begin != begin.to_uppercase() {
                self.reads.insert((key.to_owned(), tokens[at + 1].line));
            }
        }
    }

    /// The keys of a pattern: behind its `{` and its commas, also in the patterns within.
    fn note_pattern(&mut self, tokens: &[Token], open: usize) {
        let close = partner(tokens, open);
        for at in open + 1..close {
            let follows = tokens[at - 1].is("{") || tokens[at - 1].is(",");
            if let Some(key) = tokens[at]
                .word()
                .filter(|_| follows && around(tokens, at) == Some("{"))
            {
                self.reads.insert((key.to_owned(), tokens[at].line));
            }
        }
    }
}

/// Decimals are no keys, and Okta's words in capitals are values that are counted.
fn may_be_sent(key: &str) -> bool {
    key.starts_with(char::is_lowercase) && !BROWSER_KEYS.contains(&key)
}

/// Where the chain before a dot begins: `byId` of `byId('rows').tBodies[0].rows`.
fn beginning(tokens: &[Token], dot: usize) -> &str {
    let mut at = dot;
    while at > 0 {
        let before = &tokens[at - 1];
        if before.is(")") || before.is("]") {
            at = opening(tokens, at - 1);
        } else if let Some(word) = before.word() {
            if at < 2 || !(tokens[at - 2].is(".") || tokens[at - 2].is("?.")) {
                return word;
            }
            at -= 2;
        } else {
            return "";
        }
    }
    ""
}

/// Variables that are set to something of the browser's, such as `const bar = byId('progress')`.
fn of_the_browser(tokens: &[Token]) -> BTreeSet<String> {
    let mut known: BTreeSet<String> = BROWSER.iter().map(|name| (*name).to_owned()).collect();
    for at in 1..tokens.len() {
        let sets = tokens[at].is("=") || tokens[at].word() == Some("of");
        let set = sets.then(|| tokens[at - 1].word()).flatten();
        let to = tokens[at + 1..]
            .iter()
            .find_map(|token| (!token.is("[") && !token.is("...")).then(|| token.word()));
        if let (Some(name), Some(Some(first))) = (set, to)
            && known.contains(first)
        {
            known.insert(name.to_owned());
        }
        if tokens[at].word() == Some("as") {
            known.extend(tokens[at + 1].word().map(str::to_owned));
        }
    }
    known
}

/// Whether a brace opens a pattern: before `=`, before `of`, or among the parameters of a function.
fn is_pattern(tokens: &[Token], open: usize) -> bool {
    if !tokens[open].is("{") {
        return false;
    }
    let after = tokens.get(partner(tokens, open) + 1);
    let declares = open > 0 && ["const", "let"].contains(&tokens[open - 1].word().unwrap_or_default());
    if declares && after.is_some_and(|after| after.is("=") || after.word() == Some("of")) {
        return true;
    }
    let Some(parameters) = (0..open)
        .rev()
        .find(|at| tokens[*at].is("(") && partner(tokens, *at) > open)
    else {
        return false;
    };
    let directly = tokens[open - 1].is("(") || tokens[open - 1].is(",");
    let of_arrow = tokens
        .get(partner(tokens, parameters) + 1)
        .is_some_and(|next| next.is("=>"));
    let of_function = parameters > 1 && tokens[parameters - 2].word() == Some("function");
    directly && around(tokens, open) == Some("(") && (of_arrow || of_function)
}

/// The innermost bracket that is open at a token.
fn around(tokens: &[Token], at: usize) -> Option<&str> {
    let open = (0..at)
        .rev()
        .find(|open| is_opening(&tokens[*open]) && partner(tokens, *open) >= at)?;
    match &tokens[open].kind {
        Kind::Sign(sign) => Some(sign),
        _ => None,
    }
}

fn is_opening(token: &Token) -> bool {
    ["(", "[", "{"].iter().any(|sign| token.is(sign))
}

fn is_closing(token: &Token) -> bool {
    [")", "]", "}"].iter().any(|sign| token.is(sign))
}

/// The bracket that closes what this one opens.
fn partner(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if is_opening(token) {
            depth += 1;
        } else if is_closing(token) {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        }
    }
    tokens.len()
}

/// The bracket that opens what this one closes.
fn opening(tokens: &[Token], close: usize) -> usize {
    (0..close)
        .rev()
        .find(|open| is_opening(&tokens[*open]) && partner(tokens, *open) == close)
        .unwrap_or(0)
}

/// Words, texts and signs; comments are left out, and what a template inserts stands in parentheses behind it.
fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer {
        letters: text.chars().collect(),
        at: 0,
        line: 1,
        tokens: Vec::new(),
    };
    lexer.run("");
    lexer.tokens
}

struct Lexer {
    letters: Vec<char>,
    at: usize,
    line: usize,
    tokens: Vec<Token>,
}

/// Signs of several letters that must not be taken for others.
const SIGNS: &[&str] = &[
    "===", "!==", "...", "=>", "==", "!=", "<=", ">=", "?.", "??", "&&", "||", "+=", "-=",
];

impl Lexer {
    fn sees(&self, text: &str) -> bool {
        text.chars()
            .enumerate()
            .all(|(offset, letter)| self.letters.get(self.at + offset) == Some(&letter))
    }

    fn next(&mut self) -> char {
        let letter = self.letters[self.at];
        self.at += 1;
        self.line += usize::from(letter == '\n');
        letter
    }

    fn push(&mut self, kind: Kind) {
        self.tokens.push(Token {
            kind,
            line: self.line,
        });
    }

    /// Reads up to the brace that ends an insertion of a template, or to the end.
    fn run(&mut self, end: &str) {
        let mut depth = 0_usize;
        while self.at < self.letters.len() {
            if !end.is_empty() && depth == 0 && self.sees(end) {
                return;
            }
            let letter = self.letters[self.at];
            if self.sees("//") {
                self.skip_to("\n");
            } else if self.sees("/*") {
                self.skip_to("*/");
            } else if letter == '`' {
                self.template();
            } else if letter == '\'' || letter == '"' {
                self.text(letter);
            } else if letter == '/' && self.is_regex() {
                self.text('/');
            } else if letter.is_alphanumeric() || letter == '_' || letter == '$' {
                let mut word = String::new();
                while self
                    .letters
                    .get(self.at)
                    .is_some_and(|next| next.is_alphanumeric() || "_$".contains(*next))
                {
                    word.push(self.next());
                }
                self.push(Kind::Word(word));
            } else if letter.is_whitespace() {
                self.next();
            } else {
                depth = match letter {
                    '{' => depth + 1,
                    '}' => depth.saturating_sub(1),
                    _ => depth,
                };
                self.sign(letter);
            }
        }
    }

    fn sign(&mut self, letter: char) {
        let sign = SIGNS
            .iter()
            .find(|sign| self.sees(sign))
            .map_or(letter.to_string(), |sign| (*sign).to_owned());
        for _ in sign.chars() {
            self.next();
        }
        self.push(Kind::Sign(sign));
    }

    fn skip_to(&mut self, end: &str) {
        while self.at < self.letters.len() && !self.sees(end) {
            self.next();
        }
        self.at = (self.at + usize::from(end == "*/") * 2).min(self.letters.len());
    }

    /// A slash divides behind a value and begins a pattern of letters elsewhere.
    fn is_regex(&self) -> bool {
        self.tokens.last().is_none_or(|before| {
            !matches!(before.kind, Kind::Word(_) | Kind::Text(_)) && !before.is(")") && !before.is("]")
        })
    }

    fn text(&mut self, end: char) {
        self.next();
        let mut text = String::new();
        while self.letters[self.at] != end {
            if self.letters[self.at] == '\\' {
                self.next();
            }
            text.push(self.next());
        }
        self.next();
        self.push(Kind::Text(text));
    }

    fn template(&mut self) {
        self.next();
        while self.letters[self.at] != '`' {
            if self.sees("${") {
                self.at += 2;
                self.push(Kind::Sign("(".to_owned()));
                self.run("}");
                self.next();
                self.push(Kind::Sign(")".to_owned()));
            } else {
                self.next();
            }
        }
        self.next();
    }
}
