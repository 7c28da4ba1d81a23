package com.mumosystems.oktaprofiles;

import java.time.Duration;

/**
 * The result of one poll of Okta's System Log. Written from the Rust tables by {@code make header}.
 *
 * @param events Events that came for the first time.
 * @param requests Requests that reading the System Log took.
 * @param more Whether there is more to read at once.
 * @param nextIn When to read the System Log again, in milliseconds.
 */
public record LogPoll(
    long events,
    long requests,
    boolean more,
    Duration nextIn) {}
