package com.atlassian.mail;

/** A mail that waits to be sent. */
public class Email {
  private final String to;
  private String subject;
  private String body;
  private String mimeType;

  public Email(String to) {
    this.to = to;
  }

  public String getTo() {
    return to;
  }

  public String getSubject() {
    return subject;
  }

  public Email setSubject(String subject) {
    this.subject = subject;
    return this;
  }

  public String getBody() {
    return body;
  }

  public Email setBody(String body) {
    this.body = body;
    return this;
  }

  public String getMimeType() {
    return mimeType;
  }

  public Email setMimeType(String mimeType) {
    this.mimeType = mimeType;
    return this;
  }
}
