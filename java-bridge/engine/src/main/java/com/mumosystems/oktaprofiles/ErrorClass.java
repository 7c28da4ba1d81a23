package com.mumosystems.oktaprofiles;

/** What there is to do about an error. Written from the Rust tables by {@code make header}. */
public enum ErrorClass {
  /** Okta says that too much is asked: ask again when the time it names has passed. */
  WAIT("wait"),
  /** Passing trouble: the same call may work in a while. */
  RETRY("retry"),
  /** Another call or process is at work: try again when it has ended. */
  LATER("later"),
  /** The work was cut off and goes on from there at the next call. */
  RESUME("resume"),
  /** An argument, name, setting or path does not fit: correct it. */
  CORRECT("correct"),
  /** A guard refuses what may be meant: look at it, and confirm it for one call. */
  CONFIRM("confirm"),
  /** The credential or the sign-in is refused: mend what the sentence names and connect again. */
  RECONNECT("reconnect"),
  /** The admin role behind the credential does not allow it: give it a role in Okta that does. */
  GRANT_ROLE("grant_role"),
  /** A scope is missing: grant it to the app in Okta and connect again. */
  GRANT_SCOPE("grant_scope"),
  /** The Okta org does not have the feature: leave it unused, or ask Okta for it. */
  DO_WITHOUT("do_without"),
  /** Machine, network, installation or Okta org need the hands of their administrator. */
  ASK_ADMINISTRATOR("ask_administrator"),
  /** Nobody but the makers can mend it: report it with the log. */
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
