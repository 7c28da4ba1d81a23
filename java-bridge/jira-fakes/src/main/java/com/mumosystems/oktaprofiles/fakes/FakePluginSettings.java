package com.mumosystems.oktaprofiles.fakes;

import com.atlassian.sal.api.pluginsettings.PluginSettings;
import com.atlassian.sal.api.pluginsettings.PluginSettingsFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The database of Jira, as far as settings go: a file for each key, seen by every node. */
final class FakePluginSettings implements PluginSettingsFactory, PluginSettings {
  private final Path folder;

  FakePluginSettings(Path folder) {
    this.folder = folder;
  }

  @Override
  public PluginSettings createGlobalSettings() {
    return this;
  }

  @Override
  public synchronized Object get(String key) {
    Path file = file(key);
    try {
      return Files.exists(file) ? Files.readString(file) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized Object put(String key, Object value) {
    Object before = get(key);
    if (key.length() > 100 || !(value instanceof String)) {
      throw new IllegalArgumentException("keys have up to 100 characters, values are texts here");
    }
    try {
      Files.createDirectories(folder);
      Path temporary = Files.createTempFile(folder, "write", ".tmp");
      Files.writeString(temporary, (String) value);
      Files.move(temporary, file(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return before;
  }

  @Override
  public synchronized Object remove(String key) {
    Object before = get(key);
    try {
      Files.deleteIfExists(file(key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return before;
  }

  private Path file(String key) {
    return folder.resolve(URLEncoder.encode(key, StandardCharsets.UTF_8));
  }
}
