package com.mumosystems.oktaprofiles.api;

/** The directory cannot be read at this moment. The message says why, and what to do. */
public final class OktaDirectoryUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message the cause, and what to do
   * @param cause the exception behind it
   */
  public OktaDirectoryUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
