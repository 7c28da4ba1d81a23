package com.mumosystems.oktaprofiles;

/** What a search looks at, and how: in Okta's users, or in Jira's for the views of Jira users. The first three find what begins with the text along an index; the others what contains it, for which the names of all users are read. Written from the Rust tables by {@code make header}. */
public enum SearchField {
  /** Display name, or first and last name where there is none. */
  NAME(1),
  /** Okta's login; Jira's username. */
  LOGIN(2),
  /** The e-mail address. */
  EMAIL(3),
  /** A part of the name, or of the first and last name where that leaves them out; without regard to accents. */
  INSIDE_NAME(4),
  /** The login or username, anywhere in it. */
  INSIDE_LOGIN(5),
  /** The e-mail address, anywhere in it. */
  INSIDE_EMAIL(6);

  final int number;

  SearchField(int number) {
    this.number = number;
  }
}
