package com.atlassian.plugin;

/** A module of a plugin makes no sense. */
public class PluginParseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PluginParseException(String message) {
    super(message);
  }
}
