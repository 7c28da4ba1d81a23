package com.mumosystems.oktaprofiles;

/**
 * What was published for the other nodes of a cluster. Written from the Rust tables by {@code make header}.
 *
 * @param published nothing, increment, base, or newer if a newer engine publishes there.
 * @param rows How many rows changed since the state before; 0 if unknown.
 * @param bytes How many bytes were written to the shared folder.
 */
public record Publication(
    String published,
    long rows,
    long bytes) {}
