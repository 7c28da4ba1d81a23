package com.mumosystems.oktaprofiles;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.LongFunction;

/** Iterates over a view page by page; only one page is in memory at a time. */
final class Entries implements Iterator<DirectoryEntry> {
  private final LongFunction<List<DirectoryEntry>> pageAfter;
  private Iterator<DirectoryEntry> page = List.<DirectoryEntry>of().iterator();
  private long after;
  private boolean ended;

  Entries(LongFunction<List<DirectoryEntry>> pageAfter) {
    this.pageAfter = pageAfter;
  }

  @Override
  public boolean hasNext() {
    if (!page.hasNext() && !ended) {
      page = pageAfter.apply(after).iterator();
      ended = !page.hasNext();
    }
    return page.hasNext();
  }

  @Override
  public DirectoryEntry next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    DirectoryEntry entry = page.next();
    after = entry.cursor();
    return entry;
  }
}
