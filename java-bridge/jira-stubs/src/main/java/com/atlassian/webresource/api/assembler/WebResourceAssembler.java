package com.atlassian.webresource.api.assembler;

/** Gathers resources for a page. */
public interface WebResourceAssembler {
  RequiredResources resources();
}
