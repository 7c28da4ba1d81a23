package com.mumosystems.oktaprofiles;

/**
 * An attribute of one user, with the title that people read. Written from the Rust tables by {@code make header}.
 *
 * @param name The name of an attribute in the profile.
 * @param title The name of the attribute for people.
 * @param valueJson The value of the attribute, as JSON.
 */
public record TitledValue(
    String name,
    String title,
    String valueJson) {}
