package com.mumosystems.oktaprofiles;

import java.util.List;

/**
 * Entries found by a prefix search.
 *
 * @param entries the entries, in the order of the searched field
 * @param next where the search goes on; null at its end
 */
public record SearchPage(
    List<DirectoryEntry> entries,
    String next) {}
