package com.mumosystems.oktaprofiles.jira.notice;

import com.atlassian.sal.api.message.I18nResolver;
import com.mumosystems.oktaprofiles.jira.host.Host;

/** The texts of a concern. */
public final class NoticeText {
  private final I18nResolver i18n;

  /**
   * Texts in the language that Jira uses at this moment.
   *
   * @param host the services of Jira
   */
  public NoticeText(Host host) {
    i18n = host.require(I18nResolver.class);
  }

  /**
   * The concern in a few words.
   *
   * @return a title
   */
  public String title(Concern concern) {
    return i18n.getText("okta-profiles.notice." + concern.kind() + ".title");
  }

  /**
   * What the concern means, and what to do.
   *
   * @return some sentences
   */
  public String text(Concern concern) {
    return i18n.getText("okta-profiles.notice." + concern.kind() + ".text", concern.fact());
  }

  /**
   * Other texts: {@code open} is the link to the page, {@code close} closes a flag.
   *
   * @return the text
   */
  public String besides(String name) {
    return i18n.getText("okta-profiles.notice." + name);
  }

  /**
   * The name that the notices are sent under.
   *
   * @return the name of the plugin
   */
  public String name() {
    return i18n.getText("okta-profiles.plugin.name");
  }
}
