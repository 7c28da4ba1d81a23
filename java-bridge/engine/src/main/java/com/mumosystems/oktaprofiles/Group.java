package com.mumosystems.oktaprofiles;

import java.time.Instant;

/**
 * An Okta group. Whatever Okta leaves out is null.
 *
 * @param id Okta's group id
 * @param name the name; several groups may have the same
 * @param description the description, or null
 * @param type OKTA_GROUP, APP_GROUP or BUILT_IN; values unknown today are passed on
 * @param memberCount how many members were read, deactivated ones included; null until they were read once
 * @param created when the group was made, or null
 * @param lastUpdated when the group's own profile last changed, or null
 * @param lastMembershipUpdated when its members last changed, or null
 * @param profileJson the whole profile as a JSON object with sorted keys, custom attributes included
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
