package com.mumosystems.oktaprofiles;

import java.time.Instant;

/**
 * One entry of the change feed. Written from the Rust tables by {@code make header}.
 *
 * @param position The position of the change in the change feed.
 * @param run Number of the run.
 * @param at When the change was committed.
 * @param oktaId Okta's user id.
 * @param kind What happened: added, updated, absent, returned or purged.
 * @param fieldsJson JSON array of &#123;field, from, to&#125;.
 * @param event Okta's id of the event that reported the change; null if a listing found it.
 */
public record Change(
    long position,
    long run,
    Instant at,
    String oktaId,
    String kind,
    String fieldsJson,
    String event) {}
