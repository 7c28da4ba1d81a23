package com.mumosystems.oktaprofiles.jira.host;

import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;

/** Says that this Jira lacks a service, or the type of one, that what was asked for cannot do without. */
public final class MissingService {
  private MissingService() {}

  /** For a service that nobody offers. */
  static OktaProfilesException of(Class<?> type) {
    return of(type.getName(), null);
  }

  /**
   * For a type that could not be linked.
   *
   * @param error what the JVM said; its message names the type
   */
  public static OktaProfilesException of(LinkageError error) {
    return of(String.valueOf(error.getMessage()).replace('/', '.'), error);
  }

  /**
   * Whether an exception is of this kind.
   *
   * @param error any exception
   * @return whether a service or type was missing
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
