package com.mumosystems.oktaprofiles;

import java.time.Instant;

/**
 * A user type of the org. A user has the id of its type. Written from the Rust tables by {@code make header}.
 *
 * @param id Id of the user type.
 * @param name The name of a user type in Okta's API.
 * @param displayName The name of a user type for people.
 * @param description The description of a user type.
 * @param isDefault Whether it is the default user type.
 * @param schemaId The id of the schema of a user type.
 * @param lastUpdated When the schema last changed.
 */
public record UserType(
    String id,
    String name,
    String displayName,
    String description,
    boolean isDefault,
    String schemaId,
    Instant lastUpdated) {}
