package com.mumosystems.oktaprofiles;

import java.nio.file.Path;
import java.util.List;

/**
 * What opening the directory did.
 *
 * @param created whether the file was made by this opening
 * @param damagedMovedTo where a damaged file was moved before a new one was made; null if the file was sound
 * @param carriedOver what was saved from the damaged file into the new one, in words; empty if nothing
 */
public record OpenReport(boolean created, Path damagedMovedTo, List<String> carriedOver) {}
