package com.mumosystems.oktaprofiles;

import java.util.List;

/**
 * Some groups of a listing.
 *
 * @param groups the groups, in the order of their names
 * @param next the position where the listing continues; null at its end
 */
public record GroupPage(
    List<Group> groups,
    String next) {}
