package com.mumosystems.oktaprofiles.internal;

import com.mumosystems.oktaprofiles.OktaProfilesException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/** Reads the reply of a native method: a page, or an error that becomes an exception. */
public final class Reply {
  private Reply() {}

  /**
   * Reads a reply.
   *
   * @throws OktaProfilesException if it is an error
   */
  public static Page read(byte[] reply) {
    ByteBuffer bytes = ByteBuffer.wrap(reply).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.get() == 0) {
      return Page.read(bytes);
    }
    int code = bytes.getInt();
    long wait = bytes.getLong();
    String message = Page.readText(bytes);
    String oktaErrorCode = Page.readText(bytes);
    String oktaRequestId = Page.readText(bytes);
    String missingScope = Page.readText(bytes);
    Duration retryAfter = wait < 0 ? null : Duration.ofMillis(wait);
    throw new OktaProfilesException(code, message, retryAfter, oktaErrorCode, oktaRequestId, missingScope, null);
  }
}
