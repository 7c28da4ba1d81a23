//! The grammar: `attribute op "literal"`, `attribute pr`, `and`, `or`, parentheses.
//!
//! `and` binds more tightly than `or`. Everything else, such as a date without quotes, is an invalid query.

/// A parsed expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expression {
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    Compare(Comparison),
}

/// One comparison of an attribute with a literal.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Comparison {
    pub(crate) attribute: String,
    pub(crate) operator: Operator,
    /// Empty for `pr`.
    pub(crate) literal: String,
}

/// The operators that Okta documents for users and groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Eq,
    Gt,
    Ge,
    Lt,
    Le,
    StartsWith,
    Contains,
    Present,
}

impl Expression {
    /// All comparisons in it.
    pub(crate) fn comparisons(&self) -> Vec<&Comparison> {
        match self {
            Expression::And(left, right) | Expression::Or(left, right) => {
                [left.comparisons(), right.comparisons()].concat()
            }
            Expression::Compare(comparison) => vec![comparison],
        }
    }
}

/// Parses a whole expression; `None` if it is not one.
pub(crate) fn parse(text: &str) -> Option<Expression> {
    let tokens = tokens(text)?;
    let mut parser = Parser {
        tokens: &tokens,
        depth: 0,
    };
    let expression = parser.either()?;
    parser.tokens.is_empty().then_some(expression)
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Open,
    Close,
    Word(String),
    Literal(String),
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let used = match first {
            '(' => {
                tokens.push(Token::Open);
                1
            }
            ')' => {
                tokens.push(Token::Close);
                1
            }
            '"' => {
                // It is read as a JSON string, so that escapes have their usual meaning.
                let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<String>();
                tokens.push(Token::Literal(stream.next()?.ok()?));
                stream.byte_offset()
            }
            _ => {
                let end = rest.find([' ', '(', ')', '"']).unwrap_or(rest.len());
                tokens.push(Token::Word(rest[..end].to_owned()));
                end
            }
        };
        rest = rest[used..].trim_start();
    }
    Some(tokens)
}

struct Parser<'a> {
    tokens: &'a [Token],
    depth: usize,
}

impl Parser<'_> {
    fn take(&mut self) -> Option<Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first.clone())
    }

    fn next_is_word(&self, word: &str) -> bool {
        matches!(self.tokens.first(), Some(Token::Word(next)) if next.eq_ignore_ascii_case(word))
    }

    fn either(&mut self) -> Option<Expression> {
        let mut left = self.both()?;
        while self.next_is_word("or") {
            self.take()?;
            left = Expression::Or(Box::new(left), Box::new(self.both()?));
        }
        Some(left)
    }

    fn both(&mut self) -> Option<Expression> {
        let mut left = self.single()?;
        while self.next_is_word("and") {
            self.take()?;
            left = Expression::And(Box::new(left), Box::new(self.single()?));
        }
        Some(left)
    }

    fn single(&mut self) -> Option<Expression> {
        match self.take()? {
            Token::Open => {
                self.depth += 1;
                // Deep enough for any real query, and not too deep for the stack.
                let inner = (self.depth < 50).then(|| self.either()).flatten()?;
                self.depth -= 1;
                (self.take()? == Token::Close).then_some(inner)
            }
            Token::Word(attribute) => self.comparison(attribute),
            Token::Close | Token::Literal(_) => None,
        }
    }

    fn comparison(&mut self, attribute: String) -> Option<Expression> {
        let Token::Word(word) = self.take()? else {
            return None;
        };
        let operator = match word.to_ascii_lowercase().as_str() {
            "eq" => Operator::Eq,
            "gt" => Operator::Gt,
            "ge" => Operator::Ge,
            "lt" => Operator::Lt,
            "le" => Operator::Le,
            "sw" => Operator::StartsWith,
            "co" => Operator::Contains,
            "pr" => Operator::Present,
            _ => return None,
        };
        let literal = match operator {
            Operator::Present => String::new(),
            _ => self.literal()?,
        };
        Some(Expression::Compare(Comparison {
            attribute,
            operator,
            literal,
        }))
    }

    /// Text in quotes, or a bare number or boolean.
    fn literal(&mut self) -> Option<String> {
        match self.take()? {
            Token::Literal(text) => Some(text),
            Token::Word(word) if word == "true" || word == "false" => Some(word),
            Token::Word(word) => word.parse::<f64>().ok().map(|_| word),
            Token::Open | Token::Close => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn and_binds_tighter_than_or() {
        let parsed = parse(r#"status eq "A" or status eq "B" and (created lt "x" or id pr)"#);
        let Some(Expression::Or(_, right)) = parsed else {
            panic!("{parsed:?}");
        };
        assert!(matches!(*right, Expression::And(..)));
    }

    #[test]
    fn what_is_not_an_expression_is_refused() {
        for text in [
            "",
            "status",
            "status eq",
            "status ne \"A\"",
            "created gt 2024-01-01T00:00:00Z",
            "(status pr",
            "status pr)",
            "status eq \"A",
            "status pr status pr",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert!(parse(r#"profile.firstName eq "a \"b\" c""#).is_some());
    }
}
