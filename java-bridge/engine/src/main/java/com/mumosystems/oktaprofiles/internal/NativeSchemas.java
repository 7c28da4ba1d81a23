package com.mumosystems.oktaprofiles.internal;

/**
 * The native methods about user types and schemas. Like those of {@link NativeEngine} they never throw: the
 * reply is a page or an error record, see {@link Reply}.
 */
public final class NativeSchemas {
  private NativeSchemas() {}

  public static native byte[] userTypes(long handle);

  public static native byte[] attributes(long handle, byte[] typeIdOrNull);

  public static native byte[] titledProfile(long handle, byte[] oktaId);
}
