package com.atlassian.jira.config.util;

import java.io.File;

/** The home folders of this node and of the cluster. */
public interface JiraHome {
  File getHome();

  File getLocalHome();
}
