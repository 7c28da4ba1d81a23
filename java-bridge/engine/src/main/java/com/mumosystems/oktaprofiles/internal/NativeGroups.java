package com.mumosystems.oktaprofiles.internal;

/**
 * The native methods about groups. Like those of {@link NativeEngine} they never throw: the reply is a page or
 * an error record, see {@link Reply}.
 */
public final class NativeGroups {
  private NativeGroups() {}

  public static native byte[] list(long handle, byte[] type, byte[] prefix, byte[] after, int limit);

  public static native byte[] get(long handle, byte[] groupId);

  public static native byte[] members(long handle, byte[] groupId, byte[] after, int limit);

  public static native byte[] matchedMembers(long handle, byte[] groupId, byte[] after, int limit);

  public static native byte[] groupsOfJiraUser(long handle, byte[] jiraKey, int limit);

  public static native byte[] groupsOfOktaUser(long handle, byte[] oktaId, int limit);
}
