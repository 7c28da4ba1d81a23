package com.mumosystems.oktaprofiles;

/** Where a search looks for a text: in Okta users, or in Jira users for the views of Jira users. The first three find fields that begin with the text, and use an index. The others find fields that contain the text, and read the names of all users. Written from the Rust tables by {@code make header}. */
public enum SearchField {
  /** The display name, or first and last name if there is none. */
  NAME(1),
  /** Okta's login; Jira's username. */
  LOGIN(2),
  /** The e-mail address. */
  EMAIL(3),
  /** Anywhere in the display name, or in first and last name if the display name does not contain them. Accents do not matter. */
  INSIDE_NAME(4),
  /** Anywhere in the login or username. */
  INSIDE_LOGIN(5),
  /** Anywhere in the e-mail address. */
  INSIDE_EMAIL(6),
  /** Words. Each must be anywhere in the names, login or e-mail address of the user, or all of them in those of the tied Jira user. Accents do not matter. */
  ANYWHERE(7);

  final int number;

  SearchField(int number) {
    this.number = number;
  }
}
