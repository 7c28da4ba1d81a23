package com.mumosystems.oktaprofiles;

/**
 * An attribute that profiles of a user type may have. Written from the Rust tables by {@code make header}.
 *
 * @param name The name of an attribute in the profile.
 * @param title The name of the attribute for people.
 * @param description The description of the attribute.
 * @param type string, boolean, integer, number or array.
 * @param itemsType The type of the elements of an array.
 * @param format The format of a text, such as email or date-time.
 * @param custom Whether the org added the attribute.
 * @param required Whether every user must have it.
 * @param order The place of the attribute in its schema: 0, 1, 2 and so on.
 * @param enumValuesJson The values that the attribute may have: JSON array of &#123;value, title&#125;; empty if every value is allowed.
 */
public record Attribute(
    String name,
    String title,
    String description,
    String type,
    String itemsType,
    String format,
    boolean custom,
    boolean required,
    int order,
    String enumValuesJson) {}
