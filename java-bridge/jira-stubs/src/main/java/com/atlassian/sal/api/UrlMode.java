package com.atlassian.sal.api;

/** SAL: which form of the base URL is wanted. */
public enum UrlMode {
  CANONICAL,
  ABSOLUTE,
  RELATIVE,
  RELATIVE_CANONICAL,
  AUTO
}
