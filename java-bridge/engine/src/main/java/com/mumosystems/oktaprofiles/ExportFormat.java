package com.mumosystems.oktaprofiles;

/** How an export is written. Written from the Rust tables by {@code make header}. */
public enum ExportFormat {
  /** CSV (RFC 4180) with a heading and a column for each profile attribute. Texts that a spreadsheet would take for a formula, since they begin with = + - @ tab or CR, get an apostrophe in front. */
  CSV(1),
  /** One JSON object an entry and line. */
  JSON_LINES(2);

  final int number;

  ExportFormat(int number) {
    this.number = number;
  }
}
