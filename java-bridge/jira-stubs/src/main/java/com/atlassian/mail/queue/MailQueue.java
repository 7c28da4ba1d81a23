package com.atlassian.mail.queue;

/** The mails of a node that wait to be sent. */
public interface MailQueue {
  void addItem(MailQueueItem item);
}
