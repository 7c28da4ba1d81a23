package com.mumosystems.oktaprofiles.internal;

/**
 * The native methods for running the same directory on several nodes. Like those of {@link NativeEngine} they never
 * throw: the reply is a page or an error record, see {@link Reply}.
 */
public final class NativeCluster {
  private NativeCluster() {}

  public static native byte[] publishTo(long handle, byte[] folder, byte[] note, int anew);

  public static native byte[] follow(long handle, byte[] folder);

  public static native byte[] leave(long handle);
}
