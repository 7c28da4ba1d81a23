package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.management.Attribute;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXConnectorServerFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client of JMX reads, which has no class of the plugin. */
class JmxTest {
  @TempDir Path work;

  @Test
  void monitoringReadsTheFiguresWhileThePluginRuns() throws Exception {
    ObjectName name = new ObjectName("com.mumosystems.okta-profiles:type=Directory");
    JMXConnectorServer server = JMXConnectorServerFactory.newJMXConnectorServer(
        new JMXServiceURL("service:jmx:rmi://"), null, ManagementFactory.getPlatformMBeanServer());
    server.start();
    try (JMXConnector connector = JMXConnectorFactory.connect(server.getAddress());
        SimulatedOrg org = new SimulatedOrg(40)) {
      MBeanServerConnection client = connector.getMBeanServerConnection();
      try (PluginFixture plugin = new PluginFixture(work)) {
        Map<String, Object> before = figures(client, name);
        assertEquals(-1L, before.get("FreshnessSeconds"));
        assertEquals("", before.get("LastRunState"));
        plugin.connect(org);
        plugin.page.sync("{}");
        Map<String, Object> after = figures(client, name);
        assertEquals(40L, after.get("OktaUsers"));
        assertEquals("complete", after.get("LastRunState").toString().toLowerCase(Locale.ROOT));
        assertEquals(0, after.get("LastRunError"));
        assertEquals("IDLE", after.get("Phase"));
        assertTrue((Long) after.get("LastRunRequests") > 0, after.toString());
        assertTrue((Long) after.get("FreshnessSeconds") >= 0, after.toString());
      }
      assertFalse(client.isRegistered(name), "it is left over");
    } finally {
      server.stop();
    }
  }

  private static Map<String, Object> figures(MBeanServerConnection client, ObjectName name) throws Exception {
    String[] all = Arrays.stream(client.getMBeanInfo(name).getAttributes())
        .map(MBeanAttributeInfo::getName)
        .toArray(String[]::new);
    Map<String, Object> figures = new HashMap<>();
    for (Attribute attribute : client.getAttributes(name, all).asList()) {
      figures.put(attribute.getName(), attribute.getValue());
    }
    assertEquals(all.length, figures.size(), "some cannot be read: " + figures);
    return figures;
  }
}
