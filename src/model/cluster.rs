//! The results of publishing a directory for the other nodes of a cluster, and of following them.

/// What was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedPublication {
    /// What was published.
    pub published: Published,
    /// How many rows changed since the state before; 0 if that is not known.
    pub rows: u64,
    /// Bytes that were written to the shared folder.
    pub bytes: u64,
}

/// What a publication wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// Nothing had changed since the newest state.
    Nothing,
    /// The rows that changed.
    Increment,
    /// Every row.
    Base,
    /// Nothing was published, because a newer version of the engine publishes on this folder.
    Newer,
}

impl Published {
    /// The name in C and Java.
    pub fn name(self) -> &'static str {
        match self {
            Published::Nothing => "nothing",
            Published::Increment => "increment",
            Published::Base => "base",
            Published::Newer => "newer",
        }
    }
}

/// The result of following.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// How the directory reached its state.
    pub following: Following,
    /// The state of the directory; empty if no state was ever published or followed.
    pub state: String,
    /// The note of the node that published that state.
    pub note: String,
}

/// How a directory reached the newest state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Following {
    /// There is no state to follow.
    Nothing,
    /// The directory was already at the newest state.
    Current,
    /// The changed rows were applied.
    Increments,
    /// The directory was compared with every row of the base.
    Base,
    /// It did not: a newer version of the engine publishes on this folder, and this engine must be updated first.
    Newer,
}

impl Following {
    /// Whether the directory has other content now.
    pub fn moved(self) -> bool {
        matches!(self, Following::Increments | Following::Base)
    }

    /// The name in C and Java.
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
