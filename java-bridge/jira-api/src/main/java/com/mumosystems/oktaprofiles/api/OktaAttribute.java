package com.mumosystems.oktaprofiles.api;

/**
 * One attribute of a profile. It contains personal data; {@code toString} shows only the name.
 *
 * @param name the name in Okta
 * @param title the title that people see
 * @param text the value as people see it; a list is joined by commas
 * @param json the value as JSON, as Okta sent it
 */
public record OktaAttribute(String name, String title, String text, String json) {
  @Override
  public String toString() {
    return "OktaAttribute[" + name + "]";
  }
}
