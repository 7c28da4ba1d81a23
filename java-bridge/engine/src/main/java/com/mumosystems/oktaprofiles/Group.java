package com.mumosystems.oktaprofiles;

import java.time.Instant;

/**
 * An Okta group. Members that Okta leaves out are null. Written from the Rust tables by {@code make header}.
 *
 * @param id Okta's group id.
 * @param name The name of the group; several may have the same.
 * @param description The description of the group.
 * @param type OKTA_GROUP, APP_GROUP or BUILT_IN.
 * @param memberCount How many members were read; null if they were never read.
 * @param created When the group was created.
 * @param lastUpdated When the group's own profile last changed.
 * @param lastMembershipUpdated When the members of the group last changed.
 * @param profileJson The whole profile of the group, a JSON object with sorted keys.
 */
public record Group(
    String id,
    String name,
    String description,
    String type,
    Long memberCount,
    Instant created,
    Instant lastUpdated,
    Instant lastMembershipUpdated,
    String profileJson) {}
