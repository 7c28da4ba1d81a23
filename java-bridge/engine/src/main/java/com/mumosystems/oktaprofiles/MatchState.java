package com.mumosystems.oktaprofiles;

/** The one state that every Okta user and every Jira user is in. */
public enum MatchState {
  /** Tied to one user of the other side by a rule. */
  MATCHED,
  /** Tied to one user of the other side by hand. */
  PINNED,
  /** A rule found several users for one value; none is chosen. */
  AMBIGUOUS,
  /** An Okta user for whom no rule found a Jira user. */
  OKTA_ONLY,
  /** A Jira user for whom no rule found an Okta user. */
  JIRA_ONLY,
  /** A state of a newer native library. */
  UNKNOWN;

  static MatchState of(String name) {
    for (MatchState state : values()) {
      if (state.name().equalsIgnoreCase(name)) {
        return state;
      }
    }
    return UNKNOWN;
  }
}
