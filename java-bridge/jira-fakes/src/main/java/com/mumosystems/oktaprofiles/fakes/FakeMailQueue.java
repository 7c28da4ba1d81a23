package com.mumosystems.oktaprofiles.fakes;

import com.atlassian.mail.Email;
import com.atlassian.mail.queue.MailQueue;
import com.atlassian.mail.queue.MailQueueItem;
import com.atlassian.mail.queue.SingleMailQueueItem;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Jira's mail queue; nothing leaves it. */
public final class FakeMailQueue implements MailQueue {
  private final List<Email> mails = new CopyOnWriteArrayList<>();

  @Override
  public void addItem(MailQueueItem item) {
    mails.add(((SingleMailQueueItem) item).getEmail());
  }

  /** What waits. */
  public List<Email> mails() {
    return mails;
  }
}
