package com.mumosystems.oktaprofiles.internal;

/** Numbers that are handed over, some of them added up. Written from the Rust tables by {@code make header}. */
public final class Flags {
  /** Jira users that have a value of this Okta user and are not tied to it. */
  public static final int CANDIDATES_OF_OKTA_USER = 1;
  /** Okta users that have a value of this Jira user and are not tied to it. */
  public static final int CANDIDATES_OF_JIRA_USER = 2;
  /** Mark users absent even if more disappeared than the limits allow. */
  public static final int SYNC_CONFIRM_ABSENT = 1;
  /** Accept that an attribute became empty for more users than the limits allow. */
  public static final int SYNC_CONFIRM_CLEARED = 2;
  /** Begin a new run even if an unfinished one could be resumed. */
  public static final int SYNC_RESTART = 4;
  /** Accept an org other than that of this directory; the directory then belongs to the new org. */
  public static final int SYNC_CONFIRM_ORG = 32;
  /** Bind the tokens to a key (DPoP). */
  public static final int CONNECT_DPOP = 1;
  /** Sign in with the stored client secret. */
  public static final int CONNECT_STORED_SECRET = 2;
  /** Store a new credential without trying it. */
  public static final int CONNECT_UNTRIED = 4;
  /** Try a new credential even if there is no other one. */
  public static final int CONNECT_TRIED = 8;

  private Flags() {}
}
