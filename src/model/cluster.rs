//! What publishing a directory for the other nodes of a cluster did, and what following them did.

/// What was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedPublication {
    /// In what form.
    pub published: Published,
    /// Rows that changed since the state before; 0 if they are not known.
    pub rows: u64,
    /// Bytes that were written to the shared folder.
    pub bytes: u64,
}

/// In what form something was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// Nothing had changed since the newest state.
    Nothing,
    /// The rows that changed.
    Increment,
    /// Every row.
    Base,
    /// Nothing: a newer engine publishes here.
    Newer,
}

impl Published {
    /// The word for it in C and Java.
    pub fn name(self) -> &'static str {
        match self {
            Published::Nothing => "nothing",
            Published::Increment => "increment",
            Published::Base => "base",
            Published::Newer => "newer",
        }
    }
}

/// What following did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// How the directory got where it is.
    pub following: Following,
    /// The state that the directory is at; empty if none was ever published or taken over.
    pub state: String,
    /// What the publisher of that state said of it.
    pub note: String,
}

/// How a directory got to the newest state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Following {
    /// There is no state to follow.
    Nothing,
    /// It was there already.
    Current,
    /// By the rows that changed.
    Increments,
    /// By comparing with the base.
    Base,
    /// It did not: a newer engine publishes here, and this one must be updated first.
    Newer,
}

impl Following {
    /// The word for it in C and Java.
    pub fn name(self) -> &'static str {
        match self {
            Following::Nothing => "nothing",
            Following::Current => "current",
            Following::Increments => "increments",
            Following::Base => "base",
            Following::Newer => "newer",
        }
    }
}
