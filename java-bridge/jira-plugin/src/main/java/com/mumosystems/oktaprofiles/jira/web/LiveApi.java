package com.mumosystems.oktaprofiles.jira.web;

import com.atlassian.sal.api.ApplicationProperties;
import com.atlassian.sal.api.UrlMode;
import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.Live;
import com.mumosystems.oktaprofiles.LiveStatus;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.SettingKey;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.settings.JiraSettings;
import com.mumosystems.oktaprofiles.jira.sync.LiveBoard;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Live: shows how well it works, and manages the event hook at Okta. The source of events is a setting like any
 * other.
 */
final class LiveApi {
  private LiveApi() {}

  static Object show(Plugin plugin) {
    JiraSettings.Live live = plugin.settings().read().live();
    LiveBoard.Duty duty = plugin.liveBoard().read().filter(told -> told.status().source().equals(live.source()))
        .orElse(null);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("source", live.source());
    answer.put("intervalSeconds", live.intervalSeconds());
    String address = address(plugin);
    answer.put("address", address);
    answer.put("unreachable", unreachable(plugin, address));
    answer.put("secretHeader", SettingKey.LIVE_SECRET_HEADER.byDefault());
    answer.put("node", duty == null ? null : duty.node());
    answer.put("problem", duty == null ? null : duty.problem());
    answer.put("status", duty == null ? here(plugin) : duty.status());
    return answer;
  }

  /** The status as this node knows it, for the case that no node has the duty. */
  private static LiveBoard.LiveFigures here(Plugin plugin) {
    return LiveBoard.LiveFigures.of(plugin.directory().use(engine -> engine.live().status()));
  }

  /** The address that Okta must deliver events to. */
  private static String address(Plugin plugin) {
    return plugin.host().require(ApplicationProperties.class).getBaseUrl(UrlMode.CANONICAL) + EventsServlet.PATH;
  }

  /** Why Okta cannot deliver to this address; null if the address itself shows no reason. */
  private static String unreachable(Plugin plugin, String address) {
    try {
      plugin.directory().use(engine -> {
        engine.live().checkAddress(address);
        return null;
      });
      return null;
    } catch (OktaProfilesException e) {
      if (e.code() != ErrorCode.INVALID_ARGUMENT) {
        throw e;
      }
      return e.getMessage();
    }
  }

  static Object register(Plugin plugin) {
    return withHook(plugin, live -> live.register(address(plugin)));
  }

  static Object check(Plugin plugin) {
    return withHook(plugin, live -> known(plugin, live, Live::check));
  }

  static Object rotate(Plugin plugin) {
    return withHook(plugin, live -> known(plugin, live, Live::rotateSecret));
  }

  static Object remove(Plugin plugin) {
    return withHook(plugin, live -> known(plugin, live, Live::remove));
  }

  /**
   * Has Okta send its challenge to the address once more. It is the only message of Okta that can be caused without
   * changing a user.
   */
  static Object test(Plugin plugin) {
    Duration[] took = new Duration[1];
    Map<String, Object> answer = withHook(plugin, live -> known(plugin, live, hook -> {
      long began = System.nanoTime();
      LiveStatus status = hook.verify();
      took[0] = Duration.ofNanos(System.nanoTime() - began);
      return status;
    }));
    answer.put("tookMs", took[0].toMillis());
    return answer;
  }

  /** The secret, for an administrator who makes the hook in Okta by hand. */
  static Object secret(Plugin plugin) {
    String secret = plugin.runner().share(Live::secret);
    return Map.of("header", SettingKey.LIVE_SECRET_HEADER.byDefault(), "secret", secret);
  }

  /** Makes a call about the hook. If the hook was made by hand, it is first looked up at Okta by its address. */
  private static LiveStatus known(Plugin plugin, Live live, Function<Live, LiveStatus> call) {
    if (live.status().hookUrl().isEmpty()) {
      live.register(address(plugin));
    }
    return call.apply(live);
  }

  private static Map<String, Object> withHook(Plugin plugin, Function<Live, LiveStatus> call) {
    LiveStatus status = plugin.runner().share(call);
    plugin.live().wake();
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("status", LiveBoard.LiveFigures.of(status));
    return answer;
  }
}
