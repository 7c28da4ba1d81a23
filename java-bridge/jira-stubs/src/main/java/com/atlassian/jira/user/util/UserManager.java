package com.atlassian.jira.user.util;

import com.atlassian.jira.user.ApplicationUser;
import java.util.Collection;

/** All users of Jira. */
public interface UserManager {
  Collection<ApplicationUser> getAllApplicationUsers();

  ApplicationUser getUserByKey(String key);

  ApplicationUser getUserByName(String userName);
}
