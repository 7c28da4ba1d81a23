package com.mumosystems.oktaprofiles.internal;

/**
 * The native methods about what a sync would do and cost. Like those of {@link NativeEngine} they never throw:
 * the reply is a page or an error record, see {@link Reply}.
 */
public final class NativePlanning {
  private NativePlanning() {}

  public static native byte[] dryRun(long handle, int flags, int samples);

  public static native byte[] syncBudget(long handle, int flags);
}
