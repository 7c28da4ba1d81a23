package com.mumosystems.oktaprofiles.jira.host;

import java.util.Optional;

/** The services of Jira, by their types. */
public interface Host {
  /**
   * A service that every supported Jira has.
   *
   * @return the service
   * @throws com.mumosystems.oktaprofiles.OktaProfilesException with HOST_SERVICE_MISSING if it is missing
   */
  default <T> T require(Class<T> type) {
    return find(type).orElseThrow(() -> MissingService.of(type));
  }

  /**
   * A service that may be missing.
   *
   * @return the service; empty if there is none
   */
  <T> Optional<T> find(Class<T> type);

  /**
   * The version of the plugin.
   *
   * @return the version, such as 0.1.0
   */
  String version();

  /**
   * The name of this node in the cluster.
   *
   * @return the name; {@code single} if there is no cluster
   */
  String nodeId();

  /**
   * Whether there may be other nodes.
   *
   * @return whether Jira is clustered
   */
  boolean clustered();
}
