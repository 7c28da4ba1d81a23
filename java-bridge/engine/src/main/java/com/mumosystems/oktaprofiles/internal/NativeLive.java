package com.mumosystems.oktaprofiles.internal;

/**
 * The native methods about live and the event hook. Like those of {@link NativeEngine} they never throw:
 * the reply is a page or an error record, see {@link Reply}.
 */
public final class NativeLive {
  private NativeLive() {}

  public static native byte[] status(long handle);

  /** The headers are name, value, name, value and so on, each followed by a line feed. */
  public static native byte[] receive(long handle, byte[] method, byte[] headers, byte[] body);

  public static native byte[] refresh(long handle);

  public static native byte[] poll(long handle);

  public static native byte[] register(long handle, byte[] url);

  public static native byte[] rotate(long handle);

  public static native byte[] check(long handle);

  public static native byte[] verify(long handle);

  public static native byte[] remove(long handle);

  public static native byte[] secret(long handle, boolean renew);

  public static native byte[] secretDigests(long handle);

  public static native byte[] checkAddress(long handle, byte[] url);
}
