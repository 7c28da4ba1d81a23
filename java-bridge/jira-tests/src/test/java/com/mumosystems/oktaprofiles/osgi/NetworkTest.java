package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A corporate network: what Jira's JVM is told of proxy and CA holds for the engine, unless the page says else. */
class NetworkTest {
  private static final String INTERNAL = "okta.profiles.internal.addresses";

  @TempDir Path work;

  @AfterEach
  void forget() {
    for (String name : new String[] {"https.proxyHost", "https.proxyPort", "https.proxyUser", "https.proxyPassword",
        "http.nonProxyHosts", "javax.net.ssl.trustStore", "javax.net.ssl.trustStorePassword"}) {
      System.clearProperty(name);
    }
    System.setProperty(INTERNAL, "loopback");
  }

  @Test
  void theJvmsTrustStoreIsTrusted() throws Exception {
    Path ca = work.resolve("ca.pem");
    try (SimulatedOrg org = new SimulatedOrg(50, "--tls", "--ca-file", ca.toString())) {
      System.setProperty("javax.net.ssl.trustStore", trustStore(ca).toString());
      System.setProperty("javax.net.ssl.trustStorePassword", "changeit");
      try (PluginFixture plugin = new PluginFixture(work.resolve("private"))) {
        plugin.connect(org);
        JsonObject report = plugin.page.post("api/validate", "{}");
        assertTrue(report.get("usable").getAsBoolean(), report.toString());
        plugin.page.post("api/settings", "{\"network\":{\"proxy\":null,\"noProxy\":null,\"caFile\":\"\"}}");
        assertFalse(plugin.page.post("api/validate", "{}").get("usable").getAsBoolean(), "trusted without reason");
        plugin.page.post("api/settings", "{\"network\":{\"proxy\":null,\"noProxy\":null,\"caFile\":\"" + ca + "\"}}");
        JsonObject own = plugin.page.post("api/validate", "{}");
        assertTrue(own.get("usable").getAsBoolean(), own.toString());
      }
    }
  }

  private Path trustStore(Path ca) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream pem = Files.newInputStream(ca)) {
      store.setCertificateEntry("bank", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    Path file = work.resolve("trust.p12");
    try (var out = Files.newOutputStream(file)) {
      store.store(out, "changeit".toCharArray());
    }
    return file;
  }

  @Test
  void theJvmsProxyIsUsed() throws Exception {
    System.setProperty("https.proxyHost", "proxy.bank.example");
    System.setProperty("https.proxyPort", "3128");
    System.setProperty("https.proxyUser", "svc");
    System.setProperty("https.proxyPassword", "p@ss/word");
    System.setProperty("http.nonProxyHosts", "localhost|127.*|10.*|*.bank.example|okta.internal");
    try (PluginFixture plugin = new PluginFixture(work)) {
      JsonObject network = plugin.page.get("api/connection").getAsJsonObject("network");
      assertEquals("http://proxy.bank.example:3128", network.get("proxy").getAsString());
      assertEquals("localhost,*.bank.example,okta.internal", network.get("noProxy").getAsString());
      assertTrue(network.get("inheritedProxy").getAsBoolean());
      assertFalse(plugin.page.tryGet("api/diagnostics").body().contains("ss/word"), "the proxy's password is told");

      String override = "{\"network\":{\"proxy\":\"%s\",\"noProxy\":\"\",\"caFile\":null}}";
      String secret = override.formatted("http://user:hidden@other:8080");
      assertEquals(400, plugin.page.tryPost("api/settings", secret).status(), "a password goes to Jira's database");
      plugin.page.post("api/settings", override.formatted("http://other:8080"));
      JsonObject own = plugin.page.get("api/connection").getAsJsonObject("network");
      assertEquals("http://other:8080", own.get("proxy").getAsString());
      assertFalse(own.get("inheritedProxy").getAsBoolean());
    }
  }

  @Test
  void internalAddressesAreRefusedWithWords() throws Exception {
    System.clearProperty(INTERNAL);
    try (PluginFixture plugin = new PluginFixture(work)) {
      for (String internal : new String[] {"https://127.0.0.1:8443", "http://localhost", "https://10.0.0.7",
          "https://169.254.169.254", "https://okta.internal"}) {
        PageClient.Reply reply = plugin.page.tryPost(
            "api/connection/token", "{\"orgUrl\":\"" + internal + "\",\"apiToken\":\"00aToken\"}");
        assertEquals(422, reply.status(), internal + reply.body());
        String message = reply.json().getAsJsonObject("error").get("message").getAsString();
        assertFalse(message.isBlank() || message.contains("00aToken"), internal + message);
        assertEquals("none", plugin.page.get("api/diagnostics").getAsJsonObject("settings")
            .get("okta.internal_addresses").getAsString());
      }
      PageClient.Reply loopback = plugin.page.tryPost(
          "api/connection/token", "{\"orgUrl\":\"https://127.0.0.1:8443\",\"apiToken\":\"00aToken\"}");
      assertEquals("ORG_URL_INTERNAL", loopback.error(), loopback.body());
    }
  }

  /** The JVM takes entries that mean nothing to it; they must not keep the engine from opening. */
  @Test
  void noListOfTheJvmMakesThePluginFail() throws Exception {
    System.setProperty("https.proxyHost", "proxy.bank.example");
    System.setProperty("http.nonProxyHosts", " |10.0.0.0/8|fe80::/10|[::1]|*.bank.example| okta.internal |localhost 127.*"
        + "|*mid*dle*|*okta*|user@host|'quoted'|\"|*.|.|host:port|host:99999|bücher.example|a.example,b.example;c.example"
        + "|*corp.example|.intra.example|https://x.example/");
    try (PluginFixture plugin = new PluginFixture(work)) {
      JsonObject network = plugin.page.get("api/connection").getAsJsonObject("network");
      assertEquals("*.bank.example,okta.internal,localhost,a.example,b.example,c.example,*.corp.example,.intra.example",
          network.get("noProxy").getAsString());
      assertTrue(plugin.page.get("api/diagnostics").getAsJsonObject("directory").has("oktaUsers"));
      System.setProperty("http.nonProxyHosts", "*");
      assertEquals("*", plugin.page.get("api/connection").getAsJsonObject("network").get("noProxy").getAsString());
    }
  }

  /** The engine would send it to whatever proxy the page names. */
  @Test
  void theJvmsPasswordIsForTheJvmsProxyOnly() throws Exception {
    try (RefusingProxy own = new RefusingProxy(); RefusingProxy other = new RefusingProxy()) {
      System.setProperty("https.proxyHost", "127.0.0.1");
      System.setProperty("https.proxyPort", String.valueOf(own.port()));
      System.setProperty("https.proxyUser", "svc");
      System.setProperty("https.proxyPassword", "p@ss/word");
      try (PluginFixture plugin = new PluginFixture(work)) {
        plugin.page.post("api/settings", "{\"network\":{\"proxy\":\"http://127.0.0.1:" + other.port()
            + "\",\"noProxy\":\"\"}}");
        plugin.page.tryPost("api/connection/token", "{\"orgUrl\":\"https://okta.invalid\",\"apiToken\":\"00a\"}");
        plugin.page.tryPost("api/validate", "{}");
        plugin.page.post("api/settings", "{\"network\":{\"proxy\":\"http://127.0.0.1:" + own.port() + "\"}}");
        plugin.page.tryPost("api/validate", "{}");
      }
      assertFalse(other.asked().isEmpty(), "the page's proxy was not asked");
      assertFalse(other.asked().contains("proxy-authorization"), "a password for another proxy");
      assertTrue(own.asked().contains("proxy-authorization"), "none for the JVM's own proxy");
    }
  }

  /** A proxy that refuses every request and keeps what it was asked. It answers all of them: no test waits for it. */
  private static final class RefusingProxy implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final StringBuffer heads = new StringBuffer();

    RefusingProxy() throws IOException {
      new Thread(this::answer, "proxy of a test").start();
    }

    int port() {
      return socket.getLocalPort();
    }

    String asked() {
      return heads.toString().toLowerCase(Locale.ROOT);
    }

    private void answer() {
      while (!socket.isClosed()) {
        try (Socket client = socket.accept()) {
          BufferedReader head = new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
          for (String line = head.readLine(); line != null && !line.isEmpty(); line = head.readLine()) {
            heads.append(line).append('\n');
          }
          client.getOutputStream().write(
              "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".getBytes(
                  StandardCharsets.US_ASCII));
        } catch (IOException e) {
          // The engine went away, or the test is over.
        }
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
