package com.mumosystems.oktaprofiles.jira.host;

import com.mumosystems.oktaprofiles.OktaProfilesException;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Features that this Jira may not allow. No version of Jira promises to keep a type, and all packages of the host are
 * imported as optional: what is missing costs the feature that names it, and one line in the log.
 *
 * <p>The JVM links a class when code that names it runs. So the work must name the types of Jira inside its own
 * body: a parameter or a method reference of such a type is linked by the caller, outside this guard.
 */
public final class Optionally {
  private static final System.Logger LOG = JiraLog.of(Optionally.class);
  private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

  private Optionally() {}

  /**
   * Does something, or goes without.
   *
   * @param <T> what it gives
   * @param feature what is lost otherwise, as the log is to call it
   * @param otherwise what is given then
   * @param work what to do
   * @return what the work gives
   */
  public static <T> T get(String feature, T otherwise, Supplier<T> work) {
    try {
      return work.get();
    } catch (LinkageError e) {
      tell(feature, MissingService.of(e));
    } catch (OktaProfilesException e) {
      if (!MissingService.is(e)) {
        throw e;
      }
      tell(feature, e);
    }
    return otherwise;
  }

  /**
   * Does something, or goes without.
   *
   * @param feature what is lost otherwise, as the log is to call it
   * @param work what to do
   * @return whether it was done
   */
  public static boolean run(String feature, Runnable work) {
    return get(feature, false, () -> {
      work.run();
      return true;
    });
  }

  /** Once for each feature: some are asked for with every page. */
  private static void tell(String feature, OktaProfilesException missing) {
    if (TOLD.add(feature)) {
      LOG.log(Level.WARNING, "Okta Profiles goes without {0}. {1}", feature, missing.getMessage());
    }
  }
}
