package com.mumosystems.oktaprofiles.jira.host;

import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;

/** Makes the error for a service, or its type, that a call needs and this Jira does not have. */
public final class MissingService {
  private MissingService() {}

  /** The error for a service that no component offers. */
  static OktaProfilesException of(Class<?> type) {
    return of(type.getName(), null);
  }

  /**
   * The error for a type that could not be linked.
   *
   * @param error the JVM's error; its message names the type
   */
  public static OktaProfilesException of(LinkageError error) {
    return of(String.valueOf(error.getMessage()).replace('/', '.'), error);
  }

  /**
   * Whether an exception says that a service or type is missing.
   *
   * @param error any exception
   * @return true if it does
   */
  static boolean is(OktaProfilesException error) {
    return error.code() == ErrorCode.HOST_SERVICE_MISSING;
  }

  private static OktaProfilesException of(String type, Throwable cause) {
    return new OktaProfilesException(
        ErrorCode.HOST_SERVICE_MISSING,
        "This Jira offers no " + type + "; it may be too old or too new for this version of the plugin.",
        cause);
  }
}
