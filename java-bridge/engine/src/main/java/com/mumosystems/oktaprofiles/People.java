package com.mumosystems.oktaprofiles;

import static com.mumosystems.oktaprofiles.internal.Texts.utf8;

import com.mumosystems.oktaprofiles.internal.Column;
import com.mumosystems.oktaprofiles.internal.NativePeople;
import com.mumosystems.oktaprofiles.internal.Page;
import com.mumosystems.oktaprofiles.internal.PageWriter;
import com.mumosystems.oktaprofiles.internal.Reply;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Users by attribute, group, manager or status, and their profiles. Sends no request to Okta. Safe from any thread, see
 * {@link OktaProfiles#people}.
 */
public final class People {
  private static final int PAGE = 1_000;

  private final OktaProfiles okta;

  People(OktaProfiles okta) {
    this.okta = okta;
  }

  /**
   * The keys of all Jira users whose Okta user is present and meets a condition. Attributes of the setting {@code
   * attributes.indexed}, groups and managers are found by an index. For other attributes the profiles of the
   * matched users are read.
   *
   * @param name a profile attribute (case matters), or {@code group} (id or name), {@code manager} (Jira key, Okta id,
   *     Jira username, login or e-mail address of the manager), {@code status}; {@code profile.NAME} for an attribute with
   *     one of these names
   * @param value compared without regard to case and outer blanks; a list meets the condition if one of its
   *     elements does
   * @return the keys, each once
   */
  public List<String> usersWhere(String name, String value) {
    return usersWhere(name, value, Integer.MAX_VALUE);
  }

  /**
   * The first of the keys that {@link #usersWhere(String, String)} returns.
   *
   * @param name as in {@link #usersWhere(String, String)}
   * @param value as in {@link #usersWhere(String, String)}
   * @param most the most keys to return
   * @return the keys, each once
   */
  public List<String> usersWhere(String name, String value, int most) {
    List<String> keys = new ArrayList<>();
    String after = "";
    while (after != null && keys.size() < most) {
      int limit = Math.min(PAGE, most - keys.size());
      byte[] reply = NativePeople.usersWhere(okta.id(), utf8(name), utf8(value), utf8(after), limit);
      JiraKeyPage page = Pages.jiraKeys(Reply.read(reply));
      keys.addAll(page.keys());
      after = page.next();
    }
    return keys;
  }

  /**
   * The people of these Jira users, in one native call and read at the same moment: profile with titles, manager,
   * groups.
   *
   * @param jiraKeys their keys, at most 1 000
   * @return those who match an Okta user, in the order of the keys
   */
  public List<Person> ofJiraUsers(Collection<String> jiraKeys) {
    return people(NativePeople.ofJiraUsers(okta.id(), JiraUserPages.keys(jiraKeys)));
  }

  /**
   * The same with chosen attributes only. {@link OktaUser#profileJson} of a person and of the manager then holds nothing but
   * login, email, firstName, lastName and displayName, so what is not shown never leaves the library.
   *
   * @param jiraKeys their keys, at most 1 000
   * @param attributes names of profile attributes, at most 1 000
   * @return those who are tied to an Okta user, in the order of the keys; the attributes in the order in which they were
   *     chosen
   */
  public List<Person> ofJiraUsers(Collection<String> jiraKeys, Collection<String> attributes) {
    byte[] names = PageWriter.texts(Column.ATTRIBUTE_NAME, attributes);
    return people(NativePeople.ofJiraUsersShowing(okta.id(), JiraUserPages.keys(jiraKeys), names));
  }

  private static List<Person> people(byte[] reply) {
    List<Person> people = new ArrayList<>();
    Reply.read(reply).each(row -> take(row, people));
    return people;
  }

  /** A row with a user begins a new person; the rows after it belong to that person. */
  private static void take(Page.Row row, List<Person> people) {
    String kind = row.text(Column.PERSON_ROW);
    if (kind.equals("user")) {
      people.add(new Person(Decode.directoryEntry(row), new ArrayList<>(), null, new ArrayList<>()));
      return;
    }
    Person person = people.get(people.size() - 1);
    switch (kind) {
      case "attribute" -> person.attributes().add(Decode.titledValue(row));
      case "group" -> person.groups().add(Decode.group(row));
      case "manager" -> people.set(people.size() - 1,
          new Person(person.entry(), person.attributes(), Decode.directoryEntry(row), person.groups()));
      default -> { } // A newer library may add further kinds.
    }
  }

  /**
   * Erases a person everywhere in the directory: profile, matches, pins, memberships, changes with their values,
   * and notes of runs. The person is not stored again until {@link #readmit}, even if Okta still lists the person.
   * To erase a person twice is no error. An unfinished run is dropped; while a sync runs this throws {@link
   * ErrorCode#BUSY}. You must delete older backups and exports yourself.
   *
   * @param oktaId Okta's user id; {@link ErrorCode#NOT_FOUND} is thrown if nothing in the directory has the id
   */
  public void erase(String oktaId) {
    Reply.read(NativePeople.eraseUser(okta.id(), utf8(oktaId)));
  }

  /**
   * Allows an erased person to be stored again. The next run reads all users.
   *
   * @param oktaId Okta's user id; {@link ErrorCode#NOT_FOUND} is thrown if nobody with this id was erased
   */
  public void readmit(String oktaId) {
    Reply.read(NativePeople.readmitUser(okta.id(), utf8(oktaId)));
  }
}
