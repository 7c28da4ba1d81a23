package com.mumosystems.oktaprofiles.internal;

/**
 * The native methods that write the directory as text. Like those of {@link NativeEngine} they never throw: the
 * reply is a page or an error record, see {@link Reply}.
 */
public final class NativeExport {
  private NativeExport() {}

  public static native byte[] attributes(long handle, int format);

  public static native byte[] page(
      long handle, int view, int format, byte[] attributesPage, long after, int limit);

  public static native byte[] found(
      long handle, int view, int field, byte[] text, int format, byte[] attributes, byte[] after, int limit);
}
