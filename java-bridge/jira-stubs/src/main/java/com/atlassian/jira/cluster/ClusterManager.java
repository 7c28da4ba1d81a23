package com.atlassian.jira.cluster;

/** The cluster as this node sees it. */
public interface ClusterManager extends ClusterInfo {}
