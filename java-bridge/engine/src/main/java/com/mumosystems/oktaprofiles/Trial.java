package com.mumosystems.oktaprofiles;

import com.mumosystems.oktaprofiles.internal.Flags;

/** Whether a new credential is tried at Okta before it is kept. One that is tried and fails changes nothing. */
public enum Trial {
  /** If it would take the place of another. Where there is none, nothing can be lost and nothing is sent. */
  WHEN_REPLACING(0),
  /** In any case. */
  ALWAYS(Flags.CONNECT_TRIED),
  /** Never: for those who know better, as when Okta cannot be reached just now. */
  NEVER(Flags.CONNECT_UNTRIED);

  private final int flag;

  Trial(int flag) {
    this.flag = flag;
  }

  int flag() {
    return flag;
  }
}
