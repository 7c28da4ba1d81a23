//! Deterministic draws: a tiny counter-based generator (splitmix64).
//!
//! Every fact about a simulated user is a draw from (seed, topic, index). So users can be made in any order, at any
//! time, and are always the same.

/// Mixes three numbers into one evenly distributed number.
pub(crate) fn mix(seed: u64, topic: u64, index: u64) -> u64 {
    let start = seed
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .wrapping_add(topic.wrapping_mul(0xD1B5_4A32_D192_ED03));
    scramble(scramble(start ^ 0xA076_1D64_78BD_642F).wrapping_add(index))
}

fn scramble(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The subject of a draw. Each topic is an independent stream of draws.
#[derive(Clone, Copy)]
pub(crate) enum Topic {
    Id = 1,
    Timeline,
    Status,
    Updated,
    Profile,
    Extras,
    Employee,
    Group,
    Token,
    Jira,
    Page,
    Jitter,
    Request,
    Churn,
}

/// A stream of draws for one (seed, topic, index).
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(seed: u64, topic: Topic, index: u64) -> Draw {
        Draw(mix(seed, topic as u64, index))
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.0 = scramble(self.0);
        self.0
    }

    /// A number in `0..bound`; 0 for a bound of 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.number() % bound }
    }

    /// True once in `n` draws on average.
    pub(crate) fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len() as u64) as usize]
    }
}
