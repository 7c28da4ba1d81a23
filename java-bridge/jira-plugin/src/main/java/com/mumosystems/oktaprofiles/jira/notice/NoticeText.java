package com.mumosystems.oktaprofiles.jira.notice;

import com.atlassian.sal.api.message.I18nResolver;
import com.mumosystems.oktaprofiles.jira.host.Host;

/** A concern in words. */
public final class NoticeText {
  private final I18nResolver i18n;

  /**
   * Words of Jira's language at this moment.
   *
   * @param host the services of Jira
   */
  public NoticeText(Host host) {
    i18n = host.require(I18nResolver.class);
  }

  /**
   * What it is, in a few words.
   *
   * @return a title
   */
  public String title(Concern concern) {
    return i18n.getText("okta-profiles.notice." + concern.kind() + ".title");
  }

  /**
   * What it means and what to do.
   *
   * @return sentences
   */
  public String text(Concern concern) {
    return i18n.getText("okta-profiles.notice." + concern.kind() + ".text", concern.fact());
  }

  /**
   * Words besides: {@code open} leads to the page, {@code close} ends a flag.
   *
   * @return the words
   */
  public String besides(String name) {
    return i18n.getText("okta-profiles.notice." + name);
  }

  /**
   * Of whom all this is.
   *
   * @return the name of the plugin
   */
  public String name() {
    return i18n.getText("okta-profiles.plugin.name");
  }
}
