package com.mumosystems.oktaprofiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole job in a real JVM, with the real native library, against a real process. */
class OktaProfilesTest {
  private static final Map<String, String> QUICK = Map.of("retry.base_delay_ms", "5");

  @TempDir Path folder;

  private OktaProfiles open() {
    return OktaProfiles.open(folder.resolve("directory.db"), QUICK);
  }

  private static ErrorCode codeOf(Runnable call) {
    OktaProfilesException thrown = assertThrows(OktaProfilesException.class, call::run);
    assertTellsNothing(thrown.getMessage());
    return thrown.code();
  }

  /** Logs and messages hold no login, no e-mail address and nothing as long as a token. */
  private static void assertTellsNothing(String text) {
    assertFalse(text.contains("@"), text);
    assertFalse(Pattern.compile("[A-Za-z0-9_-]{36}").matcher(text).find(), text);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "never happened");
      Thread.sleep(2);
    }
  }

  @Test
  void validatesSynchronizesAndFinds() throws Exception {
    try (SimulatedOrg org = SimulatedOrg.start(1_200, "--seed", "3");
        OktaProfiles okta = open()) {
      assertEquals(ErrorCode.NOT_CONNECTED, codeOf(okta::validate));
      okta.connect(org.url(), org.token());
      ValidationReport report = okta.validate();
      assertTrue(report.usable());
      assertEquals(Outcome.OK, report.check("read_users").orElseThrow().outcome());

      JiraUser jane = new JiraUser("K1", " USER000001@example.com ", "", "Jäne 😀", true);
      JiraUser joe = new JiraUser("K2", "nobody", "", "", false);
      JiraUserCounts counts = okta.matching().replaceJiraUsers(List.of(jane, joe).iterator(), false);
      assertEquals(2, counts.added());
      SyncReport run = okta.sync(SyncOptions.defaults());
      assertEquals(RunState.COMPLETE, run.state());
      assertEquals(1_200, run.present());
      assertEquals(1, run.matched());

      DirectoryEntry entry = okta.find(Lookup.JIRA_KEY, "K1").orElseThrow();
      assertEquals(jane, entry.jira());
      assertEquals("login=username", entry.rule());
      assertEquals(MatchState.MATCHED, entry.state());
      assertTrue(entry.okta().profileJson().contains("\"login\":"));
      List<DirectoryEntry> matched = okta.list(View.MATCHED, 0, 10);
      assertEquals(List.of(entry.okta()), matched.stream().map(DirectoryEntry::okta).toList());
      assertEquals(MatchState.JIRA_ONLY, okta.find(Lookup.JIRA_KEY, "K2").orElseThrow().state());
      assertFalse(okta.find(Lookup.LOGIN, "' OR 1=1").isPresent());
      assertEquals(1_200, okta.changes(0, null, 10_000).size());
      Change newest = okta.changesBefore(0, ChangeFilter.ALL, 1).get(0);
      assertEquals(1_200, newest.position());
      ChangeFilter itself = new ChangeFilter(newest.oktaId(), newest.run(), newest.at(), null);
      assertEquals(List.of(newest.position()),
          okta.changesBefore(0, itself, 10).stream().map(Change::position).toList());
      assertEquals(List.of(), okta.changesBefore(newest.position(), itself, 10));
      assertEquals(run, okta.runs(0, 5).get(0));
      assertEquals(1_200, okta.statistics().oktaUsers());
      assertEquals(run.digest(), okta.statistics().digest());
      assertEquals(List.of(), okta.checkIntegrity());
      okta.backup(folder.resolve("copy.db"));
      assertEquals(ErrorCode.BACKUP_FAILED, codeOf(() -> okta.backup(folder.resolve("copy.db"))));
      List<LogLine> log = okta.log(0, 1_000);
      assertFalse(log.isEmpty());
      log.forEach(line -> assertTellsNothing(line.message()));
    }
  }

  @Test
  void theDirectoryEqualsTheOrg() throws Exception {
    try (SimulatedOrg org = SimulatedOrg.start(2_000, "--seed", "4");
        OktaProfiles okta = open()) {
      okta.connect(org.url(), org.token());
      okta.sync(SyncOptions.defaults());
      Map<String, String> truth = new HashMap<>();
      Pattern id = Pattern.compile("\"id\":\"([^\"]+)\".*?\"status\":\"([^\"]+)\"");
      for (String line : org.users()) {
        Matcher matcher = id.matcher(line);
        assertTrue(matcher.find());
        truth.put(matcher.group(1), matcher.group(2));
      }
      Map<String, String> listed = new HashMap<>();
      for (DirectoryEntry entry : okta.entries(View.ALL)) {
        listed.put(entry.okta().id(), entry.okta().status());
      }
      assertEquals(2_000, listed.size());
      assertEquals(truth, listed);
    }
  }

  @Test
  void errorsCarryWhatOktaSaid() throws Exception {
    try (SimulatedOrg org = SimulatedOrg.start(50);
        OktaProfiles okta = open()) {
      okta.connect(org.url(), org.token("expired"));
      OktaProfilesException refused =
          assertThrows(OktaProfilesException.class, () -> okta.sync(SyncOptions.defaults()));
      assertEquals(ErrorCode.TOKEN_REJECTED, refused.code());
      assertEquals("E0000011", refused.oktaErrorCode().orElseThrow());
      assertTrue(refused.oktaRequestId().isPresent());
      okta.connect(org.url(), org.token("role_less"));
      assertEquals(ErrorCode.NOBODY_SEEN, codeOf(() -> okta.sync(SyncOptions.defaults())));
      assertEquals(ErrorCode.CREDENTIAL_MALFORMED, codeOf(() -> okta.connect(org.url(), new char[0])));
      assertEquals(ErrorCode.ORG_URL_INVALID, codeOf(() -> okta.connect("", org.token())));
      assertEquals(ErrorCode.UNKNOWN_SETTING, codeOf(() -> okta.set("no.such", "1")));
      assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf(() -> okta.list(View.ALL, 0, 0)));
    }
  }

  @Test
  void progressMovesAndCancelLeavesARunThatResumes() throws Exception {
    try (SimulatedOrg org = SimulatedOrg.start(4_000, "--latency-ms", "40");
        OktaProfiles okta = open()) {
      okta.connect(org.url(), org.token());
      CompletableFuture<SyncReport> running =
          CompletableFuture.supplyAsync(() -> okta.sync(SyncOptions.defaults()));
      await(() -> okta.progress().usersSeen() > 400);
      assertEquals(ErrorCode.BUSY, codeOf(() -> okta.sync(SyncOptions.defaults())));
      okta.cancel();
      assertEquals(ErrorCode.CANCELLED, failure(running).code());
      SyncReport report = okta.sync(SyncOptions.defaults());
      assertEquals(2, report.attempts());
      assertEquals(4_000, report.present());
    }
  }

  @Test
  void closeDuringASyncFromAnotherThread() throws Exception {
    try (SimulatedOrg org = SimulatedOrg.start(4_000, "--latency-ms", "40")) {
      OktaProfiles okta = open();
      okta.connect(org.url(), org.token());
      CompletableFuture<SyncReport> running =
          CompletableFuture.supplyAsync(() -> okta.sync(SyncOptions.defaults()));
      await(() -> okta.progress().usersSeen() > 400);
      okta.close();
      assertEquals(ErrorCode.CANCELLED, failure(running).code());
      okta.close();
      assertEquals(ErrorCode.INVALID_HANDLE, codeOf(okta::statistics));
      assertEquals(ErrorCode.INVALID_HANDLE, codeOf(okta::progress));
      assertEquals("OktaProfiles[closed]", okta.toString());
      open().close();
    }
  }

  private static OktaProfilesException failure(CompletableFuture<?> running) throws Exception {
    try {
      running.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      return (OktaProfilesException) e.getCause();
    }
    throw new AssertionError("it ended well");
  }

  @Test
  void oneOwnerAtATime() {
    try (OktaProfiles okta = open()) {
      assertNotNull(okta);
      assertEquals(ErrorCode.DIRECTORY_LOCKED, codeOf(this::open));
    }
  }

  @Test
  void aHundredThousandUsersAreListed() throws Exception {
    try (SimulatedOrg org = SimulatedOrg.start(100_000);
        OktaProfiles okta = open()) {
      okta.connect(org.url(), org.token());
      assertEquals(100_000, okta.sync(SyncOptions.defaults()).present());
      long listed = 0;
      String last = "";
      for (DirectoryEntry entry : okta.entries(View.ALL)) {
        assertFalse(entry.okta().id().equals(last));
        last = entry.okta().id();
        listed++;
      }
      assertEquals(100_000, listed);
    }
  }

  @Test
  void aFailingIteratorLeavesTheOldSet() {
    try (OktaProfiles okta = open()) {
      JiraUser user = new JiraUser("K1", "jane", "", "", true);
      okta.matching().replaceJiraUsers(List.of(user).iterator(), false);
      Iterator<JiraUser> failing =
          Stream.iterate(1, i -> i + 1)
              .map(i -> i < 5_000 ? new JiraUser("N" + i, "n" + i, "", "", true) : fail())
              .iterator();
      assertThrows(IllegalStateException.class, () -> okta.matching().replaceJiraUsers(failing, false));
      assertEquals(1, okta.statistics().jiraUsers());
      Iterator<JiraUser> none = Collections.emptyIterator();
      assertEquals(ErrorCode.JIRA_USERS_EMPTY, codeOf(() -> okta.matching().replaceJiraUsers(none, false)));
      okta.matching().upsertJiraUsers(List.of(new JiraUser("K2", "joe", "", "", true)));
      okta.matching().removeJiraUsers(List.of("K1", "unknown"));
      assertEquals(1, okta.statistics().jiraUsers());
    }
  }

  @Test
  void aHandOverThatLosesMostUsersMustBeConfirmed() {
    try (OktaProfiles okta = open()) {
      List<JiraUser> users =
          Stream.iterate(1, i -> i + 1).limit(300).map(i -> new JiraUser("K" + i, "n" + i, "", "", true)).toList();
      List<JiraUser> withNameless =
          Stream.concat(Stream.of(new JiraUser("", "nameless", "", "", true)), users.stream()).toList();
      JiraUserCounts counts = okta.matching().replaceJiraUsers(withNameless.iterator(), false);
      assertEquals(300, counts.added());
      assertEquals(List.of("Jira user number 1 has no key and was passed over"), counts.warnings());
      JiraUserCounts told = okta.matching().previewJiraUsers(users.subList(0, 1).iterator());
      assertEquals(299, told.removed());
      assertTrue(told.needsConfirmation());
      assertEquals(
          ErrorCode.TOO_MANY_JIRA_USERS_LOST,
          codeOf(() -> okta.matching().replaceJiraUsers(users.subList(0, 1).iterator(), false)));
      assertEquals(300, okta.statistics().jiraUsers());
      assertEquals(299, okta.matching().replaceJiraUsers(users.subList(0, 1).iterator(), true).removed());
    }
  }

  @Test
  void settingsAreKeptInTheDirectory() {
    try (OktaProfiles okta = open()) {
      okta.settings().store("retain", "matched");
      assertEquals(ErrorCode.UNKNOWN_SETTING, codeOf(() -> okta.settings().store("retan", "all")));
      assertEquals(ErrorCode.NOT_FOUND, codeOf(() -> okta.settings().unset("runs.keep")));
    }
    try (OktaProfiles okta = open()) {
      assertEquals("matched", okta.setting("retain"));
      Setting retain =
          okta.settings().all().stream().filter(it -> it.key().equals("retain")).findFirst().orElseThrow();
      assertEquals("directory", retain.source());
      okta.settings().unset("retain");
      assertEquals("all", okta.setting("retain"));
    }
  }

  private static JiraUser fail() {
    throw new IllegalStateException("the host's iterator failed");
  }

  @Test
  void nothingNativeIsLeftAfterClose() throws Exception {
    try (SimulatedOrg org = SimulatedOrg.start(500)) {
      round(org);
      List<String> before = nativeThreads();
      long descriptors = openFiles();
      for (int i = 0; i < 20; i++) {
        round(org);
      }
      assertEquals(before, nativeThreads());
      assertEquals(List.of(), before);
      assertTrue(openFiles() <= descriptors + 2, "descriptors grew from " + descriptors);
    }
  }

  private void round(SimulatedOrg org) {
    try (OktaProfiles okta = open()) {
      okta.connect(org.url().replace("127.0.0.1", "localhost"), org.token());
      okta.sync(SyncOptions.defaults());
    }
  }

  private static List<String> nativeThreads() throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      for (Path task : tasks.toList()) {
        Path name = task.resolve("comm");
        String text = Files.exists(name) ? Files.readString(name).trim() : "";
        if (text.startsWith("okp-")) {
          names.add(text);
        }
      }
    }
    return names;
  }

  private static long openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }
}
