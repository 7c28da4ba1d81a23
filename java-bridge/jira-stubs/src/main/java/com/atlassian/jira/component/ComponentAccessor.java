package com.atlassian.jira.component;

import com.atlassian.mail.queue.MailQueue;

/** Jira's components that are no OSGi services. */
public final class ComponentAccessor {
  private static volatile MailQueue mailQueue;

  private ComponentAccessor() {}

  public static MailQueue getMailQueue() {
    return mailQueue;
  }

  /** For tests: Jira itself fills this in. */
  public static void offer(MailQueue queue) {
    mailQueue = queue;
  }
}
