package com.atlassian.sal.api;

import java.nio.file.Path;
import java.util.Optional;

/** The product as apps see it. */
public interface ApplicationProperties {
  String getBaseUrl(UrlMode mode);

  String getVersion();

  Optional<Path> getLocalHomeDirectory();

  Optional<Path> getSharedHomeDirectory();
}
