package com.mumosystems.oktaprofiles;

/** How an export is written. Written from the Rust tables by {@code make header}. */
public enum ExportFormat {
  /** CSV (RFC 4180) with a heading and a column for each profile attribute. A text that begins with = + - @, a tab or a CR gets an apostrophe in front, so that a spreadsheet does not read it as a formula. */
  CSV(1),
  /** One JSON object for each entry, each on its own line. */
  JSON_LINES(2);

  final int number;

  ExportFormat(int number) {
    this.number = number;
  }
}
