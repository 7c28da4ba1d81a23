package com.atlassian.jira.cluster;

/** Which node this is. */
public interface ClusterInfo {
  String getNodeId();

  boolean isClustered();
}
