package com.mumosystems.oktaprofiles;

import java.time.Duration;

/**
 * How far the running sync has come. Written from the Rust tables by {@code make header}.
 *
 * @param phase What the run is doing: 0 idle, 1 starting, 2 reading, 3 waiting, 4 publishing, 5 groups.
 * @param run Number of the run.
 * @param usersSeen Users committed so far.
 * @param usersExpected How many users there will be; 0 if unknown.
 * @param pages Pages committed so far.
 * @param requests Requests sent by this call.
 * @param retries How many of these requests repeated a failed one.
 * @param waited Time spent waiting, in milliseconds.
 * @param waitLeft How long the present wait will still take, in milliseconds.
 * @param elapsed Time since the call began, in milliseconds.
 * @param groupsToRead Groups whose members this call has to read; 0 before they are listed.
 * @param groupsRead How many of these groups are completely read.
 * @param membershipsRead Memberships of these groups that this call has read.
 * @param waitsFor Why the call waits, as the number of an error: RATE_LIMITED, CONCURRENCY_LIMITED, or the error of the last attempt; 0 if it does not wait.
 */
public record Progress(
    Phase phase,
    long run,
    long usersSeen,
    long usersExpected,
    long pages,
    long requests,
    long retries,
    Duration waited,
    Duration waitLeft,
    Duration elapsed,
    long groupsToRead,
    long groupsRead,
    long membershipsRead,
    int waitsFor) {}
