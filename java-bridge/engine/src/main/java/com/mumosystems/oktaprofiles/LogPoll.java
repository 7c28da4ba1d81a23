package com.mumosystems.oktaprofiles;

import java.time.Duration;

/**
 * The result of one poll of Okta's System Log. Written from the Rust tables by {@code make header}.
 *
 * @param events How many events arrived for the first time.
 * @param requests How many requests were sent to read the System Log.
 * @param more Whether the System Log has more events that can be read immediately.
 * @param nextIn After how many milliseconds the System Log should be read again.
 */
public record LogPoll(
    long events,
    long requests,
    boolean more,
    Duration nextIn) {}
