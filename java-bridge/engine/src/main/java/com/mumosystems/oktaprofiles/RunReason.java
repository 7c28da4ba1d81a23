package com.mumosystems.oktaprofiles;

/** Why a run is of its mode. Written from the Rust tables by {@code make header}. */
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
  /** The caller confirms something that only a full run can find. */
  CONFIRMED("confirmed"),
  /** A schema or user type of the org changed since the last full run. */
  SCHEMA_CHANGED("schema_changed"),
  /** Settings that decide what the directory keeps changed since the last full run. */
  SETTINGS_CHANGED("settings_changed"),
  /** Only matched users are kept, and Jira users came or changed since the last full run. */
  JIRA_USERS_CHANGED("jira_users_changed"),
  /** The directory does not know from which time changes are missing. */
  WATERMARK_UNKNOWN("watermark_unknown"),
  /** The org refuses to search for changed users. */
  SEARCH_REFUSED("search_refused"),
  /** Events name users who moved. */
  EVENTS("events"),
  /** Events name more users than are worth single requests. */
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
