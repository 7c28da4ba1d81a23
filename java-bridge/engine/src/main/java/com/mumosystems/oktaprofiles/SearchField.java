package com.mumosystems.oktaprofiles;

/** Where a search looks for a text: in Okta's users, or in Jira's for the views of Jira users. The first three find texts that begin with it, along an index; the others find texts that contain it, and read the names of all users for that. Written from the Rust tables by {@code make header}. */
public enum SearchField {
  /** The display name, or first and last name if there is none. */
  NAME(1),
  /** Okta's login; Jira's username. */
  LOGIN(2),
  /** The e-mail address. */
  EMAIL(3),
  /** Anywhere in the display name, or in first and last name if the display name leaves them out; without regard to accents. */
  INSIDE_NAME(4),
  /** Anywhere in the login or username. */
  INSIDE_LOGIN(5),
  /** Anywhere in the e-mail address. */
  INSIDE_EMAIL(6),
  /** Words, each anywhere in the names, login or e-mail address, or all of them in those of the tied Jira user; without regard to accents. */
  ANYWHERE(7);

  final int number;

  SearchField(int number) {
    this.number = number;
  }
}
