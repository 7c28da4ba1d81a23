package com.mumosystems.oktaprofiles.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.mumosystems.oktaprofiles.fakes.FakeUser;
import java.io.InterruptedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused, and what hostile values do: nothing. */
class RefusalTest {
  private static final List<String> READS =
      Stream.concat(PageClient.READS.stream(), Stream.of("api/directory/user?oktaId=x")).toList();

  @TempDir static Path work;
  private static PluginFixture plugin;
  private static SimulatedOrg org;

  @BeforeAll
  static void start() throws Exception {
    org = new SimulatedOrg(200);
    plugin = new PluginFixture(work);
    plugin.jira.users().addMany(100);
    plugin.jira.users().add(new FakeUser("EVIL1", "=cmd|'/C calc'!A0", "", "<img src=x onerror=alert(1)>", true));
    plugin.jira.users().add(new FakeUser("EVIL2", "@SUM(1)", "", "a\",b\r\nc", true));
    plugin.connect(org);
    plugin.page.sync("{}");
  }

  @AfterAll
  static void stop() throws Exception {
    plugin.close();
    org.close();
  }

  @BeforeEach
  void administrator() {
    plugin.jira.session().signIn("admin");
    plugin.jira.session().setWebSudo(true);
  }

  @Test
  void nobodyIsSentToSignIn() throws Exception {
    plugin.jira.session().signIn(null);
    PageClient.Reply page = plugin.page.tryGet("admin");
    assertEquals(302, page.status());
    String login = page.headers().get("Location").get(0);
    assertTrue(login.endsWith("/login?os_destination=" + URLEncoder.encode(
        plugin.container.url() + "/plugins/servlet/okta-profiles/admin", StandardCharsets.UTF_8)), login);
    everythingIsRefused(401, "NOT_SIGNED_IN");
    assertEquals(302, callback("?code=x&state=y").status());
  }

  @Test
  void whatCannotBeDecodedIsNoFault() throws Exception {
    for (String query : List.of("?a=%zz", "?%", "?a=%", "?x={}|^`", "?a=%c3", "?q=\u00e4", "?[]", "?a=b%", "?<>\"")) {
      for (String key : List.of("nobody", "admin")) {
        plugin.jira.session().signIn(key.equals("nobody") ? null : key);
        String base = plugin.container.url() + "/plugins/servlet/okta-profiles/";
        for (String address : List.of(base + "admin" + query, base + "api/directory" + query,
            base + "api/none" + query, plugin.container.url() + PageClient.CALLBACK + query)) {
          int status = raw(address);
          assertTrue(status < 500, key + " " + address + ": " + status);
        }
      }
    }
  }

  /** As an attacker sends it: java.net.URI would refuse to. */
  private static int raw(String address) throws Exception {
    java.net.URL url = java.net.URI.create(address.substring(0, address.indexOf('?'))).toURL();
    try (java.net.Socket socket = new java.net.Socket(url.getHost(), url.getPort())) {
      String request = "GET " + url.getPath() + address.substring(address.indexOf('?'))
          + " HTTP/1.1\r\nHost: " + url.getHost() + ":" + url.getPort() + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertFalse(answer.contains("at com.mumosystems"), answer);
      return Integer.parseInt(answer.split(" ")[1]);
    }
  }

  @Test
  void settingsThatCannotBeMeantAreRefusedWithWords() throws Exception {
    JsonObject before = plugin.page.get("api/settings");
    Path folder = work.resolve("no-certificate.pem");
    java.nio.file.Files.writeString(folder, "hello");
    for (List<String> wrong : List.of(
        List.of("{\"intervalMinutes\":4294967297}", "intervalMinutes"),
        List.of("{\"intervalMinutes\":1.5}", "intervalMinutes"),
        List.of("{\"intervalMinutes\":1e400}", "intervalMinutes"),
        List.of("{\"intervalMinutes\":\"60\"}", "intervalMinutes"),
        List.of("{\"groups\":{\"sync\":\"yes\"}}", "groups.sync"),
        List.of("{\"groups\":{\"types\":[\"OTHER\"]}}", "OTHER"),
        List.of("{\"panelAttributes\":[1]}", "panelAttributes"),
        List.of("{\"visibleToGroup\":\"no-such-group\"}", "no group no-such-group"),
        List.of("{\"projects\":[\"NONE\"]}", "no project NONE"),
        List.of("{\"panelAttributes\":[\"departmnt\"]}", "no attribute departmnt"),
        List.of("{\"searchAttributes\":[\"Department\"]}", "Do you mean department?"),
        List.of("{\"attributesKeep\":[\"departmnt\"]}", "no attribute departmnt"),
        List.of("{\"attributesDrop\":[\"departmnt\"]}", "no attribute departmnt"),
        List.of("{\"rules\":[\"attribute:departmnt=key\"]}", "no attribute departmnt"),
        List.of("{\"managers\":{\"attribute\":\"boss\"}}", "no attribute boss"),
        List.of("{\"managers\":{\"refersTo\":\"boss\"}}", "no attribute boss"),
        List.of("{\"network\":{\"caFile\":\"/no/such/file.pem\"}}", "/no/such/file.pem"),
        List.of("{\"network\":{\"caFile\":\"/dev/zero\"}}", "/dev/zero"),
        List.of("{\"network\":{\"caFile\":\"" + work + "\"}}", "no certificate file"),
        List.of("{\"network\":{\"caFile\":\"" + folder + "\"}}", "certificate"))) {
      PageClient.Reply reply = plugin.page.tryPost("api/settings", wrong.get(0));
      assertEquals(400, reply.status(), wrong.get(0) + reply.body());
      String message = reply.json().getAsJsonObject("error").get("message").getAsString();
      assertTrue(message.contains(wrong.get(1)), wrong.get(0) + ": " + message);
    }
    assertEquals(before, plugin.page.get("api/settings"));
  }

  @Test
  void aDownloadThatFailsDoesNotLookWhole() throws Exception {
    Class<?> answers = plugin.osgi.classOf("com.mumosystems.oktaprofiles.jira.web.Answer");
    Method json = Stream.of(answers.getDeclaredMethods()).filter(method -> method.getName().equals("json")).findFirst().get();
    json.setAccessible(true);
    Class<?> type = json.getParameterTypes()[0];
    for (boolean committed : List.of(true, false)) {
      List<String> done = new ArrayList<>();
      Object response = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
        done.add(method.getName() + (method.getName().equals("setHeader") ? " " + arguments[0] : ""));
        return switch (method.getName()) {
          case "isCommitted" -> committed;
          case "containsHeader" -> true;
          case "getOutputStream" -> throw new InterruptedIOException("the end of this test");
          default -> null;
        };
      });
      Exception thrown = assertThrows(InvocationTargetException.class, () -> json.invoke(null, response, 409, Map.of()));
      boolean broken = !(thrown.getCause() instanceof InterruptedIOException);
      assertEquals(committed, broken, done.toString());
      if (!committed) {
        assertTrue(done.contains("resetBuffer") && done.contains("setHeader Content-Disposition"), done.toString());
      }
    }
  }

  @Test
  void noOtherSiteLaysThePageUnderItsOwn() throws Exception {
    for (String path : List.of("admin", "api/settings")) {
      Map<String, List<String>> headers = plugin.page.tryGet(path).headers();
      assertEquals(List.of("SAMEORIGIN"), headers.get("X-Frame-Options"), path);
      assertEquals(List.of("frame-ancestors 'self'"), headers.get("Content-Security-Policy"), path);
    }
  }

  @Test
  void whoIsNoAdministratorIsRefused() throws Exception {
    plugin.jira.session().signIn("JIRAUSER10001");
    assertEquals(403, plugin.page.tryGet("admin").status());
    everythingIsRefused(403, "NOT_ADMINISTRATOR");
    assertEquals(403, callback("?code=x&state=y").status());
  }

  @Test
  void staleAdministratorSessionsMustBeConfirmed() throws Exception {
    plugin.jira.session().setWebSudo(false);
    PageClient.Reply page = plugin.page.tryGet("admin");
    assertEquals(302, page.status());
    assertTrue(page.headers().get("Location").get(0).contains("WebSudo"));
    everythingIsRefused(401, "WEBSUDO_REQUIRED");
    assertEquals(302, callback("?code=x&state=y").status());
  }

  private static void everythingIsRefused(int status, String name) throws Exception {
    for (String path : READS) {
      PageClient.Reply reply = plugin.page.tryGet(path);
      assertEquals(status + " " + name, reply.status() + " " + reply.error(), path);
    }
    for (String path : PageClient.CHANGES) {
      PageClient.Reply reply = plugin.page.tryPost(path, "{}");
      assertEquals(status + " " + name, reply.status() + " " + reply.error(), path);
    }
  }

  @Test
  void changesFromElsewhereAreRefused() throws Exception {
    Map<String, String> json = Map.of("Content-Type", "application/json");
    Map<String, String> form = Map.of(
        "Content-Type", "application/x-www-form-urlencoded", "X-Atlassian-Token", "no-check");
    Map<String, String> foreign = new HashMap<>(json);
    foreign.put("X-Atlassian-Token", "no-check");
    foreign.put("Origin", "https://evil.example");
    for (String path : PageClient.CHANGES) {
      assertEquals("403 XSRF", send(path, json), path);
      assertEquals("415 NOT_JSON", send(path, form), path);
      assertEquals("403 XSRF", send(path, foreign), path);
      assertEquals(404, plugin.page.tryGet(path.equals("api/settings") ? "api/none" : path).status(), path);
    }
  }

  private static String send(String path, Map<String, String> headers) throws Exception {
    String url = plugin.container.url() + "/plugins/servlet/okta-profiles/" + path;
    PageClient.Reply reply = PageClient.send("POST", url, "{}", headers);
    return reply.status() + " " + reply.error();
  }

  @Test
  void callbacksOfOtherSignInsChangeNothing() throws Exception {
    String before = plugin.page.get("api/connection").toString();
    PageClient.Reply unasked = callback("?code=stolen&state=guessed");
    assertEquals(400, unasked.status());
    assertTrue(unasked.body().contains("belongs to no sign-in that you began"), unasked.body());

    PageClient.Reply begun = plugin.page.tryPost("api/connection/oauth",
        "{\"orgUrl\":\"" + org.url() + "\",\"clientId\":\"0oaclient\",\"clientSecret\":\"hidden-secret\"}");
    assertEquals(200, begun.status(), begun.body());
    String url = begun.json().get("authorizeUrl").getAsString();
    assertFalse(url.contains("hidden-secret"));
    assertTrue(url.contains(URLEncoder.encode(plugin.container.url() + PageClient.CALLBACK, StandardCharsets.UTF_8)), url);
    String state = url.replaceFirst(".*[?&]state=([^&]+).*", "$1");
    String cookie = begun.headers().get("Set-Cookie").get(0).split(";")[0];

    String wrong = plugin.container.url() + PageClient.CALLBACK + "?code=stolen&state=guessed";
    assertEquals(400, PageClient.send("GET", wrong, null, Map.of("Cookie", cookie)).status());
    // The right state, but in another browser.
    assertEquals(400, callback("?code=stolen&state=" + state).status());
    // The right state and browser, but Okta knows no such code.
    String forged = plugin.container.url() + PageClient.CALLBACK + "?code=stolen&state=" + state;
    PageClient.Reply refused = PageClient.send("GET", forged, null, Map.of("Cookie", cookie));
    assertEquals(400, refused.status());
    // A callback is accepted once.
    assertEquals(400, PageClient.send("GET", forged, null, Map.of("Cookie", cookie)).status());
    // What Okta says in the URL is shown as text.
    String error = "?error=%3Cscript%3Ealert(1)%3C%2Fscript%3E&error_description=%3Cb%3E&state=x";
    assertFalse(callback(error).body().contains("<script>alert"));
    assertEquals(before, plugin.page.get("api/connection").toString());
  }

  private static PageClient.Reply callback(String query) throws Exception {
    return PageClient.send("GET", plugin.container.url() + PageClient.CALLBACK + query, null, Map.of());
  }

  @Test
  void aWrongTokenReplacesNoWorkingOne() throws Exception {
    String before = plugin.page.get("api/connection").toString();
    PageClient.Reply refused = plugin.page.tryPost(
        "api/connection/token", "{\"orgUrl\":\"" + org.url() + "\",\"apiToken\":\"00aWrong\"}");
    assertEquals("422 TOKEN_REJECTED", refused.status() + " " + refused.error());
    assertEquals(before, plugin.page.get("api/connection").toString());
    assertTrue(plugin.page.post("api/validate", "{}").get("usable").getAsBoolean());
  }

  @Test
  void secretsNeverComeBack() throws Exception {
    for (String path : READS) {
      assertFalse(plugin.page.tryGet(path).body().contains(org.token()), path);
    }
    String zip = plugin.page.tryGet("api/diagnostics.zip").body();
    assertFalse(zip.contains(org.token()));
    assertEquals(List.of("no-store"), plugin.page.tryGet("api/connection").headers().get("Cache-Control"));
  }

  @Test
  void hostileNamesAreInert() throws Exception {
    String rows = plugin.page.tryGet("api/directory?view=jira_only&limit=500").body();
    assertFalse(rows.contains("<img"), "markup in an answer");
    assertTrue(rows.contains("\\u003cimg src\\u003dx onerror"), rows);

    String csv = plugin.page.tryGet("api/directory.csv?view=jira_only").body();
    assertTrue(csv.contains(",\"'=cmd|'/C calc'!A0\","), csv);
    assertTrue(csv.contains(",\"'@SUM(1)\","), csv);
    assertTrue(csv.contains("\"a\"\",b\r\nc\""), csv);
  }

  @Test
  void hostileQuestionsFindNobody() throws Exception {
    for (String evil : List.of("'; DROP TABLE users; --", "%", "_", "\\", "\" OR 1=1 --", "\u0000", "💥")) {
      String query = URLEncoder.encode(evil, StandardCharsets.UTF_8);
      JsonArray rows = plugin.page.get("api/directory?q=" + query).getAsJsonArray("rows");
      assertEquals(0, rows.size(), evil);
      assertEquals(404, plugin.page.tryGet("api/directory/user?oktaId=" + query).status(), evil);
    }
    assertTrue(plugin.page.get("api/sync").getAsJsonObject("statistics").get("oktaUsers").getAsLong() > 0);
    assertEquals("400 INVALID_ARGUMENT", refused("api/directory?view=nothing"));
    assertEquals("400 INVALID_ARGUMENT", refused("api/directory?limit=0"));
    assertEquals("400 INVALID_ARGUMENT", refused("api/directory?after=-1"));
    assertEquals("400 INVALID_ARGUMENT", refused("api/directory?after=99999999999999999999"));
    assertEquals("404 NOT_FOUND", refused("api/none"));
  }

  private static String refused(String path) throws Exception {
    PageClient.Reply reply = plugin.page.tryGet(path);
    return reply.status() + " " + reply.error();
  }

  @Test
  void brokenBodiesAreRefused() throws Exception {
    assertEquals(400, plugin.page.tryPost("api/settings", "[1]").status());
    assertEquals(400, plugin.page.tryPost("api/settings", "{").status());
    assertEquals(400, plugin.page.tryPost("api/settings", "[".repeat(100_000)).status());
    assertEquals(413, plugin.page.tryPost("api/settings", "\"" + "x".repeat(300_000) + "\"").status());
    assertEquals(400, plugin.page.tryPost("api/settings", "{\"unknown\":1}").status());
    assertEquals(400, plugin.page.tryPost("api/settings", "{\"intervalMinutes\":-1}").status());
    assertEquals(400, plugin.page.tryPost("api/settings", "{\"rules\":null}").status());
    assertEquals(400, plugin.page.tryPost("api/directory/pin", "{\"oktaId\":7}").status());
    JsonObject before = plugin.page.get("api/settings");
    PageClient.Reply rules = plugin.page.tryPost("api/settings", "{\"rules\":[\"name=shoe size\"]}");
    assertTrue(rules.status() >= 400, rules.body());
    assertEquals(before, plugin.page.get("api/settings"), "a refused rule was kept");
  }
}
