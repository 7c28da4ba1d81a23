package com.mumosystems.oktaprofiles;

import java.time.Duration;
import java.util.Optional;

/**
 * Why a call failed. The message is a sentence for an administrator: what happened, where, and what to do
 * next. It never holds a token, a login or an e-mail address.
 */
public final class OktaProfilesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The number of the code. */
  private final int number;

  /** When a retry makes sense, or null. */
  private final Duration retryAfter;

  /** Okta's errorCode, or null. */
  private final String oktaErrorCode;

  /** Okta's request id, or null. */
  private final String oktaRequestId;

  /** The scope that is missing, or null. */
  private final String missingScope;

  /**
   * An error as the native library reports it.
   *
   * @param number the code's number
   * @param message the sentence
   * @param retryAfter when a retry makes sense, or null
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
   * An error of this side.
   *
   * @param message the sentence
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
   * When a retry makes sense.
   *
   * @return the wait, if it is known
   */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /**
   * Okta's own errorCode, such as E0000006.
   *
   * @return the code, if Okta gave one
   */
  public Optional<String> oktaErrorCode() {
    return Optional.ofNullable(oktaErrorCode);
  }

  /**
   * Okta's request id, to be quoted to Okta support.
   *
   * @return the id, if there is one
   */
  public Optional<String> oktaRequestId() {
    return Optional.ofNullable(oktaRequestId);
  }

  /**
   * The OAuth scope that Okta found missing.
   *
   * @return the scope, if Okta named one
   */
  public Optional<String> missingScope() {
    return Optional.ofNullable(missingScope);
  }
}
