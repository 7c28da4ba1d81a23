package com.mumosystems.oktaprofiles;

/** Why a run has its mode. Written from the Rust tables by {@code make header}. */
public enum RunReason {
  /** The caller asked for this mode. */
  ASKED("asked"),
  /** No full run is needed. */
  CHANGES_SUFFICE("changes_suffice"),
  /** No full run of this directory has been completed. */
  FIRST_RUN("first_run"),
  /** The last full run is older than sync.full_every_hours, or the clock was set back to a time before it. */
  FULL_DUE("full_due"),
  /** The last run was refused by its guard. */
  LAST_RUN_REFUSED("last_run_refused"),
  /** The caller confirmed something that only a full run can find. */
  CONFIRMED("confirmed"),
  /** A schema or user type of the org changed since the last full run. */
  SCHEMA_CHANGED("schema_changed"),
  /** Settings that decide what the directory stores changed since the last full run. */
  SETTINGS_CHANGED("settings_changed"),
  /** Only matched users are stored, and Jira users were added or changed since the last full run. */
  JIRA_USERS_CHANGED("jira_users_changed"),
  /** The directory does not know up to which time changes were read. */
  WATERMARK_UNKNOWN("watermark_unknown"),
  /** The org refuses to search for changed users. */
  SEARCH_REFUSED("search_refused"),
  /** Events named users that changed. */
  EVENTS("events"),
  /** Events named so many users that a listing costs fewer requests. */
  MANY_EVENTS("many_events"),
  /** Events may have been lost. */
  EVENTS_LOST("events_lost"),
  /** A value of a newer native library. */
  UNKNOWN("unknown");

  private final String word;

  RunReason(String word) {
    this.word = word;
  }

  static RunReason of(String word) {
    for (RunReason value : values()) {
      if (value.word.equals(word)) {
        return value;
      }
    }
    return UNKNOWN;
  }

  /**
   * The word in answers and in the directory.
   *
   * @return such as asked
   */
  @Override
  public String toString() {
    return word;
  }
}
