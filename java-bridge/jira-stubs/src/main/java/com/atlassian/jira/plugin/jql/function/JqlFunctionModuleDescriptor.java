package com.atlassian.jira.plugin.jql.function;

/** A JQL function as declared. */
public interface JqlFunctionModuleDescriptor {
  String getFunctionName();

  boolean isList();
}
