package com.atlassian.sal.api.message;

import java.io.Serializable;

/** SAL: texts in the language of the one who asks. */
public interface I18nResolver {
  String getText(String key);

  String getText(String key, Serializable... arguments);
}
