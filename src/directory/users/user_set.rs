//! A set of users by their number in the directory, in memory and packed for a row.
//!
//! In memory it is a bitmap in blocks: 12.5 kB for 100 000 users. A wrong number from a damaged file cannot make it
//! large. In a row it is a list of ascending differences as variable-length integers.

use std::collections::BTreeMap;

use crate::contract::errors::{Error, ErrorCode, Result};

/// The number of users in one block. A block needs 1 KiB.
const BLOCK_USERS: i64 = 8_192;
const BLOCK_WORDS: usize = 128;

/// A set of `user_no`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserSet {
    blocks: BTreeMap<i64, Box<[u64; BLOCK_WORDS]>>,
    len: u64,
}

impl UserSet {
    /// An empty set.
    pub fn new() -> UserSet {
        UserSet::default()
    }

    /// Adds a user. False if it was in the set before.
    pub fn insert(&mut self, user_no: i64) -> bool {
        let (block, word, bit) = place(user_no);
        let words = self
            .blocks
            .entry(block)
            .or_insert_with(|| Box::new([0; BLOCK_WORDS]));
        let new = words[word] & bit == 0;
        words[word] |= bit;
        self.len += u64::from(new);
        new
    }

    /// Removes a user. False if it was not in the set.
    pub fn remove(&mut self, user_no: i64) -> bool {
        let (block, word, bit) = place(user_no);
        let Some(words) = self.blocks.get_mut(&block) else {
            return false;
        };
        let old = words[word] & bit != 0;
        words[word] &= !bit;
        self.len -= u64::from(old);
        old
    }

    /// The users in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = i64> {
        self.blocks.iter().flat_map(|(block, words)| {
            let bits = (0..BLOCK_USERS).filter(|at| words[(at / 64) as usize] & (1 << (at % 64)) != 0);
            bits.map(move |at| block * BLOCK_USERS + at)
        })
    }

    /// Whether a user is in the set.
    pub fn contains(&self, user_no: i64) -> bool {
        let (block, word, bit) = place(user_no);
        self.blocks
            .get(&block)
            .is_some_and(|words| words[word] & bit != 0)
    }

    /// How many users are in the set.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Packs these users. They may be in any order, but each only once.
    pub fn encode(users: &[i64]) -> Vec<u8> {
        let mut sorted = users.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let mut packed = Vec::with_capacity(sorted.len() * 2);
        let mut previous = 0;
        for user_no in sorted {
            let mut left = user_no.wrapping_sub(previous).cast_unsigned();
            while left >= 0x80 {
                packed.push((left & 0x7F) as u8 | 0x80);
                left >>= 7;
            }
            packed.push(left as u8);
            previous = user_no;
        }
        packed
    }

    /// Adds packed users to the set.
    pub fn decode(&mut self, packed: &[u8]) -> Result<()> {
        let mut user_no = 0_i64;
        let mut bytes = packed.iter();
        while let Some(first) = bytes.next() {
            let mut value = u64::from(first & 0x7F);
            let (mut byte, mut shift) = (*first, 7);
            while byte & 0x80 != 0 {
                byte = *bytes.next().filter(|_| shift < u64::BITS).ok_or_else(damaged)?;
                value |= u64::from(byte & 0x7F) << shift;
                shift += 7;
            }
            user_no = user_no.wrapping_add(value.cast_signed());
            self.insert(user_no);
        }
        Ok(())
    }
}

impl FromIterator<i64> for UserSet {
    fn from_iter<I: IntoIterator<Item = i64>>(users: I) -> UserSet {
        let mut set = UserSet::new();
        for user_no in users {
            set.insert(user_no);
        }
        set
    }
}

fn place(user_no: i64) -> (i64, usize, u64) {
    let within = user_no.rem_euclid(BLOCK_USERS).cast_unsigned() as usize;
    (user_no.div_euclid(BLOCK_USERS), within / 64, 1 << (within % 64))
}

fn damaged() -> Error {
    Error::about(
        ErrorCode::DirectoryCorrupt,
        "a page's list of users ends in the middle of a number",
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn packed_users_come_back(users in proptest::collection::vec(1_i64..40_000, 0..300)) {
            let mut set = UserSet::new();
            set.decode(&UserSet::encode(&users)).expect("well-formed");
            let expected: std::collections::BTreeSet<i64> = users.iter().copied().collect();
            prop_assert_eq!(set.len(), expected.len() as u64);
            prop_assert!((0..40_001).all(|user_no| set.contains(user_no) == expected.contains(&user_no)));
            prop_assert!(set.iter().eq(expected.iter().copied()));
            prop_assert_eq!(&set, &users.iter().copied().collect());
            for user_no in expected {
                prop_assert!(set.remove(user_no) && !set.remove(user_no) && !set.contains(user_no));
            }
            prop_assert!(set.is_empty() && set.iter().next().is_none() && !set.remove(50_000));
        }

        #[test]
        fn no_bytes_make_it_panic_or_grow(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut set = UserSet::new();
            let _ = set.decode(&bytes);
            prop_assert!(set.len() <= bytes.len() as u64);
        }
    }

    #[test]
    fn neighbours_take_one_byte_each() {
        let page: Vec<i64> = (70_001..70_201).collect();
        assert!(UserSet::encode(&page).len() <= 202);
    }

    #[test]
    fn a_number_cut_short_is_damage() {
        let mut set = UserSet::new();
        let error = set.decode(&[0x85]).expect_err("cut short");
        assert_eq!(error.code(), ErrorCode::DirectoryCorrupt);
        assert!(set.is_empty());
        for extreme in [i64::MIN, -1, 0, i64::MAX] {
            assert!(set.insert(extreme) && set.contains(extreme) && !set.insert(extreme));
        }
    }
}
