package com.atlassian.jira.util.thread;

import org.apache.log4j.Logger;

/** Sets up and clears what Jira keeps for a thread, for threads that Jira did not make. */
public interface JiraThreadLocalUtil {
  void preCall();

  void postCall(Logger log);
}
