package com.mumosystems.oktaprofiles.jira.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Reads files from folders that others may write to, such as the shared home. Only regular files of bounded size are
 * opened, never through a link: a pipe would keep a thread of Jira for ever, and an endless file takes all memory.
 *
 * <p>A file is missing only if the system says so. What cannot be read may be there, and must not be made anew.
 */
public final class PlainFile {
  private PlainFile() {}

  /**
   * The content of a file.
   *
   * @param most how many bytes it may have
   * @return the content; empty if there is no such file
   * @throws IOException if it cannot be read, is no regular file or is larger
   */
  public static Optional<byte[]> read(Path file, int most) throws IOException {
    if (!exists(file, most)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] content = in.readNBytes(most + 1);
      // Somebody may have written more to it since it was checked.
      checkSize(file, content.length, most);
      return Optional.of(content);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether there is such a file. Nothing of it is read.
   *
   * @param most how many bytes it may have
   * @return whether
   * @throws IOException if that is unknown, or it is no regular file or is larger
   */
  public static boolean exists(Path file, int most) throws IOException {
    try {
      BasicFileAttributes found =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!found.isRegularFile()) {
        throw new FileSystemException(file.toString(), null, "it is no regular file");
      }
      checkSize(file, found.size(), most);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static void checkSize(Path file, long size, int most) throws IOException {
    if (size > most) {
      throw new FileSystemException(file.toString(), null, "it has more than " + most + " bytes");
    }
  }
}
