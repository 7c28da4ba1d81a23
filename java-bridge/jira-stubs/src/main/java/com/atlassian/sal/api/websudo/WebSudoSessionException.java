package com.atlassian.sal.api.websudo;

/** SAL: the administrator session is stale. */
public class WebSudoSessionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public WebSudoSessionException() {}
}
