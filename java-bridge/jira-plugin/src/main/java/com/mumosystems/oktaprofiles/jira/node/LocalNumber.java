package com.mumosystems.oktaprofiles.jira.node;

import com.mumosystems.oktaprofiles.jira.host.HomeFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A number that this node remembers in a file of its own. */
final class LocalNumber {
  private LocalNumber() {}

  /** The number, or 0 if the file is missing or holds none: the node then catches up from the beginning. */
  static long read(Path file) {
    try {
      return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  static void write(Path file, long number) {
    HomeFolders.replace(file, Long.toString(number).getBytes(StandardCharsets.US_ASCII));
  }
}
