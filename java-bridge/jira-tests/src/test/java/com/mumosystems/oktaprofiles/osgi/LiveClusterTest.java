package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries in a cluster: whichever node the balancer chose, both show the change, also if that node is killed. */
class LiveClusterTest {
  private static final int USERS = 100;

  @TempDir Path work;

  /** Nobody publishes any more, which is what ends deliveries in a cluster. */
  @Test
  void whatLiesOnTheSharedHomeOfAClusterIsTakenInByTheNodeThatIsLeft() throws Exception {
    Path deliveries = work.resolve("shared/data/okta-profiles/increments/deliveries");
    try (SimulatedOrg org = new SimulatedOrg(USERS)) {
      try (PluginFixture node = PluginFixture.clustered(work)) {
        node.connect(org);
        node.page.sync("{}");
      }
      Files.createDirectories(deliveries);
      Path left = Files.writeString(deliveries.resolve("0".repeat(32) + ".delivery"), "by a node that is gone");
      try (PluginFixture alone = new PluginFixture(work)) {
        Deliveries.await("it lies there for ever", () -> Files.notExists(left));
        alone.page.post("api/settings", "{\"live\":{\"source\":\"hook\"}}");
        String secret = Deliveries.secret(alone.page);
        String user = Deliveries.user(alone.page, 0);
        Deliveries.move(org, user, "Moonbase");
        assertEquals(204, Deliveries.send(alone.page, "POST", secret, Deliveries.updated("e1", user)).status());
        Deliveries.awaitMove(alone.page, user, "Moonbase");
        try (Stream<Path> files = Files.list(deliveries)) {
          assertEquals(0, files.count(), "its own are kept in its directory");
        }
      }
    }
  }

  @Test
  void aDeliveryToEitherNodeIsVisibleAtBothAndOutlivesTheOneThatAnsweredIt() throws Exception {
    Path shared = work.resolve("shared");
    try (SimulatedOrg org = new SimulatedOrg(USERS);
        Node first = new Node("first", work, shared, USERS);
        Node second = new Node("second", work, shared, USERS)) {
      first.page.post(
          "api/connection/token", "{\"orgUrl\":\"" + org.url() + "\",\"apiToken\":\"" + org.token() + "\"}");
      first.page.post("api/settings", "{\"live\":{\"source\":\"hook\"}}");
      first.page.sync("{}");
      second.followUntil("nothing was taken over", () -> second.statistics().get("oktaUsers").getAsLong() == USERS);
      String secret = Deliveries.secret(first.page);
      Node[] nodes = {first, second};
      for (int i = 0; i < nodes.length; i++) {
        String user = Deliveries.user(first.page, i);
        Deliveries.move(org, user, "Moonbase" + i);
        // A node learns by a delivery what was set on another one a moment ago.
        assertEquals(204,
            Deliveries.send(nodes[i].page, "POST", secret, Deliveries.updated("e" + i, user)).status(), "node " + i);
        Deliveries.awaitMove(first.page, user, "Moonbase" + i);
        Deliveries.awaitMove(second.page, user, "Moonbase" + i);
      }
      String reader = first.page.get("api/live").get("node").getAsString();
      Node receiver = reader.equals("first") ? second : first;
      Node other = reader.equals("first") ? first : second;
      String user = Deliveries.user(other.page, 5);
      Deliveries.move(org, user, "Seabed");
      assertEquals(204, Deliveries.send(receiver.page, "POST", secret, Deliveries.updated("last", user)).status());
      receiver.kill();
      Deliveries.awaitMove(other.page, user, "Seabed");
    }
  }
}
