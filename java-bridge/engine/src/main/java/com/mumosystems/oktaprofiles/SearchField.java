package com.mumosystems.oktaprofiles;

/** What a prefix search looks at: in Okta's users, or in Jira's for the views of Jira users. */
public enum SearchField {
  /** Display name, or first and last name where there is none. */
  NAME(1),
  /** Okta's login; Jira's username. */
  LOGIN(2),
  /** The e-mail address. */
  EMAIL(3);

  final int number;

  SearchField(int number) {
    this.number = number;
  }
}
