package com.mumosystems.oktaprofiles;

import java.util.Iterator;
import java.util.stream.IntStream;

/** What a child JVM does with a simulated org. */
public final class TestOrgs {
  private TestOrgs() {}

  /**
   * Uses every kind of native method.
   *
   * @param okta an open engine
   * @throws Exception if it fails
   */
  public static void synchronizeThreeThousand(OktaProfiles okta) throws Exception {
    try (SimulatedOrg org = SimulatedOrg.start(3_000)) {
      okta.connect(org.url(), org.token());
      okta.validate();
      Iterator<JiraUser> users =
          IntStream.range(0, 5_000)
              .mapToObj(i -> new JiraUser("K" + i, "user%06d@example.com".formatted(i), "", "😀 " + i, true))
              .iterator();
      okta.matching().replaceJiraUsers(users, false);
      SyncReport report = okta.sync(SyncOptions.defaults());
      okta.entries(View.MATCHED).forEach(entry -> okta.find(Lookup.OKTA_ID, entry.okta().id()).orElseThrow());
      okta.search(View.ALL, SearchField.LOGIN, "user", null, 100);
      okta.matching().previewMatching("email=email");
      okta.matching().rematch();
      okta.changes(0, null, 100);
      okta.statistics();
      okta.checkIntegrity();
      okta.log(0, 1_000);
      System.out.println("synchronized " + report.present());
    }
  }
}
