package com.mumosystems.oktaprofiles;

/**
 * What other rules would do with the present directory.
 *
 * @param present the counts as they are
 * @param proposed the counts as they would be
 * @param gained pairs that only the other rules tie
 * @param lost pairs of today that the other rules would not tie
 */
public record MatchPreview(
    MatchCounts present,
    MatchCounts proposed,
    long gained,
    long lost) {}
