package com.mumosystems.oktaprofiles;

/**
 * The result of following the other nodes of a cluster. Written from the Rust tables by {@code make header}.
 *
 * @param following nothing was published, current already, increments, base, or newer if only a newer engine can follow.
 * @param state The state that the directory is at; empty if there is none.
 * @param note The note of the publisher of this state.
 */
public record Followed(
    String following,
    String state,
    String note) {}
