package com.atlassian.webresource.api.assembler;

/** The resources a page asks for. */
public interface RequiredResources {
  RequiredResources requireWebResource(String moduleKey);
}
