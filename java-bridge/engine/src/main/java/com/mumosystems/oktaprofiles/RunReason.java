package com.mumosystems.oktaprofiles;

/** Why a run is of its mode. Written from the Rust tables by {@code make header}. */
public enum RunReason {
  /** The caller asked for this mode. */
  ASKED("asked"),
  /** Nothing speaks for a full run. */
  CHANGES_SUFFICE("changes_suffice"),
  /** No full run of this directory has been completed. */
  FIRST_RUN("first_run"),
  /** The last full run is older than sync.full_every_hours, or the clock was set back behind it. */
  FULL_DUE("full_due"),
  /** The last run was refused by its guard. */
  LAST_RUN_REFUSED("last_run_refused"),
  /** The caller confirms what only a full run can find. */
  CONFIRMED("confirmed"),
  /** A schema or user type of the org changed since the last full run. */
  SCHEMA_CHANGED("schema_changed"),
  /** Settings that decide what the directory keeps changed since the last full run. */
  SETTINGS_CHANGED("settings_changed"),
  /** Only matched users are kept, and Jira users came or changed since the last full run. */
  JIRA_USERS_CHANGED("jira_users_changed"),
  /** It is not known from when on changes are missing. */
  WATERMARK_UNKNOWN("watermark_unknown"),
  /** The org refuses to search for changed users. */
  SEARCH_REFUSED("search_refused"),
  /** Events told who moved. */
  EVENTS("events"),
  /** Events told of more than is worth asking for one by one. */
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
