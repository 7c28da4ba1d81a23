package com.mumosystems.oktaprofiles.api;

import java.time.Instant;

/**
 * How much the directory contains, and how up to date it is.
 *
 * @param asOf when the last complete synchronization ended; null before the first
 * @param lastFull when the last complete synchronization ended that read all users; null before the first
 * @param oktaUsers Okta users
 * @param matchedUsers how many of these Okta users match a Jira user
 * @param lastChange position of the newest change; 0 if there is none
 */
public record OktaFreshness(Instant asOf, Instant lastFull, long oktaUsers, long matchedUsers, long lastChange) {}
