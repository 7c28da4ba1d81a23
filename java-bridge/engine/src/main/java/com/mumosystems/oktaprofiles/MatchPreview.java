package com.mumosystems.oktaprofiles;

/**
 * The effect that other matching rules would have on the present directory. Written from the Rust tables by {@code make header}.
 *
 * @param present The present counts.
 * @param proposed The counts with the other rules.
 * @param gained Pairs that only the other rules tie.
 * @param lost Present pairs that the other rules would not tie.
 */
public record MatchPreview(
    MatchCounts present,
    MatchCounts proposed,
    long gained,
    long lost) {}
