package com.mumosystems.oktaprofiles;

/**
 * One line of a validation report. Written from the Rust tables by {@code make header}.
 *
 * @param capability What was checked: organization, credential, read_users, read_groups, read_schemas, read_user_types, read_event_hooks, read_log, write_users, write_groups, write_event_hooks, scopes, sign_in, rate_limit, user_count, sync_duration or clock_skew.
 * @param purpose What the capability is for.
 * @param outcome How the check ended: ok, warning, missing_role, missing_scope, feature_off, refused, not_checked or unreachable.
 * @param required Whether a sync needs the capability with the present settings.
 * @param errorCode Number of the error; 0 if none.
 * @param advice What was found, or what to do.
 * @param finding The value that the check found; empty if none.
 * @param missingScope The scope that is missing; empty if none.
 * @param oktaErrorCode Okta's errorCode; empty if none.
 * @param oktaRequestId Okta's request id; empty if none.
 */
public record Check(
    String capability,
    String purpose,
    Outcome outcome,
    boolean required,
    int errorCode,
    String advice,
    String finding,
    String missingScope,
    String oktaErrorCode,
    String oktaRequestId) {}
