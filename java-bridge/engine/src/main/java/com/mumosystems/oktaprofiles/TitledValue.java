package com.mumosystems.oktaprofiles;

/**
 * An attribute of one user, with the name people read. Written from the Rust tables by {@code make header}.
 *
 * @param name The key of an attribute in the profile.
 * @param title The name of the attribute that people read.
 * @param valueJson The value of the attribute, JSON.
 */
public record TitledValue(
    String name,
    String title,
    String valueJson) {}
