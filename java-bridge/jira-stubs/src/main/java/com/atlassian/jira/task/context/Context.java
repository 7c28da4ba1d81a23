package com.atlassian.jira.task.context;

/** How far a long task is. */
public interface Context {
  Task start(Object input);

  /** One unit of the task. */
  interface Task extends AutoCloseable {
    void complete();

    @Override
    void close();
  }
}
