package com.mumosystems.oktaprofiles;

import java.time.Duration;
import java.util.Optional;

/**
 * The reason why a call failed. The message is for an administrator: it says what happened, where, and what to do.
 * It never contains a token, a login or an e-mail address.
 */
public final class OktaProfilesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The number of the code. */
  private final int number;

  /** How long to wait before a retry; null if unknown. */
  private final Duration retryAfter;

  /** Okta's errorCode; null if Okta gave none. */
  private final String oktaErrorCode;

  /** Okta's request id; null if there is none. */
  private final String oktaRequestId;

  /** The scope that is missing; null if none. */
  private final String missingScope;

  /**
   * An error that the native library reports.
   *
   * @param number the code's number
   * @param message the message for an administrator
   * @param retryAfter how long to wait before a retry, or null
   * @param oktaErrorCode Okta's errorCode, or null
   * @param oktaRequestId Okta's request id, or null
   * @param missingScope the scope that is missing, or null
   * @param cause the cause, or null
   */
  public OktaProfilesException(
      int number,
      String message,
      Duration retryAfter,
      String oktaErrorCode,
      String oktaRequestId,
      String missingScope,
      Throwable cause) {
    super(message, cause);
    this.number = number;
    this.retryAfter = retryAfter;
    this.oktaErrorCode = oktaErrorCode;
    this.oktaRequestId = oktaRequestId;
    this.missingScope = missingScope;
  }

  /**
   * An error that Java itself reports.
   *
   * @param message the message for an administrator
   * @param cause the cause, or null
   */
  public OktaProfilesException(ErrorCode code, String message, Throwable cause) {
    this(code.number(), message, null, null, null, null, cause);
  }

  /**
   * What went wrong.
   *
   * @return the code; {@link ErrorCode#UNKNOWN} for one that this version does not know
   */
  public ErrorCode code() {
    return ErrorCode.of(number);
  }

  /** The number of the code. */
  public int number() {
    return number;
  }

  /**
   * How long to wait before a retry.
   *
   * @return the wait; empty if it is not known
   */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /**
   * Okta's own errorCode, such as E0000006.
   *
   * @return the code; empty if Okta gave none
   */
  public Optional<String> oktaErrorCode() {
    return Optional.ofNullable(oktaErrorCode);
  }

  /**
   * Okta's request id, which Okta support asks for.
   *
   * @return the id; empty if there is none
   */
  public Optional<String> oktaRequestId() {
    return Optional.ofNullable(oktaRequestId);
  }

  /**
   * The OAuth scope that is missing.
   *
   * @return the scope; empty if Okta named none
   */
  public Optional<String> missingScope() {
    return Optional.ofNullable(missingScope);
  }
}
