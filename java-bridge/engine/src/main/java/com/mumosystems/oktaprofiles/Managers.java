package com.mumosystems.oktaprofiles;

import static com.mumosystems.oktaprofiles.internal.Texts.utf8;

import com.mumosystems.oktaprofiles.internal.NativePeople;
import com.mumosystems.oktaprofiles.internal.Reply;
import java.util.List;
import java.util.Optional;

/**
 * Who reports to whom, by the settings {@code managers.attribute} and {@code managers.refers_to}. A value that fits
 * no user, or more than one, names no manager. Circles of managers do no harm. Every method throws {@link
 * ErrorCode#NOT_FOUND} if no user has the key. Safe from any thread, see {@link OktaProfiles#managers}.
 */
public final class Managers {
  private final OktaProfiles okta;

  Managers(OktaProfiles okta) {
    this.okta = okta;
  }

  /**
   * The manager of a user.
   *
   * @param by the kind of key
   * @param value the key
   * @return the manager; empty if there is none in the directory
   */
  public Optional<DirectoryEntry> managerOf(Lookup by, String value) {
    byte[] reply = NativePeople.managerOf(okta.id(), by.number, utf8(value));
    return Reply.read(reply).map(Decode::directoryEntry).stream().findFirst();
  }

  /**
   * The users who report to a user. An empty list is the end.
   *
   * @param by the kind of key
   * @param value the key
   * @param after {@link DirectoryEntry#cursor} of the last entry; 0 at the beginning
   * @param limit how many at most, 1 to 10 000
   * @return the users who report to the user
   */
  public List<DirectoryEntry> reportsOf(Lookup by, String value, long after, int limit) {
    byte[] reply = NativePeople.reportsOf(okta.id(), by.number, utf8(value), after, limit);
    return Reply.read(reply).map(Decode::directoryEntry);
  }

  /**
   * The managers of a user, the nearest first. If they form a circle, the list ends before a user would repeat.
   *
   * @param by the kind of key
   * @param value the key
   * @return the manager, the manager of that manager, and so on
   */
  public List<DirectoryEntry> chainOf(Lookup by, String value) {
    return Reply.read(NativePeople.chainOf(okta.id(), by.number, utf8(value))).map(Decode::directoryEntry);
  }
}
