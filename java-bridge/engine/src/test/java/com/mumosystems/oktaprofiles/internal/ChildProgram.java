package com.mumosystems.oktaprofiles.internal;

import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.TestOrgs;
import java.nio.file.Path;
import java.util.Map;

/** A host in a JVM of its own: opens, perhaps synchronizes, and returns from main. */
public final class ChildProgram {
  private ChildProgram() {}

  /**
   * Runs.
   *
   * @param arguments {@code open} or {@code sync}, and a folder
   * @throws Exception if something fails that is not tested here
   */
  public static void main(String[] arguments) throws Exception {
    try (OktaProfiles okta = OktaProfiles.open(Path.of(arguments[1], "child.db"), Map.of())) {
      if (arguments[0].equals("sync")) {
        TestOrgs.synchronizeThreeThousand(okta);
      }
    } catch (OktaProfilesException e) {
      System.out.println(e.code() + ": " + e.getMessage());
    }
  }
}
