package com.atlassian.mail.queue;

/** What waits in the queue. */
public interface MailQueueItem {
  String getSubject();
}
