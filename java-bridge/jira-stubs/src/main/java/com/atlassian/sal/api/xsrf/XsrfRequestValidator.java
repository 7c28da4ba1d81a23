package com.atlassian.sal.api.xsrf;

import javax.servlet.http.HttpServletRequest;

/** SAL: whether a request came from our own page. */
public interface XsrfRequestValidator {
  boolean validateRequestPassesXsrfChecks(HttpServletRequest request);
}
