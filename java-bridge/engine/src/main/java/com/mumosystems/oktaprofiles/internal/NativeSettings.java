package com.mumosystems.oktaprofiles.internal;

/**
 * The native methods about settings that a directory keeps. Like those of {@link NativeEngine} they never throw:
 * the reply is a page or an error record, see {@link Reply}.
 */
public final class NativeSettings {
  private NativeSettings() {}

  public static native byte[] all(long handle);

  public static native byte[] store(long handle, byte[] key, byte[] value);

  public static native byte[] unset(long handle, byte[] key);
}
