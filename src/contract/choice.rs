//! What a table of choices is: a fixed set of values, each with a number or a word that crosses the boundary.
//!
//! The tables are in [`super::choices`]. This file defines their form, and how a table becomes an enum.

use super::names::upper_snake;

/// The form of a choice in Java.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JavaForm {
    /// An enum of this name, for arguments.
    Argument(&'static str),
    /// An enum of this name, for answers. A word that the enum does not know becomes `UNKNOWN`.
    Answer(&'static str),
    /// Constants of `internal.Flags`, which can be added.
    Flags,
    /// The word as text.
    Text,
}

/// One table: what C, Java, the command line and the reference need to know of a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The beginning of the names of its constants in C, after `OKP_`.
    pub prefix: &'static str,
    /// The form of the choice in Java.
    pub java: JavaForm,
    /// What is chosen.
    pub about: &'static str,
    /// The values, in order.
    pub values: &'static [ChoiceValue],
}

/// One value of a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChoiceValue {
    /// The number that C and Java pass and get; none if they use the word.
    pub number: Option<i32>,
    /// The name of the variant, for example `OktaOnly`.
    pub variant: &'static str,
    /// The word in answers, in the directory and on the command line.
    pub word: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

impl ChoiceValue {
    /// The name of its constant in C (behind the prefix) and in Java.
    pub fn constant(&self) -> String {
        upper_snake(self.variant)
    }
}

impl Choice {
    /// The words for people: `a, b or c`.
    pub fn words(&self) -> String {
        let words: Vec<&str> = self.values.iter().map(|value| value.word).collect();
        match words.split_last() {
            Some((last, before)) if !before.is_empty() => format!("{} or {last}", before.join(", ")),
            _ => words.concat(),
        }
    }

    /// The numbers for people, with their words: `0 idle, 1 starting`.
    pub fn numbers(&self) -> String {
        let numbered = self.values.iter();
        let shown: Vec<String> = numbered
            .filter_map(|value| Some(format!("{} {}", value.number?, value.word)))
            .collect();
        shown.join(", ")
    }
}

macro_rules! choices {
    ($(
        $(#[$attribute:meta])*
        $name:ident, $prefix:literal, $java:expr, $about:literal {
            $($(#[$mark:meta])* $value:ident $(= $number:literal)?, $word:literal, $meaning:literal;)*
        }
    )*) => {
        $(
            #[doc = $about]
            $(#[$attribute])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub enum $name {
                $(#[doc = $meaning] $(#[$mark])* $value $(= $number)?,)*
            }

            impl $name {
                /// Every value, in the order of the table.
                pub const ALL: [$name; <[&str]>::len(&[$($word),*])] = [$($name::$value,)*];

                /// The table.
                pub const CHOICE: Choice = Choice {
                    prefix: $prefix,
                    java: $java,
                    about: $about,
                    values: &[$(ChoiceValue {
                        number: choices!(@number $($number)?),
                        variant: stringify!($value),
                        word: $word,
                        meaning: $meaning,
                    },)*],
                };

                /// The word in answers and in the directory.
                pub fn name(self) -> &'static str {
                    match self { $($name::$value => $word,)* }
                }

                /// The value of this word.
                pub fn from_name(name: &str) -> Option<$name> {
                    $name::ALL.into_iter().find(|value| value.name() == name)
                }

                /// The number that callers pass; if the choice has no numbers, the place in the table.
                pub const fn number(self) -> i32 {
                    self as i32
                }

                /// The value of this number.
                pub fn from_number(number: i32) -> Option<$name> {
                    $name::ALL.into_iter().find(|value| value.number() == number)
                }
            }

            impl Serialize for $name {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.serialize_str(self.name())
                }
            }

            impl From<$name> for Cell<'_> {
                fn from(value: $name) -> Self {
                    Cell::from(value.name())
                }
            }
        )*

        /// Every choice.
        pub const CHOICES: &[&Choice] = &[$(&$name::CHOICE,)*];
    };
    (@number) => { None };
    (@number $number:literal) => { Some($number) };
}
pub(super) use choices;
