package com.mumosystems.oktaprofiles.fakes;

import com.atlassian.plugin.Plugin;
import com.atlassian.plugin.event.PluginEventListener;
import com.atlassian.plugin.event.PluginEventManager;
import com.atlassian.plugin.event.events.PluginUninstallingEvent;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Who is told of apps that come and go: listeners by annotation, as the plugin framework finds them. */
public final class FakePluginEvents implements PluginEventManager {
  private final List<Object> listeners = new CopyOnWriteArrayList<>();

  FakePluginEvents() {}

  @Override
  public void register(Object listener) {
    listeners.add(listener);
  }

  @Override
  public void unregister(Object listener) {
    listeners.remove(listener);
  }

  /**
   * How many listen; each keeps the classes of its plugin.
   *
   * @return the number
   */
  public int listeners() {
    return listeners.size();
  }

  /**
   * Tells everybody that an app is about to be uninstalled.
   *
   * @param key of the app
   */
  public void uninstalling(String key) {
    Plugin plugin = () -> key;
    PluginUninstallingEvent event = new PluginUninstallingEvent(plugin);
    for (Object listener : listeners) {
      for (Method method : listener.getClass().getMethods()) {
        if (method.isAnnotationPresent(PluginEventListener.class)
            && method.getParameterTypes()[0].isInstance(event)) {
          call(method, listener, event);
        }
      }
    }
  }

  private static void call(Method method, Object listener, Object event) {
    try {
      method.invoke(listener, event);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(method + " failed", e);
    }
  }
}
