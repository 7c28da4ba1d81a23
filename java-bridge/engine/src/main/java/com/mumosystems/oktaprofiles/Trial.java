package com.mumosystems.oktaprofiles;

import com.mumosystems.oktaprofiles.internal.Flags;

/** Whether a new credential is tried at Okta before it is stored. If the trial fails, nothing changes. */
public enum Trial {
  /** Only if it would replace another credential. Otherwise nothing can be lost, and no request is sent. */
  WHEN_REPLACING(0),
  /** Always. */
  ALWAYS(Flags.CONNECT_TRIED),
  /** Never, for instance when Okta cannot be reached at the moment. */
  NEVER(Flags.CONNECT_UNTRIED);

  private final int flag;

  Trial(int flag) {
    this.flag = flag;
  }

  int flag() {
    return flag;
  }
}
