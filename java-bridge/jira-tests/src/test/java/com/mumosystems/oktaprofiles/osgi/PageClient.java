package com.mumosystems.oktaprofiles.osgi;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The page's script, as far as the server sees it. HttpURLConnection on purpose: it leaves no thread behind that a
 * test would have to tell from ours.
 */
final class PageClient {
  static {
    // Lets tests send the header Origin, as browsers do.
    System.setProperty("sun.net.http.allowRestrictedHeaders", "true");
  }

  static final String CALLBACK = "/plugins/servlet/ac/com.mumosystems.okta-profiles/connection-page";

  /** What the page asks without changing anything, where it needs no user. */
  static final List<String> READS = List.of(
      "api/connection", "api/sync", "api/sync/budget", "api/changes", "api/settings", "api/live", "api/directory",
      "api/directory/candidates?oktaId=x", "api/attributes", "api/diagnostics", "api/diagnostics.zip",
      "api/directory.csv");
  static final List<String> CHANGES = List.of(
      "api/connection/token", "api/connection/oauth", "api/connection/service-app", "api/connection/service-key",
      "api/connection/disconnect", "api/validate", "api/sync/start", "api/sync/cancel", "api/settings",
      "api/match/preview", "api/directory/pin", "api/directory/unpin",
      "api/live/register", "api/live/check", "api/live/test", "api/live/rotate", "api/live/remove", "api/live/secret");

  private final String base;

  PageClient(String jiraUrl) {
    base = jiraUrl + "/plugins/servlet/okta-profiles/";
  }

  /** The address of something of the plugin's. */
  String url(String path) {
    return base + path;
  }

  /** An answer with its status. */
  record Reply(int status, String body, Map<String, List<String>> headers) {
    JsonObject json() {
      return JsonParser.parseString(body).getAsJsonObject();
    }

    String error() {
      return json().getAsJsonObject("error").get("name").getAsString();
    }
  }

  JsonObject get(String path) throws IOException {
    return expectOk(send("GET", base + path, null, Map.of()));
  }

  JsonObject post(String path, String body) throws IOException {
    return expectOk(tryPost(path, body));
  }

  Reply tryPost(String path, String body) throws IOException {
    return send(
        "POST", base + path, body, Map.of("Content-Type", "application/json", "X-Atlassian-Token", "no-check"));
  }

  Reply tryGet(String path) throws IOException {
    return send("GET", base + path, null, Map.of());
  }

  private static JsonObject expectOk(Reply reply) {
    if (reply.status() != 200) {
      throw new IllegalStateException("status " + reply.status() + ": " + reply.body());
    }
    return reply.json();
  }

  static Reply send(String method, String url, String body, Map<String, String> headers) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setInstanceFollowRedirects(false);
    connection.setRequestMethod(method);
    connection.setRequestProperty("Connection", "close");
    headers.forEach(connection::setRequestProperty);
    if (body != null) {
      connection.setDoOutput(true);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(body.getBytes(StandardCharsets.UTF_8));
      }
    }
    int status = connection.getResponseCode();
    try (var stream = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      String text = stream == null ? "" : new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      return new Reply(status, text, connection.getHeaderFields());
    }
  }

  /** Starts a run and waits for its end. */
  JsonObject sync(String request) throws IOException, InterruptedException {
    post("api/sync/start", request);
    return awaitEnd();
  }

  JsonObject awaitEnd() throws IOException, InterruptedException {
    long end = System.nanoTime() + 120_000_000_000L;
    while (System.nanoTime() < end) {
      JsonObject state = get("api/sync");
      if (!state.get("running").getAsBoolean()) {
        if (!state.get("lastError").isJsonNull()) {
          throw new IllegalStateException("the run failed: " + state.get("lastError"));
        }
        return state;
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException("the run did not end");
  }
}
