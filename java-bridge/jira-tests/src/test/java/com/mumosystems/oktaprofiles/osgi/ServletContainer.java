package com.mumosystems.oktaprofiles.osgi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;

/** Apache Tomcat in front of the plugin's servlets, which it asks for anew while the plugin comes and goes. */
final class ServletContainer implements AutoCloseable {
  private static final String ADMIN = "com.mumosystems.oktaprofiles.jira.web.AdminServlet";
  private static final String CALLBACK = "com.mumosystems.oktaprofiles.jira.web.CallbackServlet";
  private static final String REST = "com.mumosystems.oktaprofiles.jira.web.RestServlet";
  private static final String EVENTS = "com.mumosystems.oktaprofiles.jira.web.EventsServlet";
  private static final Logger QUIET = Logger.getLogger("org.apache");

  private final Tomcat tomcat = new Tomcat();

  ServletContainer(OsgiJira osgi, Path base) throws IOException, LifecycleException {
    QUIET.setLevel(Level.SEVERE);
    tomcat.setBaseDir(Files.createDirectories(base).toString());
    tomcat.setPort(0);
    Context context = tomcat.addContext("/jira", base.toString());
    Map<String, String> servlets = new HashMap<>();
    servlets.put("/plugins/servlet/okta-profiles/*", ADMIN);
    servlets.put("/plugins/servlet/okta-profiles/rest/1/*", REST);
    servlets.put("/plugins/servlet/okta-profiles/events", EVENTS);
    servlets.put(PageClient.CALLBACK, CALLBACK);
    servlets.forEach((pattern, type) ->
        Tomcat.addServlet(context, type, new PluginServlet(osgi, type)).addMapping(pattern));
    tomcat.getConnector();
    tomcat.start();
    osgi.jira.setBaseUrl(url());
  }

  String url() {
    return "http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + "/jira";
  }

  @Override
  public void close() throws LifecycleException {
    tomcat.stop();
    tomcat.destroy();
  }

  /** Jira's dispatcher: a servlet of the plugin as it is now, or 404. */
  private static final class PluginServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private final transient OsgiJira osgi;
    private final String type;

    PluginServlet(OsgiJira osgi, String type) {
      this.osgi = osgi;
      this.type = type;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws ServletException, IOException {
      if (!osgi.isActive()) {
        response.sendError(404);
        return;
      }
      HttpServlet servlet = osgi.module(HttpServlet.class, type);
      servlet.init(getServletConfig());
      servlet.service(request, response);
      servlet.destroy();
    }
  }
}
