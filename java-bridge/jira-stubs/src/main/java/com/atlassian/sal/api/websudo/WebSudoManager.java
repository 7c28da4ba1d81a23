package com.atlassian.sal.api.websudo;

import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** SAL: secure administrator sessions. */
public interface WebSudoManager {
  void willExecuteWebSudoRequest(HttpServletRequest request) throws WebSudoSessionException;

  void enforceWebSudoProtection(HttpServletRequest request, HttpServletResponse response);
}
