package com.mumosystems.oktaprofiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Code, refresh and revocation against an OAuth server that we did not write. It is not Okta: its endpoints are
 * below an issuer's path. A router on the loopback interface passes Okta's paths on to it unchanged otherwise.
 */
class ForeignAuthorizationServerTest {
  private static final String REDIRECT_URI = "https://jira.example.com/callback";
  private static final String ORG = "{\"id\":\"00o1aaaaaaaaaaaaa001\",\"_links\":{}}";

  /** This server speaks OpenID Connect only, so its one required scope is asked for too. */
  private static final Map<String, String> SETTINGS =
      Map.of("oauth.scopes", "openid okta.users.read", "retry.base_delay_ms", "5");

  @TempDir Path folder;

  private final List<String> tokenRequests = new CopyOnWriteArrayList<>();
  private MockOAuth2Server server;
  private HttpServer router;

  @BeforeEach
  void start() throws IOException {
    server = new MockOAuth2Server(OAuth2Config.Companion.fromJson("{\"rotateRefreshToken\":true}"));
    server.start();
    router = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    router.createContext("/", this::route);
    router.start();
  }

  @AfterEach
  void stop() {
    router.stop(0);
    server.shutdown();
  }

  private String orgUrl() {
    return "http://127.0.0.1:" + router.getAddress().getPort();
  }

  private void route(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (path.equals("/.well-known/okta-organization")) {
      answer(exchange, 200, "application/json", ORG.getBytes(StandardCharsets.UTF_8));
    } else if (path.startsWith("/oauth2/v1/")) {
      if (path.endsWith("/token")) {
        tokenRequests.add(new String(body, StandardCharsets.UTF_8));
      }
      passOn(exchange, path.substring("/oauth2/v1/".length()), body);
    } else {
      answer(exchange, 404, "text/plain", new byte[0]);
    }
  }

  private void passOn(HttpExchange exchange, String endpoint, byte[] body) throws IOException {
    String query = exchange.getRequestURI().getRawQuery();
    String target = server.baseUrl() + "default/" + endpoint + (query == null ? "" : "?" + query);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(target))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
    for (String name : List.of("Authorization", "Content-Type", "Accept")) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    try {
      HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
      HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      String location = response.headers().firstValue("location").orElse(null);
      if (location != null) {
        exchange.getResponseHeaders().set("Location", location);
      }
      String type = response.headers().firstValue("content-type").orElse("text/plain");
      answer(exchange, response.statusCode(), type, response.body());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }

  private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void codeRefreshAndRevocation() throws Exception {
    try (OktaProfiles okta = OktaProfiles.open(folder.resolve("directory.db"), SETTINGS)) {
      Credentials credentials = okta.credentials();
      AuthorizationRequest request = begin(credentials);
      String callback = Browser.redirected(request.url());
      assertTrue(callback.startsWith(REDIRECT_URI + "?"), callback);
      assertTrue(callback.contains("state=" + request.state()), callback);

      TokenStatus first = credentials.completeAuthorization(callback);
      assertEquals("oauth", first.kind());
      assertTrue(first.accessTokenExpires().isAfter(first.accessTokenObtained()));
      TokenStatus second = credentials.refresh();
      assertTrue(second.accessTokenObtained().isAfter(first.accessTokenObtained()));
      TokenStatus third = credentials.refresh();
      assertEquals(0, third.problem());

      assertEquals(3, tokenRequests.size(), tokenRequests.toString());
      assertTrue(tokenRequests.get(0).contains("code_verifier="));
      String firstRefresh = refreshToken(tokenRequests.get(1));
      assertTrue(!firstRefresh.equals(refreshToken(tokenRequests.get(2))), "the token was rotated");
      credentials.disconnect();
      assertEquals("none", credentials.status().kind());
    }
  }

  private AuthorizationRequest begin(Credentials credentials) {
    return credentials.beginAuthorization(orgUrl(), "client-1", "secret-1".toCharArray(), REDIRECT_URI);
  }

  private static String refreshToken(String form) {
    for (String pair : form.split("&")) {
      if (pair.startsWith("refresh_token=")) {
        return pair;
      }
    }
    throw new AssertionError("no refresh token was sent");
  }

  @Test
  void aCodeThatTheServerDoesNotKnow() throws Exception {
    try (OktaProfiles okta = OktaProfiles.open(folder.resolve("directory.db"), SETTINGS)) {
      Credentials credentials = okta.credentials();
      AuthorizationRequest request = begin(credentials);
      String forged = REDIRECT_URI + "?code=forged&state=" + request.state();
      OktaProfilesException refused =
          assertThrows(OktaProfilesException.class, () -> credentials.completeAuthorization(forged));
      assertEquals(2, refused.code().number() / 100, refused.toString());
      assertEquals("none", credentials.status().kind());
    }
  }
}
