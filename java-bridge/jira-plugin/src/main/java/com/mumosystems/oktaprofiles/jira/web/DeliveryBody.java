package com.mumosystems.oktaprofiles.jira.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import javax.servlet.http.HttpServletRequest;

/**
 * Reads the body of a delivery. The size is bounded, and so is the time: no longer than Okta waits. If nothing
 * arrives at all, Tomcat's own time-out ends the read, because a servlet cannot find out whether a read would wait.
 */
final class DeliveryBody {
  /** The engine accepts no larger delivery. */
  private static final int MOST_BYTES = 4 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  /** With this status Okta sends the delivery again. */
  private static final int TRY_AGAIN = 503;

  private DeliveryBody() {}

  /** Why a body was not read. */
  static final class Unread extends Exception {
    private static final long serialVersionUID = 1L;

    /** The HTTP status. */
    private final int status;

    Unread(int status) {
      super(null, null, false, false);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  static byte[] read(HttpServletRequest request) throws Unread {
    if (request.getContentLengthLong() > MOST_BYTES) {
      throw new Unread(413);
    }
    long end = System.nanoTime() + PATIENCE.toNanos();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try {
      InputStream in = request.getInputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        body.write(buffer, 0, read);
        if (body.size() > MOST_BYTES) {
          throw new Unread(413);
        }
        if (System.nanoTime() > end) {
          throw new Unread(TRY_AGAIN);
        }
      }
      return body.toByteArray();
    } catch (IOException e) {
      // The connection broke or was silent, or the bytes were not a valid HTTP body.
      throw new Unread(TRY_AGAIN);
    }
  }
}
