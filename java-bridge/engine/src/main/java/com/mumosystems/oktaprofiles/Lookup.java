package com.mumosystems.oktaprofiles;

/** The kind of key that finds an entry. Ids and keys are compared exactly; for the others, upper and lower case are equal and blanks around the text are ignored. Written from the Rust tables by {@code make header}. */
public enum Lookup {
  /** Jira's user key. */
  JIRA_KEY(1),
  /** Jira's username. */
  JIRA_USERNAME(2),
  /** Okta's user id. */
  OKTA_ID(3),
  /** Okta's login. */
  LOGIN(4),
  /** The e-mail address in Okta. If several users have the address, the one with the first id is found. */
  EMAIL(5);

  final int number;

  Lookup(int number) {
    this.number = number;
  }
}
