package com.mumosystems.oktaprofiles.jira.host;

import com.mumosystems.oktaprofiles.OktaProfilesException;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Features that this Jira may not support. No version of Jira promises to keep a type, so all packages of the host
 * are imported as optional. A missing type costs only the feature that needs it, and one line in the log.
 *
 * <p>The JVM links a class when code that names it runs. So the work must name the types of Jira inside its own
 * body. The caller links the type of a parameter or of a method reference, which this guard cannot catch.
 */
public final class Optionally {
  private static final System.Logger LOG = JiraLog.of(Optionally.class);
  private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

  private Optionally() {}

  /**
   * Does some work, or returns a substitute if this Jira lacks a type.
   *
   * @param <T> the type of the result
   * @param feature what is lost without the type, in the words of the log
   * @param otherwise the substitute
   * @param work the work
   * @return the result of the work, or the substitute
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
   * Does some work, or skips it if this Jira lacks a type.
   *
   * @param feature what is lost without the type, in the words of the log
   * @param work the work
   * @return whether the work was done
   */
  public static boolean run(String feature, Runnable work) {
    return get(feature, false, () -> {
      work.run();
      return true;
    });
  }

  /** Logs the loss once for each feature, because some features are used with every page. */
  private static void tell(String feature, OktaProfilesException missing) {
    if (TOLD.add(feature)) {
      LOG.log(Level.WARNING, "Okta Profiles goes without {0}. {1}", feature, missing.getMessage());
    }
  }
}
