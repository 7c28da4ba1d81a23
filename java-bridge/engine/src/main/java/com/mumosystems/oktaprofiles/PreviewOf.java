package com.mumosystems.oktaprofiles;

/** Which pairs of a preview are asked for. Written from the Rust tables by {@code make header}. */
public enum PreviewOf {
  /** Pairs that only the other rules tie. */
  GAINED(1),
  /** Present pairs that the other rules would not tie. */
  LOST(2);

  final int number;

  PreviewOf(int number) {
    this.number = number;
  }
}
