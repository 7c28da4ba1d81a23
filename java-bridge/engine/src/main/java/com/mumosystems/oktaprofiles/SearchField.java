package com.mumosystems.oktaprofiles;

/** What a prefix search looks at. */
public enum SearchField {
  /** Display name, or first and last name where there is none. */
  NAME(1),
  /** Okta's login. */
  LOGIN(2),
  /** The e-mail address in Okta. */
  EMAIL(3);

  final int number;

  SearchField(int number) {
    this.number = number;
  }
}
