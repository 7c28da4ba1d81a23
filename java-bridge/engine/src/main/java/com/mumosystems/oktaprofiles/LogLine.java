package com.mumosystems.oktaprofiles;

import java.time.Instant;

/**
 * One line of the engine's log, redacted.
 *
 * @param position ascending; poll with the last one seen
 * @param at when it was written
 * @param level error, warn, info or debug
 * @param message the text
 */
public record LogLine(
    long position,
    Instant at,
    String level,
    String message) {}
