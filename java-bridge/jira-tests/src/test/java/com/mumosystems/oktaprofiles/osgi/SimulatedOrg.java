package com.mumosystems.oktaprofiles.osgi;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The simulated Okta org as a process of its own; it ends when this is closed, or with this JVM. */
final class SimulatedOrg implements AutoCloseable {
  private final Process process;
  private final JsonObject announcement;

  SimulatedOrg(int users, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(
        List.of(System.getProperty("okta.sim"), "--users", String.valueOf(users)));
    command.addAll(List.of(arguments));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String line = new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
    if (line == null) {
      throw new IOException("the simulated org did not start");
    }
    announcement = JsonParser.parseString(line).getAsJsonObject();
  }

  String url() {
    return announcement.get("url").getAsString();
  }

  String token() {
    return announcement.get("token").getAsString();
  }

  /** Changes something in the org. */
  void mutate(String change) throws IOException {
    control("mutate", change);
  }

  /** Speaks to one of the org's own endpoints. */
  void control(String endpoint, String change) throws IOException {
    PageClient.Reply reply = PageClient.send("POST", url() + "/sim/" + endpoint, change, Map.of());
    if (reply.status() != 200) {
      throw new IOException(reply.body());
    }
  }

  /** How many requests to Okta's API it has answered. */
  long requests() throws IOException {
    PageClient.Reply reply = PageClient.send("GET", url() + "/sim/requests", null, Map.of());
    return JsonParser.parseString(reply.body()).getAsJsonArray().size();
  }

  @Override
  public void close() {
    process.destroy();
  }
}
