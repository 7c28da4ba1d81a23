//! Java: the settings with their defaults, so that the plugin repeats neither key nor default.

use std::fmt::Write;

use okta_profiles::contract::settings::{SETTINGS, Setting};

use crate::agree;
use crate::java::javadoc;

const PATH: &str = "java-bridge/engine/src/main/java/com/mumosystems/oktaprofiles/SettingKey.java";

#[test]
fn java_has_every_setting() {
    agree::file(PATH, &text(SETTINGS));
}

/// The whole file.
pub fn text(settings: &[Setting]) -> String {
    let mut body = String::new();
    for setting in settings {
        let name = setting.key.replace('.', "_").to_uppercase();
        let _ = writeln!(
            body,
            "  /** {} */\n  {name}(\"{}\", \"{}\"),",
            javadoc(setting.meaning),
            setting.key,
            setting.default
        );
    }
    let rows = body.trim_end_matches(",\n");
    format!(
        "package com.mumosystems.oktaprofiles;

/** The settings with their defaults. Written from the Rust tables by {{@code make header}}. */
public enum SettingKey {{
{rows};

  private final String key;
  private final String byDefault;

  SettingKey(String key, String byDefault) {{
    this.key = key;
    this.byDefault = byDefault;
  }}

  /** As {{@link OktaProfiles#set}} and the command line take it. */
  public String key() {{
    return key;
  }}

  /** What holds while nothing was set. */
  public String byDefault() {{
    return byDefault;
  }}
}}
"
    )
}
