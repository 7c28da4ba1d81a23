package com.mumosystems.oktaprofiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Modes of runs, dry runs and budgets, through a real JVM. */
class PlanningTest {
  @TempDir Path folder;

  @Test
  void whatAFirstRunWouldDoIsWhatItDoes() throws Exception {
    try (SimulatedOrg org = SimulatedOrg.start(900, "--seed", "12");
        OktaProfiles okta = OktaProfiles.open(folder.resolve("planning.db"), Map.of())) {
      okta.connect(org.url(), org.token());
      SyncBudget first = okta.planning().syncBudget(SyncMode.AUTO);
      assertEquals(RunMode.FULL, first.mode());
      assertEquals(RunReason.FIRST_RUN, first.reason());
      DryRun dryRun = okta.planning().dryRun(SyncOptions.defaults(), 7);
      assertFalse(dryRun.refused());
      assertEquals(900, dryRun.report().added());
      assertEquals(7, dryRun.samples().size());
      assertEquals("added", dryRun.samples().get(0).kind());
      assertEquals(List.of(), okta.runs(0, 10));
      assertEquals(0, okta.statistics().oktaUsers());
      assertEquals(0, dryRun.report().matched());
      List<JiraUser> users = List.of(new JiraUser("K1", "user000001@example.com", "", "", true));
      DryRun withJira = okta.planning().dryRun(SyncOptions.defaults(), 0, users.iterator());
      assertEquals(1, withJira.report().matched());
      assertEquals(0, okta.statistics().jiraUsers());

      SyncReport full = okta.sync(SyncOptions.defaults());
      assertEquals(RunMode.FULL, full.mode());
      assertNull(full.updatedSince());
      assertEquals(dryRun.report().digest(), full.digest());
      SyncReport delta = okta.sync(SyncOptions.defaults());
      assertEquals(RunMode.DELTA, delta.mode());
      assertEquals(RunReason.CHANGES_SUFFICE, delta.reason());
      assertEquals(1, delta.requests());
      assertNotNull(delta.updatedSince());
      assertEquals(full.digest(), delta.digest());
      assertEquals(RunReason.ASKED, okta.sync(SyncOptions.of(SyncMode.FULL)).reason());
      DirectoryStatistics statistics = okta.statistics();
      assertEquals(statistics.lastFull(), statistics.freshAsOf());
      assertNotNull(statistics.lastDelta());
    }
  }

  @Test
  void aBudgetNamesTheBucketsAndWhatIsUnknown() throws Exception {
    try (SimulatedOrg org = SimulatedOrg.start(900, "--seed", "13");
        OktaProfiles okta = OktaProfiles.open(folder.resolve("budget.db"), Map.of())) {
      assertThrows(OktaProfilesException.class, okta::syncBudget);
      okta.connect(org.url(), org.token());
      okta.sync(SyncOptions.defaults());
      SyncBudget full = okta.syncBudget();
      assertEquals(900L, full.users());
      SyncBudget.Bucket users = full.buckets().get(0);
      assertEquals("/api/v1/users", users.path());
      assertEquals(5L, users.requests());
      SyncBudget delta = okta.planning().syncBudget(SyncMode.DELTA);
      assertEquals(RunMode.DELTA, delta.mode());
      assertNull(delta.users());
      assertNull(delta.duration());
    }
  }
}
