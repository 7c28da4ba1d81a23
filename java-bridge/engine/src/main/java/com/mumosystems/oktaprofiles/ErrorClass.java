package com.mumosystems.oktaprofiles;

/** What the caller can do about an error. Written from the Rust tables by {@code make header}. */
public enum ErrorClass {
  /** Okta's rate limit is used up: call again after the time that the error names. */
  WAIT("wait"),
  /** A temporary failure: the same call may work in a while. */
  RETRY("retry"),
  /** Another call or process is working: call again when it has ended. */
  LATER("later"),
  /** The work was interrupted; the next call resumes it. */
  RESUME("resume"),
  /** An argument, name, setting or path is wrong: correct it. */
  CORRECT("correct"),
  /** A guard refuses something that may be intended: check it, and confirm it for one call. */
  CONFIRM("confirm"),
  /** The credential or the sign-in is refused: correct what the sentence names, and connect again. */
  RECONNECT("reconnect"),
  /** The admin role behind the credential does not allow it: assign a role in Okta that does. */
  GRANT_ROLE("grant_role"),
  /** A scope is missing: grant it to the app in Okta and connect again. */
  GRANT_SCOPE("grant_scope"),
  /** The Okta org does not have the feature: leave it unused, or ask Okta for it. */
  DO_WITHOUT("do_without"),
  /** The administrator of the machine, the network, the installation or the Okta org must act. */
  ASK_ADMINISTRATOR("ask_administrator"),
  /** Only the makers of okta-profiles can fix it: report it with the log. */
  REPORT("report"),
  /** A value of a newer native library. */
  UNKNOWN("unknown");

  private final String word;

  ErrorClass(String word) {
    this.word = word;
  }

  static ErrorClass of(String word) {
    for (ErrorClass value : values()) {
      if (value.word.equals(word)) {
        return value;
      }
    }
    return UNKNOWN;
  }

  /**
   * The word in answers and in the directory.
   *
   * @return such as wait
   */
  @Override
  public String toString() {
    return word;
  }
}
