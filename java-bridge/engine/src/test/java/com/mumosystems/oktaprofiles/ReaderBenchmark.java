package com.mumosystems.oktaprofiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What reading costs from Java, the counterpart of tests/benches/readers.c: {@code ReaderBenchmark DIRECTORY_FILE
 * JIRA_USERS.csv [ORG_URL TOKEN_FILE]}. Prints microseconds: "p50 p99" of look-ups by Jira key in random order, then a
 * loop over the whole directory. With an org a full sync runs meanwhile. Run by tests/benches/compare.sh.
 */
final class ReaderBenchmark {
  private static final int LOOKUPS = 50_000;
  private static final int WARM_UP = 50_000;

  private ReaderBenchmark() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> keys =
        Files.readAllLines(Path.of(arguments[1])).stream().skip(1).map(line -> line.split("\"", 3)[1]).toList();
    try (OktaProfiles okta = OktaProfiles.open(Path.of(arguments[0]), Map.of())) {
      lookUps(okta, keys, WARM_UP, null);
      if (arguments.length > 3) {
        okta.connect(arguments[2], Files.readString(Path.of(arguments[3])).strip().toCharArray());
        Thread sync = new Thread(() -> okta.sync(SyncOptions.of(SyncMode.FULL)));
        sync.start();
        print(lookUps(okta, keys, LOOKUPS, sync));
        sync.join();
        return;
      }
      print(lookUps(okta, keys, LOOKUPS, null));
      loop(okta);
      System.out.printf(Locale.ROOT, "%d%n", loop(okta) / 1_000);
    }
  }

  /** The nanoseconds of each look-up; ends early with {@code meanwhile}. */
  private static long[] lookUps(OktaProfiles okta, List<String> keys, int count, Thread meanwhile) {
    long[] times = new long[count];
    int done = 0;
    while (done < count && (meanwhile == null || meanwhile.isAlive())) {
      String key = keys.get((int) (done * 7_919L % keys.size()));
      long began = System.nanoTime();
      okta.find(Lookup.JIRA_KEY, key).orElseThrow();
      times[done++] = System.nanoTime() - began;
    }
    return Arrays.copyOf(times, done);
  }

  private static void print(long[] times) {
    Arrays.sort(times);
    double middle = times[times.length / 2] / 1e3;
    System.out.printf(Locale.ROOT, "%.1f %.1f%n", middle, times[(int) (times.length * 99L / 100)] / 1e3);
  }

  /** Goes through everybody; the nanoseconds it took. */
  private static long loop(OktaProfiles okta) {
    long began = System.nanoTime();
    long letters = 0;
    for (DirectoryEntry entry : okta.entries(View.ALL)) {
      letters += entry.okta() == null || entry.okta().login() == null ? 0 : entry.okta().login().length();
    }
    if (letters == 0) {
      throw new IllegalStateException("nobody has a login");
    }
    return System.nanoTime() - began;
  }
}
