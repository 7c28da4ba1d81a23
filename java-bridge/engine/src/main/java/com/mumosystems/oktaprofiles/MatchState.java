package com.mumosystems.oktaprofiles;

/** The one state that every Okta user and every Jira user is in. Written from the Rust tables by {@code make header}. */
public enum MatchState {
  /** Tied to one user of the other side by a rule. */
  MATCHED("matched"),
  /** Tied to one user of the other side by hand; no rule changes it. */
  PINNED("pinned"),
  /** Several users compete for one value under a rule; none is chosen. */
  AMBIGUOUS("ambiguous"),
  /** An Okta user for which no rule found a Jira user, or a deactivated one for which an active Okta user with the same value was preferred. */
  OKTA_ONLY("okta_only"),
  /** A Jira user for which no rule found an Okta user, or an inactive one for which an active Jira user with the same value was preferred. */
  JIRA_ONLY("jira_only"),
  /** A value of a newer native library. */
  UNKNOWN("unknown");

  private final String word;

  MatchState(String word) {
    this.word = word;
  }

  static MatchState of(String word) {
    for (MatchState value : values()) {
      if (value.word.equals(word)) {
        return value;
      }
    }
    return UNKNOWN;
  }

  /**
   * The word in answers and in the directory.
   *
   * @return such as matched
   */
  @Override
  public String toString() {
    return word;
  }
}
