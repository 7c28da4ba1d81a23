package com.mumosystems.oktaprofiles.fakes;

import com.atlassian.event.api.EventListener;
import com.atlassian.event.api.EventPublisher;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Jira's events: listeners by annotation, called on the thread of the publisher, on this node only. */
public final class FakeEvents implements EventPublisher {
  private final List<Handler> handlers = new CopyOnWriteArrayList<>();
  private volatile boolean lost;

  private record Handler(Object listener, Method method) {}

  FakeEvents() {}

  @Override
  public void register(Object listener) {
    for (Method method : listener.getClass().getMethods()) {
      if (method.isAnnotationPresent(EventListener.class)) {
        handlers.add(new Handler(listener, method));
      }
    }
  }

  @Override
  public void unregister(Object listener) {
    handlers.removeIf(handler -> handler.listener() == listener);
  }

  /**
   * How many methods listen; each keeps the classes of its plugin.
   *
   * @return the number
   */
  public int listeners() {
    return handlers.size();
  }

  /**
   * Loses all events from now on, or no longer.
   *
   * @param lose whether
   */
  public void lose(boolean lose) {
    lost = lose;
  }

  /**
   * Calls everybody who listens for such an event.
   *
   * @param event what happened
   */
  public void publish(Object event) {
    if (lost) {
      return;
    }
    for (Handler handler : handlers) {
      if (handler.method().getParameterTypes()[0].isInstance(event)) {
        call(handler, event);
      }
    }
  }

  private static void call(Handler handler, Object event) {
    try {
      handler.method().invoke(handler.listener(), event);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(handler.method() + " failed", e);
    }
  }
}
