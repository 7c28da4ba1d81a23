package com.mumosystems.oktaprofiles.internal;

/** Native methods about Jira users and the Okta users that they match; see {@link NativeEngine}. */
public final class NativeMatching {
  private NativeMatching() {}

  public static native byte[] beginJiraUsers(long handle);

  public static native byte[] addJiraUsers(long handle, byte[] page);

  public static native byte[] previewJiraUsers(long handle);

  public static native byte[] commitJiraUsers(long handle, int confirmLoss);

  public static native byte[] upsertJiraUsers(long handle, byte[] page);

  public static native byte[] removeJiraUsers(long handle, byte[] page);

  public static native byte[] rematch(long handle);

  public static native byte[] previewMatching(long handle, byte[] rules);

  public static native byte[] previewPairs(long handle, byte[] rules, int which, int limit);

  public static native byte[] pin(long handle, byte[] oktaId, byte[] jiraKey);

  public static native byte[] unpin(long handle, byte[] jiraKey);

  public static native byte[] candidates(long handle, int side, byte[] id, int limit);
}
