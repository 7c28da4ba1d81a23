//! When the users of the org were created and last changed: compact columns, ascending by creation.
//!
//! A bulk import gives thousands of users the same second, and ordinary hires often have the same second in twos
//! and threes. So users with equal dates are at the edges of pages.

use super::draw::{Draw, Topic, mix};

/// 2018-03-01T08:00:00Z, when the simulated org begins.
pub(crate) const ORG_BEGINS: u32 = 1_519_891_200;
/// 2024-12-31T00:00:00Z, the last creation date of the initial users.
const LAST_HIRE: u32 = 1_735_603_200;
/// 2025-06-30T12:00:00Z, the last change of the initial users.
const LAST_CHANGE: u32 = 1_751_284_800;
/// 2025-03-03T03:03:03Z, when a mass update touched one user in twenty.
const MASS_UPDATE: u32 = 1_740_970_983;

/// The creation dates of `count` users, ascending, in seconds since 1970.
pub(crate) fn creation_dates(seed: u64, count: u32) -> Vec<u32> {
    let mut draw = Draw::new(seed, Topic::Timeline, 0);
    let mean_gap = u64::from(LAST_HIRE - ORG_BEGINS) / u64::from(count.max(1));
    let first_import = count / 3;
    let mut at = u64::from(ORG_BEGINS);
    let mut left_in_burst = 0u64;
    let mut dates = Vec::with_capacity(count as usize);
    for index in 0..count {
        if left_in_burst > 0 {
            left_in_burst -= 1;
        } else if index == first_import || draw.one_in(4_000) {
            at += 1 + draw.below(2 * mean_gap);
            left_in_burst = import_size(&mut draw, count);
        } else if index > 0 && !draw.one_in(3) {
            at += draw.below(2 * mean_gap + 1);
        }
        at = at.min(u64::from(LAST_HIRE));
        dates.push(at as u32);
    }
    dates
}

/// A bulk import has up to a fifth of the users of a small org, and up to 5,000 users of a large one.
fn import_size(draw: &mut Draw, count: u32) -> u64 {
    let most = u64::from(count / 5).min(5_000);
    most / 2 + draw.below(most / 2 + 1)
}

/// The last change of a user before the simulation began.
pub(crate) fn last_updated(seed: u64, index: u32, created: u32) -> u32 {
    let draw = mix(seed, Topic::Updated as u64, u64::from(index));
    match draw % 20 {
        0..6 => created,
        6 if created < MASS_UPDATE => MASS_UPDATE,
        _ => created + ((draw >> 8) % u64::from(LAST_CHANGE - created)) as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_ascend_and_imports_share_a_second() {
        let dates = creation_dates(1, 20_000);
        assert!(dates.is_sorted());
        assert!(dates.windows(1_000).any(|some| some[0] == some[999]));
        assert!(dates[19_999] <= LAST_HIRE);
        assert!(dates[0] < dates[19_999]);
    }
}
