package com.mumosystems.oktaprofiles;

/**
 * An attribute of one user, with the name people read.
 *
 * @param name the key in the profile
 * @param title the title in the schema; the key where the schema does not have it
 * @param valueJson the value as JSON
 */
public record TitledValue(
    String name,
    String title,
    String valueJson) {}
