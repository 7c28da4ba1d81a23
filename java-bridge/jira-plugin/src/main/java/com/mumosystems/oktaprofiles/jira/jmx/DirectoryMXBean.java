package com.mumosystems.oktaprofiles.jira.jmx;

/** What monitoring reads of the directory of this node. Times are -1 and texts empty before the first run. */
public interface DirectoryMXBean {
  /** Seconds since the last complete run finished. */
  long getFreshnessSeconds();

  /** Present users of Okta. */
  long getOktaUsers();

  /** Users of Jira that were handed over. */
  long getJiraUsers();

  /** Users of Jira who are tied to a user of Okta, by a rule or by hand. */
  long getMatchedUsers();

  /** Number of the last run that this directory knows. */
  long getLastRun();

  /** Its state: running, interrupted, complete, refused or dropped. */
  String getLastRunState();

  /** The number of the error that stopped or refused it; 0 if none did. */
  int getLastRunError();

  /** Requests that it sent to Okta. */
  long getLastRunRequests();

  /** What it waited for Okta's limits and for retries. */
  long getLastRunWaitedSeconds();

  /** Time spent in all its attempts. */
  long getLastRunElapsedSeconds();

  /** What the engine of this node does now, such as IDLE or READING. */
  String getPhase();

  /** Look-ups for panels, profile pages and JQL since the plugin started. */
  long getLookUps();

  /** Of these, how many failed. */
  long getLookUpFailures();

  /** How long one takes on average. */
  long getLookUpMeanMicros();

  /** How long the longest one took. */
  long getLookUpLongestMicros();
}
