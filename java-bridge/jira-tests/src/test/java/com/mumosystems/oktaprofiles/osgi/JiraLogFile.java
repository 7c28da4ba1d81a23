package com.mumosystems.oktaprofiles.osgi;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What the plugin's lines in Jira's log would be, and keeps them off the test's own output. */
final class JiraLogFile implements AutoCloseable {
  private final Logger logger = Logger.getLogger("com.mumosystems.oktaprofiles");
  private final List<LogRecord> records = new CopyOnWriteArrayList<>();
  private final Handler handler = new Handler() {
    @Override
    public void publish(LogRecord entry) {
      records.add(entry);
    }

    @Override
    public void flush() {
      // Nothing is kept back.
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  };

  JiraLogFile() {
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  /** Lines that Jira shows without being told to. */
  List<String> warnings() {
    return records.stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(new SimpleFormatter()::formatMessage)
        .toList();
  }

  /** Lines of one of the plugin's classes. */
  List<String> linesOf(String type) {
    return records.stream()
        .filter(entry -> entry.getLoggerName().endsWith("." + type))
        .map(new SimpleFormatter()::formatMessage)
        .toList();
  }

  @Override
  public void close() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }
}
