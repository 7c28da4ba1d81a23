package com.mumosystems.oktaprofiles;

import java.time.Instant;

/**
 * An Okta user. Members that Okta leaves out are null. Written from the Rust tables by {@code make header}.
 *
 * @param id Okta's user id.
 * @param status Okta's status, such as ACTIVE.
 * @param typeId Id of the user type.
 * @param realmId Id of the realm.
 * @param created When the user was created.
 * @param activated When the user was activated.
 * @param statusChanged When the status last changed.
 * @param lastLogin The last sign-in.
 * @param lastUpdated The last update of profile or status.
 * @param passwordChanged The last change of the password.
 * @param login The login.
 * @param email The e-mail address.
 * @param firstName The first name.
 * @param lastName The last name.
 * @param displayName The display name.
 * @param name The name to show: the display name, else first and last name, else the login, else the id.
 * @param profileJson The whole profile, a JSON object with sorted keys.
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
    String name,
    String profileJson) {}
