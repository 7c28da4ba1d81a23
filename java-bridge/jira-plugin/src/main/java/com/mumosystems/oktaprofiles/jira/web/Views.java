package com.mumosystems.oktaprofiles.jira.web;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.mumosystems.oktaprofiles.Change;
import com.mumosystems.oktaprofiles.DirectoryEntry;
import com.mumosystems.oktaprofiles.DryRun;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns the engine's records into JSON for the page. Every member has its own name, so a new member arrives without
 * further code. Times are ISO 8601, time spans milliseconds ({@code waited} becomes {@code waitedMs}), choices
 * their words. A JSON text becomes the value that it contains ({@code fieldsJson} becomes {@code fields}).
 */
final class Views {
  /** Members that lists never contain, because they are large: whole profiles. */
  private static final Set<String> TOO_MUCH = Set.of("profileJson");

  private Views() {}

  /** The members of a record by name. */
  static Map<String, Object> of(Record record) {
    Map<String, Object> view = new LinkedHashMap<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      if (!TOO_MUCH.contains(component.getName())) {
        put(view, component.getName(), component.getType(), member(record, component));
      }
    }
    return view;
  }

  /** One view for each record of a list. */
  static List<Map<String, Object>> each(List<? extends Record> records) {
    return records.stream().map(Views::of).toList();
  }

  private static void put(Map<String, Object> view, String name, Class<?> type, Object value) {
    if (type == Duration.class) {
      view.put(name + "Ms", value == null ? null : ((Duration) value).toMillis());
    } else if (name.endsWith("Json")) {
      view.put(name.substring(0, name.length() - "Json".length()), json((String) value));
    } else {
      view.put(name, shown(value));
    }
  }

  private static Object shown(Object value) {
    if (value instanceof Record inner) {
      return of(inner);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Views::shown).toList();
    }
    return value instanceof Enum<?> choice ? choice.toString() : value;
  }

  private static JsonElement json(String text) {
    return text == null || text.isEmpty() ? new JsonArray() : JsonParser.parseString(text);
  }

  private static Object member(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component.getName() + " cannot be read", e);
    }
  }

  /** A dry run has the form of the run that it would have been. */
  static Map<String, Object> dryRun(DryRun dryRun, Titles titles) {
    Map<String, Object> view = of(dryRun.report());
    view.put("dryRun", true);
    view.put("fields", dryRun.fields().entrySet().stream()
        .map(field -> Map.of("title", titles.attribute(field.getKey()), "users", field.getValue()))
        .toList());
    return view;
  }

  /** A change, with names for people beside the ids and keys. */
  static Map<String, Object> change(Change change, Titles titles) {
    Map<String, Object> view = of(change);
    view.put("displayName", titles.user(change.oktaId()));
    ((JsonArray) view.get("fields")).forEach(field -> {
      JsonObject object = field.getAsJsonObject();
      object.addProperty("title", titles.attribute(object.get("field").getAsString()));
    });
    return view;
  }

  /** One row of the directory. The page knows match states by the names of the constants. */
  static Map<String, Object> row(DirectoryEntry entry) {
    Map<String, Object> view = of(entry);
    view.put("state", entry.state().name());
    return view;
  }
}
