package com.mumosystems.oktaprofiles.jira.web;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.util.List;
import javax.servlet.http.HttpServletRequest;

/** One request of the page: its parameters and its JSON body. */
final class Call {
  /** The largest body that is accepted, in characters. Settings and secrets are far smaller. */
  private static final int MAX_BODY = 256 * 1024;

  private final HttpServletRequest request;
  private final String user;
  private final JsonObject body;

  Call(HttpServletRequest request, String user, JsonObject body) {
    this.request = request;
    this.user = user;
    this.body = body;
  }

  /** Reads a body, which must be one JSON object. */
  static JsonObject readBody(HttpServletRequest request) throws IOException {
    StringBuilder text = new StringBuilder();
    char[] buffer = new char[8192];
    Reader reader = request.getReader();
    for (int n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
      text.append(buffer, 0, n);
      if (text.length() > MAX_BODY) {
        throw new Refusal(413, "TOO_LARGE", "The request is larger than " + MAX_BODY + " characters.");
      }
    }
    try {
      JsonElement json = text.toString().isBlank() ? new JsonObject() : JsonParser.parseString(text.toString());
      return json.getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw bad("The body of the request is not a JSON object.");
    }
  }

  /** The key of the administrator who sends the request. */
  String user() {
    return user;
  }

  HttpServletRequest request() {
    return request;
  }

  JsonObject body() {
    return body;
  }

  /** A parameter of the query. */
  String parameter(String name, String otherwise) {
    String value = parameter(request, name);
    return value == null || value.isEmpty() ? otherwise : value;
  }

  /** A parameter of a query that anybody may have written. Tomcat throws if it cannot be decoded. */
  static String parameter(HttpServletRequest request, String name) {
    try {
      return request.getParameter(name);
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw bad("The address of the request cannot be decoded.");
    }
  }

  /** A number from the query. */
  long number(String name, long otherwise, long min, long max) {
    String value = parameter(name, null);
    try {
      long number = value == null ? otherwise : Long.parseLong(value);
      if (number < min || number > max) {
        throw bad(name + " must be from " + min + " to " + max + ".");
      }
      return number;
    } catch (NumberFormatException e) {
      throw bad(name + " must be a whole number.");
    }
  }

  /** A text that the body must contain. */
  String required(String name) {
    String value = text(name, "");
    if (value.isEmpty()) {
      throw bad(name + " is missing.");
    }
    return value;
  }

  /** A text from the body. */
  String text(String name, String otherwise) {
    JsonElement value = body.get(name);
    if (value == null || value.isJsonNull()) {
      return otherwise;
    }
    if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
      throw bad(name + " must be a text.");
    }
    return value.getAsString();
  }

  /** A boolean from the body. */
  boolean flag(String name) {
    JsonElement value = body.get(name);
    if (value == null || value.isJsonNull()) {
      return false;
    }
    if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) {
      throw bad(name + " must be true or false.");
    }
    return value.getAsBoolean();
  }

  /** A list of texts from the body. */
  List<String> texts(String name) {
    JsonElement value = body.get(name);
    if (value == null || !value.isJsonArray()) {
      throw bad(name + " must be a list of texts.");
    }
    return value.getAsJsonArray().asList().stream()
        .map(item -> {
          if (!item.isJsonPrimitive()) {
            throw bad(name + " must be a list of texts.");
          }
          return item.getAsString();
        })
        .toList();
  }

  static Refusal bad(String message) {
    return new Refusal(400, "INVALID_ARGUMENT", message);
  }
}
