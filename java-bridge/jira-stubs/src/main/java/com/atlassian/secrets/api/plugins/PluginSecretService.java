package com.atlassian.secrets.api.plugins;

import java.util.Optional;

/** Secrets of plugins, where the product keeps them. */
public interface PluginSecretService {
  void put(String id, String secret);

  Optional<String> get(String id);
}
