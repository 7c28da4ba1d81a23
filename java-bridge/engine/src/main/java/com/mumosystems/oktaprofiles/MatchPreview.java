package com.mumosystems.oktaprofiles;

/**
 * What other rules would do with the present directory. Written from the Rust tables by {@code make header}.
 *
 * @param present The counts as they are.
 * @param proposed The counts as they would be.
 * @param gained Pairs that only the other rules tie.
 * @param lost Pairs of today that the other rules would not tie.
 */
public record MatchPreview(
    MatchCounts present,
    MatchCounts proposed,
    long gained,
    long lost) {}
