package com.mumosystems.oktaprofiles;

import java.time.Duration;
import java.time.Instant;

/**
 * The status of live sync: where events come from, how late changes arrive, what waits and what was missed. Written from the Rust tables by {@code make header}.
 *
 * @param source Where events come from: off, log or hook.
 * @param since Since when events come from this source; null while live is off.
 * @param lastEvent When the newest event happened, by Okta's clock; null if no event arrived.
 * @param lastReceived When an event last arrived; null if none did.
 * @param lag The time from the oldest event of the last refresh until readers saw its change, in milliseconds; null before the first refresh.
 * @param pending Users, groups and memberships that events named and that must still be read again.
 * @param oldestPending When the oldest of these changed; null if nothing waits.
 * @param held Deletions that the guard against mass deletion left to the next full run.
 * @param events How many different events arrived.
 * @param repeated How many times an event arrived again.
 * @param missed Changes that a full or delta run found although an event should have reported them.
 * @param missedAt When a run last found such a change; null if never.
 * @param gapAt When events may last have been lost; null if never.
 * @param gap Why events may have been lost; empty if never.
 * @param polled When the System Log was last read to its end; null if never.
 * @param interval How often the System Log is read, in milliseconds; null unless it is the source.
 * @param hookId Okta's id of the event hook; empty if none is registered from here.
 * @param hookUrl The address that Okta delivers to; empty if none is registered from here.
 * @param hookVerified Whether the event hook was active and verified when Okta was last asked.
 * @param verifiedAt When Okta's challenge was last answered; null if never.
 * @param secretHeader The header in which a delivery carries the secret.
 * @param hasSecret Whether the event hook has a secret here.
 * @param deliveredToday Events that hooks delivered in the present 24 hours of Okta's cap, which begin with their first event; after 400 000 events Okta delivers none until they are over.
 * @param dailyCap How many events Okta's hooks deliver in 24 hours.
 * @param capNearFrom The number of events from which Okta warns that its cap is near.
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
