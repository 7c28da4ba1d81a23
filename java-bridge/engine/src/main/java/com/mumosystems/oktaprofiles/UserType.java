package com.mumosystems.oktaprofiles;

import java.time.Instant;

/**
 * A user type of the org.
 *
 * @param id Okta's id of the type; users name it as {@link OktaUser#typeId}
 * @param name the name in the API
 * @param displayName the name people read
 * @param description the description, or null
 * @param isDefault whether it is the default type
 * @param schemaId the id of its schema
 * @param lastUpdated when the schema last changed, or null
 */
public record UserType(
    String id,
    String name,
    String displayName,
    String description,
    boolean isDefault,
    String schemaId,
    Instant lastUpdated) {}
