package com.mumosystems.oktaprofiles.api;

import java.time.Instant;

/**
 * How much the directory holds and how fresh it is.
 *
 * @param asOf when the last complete synchronization ended; null before the first
 * @param lastFull when the last one ended that read all users; null before the first
 * @param oktaUsers Okta users
 * @param matchedUsers those of them who are tied to a Jira user
 * @param lastChange position of the newest change; 0 if there is none
 */
public record OktaFreshness(Instant asOf, Instant lastFull, long oktaUsers, long matchedUsers, long lastChange) {}
