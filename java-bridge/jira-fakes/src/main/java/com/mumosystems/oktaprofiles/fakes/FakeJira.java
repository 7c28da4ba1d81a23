package com.mumosystems.oktaprofiles.fakes;

import com.atlassian.beehive.ClusterLockService;
import com.atlassian.event.api.EventPublisher;
import com.atlassian.jira.cluster.ClusterManager;
import com.atlassian.jira.component.ComponentAccessor;
import com.atlassian.jira.config.util.JiraHome;
import com.atlassian.jira.project.Project;
import com.atlassian.jira.project.ProjectManager;
import com.atlassian.jira.security.groups.GroupManager;
import com.atlassian.jira.util.thread.JiraThreadLocalUtil;
import com.atlassian.plugin.event.PluginEventManager;
import com.atlassian.sal.api.ApplicationProperties;
import com.atlassian.sal.api.UrlMode;
import com.atlassian.sal.api.auth.LoginUriProvider;
import com.atlassian.sal.api.message.I18nResolver;
import com.atlassian.sal.api.pluginsettings.PluginSettingsFactory;
import com.atlassian.sal.api.user.UserManager;
import com.atlassian.sal.api.websudo.WebSudoManager;
import com.atlassian.sal.api.xsrf.XsrfRequestValidator;
import com.atlassian.scheduler.SchedulerService;
import com.atlassian.secrets.api.plugins.PluginSecretService;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One node of a Jira in memory: every service that the plugin asks for. Nodes with the same shared home make a
 * cluster, also when they are processes of their own: locks and settings are files there.
 */
public final class FakeJira implements AutoCloseable {
  private static final List<Project> PROJECTS =
      List.of(new FakeProject("HELP", "Help desk"), new FakeProject("OPS", "Operations"));

  private final Path localHome;
  private final Path sharedHome;
  private final String node;
  private final boolean clustered;
  private final FakeUsers users;
  private final FakeSession session;
  private final FakeScheduler scheduler;
  private final ClusterLockService locks;
  private final FakeI18n i18n = new FakeI18n();
  private final FakeThreadLocals threadLocals = new FakeThreadLocals();
  private final FakePluginEvents pluginEvents = new FakePluginEvents();
  private final FakeEvents events = new FakeEvents();
  private final FakeMailQueue mailQueue = new FakeMailQueue();
  private PluginSecretService secrets;
  private volatile String baseUrl = "http://localhost:2990/jira";

  /**
   * Makes a node.
   *
   * @param node its name
   * @param localHome its own folder
   * @param sharedHome the folder of the cluster
   * @param clustered whether it says that other nodes may exist
   * @throws IOException if a folder cannot be made
   */
  public FakeJira(String node, Path localHome, Path sharedHome, boolean clustered) throws IOException {
    this.node = node;
    this.localHome = Files.createDirectories(localHome);
    this.sharedHome = Files.createDirectories(sharedHome);
    this.clustered = clustered;
    ComponentAccessor.offer(mailQueue);
    users = new FakeUsers(events);
    locks = new FileClusterLocks(sharedHome.resolve("locks"));
    session = new FakeSession(users);
    scheduler = new FakeScheduler(sharedHome.resolve("clustered-jobs"));
  }

  /**
   * The services by their types.
   *
   * @return the services, to be registered in OSGi or handed out directly
   */
  public Map<Class<?>, Object> services() {
    Map<Class<?>, Object> services = new LinkedHashMap<>();
    services.put(com.atlassian.jira.user.util.UserManager.class, users);
    services.put(GroupManager.class, users);
    services.put(UserManager.class, session);
    services.put(WebSudoManager.class, session);
    services.put(XsrfRequestValidator.class, session);
    services.put(LoginUriProvider.class, (LoginUriProvider) FakeJira::loginUri);
    services.put(SchedulerService.class, scheduler);
    services.put(I18nResolver.class, i18n);
    services.put(PluginSettingsFactory.class, new FakePluginSettings(sharedHome.resolve("plugin-settings")));
    services.put(ClusterLockService.class, locks);
    services.put(ApplicationProperties.class, new Properties());
    services.put(JiraHome.class, new Homes());
    services.put(ProjectManager.class, (ProjectManager) () -> PROJECTS);
    services.put(ClusterManager.class, new Cluster());
    services.put(JiraThreadLocalUtil.class, threadLocals);
    services.put(PluginEventManager.class, pluginEvents);
    services.put(EventPublisher.class, events);
    if (secrets != null) {
      services.put(PluginSecretService.class, secrets);
    }
    return services;
  }

  private static URI loginUri(URI back) {
    return URI.create("/login?os_destination=" + URLEncoder.encode(back.toString(), StandardCharsets.UTF_8));
  }

  /**
   * All users.
   *
   * @return the users, which a test may change
   */
  public FakeUsers users() {
    return users;
  }

  /** Who is signed in. */
  public FakeSession session() {
    return session;
  }

  /** The jobs. */
  public FakeScheduler scheduler() {
    return scheduler;
  }

  /**
   * The locks of the cluster.
   *
   * @return the locks, which a test may hold as another node would
   */
  public ClusterLockService locks() {
    return locks;
  }

  /**
   * The texts.
   *
   * @return the resolver; give it the class loader of the plugin
   */
  public FakeI18n i18n() {
    return i18n;
  }

  /**
   * What is kept for threads.
   *
   * @return the threads that were set up and cleared
   */
  public FakeThreadLocals threadLocals() {
    return threadLocals;
  }

  /** The mails that wait. */
  public FakeMailQueue mailQueue() {
    return mailQueue;
  }

  /** What happens to apps. */
  public FakePluginEvents pluginEvents() {
    return pluginEvents;
  }

  /** What happens in Jira. */
  public FakeEvents events() {
    return events;
  }

  /**
   * Gives this Jira a secret service, as Jira 12.0 and later have it. Call it before {@link #services}.
   *
   * @param kept what the service keeps
   */
  public void keepSecretsIn(Map<String, String> kept) {
    secrets = new FakeSecrets(kept);
  }

  private record FakeSecrets(Map<String, String> kept) implements PluginSecretService {
    @Override
    public void put(String id, String secret) {
      kept.put(id, secret);
    }

    @Override
    public Optional<String> get(String id) {
      return Optional.ofNullable(kept.get(id));
    }
  }

  /**
   * Sets the address of this Jira.
   *
   * @param url scheme, host, port and context path
   */
  public void setBaseUrl(String url) {
    baseUrl = url;
  }

  /** The folder of this node. */
  public Path localHome() {
    return localHome;
  }

  /** Ends the jobs. */
  @Override
  public void close() {
    scheduler.close();
  }

  private final class Properties implements ApplicationProperties {
    @Override
    public String getBaseUrl(UrlMode mode) {
      return mode == UrlMode.RELATIVE ? URI.create(baseUrl).getPath() : baseUrl;
    }

    @Override
    public String getVersion() {
      return "10.3.0-fake";
    }

    @Override
    public Optional<Path> getLocalHomeDirectory() {
      return Optional.of(localHome);
    }

    @Override
    public Optional<Path> getSharedHomeDirectory() {
      return Optional.of(sharedHome);
    }
  }

  private final class Homes implements JiraHome {
    @Override
    public File getHome() {
      return sharedHome.toFile();
    }

    @Override
    public File getLocalHome() {
      return localHome.toFile();
    }
  }

  private final class Cluster implements ClusterManager {
    @Override
    public String getNodeId() {
      return node;
    }

    @Override
    public boolean isClustered() {
      return clustered;
    }
  }
}
