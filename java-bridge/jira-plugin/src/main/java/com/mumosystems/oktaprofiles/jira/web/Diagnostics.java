package com.mumosystems.oktaprofiles.jira.web;

import com.atlassian.sal.api.ApplicationProperties;
import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.LogLine;
import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.TokenStatus;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.host.JvmNetwork;
import com.mumosystems.oktaprofiles.jira.host.SealingKey;
import com.mumosystems.oktaprofiles.jira.node.EngineSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The facts that support needs, by topic. They contain no secrets (no token, no key, no password of a proxy) and no
 * personal data: the engine's log is redacted.
 */
final class Diagnostics {
  private static final int RUNS = 20;
  private static final int LINES = 500;

  private Diagnostics() {}

  static Map<String, Object> facts(Plugin plugin) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("versions", versions(plugin));
    facts.put("native", part(NativeFacts::gather));
    facts.put("cluster", part(() -> cluster(plugin)));
    facts.put("connection", part(() -> connection(plugin)));
    facts.put("settings", part(() -> settings(plugin)));
    facts.put("directory", part(() -> directory(plugin)));
    facts.put("runs", part(() -> Views.each(plugin.directory().use(engine -> engine.runs(0, RUNS)))));
    facts.put("log", part(() -> lines(plugin)));
    return facts;
  }

  /** A topic, or the reason why it cannot be read; the other topics are still useful. */
  private static Object part(Supplier<Object> topic) {
    try {
      return topic.get();
    } catch (OktaProfilesException e) {
      return Map.of("error", e.code() + ": " + e.getMessage());
    }
  }

  private static Map<String, Object> versions(Plugin plugin) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("plugin", plugin.host().version());
    facts.put("jira", plugin.host().require(ApplicationProperties.class).getVersion());
    facts.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
    facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("arch", System.getProperty("os.arch"));
    facts.put("engine", part(OktaProfiles::nativeVersion));
    return facts;
  }

  private static Map<String, Object> cluster(Plugin plugin) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("node", plugin.host().nodeId());
    facts.put("clustered", plugin.host().clustered());
    facts.put("localFolder", plugin.folders().local().toString());
    facts.put("sharedFolder", plugin.folders().shared().toString());
    facts.put("snapshotHere", plugin.snapshots().generation());
    plugin.snapshots().newest().ifPresent(newest -> {
      facts.put("snapshotNewest", newest.generation());
      facts.put("snapshotOf", newest.node() + ", " + newest.at());
      facts.put("snapshotBytes", plugin.snapshots().bytes());
    });
    facts.put("sealingKey", SealingKey.inService(plugin.host()) ? "secret service of Jira" : "file in the shared home");
    return facts;
  }

  private static Map<String, Object> directory(Plugin plugin) {
    Map<String, Object> facts = plugin.directory().use(engine -> Views.of(engine.statistics()));
    plugin.directory().damage().ifPresent(damage -> facts.put("damage", damage));
    return facts;
  }

  private static Map<String, Object> connection(Plugin plugin) {
    TokenStatus status = plugin.directory().use(engine -> engine.credentials().status());
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("kind", status.kind());
    facts.put("orgUrl", status.orgUrl());
    facts.put("clientId", status.clientId());
    facts.put("scopes", String.join(" ", status.scopes()));
    facts.put("accessTokenExpires", status.accessTokenExpires());
    facts.put("signInEnds", status.signInEnds());
    facts.put("problem", status.problem() == 0 ? null : ErrorCode.of(status.problem()).name());
    return facts;
  }

  private static Map<String, Object> settings(Plugin plugin) {
    Map<String, Object> facts = new LinkedHashMap<>(EngineSettings.of(plugin.settings().read(), plugin.folders()));
    facts.computeIfPresent("http.proxy", (key, proxy) -> JvmNetwork.withoutPassword((String) proxy));
    facts.put("intervalMinutes", plugin.settings().read().intervalMinutes());
    return facts;
  }

  static List<String> lines(Plugin plugin) {
    return plugin.directory().use(engine -> engine.log(0, LINES)).stream().map(Diagnostics::line).toList();
  }

  private static String line(LogLine line) {
    return line.at() + " " + line.level() + " " + line.message();
  }
}
