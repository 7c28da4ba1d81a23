package com.atlassian.sal.api.pluginsettings;

/** SAL: settings kept in the database of the product. */
public interface PluginSettingsFactory {
  PluginSettings createGlobalSettings();
}
