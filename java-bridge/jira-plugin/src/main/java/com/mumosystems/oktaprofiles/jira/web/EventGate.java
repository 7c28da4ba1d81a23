package com.mumosystems.oktaprofiles.jira.web;

import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Who gets as far as having a secret checked. Anybody may send to the address of Okta's events, so what a request may
 * cost before its secret is known to be right is bounded: in number a second, for each address and for all, and in
 * number at a time.
 *
 * <p>Behind a proxy all requests may come from one address, and a flood of forgeries must not keep Okta out. So
 * whoever sends a secret that the engine accepts passes by the numbers a second, from the first request on. Of the
 * secrets only digests are known here; they are asked for again, seldom, when somebody sends another secret.
 */
public final class EventGate {
  private static final System.Logger LOG = JiraLog.of(EventGate.class);
  /** Far more than Okta sends: its events of a second share a delivery. */
  private static final int ADDRESS_PER_SECOND = 20;
  private static final int ALL_PER_SECOND = 100;
  /** What may come at once after a rest. */
  private static final int BURST_SECONDS = 3;
  /** The addresses that are told apart; the one that was silent longest is forgotten. */
  private static final int ADDRESSES = 1_024;
  /** So few that panels and pages never wait for a thread of Tomcat because of them. */
  private static final int AT_A_TIME = 8;
  /** A secret may be made at any moment, and a flood of others must not become a flood of questions to the engine. */
  private static final long ASK_EVERY_NANOS = 1_000_000_000L;

  private final LongSupplier nanos;
  private final Supplier<List<String>> digests;
  private final Bucket all;
  private final Map<String, Bucket> addresses = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
      return size() > ADDRESSES;
    }
  };
  private final Semaphore places = new Semaphore(AT_A_TIME);
  private final Lock asking = new ReentrantLock();
  private volatile List<byte[]> right = List.of();
  private volatile boolean asked;
  private volatile long askedAt;

  /**
   * Lets nobody in yet, and asks for nothing.
   *
   * @param nanos the time, as {@link System#nanoTime} tells it
   * @param digests gives the SHA-256 digests of the secrets that are right, in hexadecimal digits
   */
  public EventGate(LongSupplier nanos, Supplier<List<String>> digests) {
    this.nanos = nanos;
    this.digests = digests;
    all = new Bucket(ALL_PER_SECOND);
  }

  /**
   * Lets a request in, or not. Who was let in has to {@link #leave}.
   *
   * @param address where it comes from
   * @param secret what it carries; may be wrong
   * @return whether it may go on
   */
  public boolean enter(String address, String secret) {
    return (isRight(secret) || isInTime(address)) && places.tryAcquire();
  }

  /** Makes room for another request. */
  public void leave() {
    places.release();
  }

  private boolean isRight(String secret) {
    byte[] given = digest(secret);
    return isAmong(right, given) || (learn() && isAmong(right, given));
  }

  /** Compares with all of them: how long it takes tells nothing. */
  private static boolean isAmong(List<byte[]> known, byte[] given) {
    boolean found = false;
    for (byte[] digest : known) {
      found |= MessageDigest.isEqual(digest, given);
    }
    return found;
  }

  /** Asks for the digests, unless that was done a moment ago or somebody is at it; what was known stays if it fails. */
  private boolean learn() {
    if (!isTimeToAsk() || !asking.tryLock()) {
      return false;
    }
    try {
      if (!isTimeToAsk()) {
        return true;
      }
      right = digests.get().stream().map(HexFormat.of()::parseHex).toList();
      return true;
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.DEBUG, "Which secrets of the event hook are right is not known yet: {0}", e.getMessage());
      return false;
    } finally {
      askedAt = nanos.getAsLong();
      asked = true;
      asking.unlock();
    }
  }

  private boolean isTimeToAsk() {
    return !asked || nanos.getAsLong() - askedAt >= ASK_EVERY_NANOS;
  }

  private synchronized boolean isInTime(String address) {
    long now = nanos.getAsLong();
    // First its own: what one address sends in excess is not taken from the others.
    return addresses.computeIfAbsent(address, unknown -> new Bucket(ADDRESS_PER_SECOND)).take(now) && all.take(now);
  }

  private static byte[] digest(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** A number a second, of which some seconds' worth may be taken at once. */
  private static final class Bucket {
    private final double perNano;
    private final double most;
    private double left;
    private long last;
    private boolean used;

    Bucket(int perSecond) {
      perNano = perSecond / 1e9;
      most = perSecond * (double) BURST_SECONDS;
      left = most;
    }

    boolean take(long now) {
      if (used) {
        left = Math.min(most, left + (now - last) * perNano);
      }
      used = true;
      last = now;
      if (left < 1) {
        return false;
      }
      left -= 1;
      return true;
    }
  }
}
