package com.mumosystems.oktaprofiles.internal;

import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Loads the native library, once for each class loader.
 *
 * <p>The JVM does not load the same file in two class loaders, and the library must stay mapped while its code
 * still runs. So each loader gets a copy of its own from the jar. The copy is checked against its SHA-256 before it
 * is loaded, and deleted right after, because the mapping does not need the file. The system property {@value
 * #PATH} names a file to load instead, {@value #FOLDER} the folder for the copy. Without that property the copy is
 * written to the host's folder, or to the JVM's temporary folder.
 */
public final class NativeLibrary {
  static final String PATH = "okta.profiles.native.path";
  static final String FOLDER = "okta.profiles.native.dir";
  private static final String NAME = "libokta_profiles";
  private static boolean loaded;

  private NativeLibrary() {}

  /**
   * Loads the library if this class loader has not loaded it yet.
   *
   * @param hostFolder the host's folder for the copy, or null
   */
  public static synchronized void load(Path hostFolder) {
    if (loaded) {
      return;
    }
    String given = System.getProperty(PATH);
    if (given != null) {
      loadFile(Path.of(given).toAbsolutePath());
    } else {
      loadCopy(folder(hostFolder));
    }
    checkVersion();
    loaded = true;
  }

  private static Path folder(Path hostFolder) {
    String property = System.getProperty(FOLDER);
    if (property != null) {
      return Path.of(property);
    }
    return hostFolder != null ? hostFolder : Path.of(System.getProperty("java.io.tmpdir"), "okta-profiles");
  }

  private static void loadCopy(Path folder) {
    String resource = resource();
    byte[] image = read(resource);
    byte[] expected = read(resource + ".sha256");
    String digest = sha256(image);
    if (!digest.equals(new String(expected, StandardCharsets.US_ASCII).trim())) {
      throw failure("The native library in the jar is damaged: its SHA-256 is not the recorded one.", null);
    }
    Path copy = null;
    try {
      createFolder(folder);
      removeStaleCopies(folder);
      String unique = digest.substring(0, 12) + "-" + ProcessHandle.current().pid() + "-" + UUID.randomUUID();
      copy = folder.resolve(NAME + "-" + unique + ".so").toAbsolutePath();
      Files.createFile(copy, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(copy, image, StandardOpenOption.WRITE);
      Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("r-x------"));
      loadFile(copy);
    } catch (IOException e) {
      String advice =
          "The native library cannot be written to " + folder + " (" + cause(e) + "); choose another folder with -D";
      throw failure(advice + FOLDER, e);
    } finally {
      unlink(copy);
    }
  }

  /** What the system says, such as "No space left on device". Some exceptions say it by their name only. */
  private static String cause(IOException e) {
    if (e instanceof FileSystemException ofFile) {
      return ofFile.getReason() == null ? ofFile.getClass().getSimpleName() : ofFile.getReason();
    }
    return e.getMessage();
  }

  /** Deletes the copy: a loaded library does not need its file, and a copy that was not loaded is useless. */
  private static void unlink(Path copy) {
    if (copy != null) {
      try {
        Files.deleteIfExists(copy);
      } catch (IOException e) {
        // The next start removes copies of processes that have ended, so it is enough to log this.
        System.getLogger(NativeLibrary.class.getName()).log(System.Logger.Level.DEBUG, "copy not removed", e);
      }
    }
  }

  private static void createFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(
          folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    boolean foreign = !Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName().equals(currentUser(folder));
    if (foreign) {
      throw new IOException(folder + " belongs to another user");
    }
  }

  /** The user that this process writes files as: the owner of a file that it makes. */
  private static String currentUser(Path folder) throws IOException {
    Path probe = Files.createTempFile(folder, NAME, ".probe");
    try {
      return Files.getOwner(probe).getName();
    } finally {
      Files.delete(probe);
    }
  }

  /** Removes copies that a killed process could not delete. The name of a copy contains its process id. */
  private static void removeStaleCopies(Path folder) throws IOException {
    try (DirectoryStream<Path> copies = Files.newDirectoryStream(folder, NAME + "-*.so")) {
      for (Path copy : copies) {
        String[] parts = copy.getFileName().toString().split("-");
        boolean dead = parts.length > 2 && parts[2].matches("\\d{1,9}")
            && ProcessHandle.of(Long.parseLong(parts[2])).isEmpty();
        if (dead) {
          Files.deleteIfExists(copy);
        }
      }
    }
  }

  private static void loadFile(Path file) {
    try {
      System.load(file.toString());
    } catch (UnsatisfiedLinkError e) {
      throw failure(explain(String.valueOf(e.getMessage()), file), e);
    } catch (IllegalCallerException e) {
      String advice = "This JVM does not allow native access; start it with --enable-native-access=ALL-UNNAMED.";
      throw failure(advice, e);
    }
  }

  /** Explains a message of the linker to an administrator. */
  static String explain(String message, Path file) {
    String words = message.toLowerCase(Locale.ROOT);
    if (words.contains("glibc")) {
      return "The native library needs a newer C library than this system has: " + message;
    }
    if (!Files.exists(file)) {
      return "There is no native library at " + file;
    }
    // On a glibc system, musl's name for its C library is a text file or does not exist.
    if (words.contains("ld-linux") || words.contains("musl") || words.contains("libc.so:")) {
      return "The native library needs glibc, but this system has another C library, such as musl on Alpine; use a system"
          + " with glibc: " + message;
    }
    if (words.contains("wrong elf class") || words.contains("invalid elf header") || words.contains(" platform)")) {
      return "The native library is for another kind of processor: " + message;
    }
    if (words.contains("failed to map segment") || words.contains("operation not permitted")) {
      return "Nothing can be executed from " + file.getParent() + " (mounted noexec?); choose another folder with -D"
          + FOLDER;
    }
    return "The native library cannot be loaded: " + message;
  }

  private static void checkVersion() {
    int version;
    try {
      version = NativeEngine.abiVersion();
    } catch (UnsatisfiedLinkError e) {
      throw failure("The native library that was loaded is not that of okta-profiles.", e);
    }
    boolean sameMajor = version >>> 16 == NativeEngine.ABI_VERSION >>> 16;
    if (!sameMajor || (version & 0xffff) < (NativeEngine.ABI_VERSION & 0xffff)) {
      String message = "The native library has the interface version " + (version >>> 16) + "." + (version & 0xffff)
          + ", which does not fit this jar; install files of the same release.";
      throw new OktaProfilesException(ErrorCode.ABI_MISMATCH, message, null);
    }
  }

  /**
   * Where the library for this system is in the jar, if the jar has it.
   *
   * @return the name of the resource
   */
  public static String resource() {
    return resource(classifier());
  }

  private static String resource(String platform) {
    return "/native/" + platform + "/" + NAME + ".so";
  }

  private static List<String> platforms() {
    return Stream.of("linux-x86_64", "linux-aarch64")
        .filter(platform -> NativeLibrary.class.getResource(resource(platform)) != null)
        .toList();
  }

  private static String classifier() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String processor = arch.equals("amd64") ? "x86_64" : arch;
    return (os.contains("linux") ? "linux" : os.replace(' ', '_')) + "-" + processor;
  }

  private static byte[] read(String resource) {
    try (InputStream stream = NativeLibrary.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw failure(
            "This jar has no native library for " + classifier() + ", only for " + String.join(" and ", platforms())
                + " (with glibc). Without it no directory can be opened here; run this on one of those.",
            null);
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw failure("The native library cannot be read from the jar.", e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private static OktaProfilesException failure(String message, Throwable cause) {
    return new OktaProfilesException(ErrorCode.NATIVE_LIBRARY_UNAVAILABLE, message, cause);
  }
}
