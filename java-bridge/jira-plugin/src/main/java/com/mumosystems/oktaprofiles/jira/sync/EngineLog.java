package com.mumosystems.oktaprofiles.jira.sync;

import com.mumosystems.oktaprofiles.LogLine;
import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.host.JiraLog;
import com.mumosystems.oktaprofiles.jira.node.NodeDirectory;
import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.util.List;

/**
 * Copies the lines of the engine's log to Jira's log, where administrators look first. The engine never calls Jira,
 * so its lines are fetched from time to time. They contain no personal data.
 */
final class EngineLog {
  private static final System.Logger LOG = JiraLog.of(EngineLog.class);
  private static final int LINES = 500;

  private final NodeDirectory directory;
  private WeakReference<OktaProfiles> source = new WeakReference<>(null);
  private long position;

  EngineLog(NodeDirectory directory) {
    this.directory = directory;
  }

  /** Copies the lines that are new since the last call. */
  synchronized void passOn() {
    List<LogLine> lines;
    try {
      lines = directory.use(this::next);
    } catch (OktaProfilesException e) {
      // Without an engine there are no lines. The call that needs the engine reports why there is none.
      return;
    }
    for (LogLine line : lines) {
      position = line.position();
      LOG.log(level(line.level()), line.message());
    }
  }

  /** The next lines. Positions belong to one engine, so they begin again when another engine was opened. */
  private List<LogLine> next(OktaProfiles engine) {
    if (source.get() != engine) {
      source = new WeakReference<>(engine);
      position = 0;
    }
    return engine.log(position, LINES);
  }

  private static Level level(String name) {
    return switch (name) {
      case "error" -> Level.ERROR;
      case "warn" -> Level.WARNING;
      case "info" -> Level.INFO;
      default -> Level.DEBUG;
    };
  }
}
