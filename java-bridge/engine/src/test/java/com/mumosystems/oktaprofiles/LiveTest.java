package com.mumosystems.oktaprofiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries of an event hook and what becomes of them, through a real JVM. */
class LiveTest {
  @TempDir Path folder;

  private static HookAnswer receive(Live live, String method, String secret, String body) {
    List<Map.Entry<String, String>> headers =
        List.of(
            Map.entry("x-okta-profiles-secret", secret),
            Map.entry("X-Okta-Verification-Challenge", "challenge-1"),
            Map.entry("X-Odd", "a\nb"));
    return live.receive(method, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aDeliveryIsKeptAndWhatItNamesIsReadAgain() throws Exception {
    try (SimulatedOrg org = SimulatedOrg.start(50, "--seed", "14");
        OktaProfiles okta = OktaProfiles.open(folder.resolve("live.db"), Map.of("live", "hook"))) {
      okta.connect(org.url(), org.token());
      okta.sync(SyncOptions.defaults());
      String id = okta.list(View.ALL, 0, 1).get(0).okta().id();
      Live live = okta.live();
      String secret = live.secret();
      String body =
          "{\"eventId\":\"d1\",\"data\":{\"events\":[{\"uuid\":\"e1\",\"eventType\":\"user.account.update_profile\","
              + "\"outcome\":{\"result\":\"SUCCESS\"},\"target\":[{\"id\":\"" + id + "\",\"type\":\"User\"}]}]}}";

      HookAnswer challenge = receive(live, "GET", secret, "");
      assertEquals(200, challenge.status());
      assertEquals("{\"verification\":\"challenge-1\"}", challenge.body());
      assertEquals(401, receive(live, "GET", "forged", "").status());
      assertEquals(401, receive(live, "POST", "forged", body).status());
      assertEquals(400, receive(live, "POST", secret, "[]").status());
      assertEquals(0, live.status().pending());

      assertEquals(1, receive(live, "POST", secret, body).events());
      assertEquals(204, receive(live, "POST", secret, body).status());
      assertEquals(1, live.status().pending());
      SyncReport report = live.refresh().orElseThrow();
      assertEquals(RunMode.LIVE, report.mode());
      assertEquals(1, report.seen());
      assertTrue(live.refresh().isEmpty());

      LiveStatus status = live.status();
      assertEquals(LiveSource.HOOK, status.source());
      assertEquals(1, status.events());
      assertEquals(1, status.repeated());
      assertNotNull(status.lag());
      assertThrows(OktaProfilesException.class, live::poll);
      assertThrows(OktaProfilesException.class, () -> live.register("http://jira.test/"));
      assertThrows(OktaProfilesException.class, () -> live.checkAddress("https://10.0.0.1/events"));
      live.checkAddress("https://jira.example.com/events");

      byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
      assertEquals(List.of(HexFormat.of().formatHex(digest)), live.secretDigests());
      live.renewSecret();
      assertEquals(2, live.secretDigests().size(), "the one before is accepted for a day longer");
    }
  }
}
