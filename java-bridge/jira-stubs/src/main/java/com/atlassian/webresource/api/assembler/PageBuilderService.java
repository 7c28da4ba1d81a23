package com.atlassian.webresource.api.assembler;

/** What the page being written needs. */
public interface PageBuilderService {
  WebResourceAssembler assembler();
}
