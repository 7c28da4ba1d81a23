package com.mumosystems.oktaprofiles.osgi;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** What Okta sends to the address of its event hook, and what becomes of it. */
final class Deliveries {
  static final String SECRET = "X-Okta-Profiles-Secret";
  static final String CHALLENGE = "X-Okta-Verification-Challenge";
  /** Long enough for a busy machine; a quiet one takes some seconds. */
  private static final long PATIENCE_NANOS = 90_000_000_000L;

  private Deliveries() {}

  /** The body that tells that a user was changed. */
  static String updated(String event, String user) {
    return "{\"eventId\":\"of " + event + "\",\"data\":{\"events\":[{\"uuid\":\"" + event + "\","
        + "\"eventType\":\"user.account.update_profile\",\"outcome\":{\"result\":\"SUCCESS\"},"
        + "\"target\":[{\"id\":\"" + user + "\",\"type\":\"User\"}]}]}}";
  }

  /** Sends a request to the address of events; no secret for null. */
  static PageClient.Reply send(PageClient page, String method, String secret, String body) throws IOException {
    Map<String, String> headers = new HashMap<>(Map.of("Content-Type", "application/json", CHALLENGE, "challenge-1"));
    if (secret != null) {
      headers.put(SECRET, secret);
    }
    return PageClient.send(method, page.url("events"), body, headers);
  }

  static String secret(PageClient page) throws IOException {
    return page.post("api/live/secret", "{}").get("secret").getAsString();
  }

  /** The id of one of the users. */
  static String user(PageClient page, int number) throws IOException {
    return page.get("api/directory?limit=100").getAsJsonArray("rows").get(number).getAsJsonObject()
        .getAsJsonObject("okta").get("id").getAsString();
  }

  /** Moves a user in Okta. */
  static void move(SimulatedOrg org, String user, String city) throws IOException {
    org.mutate("{\"update\":{\"id\":\"" + user + "\",\"profile\":{\"city\":\"" + city + "\"}}}");
  }

  /** Waits until the page shows that a user has moved. */
  static void awaitMove(PageClient page, String user, String city) throws Exception {
    await("the move to " + city + " never arrived", () -> city.equals(city(page, user)));
  }

  static String city(PageClient page, String user) throws IOException {
    JsonObject profile = page.get("api/directory/user?oktaId=" + user);
    for (JsonElement attribute : profile.getAsJsonArray("attributes")) {
      if (attribute.getAsJsonObject().get("name").getAsString().equals("city")) {
        return attribute.getAsJsonObject().get("value").getAsString();
      }
    }
    return "";
  }

  static void await(String otherwise, Callable<Boolean> holds) throws Exception {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!holds.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(otherwise);
      }
      Thread.sleep(100);
    }
  }
}
