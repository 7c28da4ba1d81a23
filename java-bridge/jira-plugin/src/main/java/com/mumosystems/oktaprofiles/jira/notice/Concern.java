package com.mumosystems.oktaprofiles.jira.notice;

/**
 * Something that administrators must hear of, even if nobody opens the page.
 *
 * @param kind what it is
 * @param cause tells it from an earlier one of the same kind; for each cause there is one notice
 * @param fact what makes it plain: an error in words, or a date as ISO 8601
 */
public record Concern(Kind kind, String cause, String fact) {
  /** What it may be; texts are found by these names. */
  public enum Kind {
    /** Runs have failed several times in a row. */
    RUNS_FAIL,
    /** A guard refused what a run would have done. */
    GUARD_REFUSED,
    /** The sign-in with Okta ends soon. */
    SIGN_IN_ENDS
  }
}
