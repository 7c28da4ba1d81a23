package com.mumosystems.oktaprofiles.jira.host;

import com.atlassian.jira.util.thread.JiraThreadLocalUtil;
import org.apache.log4j.Logger;

/**
 * Threads of the plugin that call Jira. Jira keeps caches and connections for each thread and clears them after its
 * own requests and jobs. On any other thread, the code that made the thread must clear them.
 */
public final class JiraThreads {
  private static final String FEATURE = "clearing what Jira keeps for a thread";

  private JiraThreads() {}

  /**
   * Starts a thread that does not prevent the JVM from ending.
   *
   * @param host the services of Jira
   * @param work what it does
   * @return the running thread
   */
  public static Thread start(Host host, String name, Runnable work) {
    return startLasting(name, () -> within(host, work));
  }

  /**
   * Starts a thread that lives long and does not prevent the JVM from ending. Each part of its work must run in
   * {@link #within}.
   *
   * @param work what it does
   * @return the running thread
   */
  public static Thread startLasting(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /**
   * Runs work on the calling thread, which may live long, and afterwards clears what Jira kept for that thread.
   *
   * @param host the services of Jira
   * @param work what it does
   */
  public static void within(Host host, Runnable work) {
    boolean set = Optionally.run(FEATURE, () -> host.require(JiraThreadLocalUtil.class).preCall());
    try {
      work.run();
    } finally {
      if (set) {
        Optionally.run(
            FEATURE,
            () -> host.require(JiraThreadLocalUtil.class).postCall(Logger.getLogger(JiraThreads.class.getName())));
      }
    }
  }
}
