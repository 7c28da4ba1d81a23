package com.mumosystems.oktaprofiles;

/** Which entries a listing returns. Written from the Rust tables by {@code make header}. */
public enum View {
  /** Okta users that are tied to a Jira user, by rule or by hand. */
  MATCHED(0),
  /** Present Okta users without a Jira user. */
  OKTA_ONLY(1),
  /** Jira users without an Okta user. */
  JIRA_ONLY(2),
  /** Present Okta users that a rule found ambiguous. */
  AMBIGUOUS(3),
  /** Jira users that a rule found ambiguous. */
  JIRA_AMBIGUOUS(4),
  /** Every present Okta user. */
  ALL(5),
  /** Okta users that a complete run has not seen and that are not yet erased. */
  ABSENT(6),
  /** Present Okta users that are deactivated in Okta (status DEPROVISIONED). */
  DEACTIVATED(7),
  /** Deactivated Okta users (status DEPROVISIONED) whose Jira user is active: the person left, but can still sign in to Jira. */
  ORPHANED(8);

  final int number;

  View(int number) {
    this.number = number;
  }
}
