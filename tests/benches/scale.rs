//! How large a benchmark is: as large as its command line says.

/// The number after `--`; cargo passes `--bench` as well.
pub fn users_or(usual: u32) -> u32 {
    let mut arguments = std::env::args().skip(1);
    arguments
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(usual)
}
