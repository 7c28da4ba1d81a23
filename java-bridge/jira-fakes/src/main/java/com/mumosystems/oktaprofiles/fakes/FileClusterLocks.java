package com.mumosystems.oktaprofiles.fakes;

import com.atlassian.beehive.ClusterLock;
import com.atlassian.beehive.ClusterLockService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Locks across the processes of one machine: a locked file for each, freed by the system when its process dies.
 * Within a process a lock belongs to its thread, as in Jira.
 */
final class FileClusterLocks implements ClusterLockService {
  private final Path folder;
  private final Map<String, ClusterLock> locks = new ConcurrentHashMap<>();

  FileClusterLocks(Path folder) {
    this.folder = folder;
  }

  @Override
  public ClusterLock getLockForName(String name) {
    return locks.computeIfAbsent(name, key -> new FileLock(folder.resolve(
        URLEncoder.encode(key, StandardCharsets.UTF_8) + ".lock")));
  }

  private static final class FileLock implements ClusterLock {
    private final Path file;
    private final ReentrantLock owner = new ReentrantLock();
    private FileChannel channel;

    FileLock(Path file) {
      this.file = file;
    }

    @Override
    public boolean isHeldByCurrentThread() {
      return owner.isHeldByCurrentThread();
    }

    @Override
    public boolean tryLock() {
      if (!owner.tryLock()) {
        return false;
      }
      if (owner.getHoldCount() > 1 || lockFile()) {
        return true;
      }
      owner.unlock();
      return false;
    }

    private boolean lockFile() {
      try {
        Files.createDirectories(file.getParent());
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() != null) {
          return true;
        }
        channel.close();
        return false;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
      long end = System.nanoTime() + unit.toNanos(time);
      while (!tryLock()) {
        if (System.nanoTime() > end) {
          return false;
        }
        Thread.sleep(20);
      }
      return true;
    }

    @Override
    public void lock() {
      boolean interrupted = false;
      while (!tryLock()) {
        try {
          Thread.sleep(20);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
      while (!tryLock()) {
        Thread.sleep(20);
      }
    }

    @Override
    public void unlock() {
      if (!owner.isHeldByCurrentThread()) {
        throw new IllegalMonitorStateException("a cluster lock is unlocked by the thread that holds it");
      }
      if (owner.getHoldCount() == 1) {
        try {
          channel.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      owner.unlock();
    }

    @Override
    public Condition newCondition() {
      throw new UnsupportedOperationException("cluster locks have no conditions");
    }
  }
}
