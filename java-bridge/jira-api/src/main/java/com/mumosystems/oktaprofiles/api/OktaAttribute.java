package com.mumosystems.oktaprofiles.api;

/**
 * One attribute of a profile. Holds personal data: its text form has the name only.
 *
 * @param name its name in Okta
 * @param title its title for people
 * @param text its value for people; lists joined by commas
 * @param json its value as Okta has it, as JSON
 */
public record OktaAttribute(String name, String title, String text, String json) {
  @Override
  public String toString() {
    return "OktaAttribute[" + name + "]";
  }
}
