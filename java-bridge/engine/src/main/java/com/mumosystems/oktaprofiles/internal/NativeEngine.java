package com.mumosystems.oktaprofiles.internal;

/**
 * The native methods, one for each entry point of the library. They never throw: the reply is a page or an error
 * record, see {@link Reply}. Texts are UTF-8, so that no character is lost.
 *
 * <p>Safe from any thread. A handle that is closed or unknown gives an error record.
 */
public final class NativeEngine {
  /** The version of the native interface that this class was written for; the upper 16 bits are the major version. */
  static final int ABI_VERSION = (1 << 16) + 1;

  private NativeEngine() {}

  public static native int abiVersion();

  public static native byte[] version();

  public static native byte[] open(byte[] path, byte[] settingsPage, byte[] sealingKeyOrNull);

  public static native byte[] close(long handle);

  public static native byte[] set(long handle, byte[] key, byte[] value);

  public static native byte[] setting(long handle, byte[] key);

  public static native byte[] validate(long handle);

  public static native byte[] sync(long handle, int flags);

  public static native byte[] progress(long handle);

  public static native byte[] cancel(long handle);

  public static native byte[] log(long handle, long after, int limit);

  public static native byte[] find(long handle, int kind, byte[] value);

  public static native byte[] list(long handle, int view, long after, int limit);

  public static native byte[] search(long handle, int view, int field, byte[] prefix, byte[] after, int limit);

  public static native byte[] changes(long handle, long after, byte[] oktaIdOrNull, int limit);

  public static native byte[] changesBefore(
      long handle, long before, byte[] oktaIdOrEmpty, long run, long since, long until, int limit);

  public static native byte[] runs(long handle, long before, int limit);

  public static native byte[] statistics(long handle);

  public static native byte[] checkIntegrity(long handle);

  public static native byte[] backup(long handle, byte[] path);
}
