package com.atlassian.sal.api.auth;

import java.net.URI;

/** SAL: where people sign in. */
public interface LoginUriProvider {
  URI getLoginUri(URI returnUri);
}
