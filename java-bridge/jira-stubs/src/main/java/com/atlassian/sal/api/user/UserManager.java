package com.atlassian.sal.api.user;

import javax.servlet.http.HttpServletRequest;

/** SAL: who asks, and what they may. */
public interface UserManager {
  UserKey getRemoteUserKey(HttpServletRequest request);

  UserKey getRemoteUserKey();

  boolean isSystemAdmin(UserKey user);

  boolean isUserInGroup(UserKey user, String group);
}
