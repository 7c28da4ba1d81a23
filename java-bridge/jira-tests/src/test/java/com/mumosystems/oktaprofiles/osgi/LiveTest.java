package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A change in Okta is in Jira soon, by its event hook and by its System Log; and who else sends something there. */
class LiveTest {
  @TempDir static Path work;
  private static PluginFixture plugin;
  private static SimulatedOrg org;
  private static String secret;

  @BeforeAll
  static void start() throws Exception {
    org = new SimulatedOrg(120);
    plugin = new PluginFixture(work);
    plugin.jira.users().addMany(60);
    plugin.connect(org);
    plugin.page.sync("{}");
    choose("hook");
    plugin.page.post("api/live/register", "{}");
    secret = Deliveries.secret(plugin.page);
  }

  @AfterAll
  static void stop() throws Exception {
    plugin.close();
    org.close();
  }

  @BeforeEach
  void administrator() throws Exception {
    plugin.jira.session().signIn("admin");
    choose("hook");
  }

  private static void choose(String source) throws IOException {
    plugin.page.post("api/settings", "{\"live\":{\"source\":\"" + source + "\"}}");
  }

  private static JsonObject status() throws IOException {
    return plugin.page.get("api/live").getAsJsonObject("status");
  }

  @Test
  void whatOktaDeliversIsReadAgain() throws Exception {
    JsonObject live = plugin.page.get("api/live");
    assertEquals(plugin.page.url("events"), live.get("address").getAsString());
    assertTrue(live.getAsJsonObject("status").get("hookVerified").getAsBoolean(), live.toString());
    String user = Deliveries.user(plugin.page, 0);
    Deliveries.move(org, user, "Moonbase");
    Deliveries.awaitMove(plugin.page, user, "Moonbase");
    JsonObject run = plugin.page.get("api/sync").getAsJsonArray("runs").get(0).getAsJsonObject();
    assertEquals("live", run.get("mode").getAsString());
    assertTrue(plugin.page.get("api/sync").get("lastError").isJsonNull());
    Deliveries.await("the status tells of no event", () -> !status().get("lagMs").isJsonNull());
    long delivered = status().get("deliveredToday").getAsLong();
    assertTrue(delivered >= 1 && delivered <= status().get("events").getAsLong(), status().toString());
    assertEquals("280000 400000", status().get("capNearFrom") + " " + status().get("dailyCap"), "Okta's numbers");
    assertTrue(plugin.page.post("api/live/test", "{}").get("tookMs").getAsLong() >= 0);
    plugin.page.post("api/live/rotate", "{}");
    assertFalse(Deliveries.secret(plugin.page).equals(secret), "the secret is the same");
    assertEquals(204, Deliveries.send(plugin.page, "POST", secret, Deliveries.updated("late", user)).status(),
        "the secret before is accepted for a day");
    Deliveries.move(org, user, "Seabed");
    Deliveries.awaitMove(plugin.page, user, "Seabed");
  }

  /** Okta delivers to https only, and reaches no private network: said before a hook is registered. */
  @Test
  void anAddressThatOktaCannotReachIsSaid() throws Exception {
    String before = plugin.container.url();
    try {
      for (String base : List.of("http://jira.example.com", "https://localhost:8443", "https://10.1.2.3/jira", "https://jira")) {
        plugin.jira.setBaseUrl(base);
        JsonObject live = plugin.page.get("api/live");
        assertEquals(base + "/plugins/servlet/okta-profiles/events", live.get("address").getAsString());
        assertTrue(live.get("unreachable").getAsString().contains("cannot be used"), live.toString());
      }
      plugin.jira.setBaseUrl("https://jira.example.com/jira");
      assertTrue(plugin.page.get("api/live").get("unreachable").isJsonNull());
    } finally {
      plugin.jira.setBaseUrl(before);
    }
  }

  @Test
  void whatTheSystemLogSaysIsReadAgain() throws Exception {
    plugin.page.post("api/settings", "{\"live\":{\"source\":\"log\",\"intervalSeconds\":5}}");
    Deliveries.await("the log was not read", () -> !status().get("polled").isJsonNull());
    String user = Deliveries.user(plugin.page, 1);
    Deliveries.move(org, user, "Skyhook");
    Deliveries.awaitMove(plugin.page, user, "Skyhook");
    assertEquals(404, Deliveries.send(plugin.page, "POST", secret, "{}").status(), "the hook is not the source");
  }

  @Test
  void whoDoesNotKnowTheSecretChangesNothing() throws Exception {
    plugin.jira.session().signIn(null);
    String body = Deliveries.updated("forged", Deliveries.CHALLENGE);
    for (String wrong : new String[] {null, "", "forged", secret.substring(1), secret + "0"}) {
      for (String method : List.of("GET", "POST", "PUT", "DELETE", "HEAD")) {
        boolean hasBody = method.equals("POST") || method.equals("PUT");
        PageClient.Reply reply = Deliveries.send(plugin.page, method, wrong, hasBody ? body : null);
        assertEquals(401, reply.status(), method);
        inert(reply);
      }
    }
    PageClient.Reply challenge = Deliveries.send(plugin.page, "GET", secret, null);
    assertEquals("{\"verification\":\"challenge-1\"}", challenge.body());
    PageClient.Reply other = Deliveries.send(plugin.page, "PUT", secret, body);
    assertEquals("405 [GET, POST]", other.status() + " " + other.headers().get("Allow"));
    assertEquals(400, Deliveries.send(plugin.page, "POST", secret, "[]").status());
    for (PageClient.Reply reply : List.of(challenge, other)) {
      assertFalse(reply.headers().containsKey("Set-Cookie"), "a session was made");
    }
    plugin.jira.session().signIn("admin");
    choose("off");
    for (String method : List.of("GET", "POST", "PUT")) {
      PageClient.Reply reply = Deliveries.send(plugin.page, method, secret, method.equals("GET") ? null : body);
      assertEquals(404, reply.status(), method);
      inert(reply);
    }
  }

  private static void inert(PageClient.Reply reply) {
    assertEquals("", reply.body());
    assertFalse(reply.headers().containsKey("Set-Cookie"), "a session was made");
  }

  /** Nothing of a body is waited for before the secret is known to be right, and then for no longer than Okta would. */
  @Test
  void hugeAndSlowBodiesAreNotReadToTheirEnd() throws Exception {
    assertEquals(401, unfinished("forged", "Content-Length: 1000000000", "{"));
    assertEquals(413, unfinished(secret, "Content-Length: 1000000000", "{"));
    assertEquals(503, unfinished(secret, "Content-Length: 100000", "{"));
    String body = Deliveries.updated("chunked", "00uNobody");
    String chunks = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
    assertEquals(204, unfinished(secret, "Transfer-Encoding: chunked", chunks));
  }

  /** Sends a request with the beginning of a body, then a byte now and then until there is an answer. */
  private static int unfinished(String secret, String length, String begun) throws Exception {
    URI address = URI.create(plugin.page.url("events"));
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      String request = "POST " + address.getPath() + " HTTP/1.1\r\nHost: " + address.getAuthority() + "\r\n"
          + Deliveries.SECRET + ": " + secret + "\r\nConnection: close\r\n" + length + "\r\n\r\n" + begun;
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      while (socket.getInputStream().available() == 0) {
        Thread.sleep(50);
        socket.getOutputStream().write(' ');
      }
      byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
      return Integer.parseInt(new String(status, StandardCharsets.US_ASCII).split(" ")[1]);
    }
  }

  @Test
  void deliveriesAreAnsweredWhileARunGoesOn() throws Exception {
    try (SimulatedOrg slow = new SimulatedOrg(600, "--latency-ms", "600");
        PluginFixture busy = new PluginFixture(work.resolve("busy"))) {
      busy.connect(slow);
      busy.page.post("api/settings", "{\"live\":{\"source\":\"hook\"}}");
      String own = Deliveries.secret(busy.page);
      busy.page.post("api/sync/start", "{\"mode\":\"full\"}");
      Deliveries.await("nothing was read", () -> usersSeen(busy.page) > 0);
      for (int i = 0; i < 3; i++) {
        String body = Deliveries.updated("busy" + i, "00uNobody" + i);
        assertEquals(204, Deliveries.send(busy.page, "POST", own, body).status());
        boolean running = busy.page.get("api/sync").get("running").getAsBoolean();
        assertTrue(i > 0 || running, "it waited for the end of the run");
      }
      busy.page.awaitEnd();
      Deliveries.await("what waited for the run was never read", () ->
          busy.page.get("api/live").getAsJsonObject("status").get("pending").getAsLong() == 0);
    }
  }

  private static long usersSeen(PageClient page) throws IOException {
    return page.get("api/sync").getAsJsonObject("progress").get("usersSeen").getAsLong();
  }

  /** The gate by its own clock: a flood is bounded for each address and for all, and never keeps Okta out. */
  @Test
  void aFloodOfForgeriesIsBoundedAndLetsTheRightSecretThrough() throws Exception {
    long[] nanos = {0};
    int[] asked = {0};
    List<String> digests = new ArrayList<>();
    LongSupplier clock = () -> nanos[0];
    Supplier<List<String>> known = () -> {
      asked[0] += 1;
      return List.copyOf(digests);
    };
    Class<?> type = plugin.osgi.classOf("com.mumosystems.oktaprofiles.jira.web.EventGate");
    Object gate = type.getConstructor(LongSupplier.class, Supplier.class).newInstance(clock, known);
    assertEquals(60, entered(gate, "10.0.0.1", "forged", 1_000), "three seconds' worth at once");
    nanos[0] += 1_000_000_000L;
    assertEquals(20, entered(gate, "10.0.0.1", "forged", 1_000), "then so many a second");
    int all = 0;
    for (int address = 0; address < 5_000; address++) {
      all += entered(gate, "10.1.0." + address, "forged", 10);
    }
    assertTrue(all <= 300, "from all addresses: " + all);
    assertEquals(0, entered(gate, "10.0.0.1", "right", 10));
    assertEquals(2, asked[0], "once a second");
    digests.add(sha256("right"));
    digests.add(sha256("right before"));
    nanos[0] += 1_000_000_000L;
    assertEquals(1_000, entered(gate, "10.0.0.1", "right", 1_000));
    assertEquals(1_000, entered(gate, "10.0.0.1", "right before", 1_000));
    assertEquals(60, entered(gate, "10.0.0.1", "forged", 1_000), "of so many addresses this one was forgotten");
    assertEquals(3, asked[0]);
    Object restarted = type.getConstructor(LongSupplier.class, Supplier.class).newInstance(clock, known);
    assertEquals(60, entered(restarted, "10.0.0.1", "forged", 1_000));
    assertEquals(10, entered(restarted, "10.0.0.1", "right", 10), "before any delivery was right");
    var enter = type.getMethod("enter", String.class, String.class);
    int together = 0;
    while ((Boolean) enter.invoke(gate, "10.0.0.1", "right")) {
      together += 1;
    }
    assertEquals(8, together, "at a time");
  }

  private static String sha256(String secret) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest);
  }

  private static int entered(Object gate, String address, String secret, int times) throws Exception {
    var enter = gate.getClass().getMethod("enter", String.class, String.class);
    var leave = gate.getClass().getMethod("leave");
    int entered = 0;
    for (int i = 0; i < times; i++) {
      if ((Boolean) enter.invoke(gate, address, secret)) {
        entered += 1;
        leave.invoke(gate);
      }
    }
    return entered;
  }
}
