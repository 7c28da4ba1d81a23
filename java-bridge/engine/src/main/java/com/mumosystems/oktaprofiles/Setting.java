package com.mumosystems.oktaprofiles;

/**
 * A setting with the value in force.
 *
 * @param key the key
 * @param value the value; a password in a proxy's address is left out
 * @param source where the value comes from: call, directory or default
 * @param defaultValue what holds while nobody sets it
 * @param meaning what it is for, with the unit
 */
public record Setting(String key, String value, String source, String defaultValue, String meaning) {}
