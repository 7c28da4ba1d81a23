package com.mumosystems.oktaprofiles;

import java.time.Instant;

/**
 * An Okta user. Whatever Okta leaves out is null.
 *
 * @param id Okta's user id
 * @param status Okta's status, such as ACTIVE; values unknown today are passed on
 * @param typeId id of the user type, or null
 * @param realmId id of the realm, or null
 * @param created when the user was created, or null
 * @param activated when the user was activated, or null
 * @param statusChanged when the status last changed, or null
 * @param lastLogin the last sign-in, or null
 * @param lastUpdated the last update of profile or status, or null
 * @param passwordChanged the last change of the password, or null
 * @param login the login, or null
 * @param email the e-mail address, or null
 * @param firstName the first name, or null
 * @param lastName the last name, or null
 * @param displayName the display name, or null
 * @param profileJson the whole profile as a JSON object with sorted keys, custom attributes included
 */
public record OktaUser(
    String id,
    String status,
    String typeId,
    String realmId,
    Instant created,
    Instant activated,
    Instant statusChanged,
    Instant lastLogin,
    Instant lastUpdated,
    Instant passwordChanged,
    String login,
    String email,
    String firstName,
    String lastName,
    String displayName,
    String profileJson) {}
