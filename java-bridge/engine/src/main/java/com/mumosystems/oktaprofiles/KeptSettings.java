package com.mumosystems.oktaprofiles;

import static com.mumosystems.oktaprofiles.internal.Texts.utf8;

import com.mumosystems.oktaprofiles.internal.NativeSettings;
import com.mumosystems.oktaprofiles.internal.Reply;
import java.util.List;

/**
 * The settings that the directory keeps for every engine that opens it. A value given at opening, or by {@link
 * OktaProfiles#set}, wins over them. Safe from any thread, see {@link OktaProfiles#settings}.
 */
public final class KeptSettings {
  private final OktaProfiles okta;

  KeptSettings(OktaProfiles okta) {
    this.okta = okta;
  }

  /**
   * Every setting with the value in force and the origin of that value.
   *
   * @return the settings, in the order of the reference
   */
  public List<Setting> all() {
    return Reply.read(NativeSettings.all(okta.id())).map(Decode::setting);
  }

  /**
   * Keeps a setting. Throws {@link ErrorCode#INVALID_SETTING} for a setting that is needed before the directory is
   * open, and for a proxy with a password, because settings never contain secrets.
   */
  public void store(String key, String value) {
    Reply.read(NativeSettings.store(okta.id(), utf8(key), utf8(value)));
  }

  /** Removes a setting from the directory. Throws {@link ErrorCode#NOT_FOUND} if the directory does not contain it. */
  public void unset(String key) {
    Reply.read(NativeSettings.unset(okta.id(), utf8(key)));
  }
}
