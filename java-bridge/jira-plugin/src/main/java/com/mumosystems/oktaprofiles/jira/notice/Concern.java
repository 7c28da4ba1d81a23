package com.mumosystems.oktaprofiles.jira.notice;

/**
 * Something that administrators must know, even if nobody opens the page.
 *
 * @param kind the kind of problem
 * @param cause distinguishes it from earlier ones of the same kind; there is one notice for each cause
 * @param fact the detail: the message of an error, or a date as ISO 8601
 */
public record Concern(Kind kind, String cause, String fact) {
  /** The kinds of problems. The texts are found by these names. */
  public enum Kind {
    /** Runs have failed several times in a row. */
    RUNS_FAIL,
    /** A guard refused the result of a run. */
    GUARD_REFUSED,
    /** The sign-in with Okta ends soon. */
    SIGN_IN_ENDS
  }
}
