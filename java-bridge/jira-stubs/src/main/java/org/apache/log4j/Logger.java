package org.apache.log4j;

/** The logger of Log4j 1.2, which Jira offers as a bridge; one of Jira's own methods takes it. */
public class Logger {
  private final String name;

  protected Logger(String name) {
    this.name = name;
  }

  public static Logger getLogger(String name) {
    return new Logger(name);
  }

  public final String getName() {
    return name;
  }
}
