package com.mumosystems.oktaprofiles;

/** How a check of a validation ended. Written from the Rust tables by {@code make header}. */
public enum Outcome {
  /** It works. */
  OK("ok"),
  /** It works, but an administrator should check it; the advice says why. */
  WARNING("warning"),
  /** The admin role behind the credential does not allow it. */
  MISSING_ROLE("missing_role"),
  /** The access token lacks a scope. */
  MISSING_SCOPE("missing_scope"),
  /** The org does not have the feature. */
  FEATURE_OFF("feature_off"),
  /** The credential itself is refused. */
  REFUSED("refused"),
  /** It was not tried because an earlier check failed, or the result cannot be known. */
  NOT_CHECKED("not_checked"),
  /** There was no usable answer, because of the network, a time-out or a problem at Okta. */
  UNREACHABLE("unreachable"),
  /** A value of a newer native library. */
  UNKNOWN("unknown");

  private final String word;

  Outcome(String word) {
    this.word = word;
  }

  static Outcome of(String word) {
    for (Outcome value : values()) {
      if (value.word.equals(word)) {
        return value;
      }
    }
    return UNKNOWN;
  }

  /**
   * The word in answers and in the directory.
   *
   * @return such as ok
   */
  @Override
  public String toString() {
    return word;
  }
}
