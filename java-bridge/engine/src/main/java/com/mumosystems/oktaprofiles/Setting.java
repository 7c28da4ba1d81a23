package com.mumosystems.oktaprofiles;

/**
 * A setting with its present value. Written from the Rust tables by {@code make header}.
 *
 * @param key Name of a value.
 * @param value The value as text; null if it is a number.
 * @param source Where the value of a setting comes from: call, directory or default.
 * @param defaultValue The value of a setting that nobody has set.
 * @param meaning What a setting is for, with the unit.
 */
public record Setting(
    String key,
    String value,
    String source,
    String defaultValue,
    String meaning) {}
