package com.mumosystems.oktaprofiles;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The simulated Okta org as a process of its own; it ends when this is closed, or with this JVM. */
final class SimulatedOrg implements AutoCloseable {
  private final Process process;
  private final String announcement;

  private SimulatedOrg(Process process, String announcement) {
    this.process = process;
    this.announcement = announcement;
  }

  static SimulatedOrg start(int users, String... arguments) throws IOException {
    Path binary = Path.of(System.getProperty("okta.sim", "missing"));
    if (!Files.isExecutable(binary)) {
      throw new IOException("the simulated org is not at " + binary + "; run: cargo build --release --workspace");
    }
    List<String> command = new ArrayList<>(List.of(binary.toString(), "--users", String.valueOf(users)));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (line == null) {
      throw new IOException("the simulated org did not start");
    }
    return new SimulatedOrg(process, line);
  }

  String url() {
    return value("url");
  }

  char[] token() {
    return value("token").toCharArray();
  }

  char[] token(String role) {
    return value(role).toCharArray();
  }

  String clientId() {
    return value("client_id");
  }

  char[] clientSecret() {
    return value("client_secret").toCharArray();
  }

  String serviceClientId() {
    return value("service_client_id");
  }

  private String value(String name) {
    Matcher matcher = Pattern.compile('"' + name + "\":\"([^\"]*)\"").matcher(announcement);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + name + " in the announcement");
    }
    return matcher.group(1);
  }

  /** The truth, one line of JSON a user. */
  List<String> users() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/sim/users")).build();
    HttpClient client = HttpClient.newHttpClient();
    return client.send(request, HttpResponse.BodyHandlers.ofLines()).body().toList();
  }

  @Override
  public void close() {
    process.destroy();
  }
}
