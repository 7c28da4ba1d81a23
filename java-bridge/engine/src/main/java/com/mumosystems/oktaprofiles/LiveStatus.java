package com.mumosystems.oktaprofiles;

import java.time.Duration;
import java.time.Instant;

/**
 * The status of live: where events come from, how far behind it is, what waits and what was missed. Written from the Rust tables by {@code make header}.
 *
 * @param source Where events come from: off, log or hook.
 * @param since Since when events come from there; null while live is off.
 * @param lastEvent When the newest event happened, by Okta's clock; null if none came.
 * @param lastReceived When an event last came; null if none did.
 * @param lag How long it took from the oldest event of the last refresh until readers saw the change, in milliseconds; null before the first.
 * @param pending Users, groups and memberships that events named and that wait to be read again.
 * @param oldestPending When the oldest of them changed; null if nothing waits.
 * @param held Deletions that the guard left to the next full run.
 * @param events Events that came, each once.
 * @param repeated Events that came again.
 * @param missed Changes that a full or delta run found and that an event should have reported.
 * @param missedAt When a run last found one; null if never.
 * @param gapAt When events may last have been lost; null if never.
 * @param gap Why events may have been lost; empty if never.
 * @param polled When the System Log was last read to its end; null if never.
 * @param interval How often the System Log is read, in milliseconds; null unless it is the source.
 * @param hookId Okta's id of the event hook; empty if none is registered from here.
 * @param hookUrl The address that Okta delivers to; empty if none is registered from here.
 * @param hookVerified Whether the event hook was active and verified when Okta was last asked.
 * @param verifiedAt When Okta's challenge was last answered; null if never.
 * @param secretHeader The header in which a delivery carries the secret.
 * @param hasSecret Whether a secret was made.
 * @param deliveredToday Events that came by hooks in the present day of Okta's cap, which begins with its first event; from 400 000 on Okta delivers none until it is over.
 * @param dailyCap How many events Okta's hooks deliver in a day of its cap.
 * @param capNearFrom From how many events on Okta warns that its cap is near.
 */
public record LiveStatus(
    LiveSource source,
    Instant since,
    Instant lastEvent,
    Instant lastReceived,
    Duration lag,
    long pending,
    Instant oldestPending,
    long held,
    long events,
    long repeated,
    long missed,
    Instant missedAt,
    Instant gapAt,
    String gap,
    Instant polled,
    Duration interval,
    String hookId,
    String hookUrl,
    boolean hookVerified,
    Instant verifiedAt,
    String secretHeader,
    boolean hasSecret,
    long deliveredToday,
    long dailyCap,
    long capNearFrom) {}
