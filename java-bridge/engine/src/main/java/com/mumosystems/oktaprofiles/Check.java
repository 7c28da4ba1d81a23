package com.mumosystems.oktaprofiles;

/**
 * One line of a validation report.
 *
 * @param capability what was checked, such as read_users
 * @param purpose what it is for, beginning with a verb
 * @param outcome ok, warning, missing_role, missing_scope, feature_off, refused, not_checked or unreachable
 * @param required whether a sync needs it with the settings in force
 * @param errorCode number of the error; 0 if none
 * @param advice what was found, or what to do
 * @param finding what the check found out, such as the org id; empty if nothing
 * @param missingScope the scope that is missing; empty if none
 * @param oktaErrorCode Okta's errorCode; empty if none
 * @param oktaRequestId Okta's request id; empty if none
 */
public record Check(
    String capability,
    String purpose,
    String outcome,
    boolean required,
    int errorCode,
    String advice,
    String finding,
    String missingScope,
    String oktaErrorCode,
    String oktaRequestId) {}
