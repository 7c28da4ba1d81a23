package com.mumosystems.oktaprofiles.jira.harness;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Static files: AUI and jQuery from npm's folder, the frame, and the web resources of the plugin. */
final class StaticFiles extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final Map<String, String> TYPES = Map.of(
      "js", "text/javascript;charset=UTF-8",
      "css", "text/css;charset=UTF-8",
      "svg", "image/svg+xml",
      "png", "image/png",
      "woff", "font/woff",
      "woff2", "font/woff2");

  /** Finds what a path names. */
  interface Finder {
    InputStream open(String path) throws IOException;
  }

  private final transient Finder finder;

  private StaticFiles(Finder finder) {
    this.finder = finder;
  }

  /** The folder dist/aui of an AUI package, and jQuery beside it as Jira has it. */
  static StaticFiles aui(Path folder, Path jquery) {
    Path root = folder.toAbsolutePath().normalize();
    return new StaticFiles(path -> {
      Path file = path.equals("jquery.js") ? jquery : root.resolve(path).normalize();
      if (!file.startsWith(root) && !file.equals(jquery)) {
        throw new NoSuchFileException(path);
      }
      return Files.newInputStream(file);
    });
  }

  static StaticFiles frame() {
    return new StaticFiles(path -> StaticFiles.class.getResourceAsStream("/frame/" + path));
  }

  static StaticFiles webResources(Descriptor descriptor) {
    return new StaticFiles(path -> {
      String location = descriptor.download(path);
      return location == null || location.contains("..") ? null : resource(location);
    });
  }

  private static InputStream resource(String location) {
    return StaticFiles.class.getResourceAsStream(location.startsWith("/") ? location : "/" + location);
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
    String path = String.valueOf(request.getPathInfo()).replaceFirst("^/", "");
    try (InputStream file = finder.open(path)) {
      if (file == null) {
        throw new NoSuchFileException(path);
      }
      response.setContentType(
          TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "application/octet-stream"));
      response.setHeader("X-Content-Type-Options", "nosniff");
      file.transferTo(response.getOutputStream());
    } catch (NoSuchFileException e) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
    }
  }
}
