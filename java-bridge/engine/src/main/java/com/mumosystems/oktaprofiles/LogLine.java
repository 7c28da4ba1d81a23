package com.mumosystems.oktaprofiles;

import java.time.Instant;

/**
 * One line of the engine's log, without secrets and personal data. Written from the Rust tables by {@code make header}.
 *
 * @param position Position in the log.
 * @param at When the line was written.
 * @param level How important the line is: error, warn, info or debug.
 * @param message The line, without secrets and personal data.
 */
public record LogLine(
    long position,
    Instant at,
    String level,
    String message) {}
