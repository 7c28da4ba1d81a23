package com.mumosystems.oktaprofiles;

import static com.mumosystems.oktaprofiles.internal.Texts.utf8;

import com.mumosystems.oktaprofiles.internal.Column;
import com.mumosystems.oktaprofiles.internal.NativeEngine;
import com.mumosystems.oktaprofiles.internal.NativeLibrary;
import com.mumosystems.oktaprofiles.internal.Page;
import com.mumosystems.oktaprofiles.internal.PageWriter;
import com.mumosystems.oktaprofiles.internal.Reply;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An open directory of Okta users and, once connected, the connection to its Okta org.
 *
 * <p>Every method may be called from any thread, and calls may overlap; only one sync runs at a time. A call blocks
 * its thread: the native library has no thread of its own between calls and never calls back. Every method throws
 * {@link OktaProfilesException}; after {@link #close} its code is {@link ErrorCode#INVALID_HANDLE}.
 *
 * <p>Close it. An engine without {@link #close} keeps its directory locked until the JVM ends. There is no cleaner
 * on purpose, because the thread of a cleaner would keep the class loader of a plugin alive.
 *
 * <p>The calls are grouped by subject: {@link #credentials}, {@link #matching}, {@link #directory}, {@link #people}
 * and the other methods like these return a view of this engine. A view is cheap; you may keep it or get a new one
 * for each call.
 */
public final class OktaProfiles implements AutoCloseable {
  /** The native handle; 0 once closed. */
  private final AtomicLong handle;
  private final OpenReport opened;

  private OktaProfiles(long handle, OpenReport opened) {
    this.handle = new AtomicLong(handle);
    this.opened = opened;
  }

  /**
   * Opens a directory file; the file and its folder are made if they are missing. The file must be on a local disk
   * and can be open in one engine only. The native library is loaded on first use.
   *
   * @param directory the file
   * @param settings settings by key, see {@link SettingKey}
   * @return the open engine
   */
  public static OktaProfiles open(Path directory, Map<String, String> settings) {
    return open(directory, settings, null);
  }

  /**
   * Opens a directory file and unpacks the native library to a folder of the host's choice.
   *
   * @param directory the file
   * @param settings settings by key
   * @param nativeFolder folder for the native library; it must allow execution; null for the JVM's temporary folder
   * @return the open engine
   */
  public static OktaProfiles open(Path directory, Map<String, String> settings, Path nativeFolder) {
    return open(directory, settings, nativeFolder, null);
  }

  /**
   * Opens a directory file with an encryption key that the host keeps, instead of the key file. With a wrong key
   * the directory can still be read, but calls that need the credential throw {@link ErrorCode#SEALING_KEY_WRONG}
   * until it is connected again.
   *
   * @param directory the file
   * @param settings settings by key, see {@link SettingKey}
   * @param nativeFolder folder for the native library; null for the JVM's temporary folder
   * @param sealingKey 32 random bytes; Java keeps no copy of them; null for the key file
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
   * What opening did. If the directory was damaged, it was moved aside and a new one was made, which the next sync
   * fills.
   */
  public OpenReport opened() {
    return opened;
  }

  /** Cancels the running calls, waits for them and closes every file. Closing again does nothing. */
  @Override
  public void close() {
    long open = handle.getAndSet(0);
    if (open != 0) {
      Reply.read(NativeEngine.close(open));
    }
  }

  /** Changes a setting for the calls that begin from now on, until the engine is closed. */
  public void set(String key, String value) {
    Reply.read(NativeEngine.set(id(), utf8(key), utf8(value)));
  }

  /**
   * The value of a setting.
   *
   * @return the value
   */
  public String setting(String key) {
    return Named.of(Reply.read(NativeEngine.setting(id(), utf8(key)))).text(key);
  }

  /**
   * Checks org, credential and every capability. A refused credential is a result and not an exception. Takes
   * seconds, in the worst case about a minute.
   */
  public ValidationReport validate() {
    return Decode.validationReport(Reply.read(NativeEngine.validate(id())));
  }

  /**
   * Brings the directory up to date with the org, or resumes an unfinished run. Blocks until the run ends. If it
   * throws, readers see the directory as it was before.
   *
   * @param options the mode of the run and what the caller confirms
   * @return the report of the complete run
   */
  public SyncReport sync(SyncOptions options) {
    return Reply.read(NativeEngine.sync(id(), options.flags())).map(Decode::syncReport).get(0);
  }

  /**
   * The progress of the running sync; if none runs, the figures of the last one. Never blocks.
   *
   * @return the figures
   */
  public Progress progress() {
    return Reply.read(NativeEngine.progress(id())).map(Decode::progress).get(0);
  }

  /** Cancels the calls that run now; they throw {@link ErrorCode#CANCELLED}. A cancelled sync can be resumed. */
  public void cancel() {
    Reply.read(NativeEngine.cancel(id()));
  }

  /**
   * Lines of the engine's log after a position, oldest first. The log keeps a limited number of lines, so poll it.
   *
   * @param after the position of the last line that you have read; 0 for all kept lines
   * @param limit how many at most
   */
  public List<LogLine> log(long after, int limit) {
    return Reply.read(NativeEngine.log(id(), after, limit)).map(Decode::logLine);
  }

  /**
   * Live: changes through Okta's events, from deliveries of its event hook or from its System Log.
   *
   * @return the live calls of this engine
   */
  public Live live() {
    return new Live(this);
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

  /** The settings that the directory keeps. */
  public KeptSettings settings() {
    return new KeptSettings(this);
  }

  /** Connecting, sign-ins with Okta, tokens and keys. */
  public Credentials credentials() {
    return new Credentials(this::id);
  }

  /**
   * The calls for running the same directory on several nodes.
   *
   * @return publishing and following
   */
  public Cluster cluster() {
    return new Cluster(this);
  }

  /** Jira users and the Okta users that they match: hand-over, rules, pins. */
  public Matching matching() {
    return new Matching(this);
  }

  /** The contents of the directory: entries, changes, runs. */
  public Directory directory() {
    return new Directory(this);
  }

  /** Users by attribute, group, manager or status, and their profiles. */
  public People people() {
    return new People(this);
  }

  /** Who reports to whom. */
  public Managers managers() {
    return new Managers(this);
  }

  /** Okta groups and who is in them. */
  public Groups groups() {
    return new Groups(this);
  }

  /** User types and the attributes of their profiles. */
  public Schemas schemas() {
    return new Schemas(this);
  }

  /** What a sync would do and cost: dry runs and budgets. */
  public Planning planning() {
    return new Planning(this);
  }

  /** Exports the directory as text. */
  public Export export() {
    return new Export(this);
  }

  /** The same as {@link Credentials#connect}. */
  public void connect(String orgUrl, char[] apiToken) {
    credentials().connect(orgUrl, apiToken);
  }

  /** What a full run would cost, see {@link Planning#syncBudget}. */
  public SyncBudget syncBudget() {
    return planning().syncBudget(SyncMode.FULL);
  }

  /** The same as {@link Directory#find}. */
  public Optional<DirectoryEntry> find(Lookup by, String value) {
    return directory().find(by, value);
  }

  /** The same as {@link Directory#list}. */
  public List<DirectoryEntry> list(View view, long after, int limit) {
    return directory().list(view, after, limit);
  }

  /** The same as {@link Directory#entries}. */
  public Iterable<DirectoryEntry> entries(View view) {
    return directory().entries(view);
  }

  /** The same as {@link Directory#search}. */
  public SearchPage search(View view, SearchField field, String text, String after, int limit) {
    return directory().search(view, field, text, after, limit);
  }

  /** The same as {@link Directory#changes}. */
  public List<Change> changes(long after, String oktaId, int limit) {
    return directory().changes(after, oktaId, limit);
  }

  /** The same as {@link Directory#changesBefore}. */
  public List<Change> changesBefore(long before, ChangeFilter filter, int limit) {
    return directory().changesBefore(before, filter, limit);
  }

  /** The same as {@link Directory#runs}. */
  public List<SyncReport> runs(long before, int limit) {
    return directory().runs(before, limit);
  }

  /** The same as {@link Directory#statistics}. */
  public DirectoryStatistics statistics() {
    return directory().statistics();
  }

  /** The same as {@link Directory#checkIntegrity}. */
  public List<String> checkIntegrity() {
    return directory().checkIntegrity();
  }

  /** The same as {@link Directory#backup}. */
  public void backup(Path target) {
    directory().backup(target);
  }

  /** The same as {@link Export#write(OutputStream, ExportFormat, View)}. */
  public long export(OutputStream out, ExportFormat format, View view) throws IOException {
    return export().write(out, format, view);
  }

  /** The same as {@link Export#write(Path, ExportFormat, View)}. */
  public long export(Path target, ExportFormat format, View view) throws IOException {
    return export().write(target, format, view);
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
