package com.atlassian.scheduler.config;

import java.io.Serializable;

/** The id of a job. */
public final class JobId implements Serializable {
  private static final long serialVersionUID = 1L;
  private final String id;

  private JobId(String id) {
    this.id = id;
  }

  public static JobId of(String id) {
    return new JobId(id);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JobId that && that.id.equals(id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return id;
  }
}
