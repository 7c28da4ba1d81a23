package com.mumosystems.oktaprofiles.internal;

import java.nio.charset.StandardCharsets;

/** Texts on their way to the native library. */
public final class Texts {
  private Texts() {}

  /**
   * The bytes of a text as UTF-8.
   *
   * @param text the text, or null for an empty one
   */
  public static byte[] utf8(String text) {
    return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
  }
}
