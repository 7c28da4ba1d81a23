package com.mumosystems.oktaprofiles;

import java.time.Instant;

/**
 * One entry of the change feed.
 *
 * @param position ascending, never reused
 * @param run the run that found it
 * @param at when that run was published
 * @param oktaId whom it happened to
 * @param kind added, updated, absent, returned or purged
 * @param fieldsJson what changed: a JSON array of objects with field, from and to
 */
public record Change(
    long position,
    long run,
    Instant at,
    String oktaId,
    String kind,
    String fieldsJson) {}
