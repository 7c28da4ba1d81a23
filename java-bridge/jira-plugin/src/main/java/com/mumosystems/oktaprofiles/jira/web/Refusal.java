package com.mumosystems.oktaprofiles.jira.web;

/** A request that the plugin refuses, with its HTTP status. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The HTTP status. */
  private final int status;

  /** A stable name for scripts. */
  private final String name;

  Refusal(int status, String name, String message) {
    super(message);
    this.status = status;
    this.name = name;
  }

  int status() {
    return status;
  }

  String name() {
    return name;
  }
}
