package com.mumosystems.oktaprofiles.fakes;

import com.atlassian.jira.util.thread.JiraThreadLocalUtil;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.log4j.Logger;

/** What Jira keeps for threads: which are set up, and which were cleared again. */
public final class FakeThreadLocals implements JiraThreadLocalUtil {
  private final Set<Thread> setUp = ConcurrentHashMap.newKeySet();
  private final List<String> cleared = new CopyOnWriteArrayList<>();

  FakeThreadLocals() {}

  @Override
  public void preCall() {
    if (!setUp.add(Thread.currentThread())) {
      throw new IllegalStateException("the thread is set up already");
    }
  }

  @Override
  public void postCall(Logger log) {
    if (log == null || !setUp.remove(Thread.currentThread())) {
      throw new IllegalStateException("the thread was not set up, or there is no logger");
    }
    cleared.add(Thread.currentThread().getName());
  }

  /**
   * Whether the calling thread is set up.
   *
   * @return whether
   */
  public boolean isSetUp() {
    return setUp.contains(Thread.currentThread());
  }

  /**
   * Names of threads that were set up and cleared.
   *
   * @return the names, one for each time
   */
  public List<String> cleared() {
    return List.copyOf(cleared);
  }
}
