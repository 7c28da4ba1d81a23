package com.mumosystems.oktaprofiles;

import java.time.Duration;

/**
 * How far the running sync is.
 *
 * @param phase what it is doing
 * @param run number of the run; 0 before it has one
 * @param usersSeen users committed so far, those of earlier attempts of the same run included
 * @param usersExpected how many there will be; 0 if unknown
 * @param pages pages committed so far
 * @param requests requests sent by this call
 * @param retries of these, retries
 * @param waited time spent waiting
 * @param waitLeft how long the present wait will still take
 * @param elapsed time since the call began
 * @param groupsToRead groups whose members this call has to read; 0 before they are listed
 * @param groupsRead of these, groups that are done
 * @param membershipsRead memberships of these groups that this call has read
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
    long membershipsRead) {}
