package com.mumosystems.oktaprofiles.api;

/** The directory cannot be read at this moment; the message says why and what to do. */
public final class OktaDirectoryUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Says why.
   *
   * @param message cause and cure
   * @param cause what was thrown
   */
  public OktaDirectoryUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
