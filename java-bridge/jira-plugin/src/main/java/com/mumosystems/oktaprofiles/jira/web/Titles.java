package com.mumosystems.oktaprofiles.jira.web;

import com.mumosystems.oktaprofiles.Attribute;
import com.mumosystems.oktaprofiles.DirectoryEntry;
import com.mumosystems.oktaprofiles.Lookup;
import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.OktaUser;
import java.util.Map;
import java.util.stream.Collectors;

/** Finds names for people, where the engine has attributes and ids. One object serves one answer. */
final class Titles {
  private final OktaProfiles engine;
  private final Map<String, String> attributes;

  Titles(OktaProfiles engine) {
    this.engine = engine;
    attributes = engine.schemas().attributes(null).stream()
        .collect(Collectors.toMap(Attribute::name, Attribute::title, (first, second) -> first));
  }

  /** The title of an attribute. The engine writes profile attributes with or without "profile." before the name. */
  String attribute(String field) {
    String name = field.startsWith("profile.") ? field.substring("profile.".length()) : field;
    return attributes.getOrDefault(name, field);
  }

  /** The name of an Okta user; null if the user is no longer in the directory. */
  String user(String oktaId) {
    return engine.find(Lookup.OKTA_ID, oktaId).map(DirectoryEntry::okta).map(OktaUser::name).orElse(null);
  }
}
