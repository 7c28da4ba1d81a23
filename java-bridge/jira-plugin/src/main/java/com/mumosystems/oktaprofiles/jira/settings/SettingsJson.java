package com.mumosystems.oktaprofiles.jira.settings;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/**
 * Replaces settings by values from JSON. Gson alone would change values that do not fit: 4294967297 becomes 1, and
 * a missing list becomes null.
 */
public final class SettingsJson {
  private SettingsJson() {}

  /** A value that does not fit its setting. */
  private static final class Unfit extends Exception {
    private static final long serialVersionUID = 1L;

    Unfit(String message) {
      super(message);
    }
  }

  /**
   * The settings, with the given values in place of the present ones.
   *
   * @param base the present settings
   * @param given the fields to replace; other fields keep their values
   * @param complaint gets a message for each value that does not fit; such a setting keeps its value
   */
  public static JiraSettings over(JiraSettings base, JsonObject given, Consumer<String> complaint) {
    return (JiraSettings) record(base, given, "", complaint);
  }

  private static Record record(Record base, JsonObject given, String path, Consumer<String> complaint) {
    RecordComponent[] fields = base.getClass().getRecordComponents();
    Object[] values = new Object[fields.length];
    try {
      for (int i = 0; i < fields.length; i++) {
        values[i] = fields[i].getAccessor().invoke(base);
        JsonElement value = given.get(fields[i].getName());
        if (value != null) {
          values[i] = field(fields[i], values[i], value, path + fields[i].getName(), complaint);
        }
      }
      Class<?>[] types = Arrays.stream(fields).map(RecordComponent::getType).toArray(Class<?>[]::new);
      return base.getClass().getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("settings are public records", e);
    }
  }

  private static Object field(
      RecordComponent field, Object before, JsonElement given, String name, Consumer<String> complaint) {
    try {
      if (before instanceof Record nested) {
        if (!given.isJsonObject()) {
          throw new Unfit(name + " must be an object.");
        }
        return record(nested, given.getAsJsonObject(), name + ".", complaint);
      }
      return value(field, given, name);
    } catch (Unfit e) {
      complaint.accept(e.getMessage());
      return before;
    }
  }

  private static Object value(RecordComponent field, JsonElement given, String name) throws Unfit {
    Class<?> type = field.getType();
    if (type == int.class) {
      return whole(given, name);
    }
    if (type == boolean.class) {
      if (!(given instanceof JsonPrimitive flag) || !flag.isBoolean()) {
        throw new Unfit(name + " must be true or false.");
      }
      return flag.getAsBoolean();
    }
    if (type == List.class) {
      return texts(given, name);
    }
    // Null means "use the JVM's setting", which is possible only for settings of the network.
    boolean absent = given.isJsonNull() && field.getDeclaringRecord() == JiraSettings.Network.class;
    return absent ? null : text(given, name);
  }

  private static int whole(JsonElement given, String name) throws Unfit {
    try {
      if (given instanceof JsonPrimitive number && number.isNumber()) {
        return new BigDecimal(number.getAsString()).intValueExact();
      }
    } catch (ArithmeticException | NumberFormatException e) {
      throw new Unfit(name + " must be a whole number up to " + Integer.MAX_VALUE + ".");
    }
    throw new Unfit(name + " must be a whole number.");
  }

  private static List<String> texts(JsonElement given, String name) throws Unfit {
    boolean fits = given instanceof JsonArray list
        && StreamSupport.stream(list.spliterator(), false).allMatch(SettingsJson::isText);
    if (!fits) {
      throw new Unfit(name + " must be a list of texts.");
    }
    return given.getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList();
  }

  private static String text(JsonElement given, String name) throws Unfit {
    if (!isText(given)) {
      throw new Unfit(name + " must be a text.");
    }
    return given.getAsString();
  }

  private static boolean isText(JsonElement value) {
    return value instanceof JsonPrimitive primitive && primitive.isString();
  }
}
