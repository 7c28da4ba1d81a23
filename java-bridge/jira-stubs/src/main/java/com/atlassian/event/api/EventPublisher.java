package com.atlassian.event.api;

/** Calls the listeners of an event, on the thread that publishes it. */
public interface EventPublisher {
  void register(Object listener);

  void unregister(Object listener);
}
