package com.mumosystems.oktaprofiles.fakes;

import com.atlassian.sal.api.message.I18nResolver;
import java.io.Serializable;
import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;

/** Texts from the bundles that a plugin brings. A text that is missing shows as its key, as in Jira. */
public final class FakeI18n implements I18nResolver {
  private final List<ResourceBundle> bundles = new CopyOnWriteArrayList<>();

  FakeI18n() {}

  /**
   * Adds the texts of a plugin.
   *
   * @param names names of its bundles
   */
  public void add(ClassLoader loader, String... names) {
    for (String name : names) {
      bundles.add(ResourceBundle.getBundle(name, Locale.ROOT, loader));
    }
  }

  /** Forgets all texts, and with them the class loaders they came from. */
  public void clear() {
    bundles.clear();
    ResourceBundle.clearCache();
  }

  @Override
  public String getText(String key) {
    for (ResourceBundle bundle : bundles) {
      try {
        return bundle.getString(key);
      } catch (MissingResourceException e) {
        continue;
      }
    }
    return key;
  }

  @Override
  public String getText(String key, Serializable... arguments) {
    return MessageFormat.format(getText(key), (Object[]) arguments);
  }
}
