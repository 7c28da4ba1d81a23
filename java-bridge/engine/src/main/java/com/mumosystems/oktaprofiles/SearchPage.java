package com.mumosystems.oktaprofiles;

import java.util.List;

/**
 * Some entries that a search found.
 *
 * @param entries the entries, in the order of the searched field
 * @param next the position where the search continues; null at its end
 */
public record SearchPage(
    List<DirectoryEntry> entries,
    String next) {}
