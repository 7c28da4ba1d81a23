package com.atlassian.sal.api.lifecycle;

/** SAL: told when the whole product is up, and before it goes. */
public interface LifecycleAware {
  void onStart();

  void onStop();
}
