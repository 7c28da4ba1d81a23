package com.mumosystems.oktaprofiles.jira.notice;

import com.atlassian.jira.component.ComponentAccessor;
import com.atlassian.jira.mail.Email;
import com.atlassian.mail.queue.MailQueue;
import com.atlassian.mail.queue.SingleMailQueueItem;
import com.atlassian.sal.api.ApplicationProperties;
import com.atlassian.sal.api.UrlMode;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.web.AdminServlet;

/** Sends a notice as a mail, through Jira's own mail queue. */
final class Mail {
  private Mail() {}

  static void send(Host host, String address, Concern concern) {
    MailQueue queue = ComponentAccessor.getMailQueue();
    if (queue != null) {
      String page = host.require(ApplicationProperties.class).getBaseUrl(UrlMode.CANONICAL) + AdminServlet.PATH + "/admin";
      Email mail = new Email(address);
      NoticeText words = new NoticeText(host);
      mail.setSubject(words.title(concern));
      mail.setBody(words.text(concern) + "\n\n" + page + "\n");
      mail.setMimeType("text/plain");
      queue.addItem(new SingleMailQueueItem(mail));
    }
  }
}
