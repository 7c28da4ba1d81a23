package com.mumosystems.oktaprofiles;

import static com.mumosystems.oktaprofiles.internal.Texts.utf8;

import com.mumosystems.oktaprofiles.internal.Column;
import com.mumosystems.oktaprofiles.internal.NativeEngine;
import com.mumosystems.oktaprofiles.internal.Page;
import com.mumosystems.oktaprofiles.internal.Reply;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The contents of the directory: entries, changes, runs. Sends no request to Okta. While a run works, it still
 * shows the result of the last complete run. Safe from any thread, see {@link OktaProfiles#directory}.
 */
public final class Directory {
  private static final int PAGE = 1_000;

  private final OktaProfiles okta;

  Directory(OktaProfiles okta) {
    this.okta = okta;
  }

  /**
   * The entry of one user.
   *
   * @param by the kind of key
   * @param value the key
   * @return the entry; empty if no user has this key
   */
  public Optional<DirectoryEntry> find(Lookup by, String value) {
    Page found = Reply.read(NativeEngine.find(okta.id(), by.number, utf8(value)));
    return found.map(Decode::directoryEntry).stream().findFirst();
  }

  /**
   * One page of a view, in a stable order. Begin with {@code after} 0 and go on with the cursor of the last
   * entry; an empty page is the end.
   *
   * @param view which entries
   * @param after the position to continue from
   * @param limit how many at most, 1 to 10 000
   * @return the entries
   */
  public List<DirectoryEntry> list(View view, long after, int limit) {
    return Reply.read(NativeEngine.list(okta.id(), view.number, after, limit)).map(Decode::directoryEntry);
  }

  /**
   * All entries of a view, fetched page by page while they are iterated.
   *
   * @param view which entries
   * @return the entries; each iterator begins again
   */
  public Iterable<DirectoryEntry> entries(View view) {
    return () -> new Entries(after -> list(view, after, PAGE));
  }

  /**
   * The users of a view whose name, login or e-mail begins with a text, or contains it. Upper and lower case are
   * the same.
   *
   * @param view which users; {@link View#ALL} is every present Okta user
   * @param field the field to search
   * @param text the text to search for; {@code field} says whether as the beginning or as a part
   * @param after {@link SearchPage#next} of the page before; null at the beginning
   * @param limit how many at most, 1 to 10 000
   * @return the entries, in the order of the field
   */
  public SearchPage search(View view, SearchField field, String text, String after, int limit) {
    byte[] cursor = utf8(after == null ? "" : after);
    return Pages.found(Reply.read(
        NativeEngine.search(okta.id(), view.number, field.number, utf8(text), cursor, limit)));
  }

  /**
   * The change feed after a position, oldest first.
   *
   * @param after the position of the last change that you have read; 0 begins with the oldest one
   * @param oktaId only changes of this user; null for all
   * @param limit how many at most, 1 to 10 000
   */
  public List<Change> changes(long after, String oktaId, int limit) {
    byte[] user = oktaId == null ? null : utf8(oktaId);
    return Reply.read(NativeEngine.changes(okta.id(), after, user, limit)).map(Decode::change);
  }

  /**
   * The change feed before a position, newest first.
   *
   * @param before the position of the last change that you have read; 0 begins with the newest one
   * @param filter which changes
   * @param limit how many at most, 1 to 10 000
   */
  public List<Change> changesBefore(long before, ChangeFilter filter, int limit) {
    byte[] user = utf8(filter.oktaId() == null ? "" : filter.oktaId());
    return Reply.read(NativeEngine.changesBefore(
            okta.id(), before, user, filter.run(), filter.sinceMillis(), filter.untilMillis(), limit))
        .map(Decode::change);
  }

  /**
   * Reports of the last runs, newest first.
   *
   * @param before only runs with a smaller number; 0 begins with the newest one
   * @param limit how many at most, 1 to 10 000
   */
  public List<SyncReport> runs(long before, int limit) {
    return Reply.read(NativeEngine.runs(okta.id(), before, limit)).map(Decode::syncReport);
  }

  /** How much is in the directory, and how up to date it is. */
  public DirectoryStatistics statistics() {
    return Decode.directoryStatistics(Named.of(Reply.read(NativeEngine.statistics(okta.id()))));
  }

  /**
   * Checks the file and the rules between its rows. Reads everything, which takes seconds for a large directory.
   *
   * @return the problems; empty if the directory is sound
   */
  public List<String> checkIntegrity() {
    return Reply.read(NativeEngine.checkIntegrity(okta.id())).map(row -> row.text(Column.VALUE));
  }

  /**
   * Writes a compact copy of the directory, without the credential. Readers and a sync go on meanwhile.
   *
   * @param target a new file in an existing folder
   */
  public void backup(Path target) {
    Reply.read(NativeEngine.backup(okta.id(), utf8(target.toString())));
  }
}
