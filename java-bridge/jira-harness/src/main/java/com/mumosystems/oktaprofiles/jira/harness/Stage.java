package com.mumosystems.oktaprofiles.jira.harness;

import com.atlassian.sal.api.auth.LoginUriProvider;
import com.atlassian.sal.api.user.UserManager;
import com.atlassian.sal.api.websudo.WebSudoManager;
import com.mumosystems.oktaprofiles.fakes.FakeJira;
import com.mumosystems.oktaprofiles.fakes.FakeUser;
import com.mumosystems.oktaprofiles.jira.Plugin;
import com.mumosystems.oktaprofiles.jira.host.Host;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.servlet.Filter;
import javax.servlet.http.HttpServlet;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/**
 * The plugin on a stage: Tomcat with its servlets and panels inside a frame like Jira's, until standard input ends.
 *
 * <p>Arguments by name: --port (0: a free one), --home FOLDER, --aui FOLDER (dist/aui of the npm package), --jquery
 * FILE, --jira-users CSV (as okta-sim writes it). Prints one line of JSON with the address.
 */
public final class Stage {
  private static final String CONTEXT_PATH = "/jira";
  /** Held, since loggers are kept by weak references only. */
  private static final Logger TOMCAT_LOG = Logger.getLogger("org.apache");

  private final Tomcat tomcat = new Tomcat();
  private final FakeJira jira;
  private final Context context;

  private Stage(Map<String, String> options) throws IOException {
    Path home = Path.of(options.get("home")).toAbsolutePath();
    jira = new FakeJira("node1", home.resolve("local"), home.resolve("shared"), false);
    fillJira(options.get("jira-users"));
    tomcat.setBaseDir(home.resolve("tomcat").toString());
    tomcat.setPort(Integer.parseInt(options.getOrDefault("port", "0")));
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    context = tomcat.addContext(CONTEXT_PATH, null);
    context.setSessionTimeout(600);
    mount(options);
  }

  /**
   * Runs the stage.
   *
   * @param arguments see above
   * @throws Exception if it cannot start
   */
  public static void main(String[] arguments) throws Exception {
    // Warnings of Tomcat's leak hunt, which needs --add-opens; this JVM ends with the stage.
    TOMCAT_LOG.setLevel(Level.SEVERE);
    // The simulated org is on this machine.
    System.setProperty("okta.profiles.internal.addresses", "loopback");
    Stage stage = new Stage(Arguments.parse(arguments));
    String url = stage.start();
    System.out.println("{\"url\":\"" + url + "\"}");
    System.out.flush();
    while (System.in.read() >= 0) {
      // Whoever started the stage ends it by closing its input.
    }
    stage.stop();
  }

  private void fillJira(String csv) throws IOException {
    if (csv != null) {
      addUsers(Path.of(csv));
    }
    jira.users().add(new FakeUser("admin", "admin", "admin@example.org", "Ada Administrator", true));
    jira.users().add(new FakeUser("alice", "alice", "alice@example.org", "Alice Agent", true));
    jira.session().makeAdministrator("admin");
    jira.users().join("admin", "okta-readers");
    jira.i18n().add(Stage.class.getClassLoader(), "i18n.okta-profiles", "i18n.okta-profiles-page");
  }

  /** Columns key, username, email, display_name, active. */
  private void addUsers(Path csv) throws IOException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser rows = CSVParser.parse(csv, StandardCharsets.UTF_8, format)) {
      for (CSVRecord row : rows) {
        boolean active = Boolean.parseBoolean(row.get("active"));
        jira.users().add(
            new FakeUser(row.get("key"), row.get("username"), row.get("email"), row.get("display_name"), active));
      }
    }
  }

  private void mount(Map<String, String> options) throws IOException {
    Descriptor descriptor = Descriptor.read();
    filter("policy", new ContentSecurityPolicy());
    BrowserSessions sessions = new BrowserSessions(jira.session());
    filter("sessions", sessions);
    filter("decorator", new Decorator(descriptor));
    servlet("aui", StaticFiles.aui(Path.of(options.get("aui")), Path.of(options.get("jquery"))), "/aui/*");
    servlet("frame", StaticFiles.frame(), "/frame/*");
    servlet("resources", StaticFiles.webResources(descriptor), "/download/resources/*");
    servlet("sign-in", new SignIn(Set.of("admin", "alice")), SignIn.LOGIN, SignIn.WEB_SUDO, SignIn.LOGOUT);
    servlet("pages", new StagePages(descriptor, jira.users(), jira.i18n()), "/browse/*", "/secure/ViewProfile.jspa",
        "/secure/admin/ViewSystemInfo.jspa");
    // An answer for the root and for what the filters serve themselves.
    servlet("nothing", new HttpServlet() {
      private static final long serialVersionUID = 1L;
    }, "/");
    descriptor.servlets().forEach((pattern, type) -> servlet(pattern, make(type), "/plugins/servlet" + pattern));
    Map<Class<?>, Object> services = jira.services();
    services.put(UserManager.class, sessions);
    services.put(WebSudoManager.class, sessions);
    services.put(LoginUriProvider.class, sessions);
    Plugin.start(new StageHost(services, descriptor.version()));
  }

  private static HttpServlet make(String type) {
    try {
      return (HttpServlet) Class.forName(type).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be made", e);
    }
  }

  private void servlet(String name, HttpServlet servlet, String... patterns) {
    Wrapper wrapper = Tomcat.addServlet(context, name, servlet);
    for (String pattern : patterns) {
      wrapper.addMapping(pattern);
    }
  }

  private void filter(String name, Filter filter) {
    FilterDef definition = new FilterDef();
    definition.setFilterName(name);
    definition.setFilter(filter);
    context.addFilterDef(definition);
    FilterMap map = new FilterMap();
    map.setFilterName(name);
    map.addURLPattern("/*");
    context.addFilterMap(map);
  }

  private String start() throws LifecycleException {
    tomcat.start();
    String url = "http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + CONTEXT_PATH;
    jira.setBaseUrl(url);
    Plugin.current().hostIsUp();
    return url;
  }

  private void stop() throws LifecycleException {
    tomcat.stop();
    tomcat.destroy();
    Plugin.stop();
    jira.close();
  }

  private record StageHost(Map<Class<?>, Object> services, String version) implements Host {
    @Override
    public <T> Optional<T> find(Class<T> type) {
      return Optional.ofNullable(type.cast(services.get(type)));
    }

    @Override
    public String nodeId() {
      return "node1";
    }

    @Override
    public boolean clustered() {
      return false;
    }
  }
}
