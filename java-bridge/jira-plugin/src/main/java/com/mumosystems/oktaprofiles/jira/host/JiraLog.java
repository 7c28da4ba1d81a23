package com.mumosystems.oktaprofiles.jira.host;

import java.text.MessageFormat;
import java.util.ResourceBundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs into Jira's own log. Jira's apps log through SLF4J. The JDK's logger would write to Tomcat's log, which no
 * administrator of Jira reads. Without SLF4J, as in tests, the JDK's logger is used.
 */
public final class JiraLog {
  private JiraLog() {}

  /**
   * A logger.
   *
   * @param type the class that logs
   */
  public static System.Logger of(Class<?> type) {
    try {
      return new Slf4j(type.getName());
    } catch (LinkageError e) {
      // The package is optional, like every package of the host.
      return System.getLogger(type.getName());
    }
  }

  /** Uses only what SLF4J 1.7 and 2 have in common. */
  private static final class Slf4j implements System.Logger {
    private final Logger log;

    Slf4j(String name) {
      log = LoggerFactory.getLogger(name);
    }

    @Override
    public String getName() {
      return log.getName();
    }

    @Override
    public boolean isLoggable(Level level) {
      return switch (level) {
        case ALL, TRACE -> log.isTraceEnabled();
        case DEBUG -> log.isDebugEnabled();
        case INFO -> log.isInfoEnabled();
        case WARNING -> log.isWarnEnabled();
        case ERROR -> log.isErrorEnabled();
        case OFF -> false;
      };
    }

    @Override
    public void log(Level level, ResourceBundle texts, String message, Throwable thrown) {
      switch (level) {
        case ALL, TRACE -> log.trace(message, thrown);
        case DEBUG -> log.debug(message, thrown);
        case INFO -> log.info(message, thrown);
        case WARNING -> log.warn(message, thrown);
        case ERROR -> log.error(message, thrown);
        case OFF -> { }
      }
    }

    @Override
    public void log(Level level, ResourceBundle texts, String format, Object... values) {
      if (isLoggable(level)) {
        boolean bare = values == null || values.length == 0;
        log(level, texts, bare ? format : MessageFormat.format(format, values), (Throwable) null);
      }
    }
  }
}
