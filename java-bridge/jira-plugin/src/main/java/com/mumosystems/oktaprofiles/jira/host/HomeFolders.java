package com.mumosystems.oktaprofiles.jira.host;

import com.atlassian.jira.config.util.JiraHome;
import com.atlassian.sal.api.ApplicationProperties;
import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The plugin's folders: one in the local home for the directory of this node, and one in the shared home for files
 * that the nodes exchange. Folders have mode 0700 and files 0600, because they contain personal data.
 */
public final class HomeFolders {
  private static final System.Logger LOG = JiraLog.of(HomeFolders.class);
  private static final String NAME = "okta-profiles";
  /**
   * Whether the file system knows POSIX modes. Windows does not; the engine has no library for Windows either, and
   * the page must say that instead of failing because of folders.
   */
  private static final boolean POSIX = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private final Host host;

  /**
   * Makes no folder yet.
   *
   * @param host the services of Jira
   */
  public HomeFolders(Host host) {
    this.host = host;
  }

  /**
   * The folder of this node.
   *
   * @return the folder; it is made if it is missing
   */
  public Path local() {
    return make(home(
            () -> host.require(JiraHome.class).getLocalHome().toPath(),
            () -> host.require(ApplicationProperties.class).getLocalHomeDirectory())
        .resolve(NAME));
  }

  /**
   * The folder of the cluster.
   *
   * @return the folder; it is made if it is missing
   */
  public Path shared() {
    return make(home(
            () -> host.require(JiraHome.class).getHome().toPath(),
            () -> host.require(ApplicationProperties.class).getSharedHomeDirectory())
        .resolve("data")
        .resolve(NAME));
  }

  /** The home folder from Jira's own service, or from SAL if Jira does not offer that service. */
  private static Path home(Supplier<Path> ofJira, Supplier<Optional<Path>> ofSal) {
    return Optionally.get("Jira's own path of its home", Optional.<Path>empty(), () -> Optional.of(ofJira.get()))
        .or(ofSal)
        .orElseThrow(() -> failure("The home folder of Jira is not known", new IOException("SAL names none")));
  }

  private static Path make(Path folder) {
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder, only("rwx------"));
      }
      return folder;
    } catch (IOException e) {
      throw failure("The folder " + folder + " cannot be made", e);
    }
  }

  /**
   * Makes an empty file that only Jira's own account can read.
   *
   * @param file a file that does not exist yet
   * @throws IOException if it cannot be made
   */
  public static Path createPrivate(Path file) throws IOException {
    return Files.createFile(file, only("rw-------"));
  }

  /**
   * Replaces a file as a whole. A reader on any node sees the old or the new content and never a mixture, and the
   * new content survives a power cut.
   *
   * @param content its new content
   */
  public static void replace(Path file, byte[] content) {
    Path temporary = file.resolveSibling("." + file.getFileName() + "." + System.nanoTime());
    try {
      createPrivate(temporary);
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer left = ByteBuffer.wrap(content);
        while (left.hasRemaining()) {
          channel.write(left);
        }
        channel.force(true);
      }
      publish(temporary, file);
    } catch (IOException e) {
      OktaProfilesException failure = failure("The file " + file + " cannot be written", e);
      removeAfter(failure, temporary);
      throw failure;
    }
  }

  private static void removeAfter(OktaProfilesException failure, Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * Removes files that {@link #replace} could not finish because its process was killed.
   *
   * @param folder the folder to clean
   * @param before only older files are removed, because a running process may still write a younger one
   * @throws IOException if the folder cannot be read
   */
  public static void removeUnfinished(Path folder, Instant before) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, HomeFolders::isTemporary)) {
      for (Path file : files) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static boolean isTemporary(Path file) {
    return file.getFileName().toString().matches("\\..+\\.-?\\d+");
  }

  /**
   * Renames a finished file so that it survives a power cut.
   *
   * @param temporary the finished file, in the same folder
   * @param file the new name
   * @throws IOException if the file system refuses
   */
  public static void publish(Path temporary, Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    if (POSIX) {
      flush(file.getParent());
    }
  }

  /**
   * Flushes the folder. Some network file systems answer EINVAL for a folder; the file already has its name then,
   * so that is no failure.
   */
  private static void flush(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "The folder " + folder + " cannot be flushed", e);
    }
  }

  private static FileAttribute<?>[] only(String permissions) {
    return POSIX
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))}
        : new FileAttribute<?>[0];
  }

  private static OktaProfilesException failure(String what, IOException cause) {
    return new OktaProfilesException(ErrorCode.DIRECTORY_IO, what + ": " + cause.getMessage(), cause);
  }
}
