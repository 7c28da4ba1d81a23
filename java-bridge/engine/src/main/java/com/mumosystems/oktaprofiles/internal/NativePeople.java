package com.mumosystems.oktaprofiles.internal;

/**
 * The native methods that read users by attribute, group or manager, and erase them. Like those of {@link
 * NativeEngine} they never throw: the reply is a page or an error record, see {@link Reply}.
 */
public final class NativePeople {
  private NativePeople() {}

  public static native byte[] usersWhere(long handle, byte[] name, byte[] value, byte[] after, int limit);

  public static native byte[] ofJiraUsers(long handle, byte[] keys);

  public static native byte[] ofJiraUsersShowing(long handle, byte[] keys, byte[] attributes);

  public static native byte[] managerOf(long handle, int kind, byte[] value);

  public static native byte[] chainOf(long handle, int kind, byte[] value);

  public static native byte[] reportsOf(long handle, int kind, byte[] value, long after, int limit);

  public static native byte[] eraseUser(long handle, byte[] oktaId);

  public static native byte[] readmitUser(long handle, byte[] oktaId);
}
