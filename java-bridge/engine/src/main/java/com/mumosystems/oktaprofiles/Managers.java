package com.mumosystems.oktaprofiles;

import static com.mumosystems.oktaprofiles.internal.Texts.utf8;

import com.mumosystems.oktaprofiles.internal.NativePeople;
import com.mumosystems.oktaprofiles.internal.Reply;
import java.util.List;
import java.util.Optional;

/**
 * Who reports to whom, by the settings {@code managers.attribute} and {@code managers.refers_to}. A value that
 * nobody here, or more than one user, answers to names no manager; circles do no harm. Every method throws
 * {@link ErrorCode#NOT_FOUND} if nobody answers to the look-up. Safe from any thread, see {@link
 * OktaProfiles#managers}.
 */
public final class Managers {
  private final OktaProfiles okta;

  Managers(OktaProfiles okta) {
    this.okta = okta;
  }

  /**
   * The manager of a user.
   *
   * @param by by what to look for the user
   * @param value the value to look for
   * @return the manager, if it has one here
   */
  public Optional<DirectoryEntry> managerOf(Lookup by, String value) {
    byte[] reply = NativePeople.managerOf(okta.id(), by.number, utf8(value));
    return Reply.read(reply).map(Decode::directoryEntry).stream().findFirst();
  }

  /**
   * The users who report to a user. An empty list is the end.
   *
   * @param by by what to look for the user
   * @param value the value to look for
   * @param after {@link DirectoryEntry#cursor} of the last one; 0 at the beginning
   * @param limit how many at most, 1 to 10 000
   * @return those who report to it
   */
  public List<DirectoryEntry> reportsOf(Lookup by, String value, long after, int limit) {
    byte[] reply = NativePeople.reportsOf(okta.id(), by.number, utf8(value), after, limit);
    return Reply.read(reply).map(Decode::directoryEntry);
  }

  /**
   * The managers of a user, the nearest first. A circle ends before anybody comes twice.
   *
   * @param by by what to look for the user
   * @param value the value to look for
   * @return its manager, that one's manager, and so on
   */
  public List<DirectoryEntry> chainOf(Lookup by, String value) {
    return Reply.read(NativePeople.chainOf(okta.id(), by.number, utf8(value))).map(Decode::directoryEntry);
  }
}
