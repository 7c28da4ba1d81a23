package com.mumosystems.oktaprofiles.jira.jmx;

/** The figures of this node's directory for monitoring. Before the first run times are -1 and texts are empty. */
public interface DirectoryMXBean {
  /** Seconds since the last complete run finished. */
  long getFreshnessSeconds();

  /** Present users of Okta. */
  long getOktaUsers();

  /** Users of Jira that were handed over. */
  long getJiraUsers();

  /** Users of Jira who match a user of Okta, by a rule or by hand. */
  long getMatchedUsers();

  /** Number of the last run that this directory knows. */
  long getLastRun();

  /** State of that run: running, interrupted, complete, refused or dropped. */
  String getLastRunState();

  /** The number of the error that stopped or refused that run; 0 if there was none. */
  int getLastRunError();

  /** Requests that the run sent to Okta. */
  long getLastRunRequests();

  /** Time that the run waited for Okta's limits and before retries. */
  long getLastRunWaitedSeconds();

  /** Time that all attempts of the run took. */
  long getLastRunElapsedSeconds();

  /** What the engine of this node is doing now, such as IDLE or READING. */
  String getPhase();

  /** Look-ups for panels, profile pages and JQL since the plugin started. */
  long getLookUps();

  /** How many of these look-ups failed. */
  long getLookUpFailures();

  /** How long a look-up takes on average. */
  long getLookUpMeanMicros();

  /** How long the longest look-up took. */
  long getLookUpLongestMicros();
}
