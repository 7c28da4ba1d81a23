package com.mumosystems.oktaprofiles.jira.web;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonSerializer;
import com.google.gson.JsonPrimitive;
import com.mumosystems.oktaprofiles.ErrorCode;
import com.mumosystems.oktaprofiles.OktaProfilesException;
import com.mumosystems.oktaprofiles.jira.Plugin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.servlet.http.HttpServletResponse;

/** Writes answers: JSON, never cached. An error is one object with code, name and message. */
final class Answer {
  /** It also escapes characters of HTML, so that an answer is harmless wherever it is shown. */
  static final Gson GSON =
      new GsonBuilder()
          .serializeNulls()
          .registerTypeAdapter(Instant.class, (JsonSerializer<Instant>) (at, t, c) -> new JsonPrimitive(at.toString()))
          .create();

  /** Errors of a block that otherwise means a mistake of the caller. */
  private static final Set<ErrorCode> NOT_THE_CALLERS_FAULT =
      Set.of(ErrorCode.NATIVE_LIBRARY_UNAVAILABLE, ErrorCode.ABI_MISMATCH, ErrorCode.HOST_SERVICE_MISSING);

  /** The header that makes an answer a file. */
  static final String DISPOSITION = "Content-Disposition";

  private Answer() {}

  static void json(HttpServletResponse response, int status, Object body) throws IOException {
    beginAnew(response);
    protect(response);
    response.setStatus(status);
    response.setContentType("application/json;charset=UTF-8");
    response.getOutputStream().write(GSON.toJson(body).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Takes back what was written of a download that then failed. If some of it is on its way already, the connection
   * breaks: a file that ends in the middle must not look whole.
   */
  private static void beginAnew(HttpServletResponse response) throws IOException {
    if (response.isCommitted()) {
      throw new IOException("an answer failed after its beginning was sent");
    }
    response.resetBuffer();
    if (response.containsHeader(DISPOSITION)) {
      response.setHeader(DISPOSITION, "inline");
    }
  }

  static void refusal(HttpServletResponse response, Refusal refusal) throws IOException {
    json(response, refusal.status(), error(0, refusal.name(), refusal.getMessage()));
  }

  static void error(HttpServletResponse response, OktaProfilesException e) throws IOException {
    Map<String, Object> body = error(e.number(), e.code().name(), e.getMessage());
    @SuppressWarnings("unchecked")
    Map<String, Object> error = (Map<String, Object>) body.get("error");
    e.retryAfter().ifPresent(wait -> error.put("retryAfterMs", wait.toMillis()));
    e.oktaErrorCode().ifPresent(code -> error.put("oktaErrorCode", code));
    e.oktaRequestId().ifPresent(id -> error.put("oktaRequestId", id));
    e.missingScope().ifPresent(scope -> error.put("missingScope", scope));
    json(response, status(e), body);
  }

  /** The page for a request while the plugin is stopped; it needs none of Jira's services. */
  static void stopped(HttpServletResponse response) throws IOException {
    protect(response);
    response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    response.setContentType("text/plain;charset=UTF-8");
    response.getOutputStream().write(Plugin.STOPPED.getBytes(StandardCharsets.UTF_8));
  }

  /** Sets the headers of every answer, because profiles are personal data. */
  static void protect(HttpServletResponse response) {
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Referrer-Policy", "same-origin");
    // Jira sends these too, unless its administrator has switched that off: no other site may lay our page under its own.
    response.setHeader("X-Frame-Options", "SAMEORIGIN");
    // Added, since Jira may have a policy of its own.
    response.addHeader("Content-Security-Policy", "frame-ancestors 'self'");
  }

  private static Map<String, Object> error(int code, String name, String message) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", code);
    error.put("name", name);
    error.put("message", message);
    return new LinkedHashMap<>(Map.of("error", error));
  }

  static int status(OktaProfilesException e) {
    if (e.code() == ErrorCode.NOT_FOUND) {
      return 404;
    }
    if (e.code() == ErrorCode.BUSY || e.code() == ErrorCode.CANCELLED || e.code() == ErrorCode.NOT_CONNECTED) {
      return 409;
    }
    if (NOT_THE_CALLERS_FAULT.contains(e.code())) {
      return 500;
    }
    return switch (e.number() / 100) {
      case 1 -> 400;
      case 2 -> 422;
      case 3 -> 502;
      case 5 -> 409;
      default -> 500;
    };
  }
}
