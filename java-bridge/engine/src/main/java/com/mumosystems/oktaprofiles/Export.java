package com.mumosystems.oktaprofiles;

import static com.mumosystems.oktaprofiles.internal.Texts.utf8;

import com.mumosystems.oktaprofiles.internal.Column;
import com.mumosystems.oktaprofiles.internal.NativeExport;
import com.mumosystems.oktaprofiles.internal.Page;
import com.mumosystems.oktaprofiles.internal.PageWriter;
import com.mumosystems.oktaprofiles.internal.Reply;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/**
 * Exports the directory as text, with one page in memory at a time. Readers and a sync go on meanwhile. Safe from
 * any thread, see {@link OktaProfiles#export()}.
 */
public final class Export {
  private static final int ENTRIES_A_PAGE = 500;

  private final OktaProfiles okta;

  Export(OktaProfiles okta) {
    this.okta = okta;
  }

  /**
   * Writes a view in UTF-8. The stream stays open.
   *
   * @return how many entries were written
   * @throws IOException if the stream cannot be written
   */
  public long write(OutputStream out, ExportFormat format, View view) throws IOException {
    byte[] names = attributes(format);
    long written = 0;
    Long after = 0L;
    while (after != null) {
      byte[] reply = NativeExport.page(okta.id(), view.number, format.number, names, after, ENTRIES_A_PAGE);
      Page page = Reply.read(reply);
      written += write(out, page);
      after = page.map(row -> row.numberOrNull(Column.EXPORT_NEXT)).get(0);
    }
    return written;
  }

  /**
   * Writes the entries that {@link OktaProfiles#search} finds, in its order. The stream stays open.
   *
   * @param field the field to search
   * @param text the text to search for
   * @return how many entries were written
   * @throws IOException if the stream cannot be written
   */
  public long write(OutputStream out, ExportFormat format, View view, SearchField field, String text)
      throws IOException {
    byte[] names = attributes(format);
    byte[] sought = utf8(text);
    long written = 0;
    String after = "";
    while (after != null) {
      byte[] reply = NativeExport.found(
          okta.id(), view.number, field.number, sought, format.number, names, utf8(after), ENTRIES_A_PAGE);
      Page page = Reply.read(reply);
      written += write(out, page);
      after = page.map(row -> row.text(Column.SEARCH_CURSOR)).get(0);
    }
    return written;
  }

  /** The attributes that get a column, in the form that the engine reads. */
  private byte[] attributes(ExportFormat format) {
    Page attributes = Reply.read(NativeExport.attributes(okta.id(), format.number));
    return PageWriter.texts(Column.ATTRIBUTE_NAME, attributes.map(row -> row.text(Column.ATTRIBUTE_NAME)));
  }

  private static long write(OutputStream out, Page page) throws IOException {
    for (String text : page.map(row -> row.text(Column.EXPORT_TEXT))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return page.map(row -> row.number(Column.EXPORT_ENTRIES)).get(0);
  }

  /**
   * Writes a view to a new file that only its owner may read. The file appears when it is complete; if the export fails,
   * there is none.
   *
   * @param target a file that does not exist yet
   * @return how many entries were written
   * @throws IOException if the file cannot be written
   */
  public long write(Path target, ExportFormat format, View view) throws IOException {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    Path part = target.resolveSibling(target.getFileName() + ".part-" + UUID.randomUUID());
    Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      long written = writePart(part, format, view);
      Files.move(part, target);
      return written;
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private long writePart(Path part, ExportFormat format, View view) throws IOException {
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
      long written = write(out, format, view);
      out.flush();
      channel.force(true);
      return written;
    }
  }
}
