package com.mumosystems.oktaprofiles;

import com.mumosystems.oktaprofiles.internal.Column;
import com.mumosystems.oktaprofiles.internal.NativeExport;
import com.mumosystems.oktaprofiles.internal.Page;
import com.mumosystems.oktaprofiles.internal.PageWriter;
import com.mumosystems.oktaprofiles.internal.Reply;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The directory as text, one page in memory at a time, while reading and syncing go on. Safe from any thread, see
 * {@link OktaProfiles#export()}.
 */
public final class Export {
  private static final int ENTRIES_A_PAGE = 500;

  private final OktaProfiles okta;

  Export(OktaProfiles okta) {
    this.okta = okta;
  }

  /**
   * Writes a view in UTF-8. The stream is not closed.
   *
   * @return how many entries were written
   * @throws IOException if the stream does not take it
   */
  public long write(OutputStream out, ExportFormat format, View view) throws IOException {
    PageWriter names = new PageWriter(Column.ATTRIBUTE_NAME);
    Page attributes = Reply.read(NativeExport.attributes(okta.id(), format.number));
    attributes.map(row -> row.text(Column.ATTRIBUTE_NAME)).forEach(names::text);
    long written = 0;
    Long after = 0L;
    while (after != null) {
      byte[] reply =
          NativeExport.page(okta.id(), view.number, format.number, names.toBytes(), after, ENTRIES_A_PAGE);
      Page page = Reply.read(reply);
      for (String text : page.map(row -> row.text(Column.EXPORT_TEXT))) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
      written += page.map(row -> row.number(Column.EXPORT_ENTRIES)).get(0);
      after = page.map(row -> row.numberOrNull(Column.EXPORT_NEXT)).get(0);
    }
    return written;
  }

  /**
   * The same into a new file that only its owner may read.
   *
   * @param target must not exist yet
   * @return how many entries were written
   * @throws IOException if the file cannot be written
   */
  public long write(Path target, ExportFormat format, View view) throws IOException {
    Files.createFile(target, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
      return write(out, format, view);
    }
  }
}
