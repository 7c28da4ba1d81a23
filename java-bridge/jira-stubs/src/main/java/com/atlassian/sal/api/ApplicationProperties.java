package com.atlassian.sal.api;

/** SAL: facts about the product. */
public interface ApplicationProperties {
  String getBaseUrl(UrlMode mode);

  String getVersion();
}
