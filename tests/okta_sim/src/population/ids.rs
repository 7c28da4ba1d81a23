//! Okta-like ids: 20 characters, case-sensitive, unique, and ascending with the index in ASCII order.
//!
//! An id can be turned back into its index, so the world needs no table of ids. Indexes come in pairs with the same
//! prefix. Some pairs differ only by the case of one letter, which exposes stores that compare ids without case.

use super::draw::{Draw, Topic, mix};

/// Base 62 in ASCII order, so that numeric order and text order agree.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The distance between the prefixes of two neighbouring pairs. The prefix of a pair lies within it.
const STRIDE: u64 = 9_973;
/// The first prefix: it makes ids begin with `00u1`.
const OFFSET: u64 = 62 * 62 * 62 * 62 * 62 * 62;
const PREFIX_CHARS: usize = 7;
/// The one user whose id has 21 characters, as seen in recorded traffic.
const LONG_ID_INDEX: u32 = 17;

/// The id of the user with this index.
pub(crate) fn user_id(seed: u64, index: u32) -> String {
    object_id("00u", seed, index)
}

/// An id of another kind (`00g`, `oty`, `00o`, `guo`, `who` …), made by the same rules.
pub(crate) fn object_id(kind: &str, seed: u64, index: u32) -> String {
    let seed = kind.bytes().fold(seed, |acc, byte| mix(acc, 0, u64::from(byte)));
    let pair = u64::from(index / 2);
    let mut id = String::with_capacity(21);
    id.push_str(kind);
    let prefix = OFFSET + pair * STRIDE + mix(seed, Topic::Id as u64, pair) % STRIDE;
    push_base62(&mut id, prefix, PREFIX_CHARS);
    let twins = pair % 32 == 3;
    let tail_of = if twins { pair * 2 } else { u64::from(index) };
    let mut draw = Draw::new(seed, Topic::Id, tail_of.wrapping_add(1 << 40));
    let letter = b'A' + draw.below(26) as u8;
    // In ASCII upper case sorts before lower case, so the even one of a pair comes first.
    let letter = if index.is_multiple_of(2) {
        letter
    } else {
        letter + 32
    };
    id.push(char::from(letter));
    for _ in 0..9 {
        id.push(char::from(*draw.pick(DIGITS)));
    }
    if index == LONG_ID_INDEX {
        id.push('0');
    }
    id
}

/// The index of a user id that [`user_id`] made; none for another text.
pub(crate) fn user_index(seed: u64, id: &str, count: u32) -> Option<u32> {
    let at = position_after(seed, id, count);
    let before = at.checked_sub(1)?;
    (user_id(seed, before) == id).then_some(before)
}

/// The index of the first user whose id sorts after `id`; `id` need not exist.
pub(crate) fn position_after(seed: u64, id: &str, count: u32) -> u32 {
    let value = prefix_value(id);
    let pair = value.saturating_sub(OFFSET) / STRIDE;
    let mut index = u32::try_from(pair.saturating_sub(1).saturating_mul(2))
        .unwrap_or(u32::MAX)
        .min(count);
    while index < count && user_id(seed, index).as_str() <= id {
        index += 1;
    }
    index
}

/// Whether the text looks like a user id or the beginning of one.
pub(crate) fn looks_like_user_id(text: &str) -> bool {
    text.starts_with("00u") && text.len() <= 24 && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn prefix_value(id: &str) -> u64 {
    let digits = id.bytes().skip(3).chain(std::iter::repeat(b'0'));
    digits.take(PREFIX_CHARS).fold(0, |acc, byte| {
        let digit = DIGITS.iter().position(|&d| d == byte).unwrap_or(0);
        acc * 62 + digit as u64
    })
}

fn push_base62(out: &mut String, value: u64, chars: usize) {
    for place in (0..chars as u32).rev() {
        let digit = value / 62u64.pow(place) % 62;
        out.push(char::from(DIGITS[digit as usize]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_ascend_and_can_be_turned_back() {
        let count = 20_000;
        let mut last = String::new();
        for index in 0..count {
            let id = user_id(7, index);
            assert!(id > last, "{id} after {last}");
            assert_eq!(user_index(7, &id, count), Some(index));
            assert_eq!(position_after(7, &id, count), index + 1);
            assert_eq!(id.len(), if index == LONG_ID_INDEX { 21 } else { 20 });
            last = id;
        }
        assert_eq!(position_after(7, "00u", count), 0);
        assert_eq!(position_after(7, "00uzzzz", count), count);
    }

    #[test]
    fn some_ids_differ_only_by_case() {
        let (upper, lower) = (user_id(7, 6), user_id(7, 7));
        assert_ne!(upper, lower);
        assert_eq!(upper.to_lowercase(), lower.to_lowercase());
    }
}
