package com.mumosystems.oktaprofiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The user's guide to the letter, from Java: sign in with Okta, validate, synchronize; and service apps. */
class SignInTest {
  /** The redirect URI of the guide. */
  private static final String REDIRECT_URI =
      "https://jira.example.com/plugins/servlet/ac/com.mumosystems.okta-profiles/connection-page";

  /** The scopes of the guide. */
  private static final List<String> SCOPES =
      List.of(
          "okta.users.read",
          "okta.users.manage",
          "okta.eventHooks.read",
          "okta.eventHooks.manage",
          "okta.groups.read",
          "okta.groups.manage",
          "okta.schemas.read");

  @TempDir Path folder;

  private OktaProfiles open(Map<String, String> settings) {
    return OktaProfiles.open(folder.resolve("directory.db"), settings);
  }

  private static String callback(OktaProfiles okta, SimulatedOrg org) throws Exception {
    AuthorizationRequest request =
        okta.credentials().beginAuthorization(org.url(), org.clientId(), org.clientSecret(), REDIRECT_URI);
    assertTrue(request.url().contains(request.state()));
    assertTrue(request.expires().isAfter(Instant.now()));
    return Browser.redirected(request.url());
  }

  @Test
  void theGuide() throws Exception {
    Map<String, String> settings = Map.of("oauth.scopes", String.join(" ", SCOPES));
    try (SimulatedOrg org = SimulatedOrg.start(900, "--redirect-uri", REDIRECT_URI)) {
      String callback;
      try (OktaProfiles okta = open(settings)) {
        callback = callback(okta, org);
      }
      assertTrue(callback.startsWith(REDIRECT_URI + "?"), callback);
      try (OktaProfiles okta = open(settings)) {
        TokenStatus status = okta.credentials().completeAuthorization(callback);
        assertEquals("oauth", status.kind());
        assertTrue(status.scopes().containsAll(SCOPES), status.scopes().toString());
        Instant ends = status.signInEnds();
        assertNotNull(ends);
        assertEquals(90, Duration.between(Instant.now(), ends.plusSeconds(60)).toDays());
        assertFalse(status.signInWarning());

        ValidationReport report = okta.validate();
        assertTrue(report.usable());
        assertEquals("oauth", report.credentialKind());
        assertTrue(report.grantedScopes().containsAll(SCOPES));
        assertTrue(report.missingScopes().isEmpty());
        assertTrue(report.unneededScopes().contains("okta.users.manage"));
        assertEquals("Write profiles back to Okta", report.check("write_users").orElseThrow().purpose());
        assertEquals(Outcome.OK, report.check("scopes").orElseThrow().outcome());

        assertEquals(900, okta.sync(SyncOptions.defaults()).present());
        TokenStatus renewed = okta.credentials().refresh();
        assertTrue(renewed.accessTokenObtained().isAfter(status.accessTokenObtained()));
        OktaProfilesException used =
            assertThrows(
                OktaProfilesException.class, () -> okta.credentials().completeAuthorization(callback));
        assertEquals(ErrorCode.AUTHORIZATION_UNKNOWN, used.code());
        okta.credentials().disconnect();
        assertEquals("none", okta.credentials().status().kind());
      }
    }
  }

  @Test
  void rotatingShortLivedTokens() throws Exception {
    String[] arguments = {
      "--redirect-uri", REDIRECT_URI,
      "--refresh-tokens", "rotating",
      "--access-token-seconds", "1",
      "--latency-ms", "40"
    };
    try (SimulatedOrg org = SimulatedOrg.start(12_000, arguments);
        OktaProfiles okta = open(Map.of("sync.max_in_flight", "1"))) {
      okta.credentials().completeAuthorization(callback(okta, org));
      assertEquals(12_000, okta.sync(SyncOptions.defaults()).present());
      assertEquals(0, okta.credentials().status().problem());
    }
  }

  @Test
  void aWrongSecretAndAnAnswerOfAnotherSignIn() throws Exception {
    try (SimulatedOrg org = SimulatedOrg.start(20, "--redirect-uri", REDIRECT_URI);
        OktaProfiles okta = open(Map.of())) {
      Credentials credentials = okta.credentials();
      AuthorizationRequest request =
          credentials.beginAuthorization(
              org.url(), org.clientId(), "wrong-secret".toCharArray(), REDIRECT_URI);
      String callback = Browser.redirected(request.url());
      assertEquals(ErrorCode.CLIENT_REJECTED, refusal(() -> credentials.completeAuthorization(callback)));
      String foreign = callback.replace(request.state(), "x" + request.state());
      assertEquals(ErrorCode.AUTHORIZATION_UNKNOWN, refusal(() -> credentials.completeAuthorization(foreign)));
      assertEquals("none", credentials.status().kind());
    }
  }

  @Test
  void againWithTheStoredSecret() throws Exception {
    try (SimulatedOrg org = SimulatedOrg.start(20, "--redirect-uri", REDIRECT_URI);
        OktaProfiles okta = open(Map.of())) {
      Credentials credentials = okta.credentials();
      assertEquals(ErrorCode.INVALID_ARGUMENT,
          refusal(() -> credentials.beginAuthorizationAgain(org.url(), org.clientId(), REDIRECT_URI)));
      TokenStatus first = credentials.completeAuthorization(callback(okta, org));
      AuthorizationRequest again = credentials.beginAuthorizationAgain(org.url(), org.clientId(), REDIRECT_URI);
      TokenStatus second = credentials.completeAuthorization(Browser.redirected(again.url()));
      assertFalse(second.accessTokenObtained().isBefore(first.accessTokenObtained()));
      assertEquals(20, okta.sync(SyncOptions.defaults()).present());
      assertEquals(ErrorCode.INVALID_ARGUMENT,
          refusal(() -> credentials.beginAuthorizationAgain("https://other.example.com", org.clientId(), REDIRECT_URI)));
    }
  }

  @Test
  void aServiceAppWithDpop() throws Exception {
    Path key = folder.resolve("key.pem");
    String[] arguments = {"--dpop-required", "--service-private-key-file", key.toString()};
    try (SimulatedOrg org = SimulatedOrg.start(600, arguments);
        OktaProfiles okta = open(Map.of())) {
      char[] pem = Files.readString(key, StandardCharsets.US_ASCII).toCharArray();
      okta.credentials().connectServiceApp(org.url(), org.serviceClientId(), pem, null, true);
      ValidationReport report = okta.validate();
      assertTrue(report.usable(), report.toString());
      assertEquals("service_app", report.credentialKind());
      assertEquals(600, okta.sync(SyncOptions.defaults()).present());
      TokenStatus status = okta.credentials().status();
      assertTrue(status.dpop());
      assertEquals("service_app", status.kind());
    }
  }

  private static ErrorCode refusal(Runnable call) {
    return assertThrows(OktaProfilesException.class, call::run).code();
  }
}
