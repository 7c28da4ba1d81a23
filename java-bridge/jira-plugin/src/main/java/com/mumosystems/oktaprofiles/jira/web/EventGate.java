package com.mumosystems.oktaprofiles.jira.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;

/**
 * Who gets as far as having a secret checked. Anybody may send to the address of Okta's events, so what a request may
 * cost before its secret is known to be right is bounded: in number a second, for each address and for all, and in
 * number at a time.
 *
 * <p>Behind a proxy all requests may come from one address, and a flood of forgeries must not keep Okta out. So
 * whoever sends the secret that was right last passes by the numbers a second. Of that secret only a digest is kept.
 */
public final class EventGate {
  /** Far more than Okta sends: its events of a second share a delivery. */
  private static final int ADDRESS_PER_SECOND = 20;
  private static final int ALL_PER_SECOND = 100;
  /** What may come at once after a rest. */
  private static final int BURST_SECONDS = 3;
  /** The addresses that are told apart; the one that was silent longest is forgotten. */
  private static final int ADDRESSES = 1_024;
  /** So few that panels and pages never wait for a thread of Tomcat because of them. */
  private static final int AT_A_TIME = 8;

  private final LongSupplier nanos;
  private final Bucket all;
  private final Map<String, Bucket> addresses = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
      return size() > ADDRESSES;
    }
  };
  private final Semaphore places = new Semaphore(AT_A_TIME);
  private volatile byte[] right = new byte[0];

  /**
   * Lets nobody in yet.
   *
   * @param nanos the time, as {@link System#nanoTime} tells it
   */
  public EventGate(LongSupplier nanos) {
    this.nanos = nanos;
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

  /**
   * Remembers the secret that was right.
   *
   * @param secret what a request carried
   */
  public void remember(String secret) {
    right = digest(secret);
  }

  private boolean isRight(String secret) {
    return MessageDigest.isEqual(right, digest(secret));
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
