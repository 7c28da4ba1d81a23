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
 * Limits how many requests get their secret checked. Anybody may send requests to the address of Okta's events. So
 * requests whose secret is not known to be right are limited: in number for each second, for each address and for
 * all addresses, and in number at the same time.
 *
 * <p>Behind a proxy all requests may come from one address, and many forged requests must not block Okta. So a
 * request with a secret that the engine accepts is exempt from the limits for each second, from the first request
 * on. This class knows only digests of the secrets. When a request carries an unknown secret, the digests are read
 * again, but not often.
 */
public final class EventGate {
  private static final System.Logger LOG = JiraLog.of(EventGate.class);
  /** Far more than Okta sends, because the events of one second share a delivery. */
  private static final int ADDRESS_PER_SECOND = 20;
  private static final int ALL_PER_SECOND = 100;
  /** How many seconds' worth of requests may come at once after a pause. */
  private static final int BURST_SECONDS = 3;
  /** How many addresses are counted separately. If there are more, the address that was silent longest is dropped. */
  private static final int ADDRESSES = 1_024;
  /**
   * How many requests are handled at the same time. They are so few that panels and pages never wait for a thread
   * of Tomcat.
   */
  private static final int AT_A_TIME = 8;
  /**
   * The shortest time between two reads of the digests. A new secret may be made at any moment, but many wrong
   * secrets must not cause many calls to the engine.
   */
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
   * Starts without knowing any secret; reads nothing yet.
   *
   * @param nanos the time of {@link System#nanoTime}
   * @param digests returns the SHA-256 digests of the right secrets, in hexadecimal digits
   */
  public EventGate(LongSupplier nanos, Supplier<List<String>> digests) {
    this.nanos = nanos;
    this.digests = digests;
    all = new Bucket(ALL_PER_SECOND);
  }

  /**
   * Decides whether a request may go on. If it may, the caller must call {@link #leave} afterwards.
   *
   * @param address the address that the request comes from
   * @param secret the secret of the request; it may be wrong
   * @return whether the request may go on
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

  /** Compares with every digest, so that the time it takes reveals nothing. */
  private static boolean isAmong(List<byte[]> known, byte[] given) {
    boolean found = false;
    for (byte[] digest : known) {
      found |= MessageDigest.isEqual(digest, given);
    }
    return found;
  }

  /**
   * Reads the digests, unless that was done a moment ago or another thread is doing it. If it fails, the known
   * digests stay.
   */
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
      LOG.log(Level.DEBUG, "The secrets of the event hook cannot be read yet: {0}", e.getMessage());
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
    // The address's own limit comes first, so that an address above its limit takes nothing from the others.
    return addresses.computeIfAbsent(address, unknown -> new Bucket(ADDRESS_PER_SECOND)).take(now) && all.take(now);
  }

  private static byte[] digest(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** A limit for each second; after a pause, some seconds' worth may be used at once. */
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
