package com.mumosystems.oktaprofiles;

/**
 * An attribute that profiles of a user type may have.
 *
 * @param name the key in the profile; case matters
 * @param title the name people read
 * @param description the description, or null
 * @param type string, boolean, integer, number or array
 * @param itemsType the type of the elements of an array, or null
 * @param format the format of a text, such as email or date-time, or null
 * @param custom whether the org added it; base attributes are Okta's own
 * @param required whether every user must have it
 * @param order its place in the schema: 0, 1, 2 and so on
 * @param enumValuesJson the values it may have: a JSON array of objects with value and title; [] if any
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
