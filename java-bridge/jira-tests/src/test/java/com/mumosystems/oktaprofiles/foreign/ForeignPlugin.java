package com.mumosystems.oktaprofiles.foreign;

import com.mumosystems.oktaprofiles.api.OktaDirectory;
import com.mumosystems.oktaprofiles.api.OktaDirectoryUnavailableException;
import com.mumosystems.oktaprofiles.api.OktaProfile;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * Another vendor's plugin: a bundle of its own that sees the exported package only. The test outside asks it through a
 * function, whose types both sides have.
 */
public final class ForeignPlugin implements BundleActivator {
  private BundleContext context;

  /** Made by the framework. */
  public ForeignPlugin() {}

  @Override
  public void start(BundleContext started) {
    context = started;
    Function<String, Map<String, String>> asked = this::ask;
    context.registerService(Function.class, asked, null);
  }

  @Override
  public void stop(BundleContext stopped) {
    // What was registered goes with the bundle.
  }

  /** {@code KEY} asks for everything, {@code KEY as VIEWER} for what a viewer sees. */
  private Map<String, String> ask(String question) {
    ServiceReference<OktaDirectory> reference = context.getServiceReference(OktaDirectory.class);
    Map<String, String> answer = new TreeMap<>();
    if (reference == null) {
      answer.put("service", "none");
      return answer;
    }
    OktaDirectory directory = context.getService(reference);
    try {
      String[] words = question.split(" as ");
      Optional<OktaProfile> found = words.length == 1
          ? directory.profileOfJiraUser(words[0])
          : directory.asSeenBy(words[1]).profileOfJiraUser(words[0]);
      answer.put("found", String.valueOf(found.isPresent()));
      found.ifPresent(profile -> {
        answer.put("status", String.valueOf(profile.status()));
        answer.put("manager", String.valueOf(profile.manager()));
        profile.attributes().forEach(attribute -> answer.put("attribute " + attribute.name(), attribute.text()));
        String department = profile.text("department").orElse("");
        answer.put("colleagues", String.valueOf(directory.jiraUsersWhere("department", department, 1_000).contains(words[0])));
        answer.put("text", profile.toString());
      });
      answer.put("users", String.valueOf(directory.freshness().oktaUsers()));
      answer.put("changes", String.valueOf(directory.changes(0, 10_000).size()));
    } catch (OktaDirectoryUnavailableException e) {
      answer.put("unavailable", e.getMessage());
    } finally {
      context.ungetService(reference);
    }
    return answer;
  }
}
