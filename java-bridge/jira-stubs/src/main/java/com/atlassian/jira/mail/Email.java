package com.atlassian.jira.mail;

/** A mail with what Jira adds to each of its own. */
public class Email extends com.atlassian.mail.Email {
  public Email(String to) {
    super(to);
  }
}
