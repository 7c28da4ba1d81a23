package com.mumosystems.oktaprofiles;

import static com.mumosystems.oktaprofiles.internal.Texts.utf8;

import com.mumosystems.oktaprofiles.internal.Column;
import com.mumosystems.oktaprofiles.internal.NativeEngine;
import com.mumosystems.oktaprofiles.internal.NativeLibrary;
import com.mumosystems.oktaprofiles.internal.Page;
import com.mumosystems.oktaprofiles.internal.PageWriter;
import com.mumosystems.oktaprofiles.internal.Reply;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An open directory of Okta users and, once connected, the way to its Okta org.
 *
 * <p>Every method may be called from any thread, and calls may overlap; only one sync runs at a time. Calls
 * block the thread they are made on: the native library has no thread of its own between calls and never
 * calls back. Every method throws {@link OktaProfilesException}; after {@link #close} with code {@link
 * ErrorCode#INVALID_HANDLE}.
 *
 * <p>Close it: an engine that is dropped without {@link #close} keeps its directory locked until the JVM ends.
 * There is no cleaner on purpose, since its thread would pin the class loader of a plugin.
 */
public final class OktaProfiles implements AutoCloseable {
  private static final int PAGE = 1_000;
  /** The native handle; 0 once closed. */
  private final AtomicLong handle;
  private final OpenReport opened;

  private OktaProfiles(long handle, OpenReport opened) {
    this.handle = new AtomicLong(handle);
    this.opened = opened;
  }

  /**
   * Opens a directory file, making it and its folder if missing. It must be on a local disk and has one owner
   * at a time. The native library is loaded on first use.
   *
   * @param directory the file
   * @param settings settings by key, see README
   * @return the open engine
   */
  public static OktaProfiles open(Path directory, Map<String, String> settings) {
    return open(directory, settings, null);
  }

  /**
   * The same, with the native library unpacked where the host wants it.
   *
   * @param directory the file
   * @param settings settings by key
   * @param nativeFolder folder for the native library, not noexec; null for the JVM's temporary folder
   * @return the open engine
   */
  public static OktaProfiles open(Path directory, Map<String, String> settings, Path nativeFolder) {
    return open(directory, settings, nativeFolder, null);
  }

  /**
   * The same, with a sealing key that the host keeps instead of the key file. With a wrong key the directory can
   * be read; calls that need the credential throw {@link ErrorCode#SEALING_KEY_WRONG} until connected again.
   *
   * @param directory the file
   * @param settings settings by key, see README
   * @param nativeFolder folder for the native library; null for the JVM's temporary folder
   * @param sealingKey 32 random bytes, not kept in Java; null for the key file
   * @return the open engine
   */
  public static OktaProfiles open(
      Path directory, Map<String, String> settings, Path nativeFolder, byte[] sealingKey) {
    NativeLibrary.load(nativeFolder);
    PageWriter page = new PageWriter(Column.NAME, Column.VALUE);
    settings.forEach((key, value) -> page.text(key).text(value));
    Page opened = Reply.read(NativeEngine.open(utf8(directory.toString()), page.toBytes(), sealingKey));
    return opened.map(row -> new OktaProfiles(row.number(Column.HANDLE), Pages.openReport(row))).get(0);
  }

  /**
   * What opening did. A damaged directory was moved aside and a new one made, which the next sync fills.
   *
   * @return the report
   */
  public OpenReport opened() {
    return opened;
  }

  /** Stops what runs, waits for it and closes every file. Closing again does nothing. */
  @Override
  public void close() {
    long open = handle.getAndSet(0);
    if (open != 0) {
      Reply.read(NativeEngine.close(open));
    }
  }

  /**
   * Changes a setting for the calls that begin from now on, until the engine is closed.
   *
   * @param key the key
   * @param value the value
   */
  public void set(String key, String value) {
    Reply.read(NativeEngine.set(id(), utf8(key), utf8(value)));
  }

  /**
   * The value of a setting.
   *
   * @param key the key
   * @return the value
   */
  public String setting(String key) {
    return Named.of(Reply.read(NativeEngine.setting(id(), utf8(key)))).text(key);
  }

  /**
   * The settings that the directory keeps.
   *
   * @return the settings of this directory
   */
  public KeptSettings settings() {
    return new KeptSettings(this);
  }

  /**
   * Connects with an API token; the same as {@link Credentials#connect}.
   *
   * @param orgUrl the Okta URL, as pasted: issuer URI, admin console's address, without scheme
   * @param apiToken the API token
   */
  public void connect(String orgUrl, char[] apiToken) {
    credentials().connect(orgUrl, apiToken);
  }

  /**
   * Connecting, sign-ins with Okta, tokens and keys.
   *
   * @return a view of this engine; cheap, hold it or not
   */
  public Credentials credentials() {
    return new Credentials(this::id);
  }

  /**
   * Checks org, credential and every capability. A refused credential is an outcome, not an exception. Takes
   * seconds, at the worst about a minute.
   *
   * @return the report
   */
  public ValidationReport validate() {
    return Decode.validationReport(Reply.read(NativeEngine.validate(id())));
  }

  /**
   * Brings the directory up to date with the org; resumes an unfinished run. Blocks until the end. When it
   * throws, readers see the directory as it was.
   *
   * @param options what this run is allowed
   * @return the report of the complete run
   */
  public SyncReport sync(SyncOptions options) {
    return Reply.read(NativeEngine.sync(id(), options.flags())).map(Decode::syncReport).get(0);
  }

  /**
   * How far the running sync is, or the last figures if none runs. Never blocks.
   *
   * @return the figures
   */
  public Progress progress() {
    return Reply.read(NativeEngine.progress(id())).map(Decode::progress).get(0);
  }

  /** Stops the calls that run now; they throw {@link ErrorCode#CANCELLED}. A sync can be resumed. */
  public void cancel() {
    Reply.read(NativeEngine.cancel(id()));
  }

  /**
   * The Jira users and to whom of Okta they are tied: handing them over, rules, pins.
   *
   * @return the matching of this directory
   */
  public Matching matching() {
    return new Matching(this);
  }

  /**
   * The entry of one user.
   *
   * @param by by what to look
   * @param value the value to look for
   * @return the entry, if anybody answers to it
   */
  public Optional<DirectoryEntry> find(Lookup by, String value) {
    Page found = Reply.read(NativeEngine.find(id(), by.number, utf8(value)));
    return found.map(Decode::directoryEntry).stream().findFirst();
  }

  /**
   * One page of a view, in a stable order. Begin with {@code after} 0 and go on with the cursor of the last
   * entry; an empty page is the end.
   *
   * @param view which entries
   * @param after where to go on
   * @param limit how many at most, 1 to 10 000
   * @return the entries
   */
  public List<DirectoryEntry> list(View view, long after, int limit) {
    return Reply.read(NativeEngine.list(id(), view.number, after, limit)).map(Decode::directoryEntry);
  }

  /**
   * All entries of a view, fetched page by page while they are iterated.
   *
   * @param view which entries
   * @return the entries; each iterator reads anew
   */
  public Iterable<DirectoryEntry> entries(View view) {
    return () -> new Entries(after -> list(view, after, PAGE));
  }

  /**
   * The users of a view whose name, login or e-mail begins with a text, or contains it, without case.
   *
   * @param view whom; {@link View#ALL} is every present Okta user
   * @param field what to look at
   * @param text the beginning, or the part
   * @param after {@link SearchPage#next} of the page before; null at the beginning
   * @param limit how many at most, 1 to 10 000
   * @return the entries, in the order of the field
   */
  public SearchPage search(View view, SearchField field, String text, String after, int limit) {
    byte[] cursor = utf8(after == null ? "" : after);
    return Pages.found(Reply.read(
        NativeEngine.search(id(), view.number, field.number, utf8(text), cursor, limit)));
  }

  /**
   * Users by what they are, and what belongs to them.
   *
   * @return the people of this directory
   */
  public People people() {
    return new People(this);
  }

  /**
   * What a sync would do and cost: dry runs and budgets.
   *
   * @return the questions about syncs of this engine
   */
  public Planning planning() {
    return new Planning(this);
  }

  /**
   * What a full run would cost under the limits that hold now; the same as {@link Planning#syncBudget}.
   *
   * @return the budget
   */
  public SyncBudget syncBudget() {
    return planning().syncBudget(SyncMode.FULL);
  }

  /**
   * Okta groups and who is in them.
   *
   * @return the groups of this directory
   */
  public Groups groups() {
    return new Groups(this);
  }

  /**
   * User types and the attributes of their profiles.
   *
   * @return the schemas of this directory
   */
  public Schemas schemas() {
    return new Schemas(this);
  }

  /**
   * Writes a view as text, page by page, while reading and syncing go on. The stream is not closed.
   *
   * @param out where to
   * @param format CSV or JSON lines, in UTF-8
   * @param view which entries
   * @return how many entries were written
   * @throws IOException if the stream does not take it
   */
  public long export(OutputStream out, ExportFormat format, View view) throws IOException {
    return Export.write(this, out, format, view);
  }

  /**
   * The same into a new file that only its owner may read; it must not exist yet.
   *
   * @param target the file
   * @param format CSV or JSON lines, in UTF-8
   * @param view which entries
   * @return how many entries were written
   * @throws IOException if the file cannot be written
   */
  public long export(Path target, ExportFormat format, View view) throws IOException {
    Files.createFile(target, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
      return Export.write(this, out, format, view);
    }
  }

  /**
   * Who reports to whom.
   *
   * @return the managers of this directory
   */
  public Managers managers() {
    return new Managers(this);
  }

  /**
   * The change feed after a position, oldest first.
   *
   * @param after the position of the last change seen; 0 for the oldest kept
   * @param oktaId only changes of this user; null for all
   * @param limit how many at most, 1 to 10 000
   * @return the changes
   */
  public List<Change> changes(long after, String oktaId, int limit) {
    byte[] user = oktaId == null ? null : utf8(oktaId);
    return Reply.read(NativeEngine.changes(id(), after, user, limit)).map(Decode::change);
  }

  /**
   * The change feed before a position, newest first.
   *
   * @param before the position of the last change seen; 0 for the newest
   * @param filter which changes
   * @param limit how many at most, 1 to 10 000
   * @return the changes
   */
  public List<Change> changesBefore(long before, ChangeFilter filter, int limit) {
    byte[] user = utf8(filter.oktaId() == null ? "" : filter.oktaId());
    return Reply.read(NativeEngine.changesBefore(
            id(), before, user, filter.run(), filter.sinceMillis(), filter.untilMillis(), limit))
        .map(Decode::change);
  }

  /**
   * Reports of the last runs, newest first.
   *
   * @param before only runs with a smaller number; 0 for the newest
   * @param limit how many at most, 1 to 10 000
   * @return the reports
   */
  public List<SyncReport> runs(long before, int limit) {
    return Reply.read(NativeEngine.runs(id(), before, limit)).map(Decode::syncReport);
  }

  /**
   * What is in the directory and how fresh it is.
   *
   * @return the statistics
   */
  public DirectoryStatistics statistics() {
    return Decode.directoryStatistics(Named.of(Reply.read(NativeEngine.statistics(id()))));
  }

  /**
   * Checks the file and the rules it must keep. Reads everything.
   *
   * @return the findings; empty for a sound directory
   */
  public List<String> checkIntegrity() {
    return Reply.read(NativeEngine.checkIntegrity(id())).map(row -> row.text(Column.VALUE));
  }

  /**
   * Writes a compact copy of the directory, without the credential, while reading and syncing go on.
   *
   * @param target a file that does not exist yet, in a folder that does
   */
  public void backup(Path target) {
    Reply.read(NativeEngine.backup(id(), utf8(target.toString())));
  }

  /**
   * Lines of the engine's log after a position, oldest first. The log is bounded: poll it.
   *
   * @param after the position of the last line seen; 0 for all kept
   * @param limit how many at most
   * @return the lines
   */
  public List<LogLine> log(long after, int limit) {
    return Reply.read(NativeEngine.log(id(), after, limit)).map(Decode::logLine);
  }

  /**
   * The version of the native library.
   *
   * @return such as 0.1.0
   */
  public static String nativeVersion() {
    NativeLibrary.load(null);
    return Named.of(Reply.read(NativeEngine.version())).text("version");
  }

  @Override
  public String toString() {
    return "OktaProfiles[" + (handle.get() == 0 ? "closed" : "open") + "]";
  }

  long id() {
    long open = handle.get();
    if (open == 0) {
      throw new OktaProfilesException(ErrorCode.INVALID_HANDLE, "This directory is closed.", null);
    }
    return open;
  }
}
