package com.mumosystems.oktaprofiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups, schemas, managers, look-ups by attribute and exports, in a real JVM against a real process. */
class GroupsTest {
  private static final Map<String, String> SETTINGS =
      Map.of("retry.base_delay_ms", "5", "groups.sync", "on", "managers.refers_to", "employeeNumber");

  @TempDir Path folder;

  private OktaProfiles synchronizedWith(SimulatedOrg org) {
    OktaProfiles okta = OktaProfiles.open(folder.resolve("directory.db"), SETTINGS);
    okta.connect(org.url(), org.token());
    List<JiraUser> users = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      users.add(new JiraUser("K" + i, "user%06d@example.com".formatted(i), "", "", true));
    }
    okta.matching().replaceJiraUsers(users.iterator(), false);
    SyncReport report = okta.sync(SyncOptions.defaults());
    assertEquals(List.of(), report.warnings());
    assertTrue(report.groups().listed() > 1);
    assertEquals(report, okta.runs(0, 1).get(0));
    Progress progress = okta.progress();
    assertEquals(report.groups().membersRead(), progress.groupsRead());
    assertEquals(progress.groupsToRead(), progress.groupsRead());
    assertEquals(report.groups().memberships(), progress.membershipsRead());
    return okta;
  }

  @Test
  void groupsAndMembersAgreeBothWays() throws IOException {
    try (SimulatedOrg org = SimulatedOrg.start(1_000, "--groups", "25");
        OktaProfiles okta = synchronizedWith(org)) {
      Groups groups = okta.groups();
      List<Group> all = new ArrayList<>();
      String after = null;
      do {
        GroupPage page = groups.list(null, null, after, 10);
        all.addAll(page.groups());
        after = page.next();
      } while (after != null);
      assertEquals(25, all.size());
      assertTrue(groups.list("APP_GROUP", "app-", null, 100).groups().stream().allMatch(g -> g.type().equals("APP_GROUP")));
      assertTrue(groups.get("00gnone").isEmpty());
      for (Group group : all) {
        assertEquals(group, groups.get(group.id()).orElseThrow());
        Set<String> keys = new HashSet<>();
        long members = 0;
        String lastMember = null;
        List<GroupMember> page;
        do {
          page = groups.members(group.id(), lastMember, 200);
          for (GroupMember member : page) {
            members++;
            lastMember = member.oktaId();
            if (member.jiraKey() != null) {
              keys.add(member.jiraKey());
            }
          }
        } while (!page.isEmpty());
        assertEquals(group.memberCount(), members, group.name());
        assertEquals(keys, new HashSet<>(okta.people().usersWhere("group", group.id())), group.name());
        JiraKeyPage matched = groups.matchedMembers(group.id(), null, 10_000);
        assertEquals(keys, new HashSet<>(matched.keys()));
        for (String key : matched.keys().stream().limit(2).toList()) {
          assertTrue(groups.groupsOfJiraUser(key).contains(group), group.name());
          String oktaId = okta.find(Lookup.JIRA_KEY, key).orElseThrow().okta().id();
          assertEquals(groups.groupsOfJiraUser(key), groups.groupsOfOktaUser(oktaId));
        }
      }
      OktaProfilesException missing =
          assertThrows(OktaProfilesException.class, () -> groups.members("00gnone", null, 10));
      assertEquals(ErrorCode.NOT_FOUND, missing.code());
    }
  }

  @Test
  void schemasTitlesAndManagers() throws IOException {
    try (SimulatedOrg org = SimulatedOrg.start(1_000);
        OktaProfiles okta = synchronizedWith(org)) {
      assertEquals(2, okta.schemas().userTypes().size());
      List<Attribute> attributes = okta.schemas().attributes(null);
      assertEquals(attributes, okta.schemas().attributes(okta.schemas().userTypes().get(0).id()));
      Attribute skills = attributes.stream().filter(a -> a.name().equals("skills")).findFirst().orElseThrow();
      assertEquals("Title of skills", skills.title());
      assertEquals("string", skills.itemsType());
      assertEquals("[]", skills.enumValuesJson());
      Attribute fte = attributes.stream().filter(a -> a.name().equals("fte")).findFirst().orElseThrow();
      assertTrue(fte.enumValuesJson().startsWith("[{\"value\":0.01,\"title\":\"0.01\"}"), fte.enumValuesJson());

      List<String> keys = okta.list(View.MATCHED, 0, 50).stream().map(matched -> matched.jira().key()).toList();
      List<Person> people = okta.people().ofJiraUsers(keys);
      assertEquals(keys, people.stream().map(person -> person.entry().jira().key()).toList());
      assertTrue(people.stream().anyMatch(person -> person.manager() != null));
      for (Person person : people) {
        String id = person.entry().okta().id();
        assertEquals(okta.find(Lookup.JIRA_KEY, person.entry().jira().key()).orElseThrow(), person.entry());
        assertEquals(okta.schemas().titledProfile(id), person.attributes());
        assertEquals(okta.managers().managerOf(Lookup.OKTA_ID, id).orElse(null), person.manager());
        assertEquals(okta.groups().groupsOfOktaUser(id), person.groups());
      }
      assertTrue(okta.people().ofJiraUsers(List.of("nobody")).isEmpty());

      List<String> chosen = List.of("skills", "nickName", "no such attribute");
      List<Person> shown = okta.people().ofJiraUsers(keys, chosen);
      assertEquals(people.size(), shown.size());
      for (int i = 0; i < people.size(); i++) {
        List<TitledValue> whole = new ArrayList<>(people.get(i).attributes());
        whole.removeIf(value -> !chosen.contains(value.name()));
        whole.sort(Comparator.comparing(value -> chosen.indexOf(value.name())));
        assertEquals(whole, shown.get(i).attributes());
        assertEquals(people.get(i).entry().okta().displayName(), shown.get(i).entry().okta().displayName());
        assertFalse(shown.get(i).entry().okta().profileJson().contains("mobilePhone"));
      }

      DirectoryEntry entry = okta.entries(View.MATCHED).iterator().next();
      List<TitledValue> titled = okta.schemas().titledProfile(entry.okta().id());
      assertTrue(titled.stream().anyMatch(v -> v.name().equals("login") && v.valueJson().startsWith("\"user")));

      Managers managers = okta.managers();
      int found = 0;
      for (DirectoryEntry user : okta.list(View.ALL, 0, 1_000)) {
        String id = user.okta().id();
        for (DirectoryEntry manager : managers.managerOf(Lookup.OKTA_ID, id).stream().toList()) {
          found++;
          List<DirectoryEntry> reports =
              managers.reportsOf(Lookup.OKTA_ID, manager.okta().id(), 0, 10_000);
          assertTrue(reports.stream().anyMatch(report -> report.okta().id().equals(id)));
          assertEquals(manager, managers.chainOf(Lookup.OKTA_ID, id).get(0));
        }
      }
      assertTrue(found > 0, "nobody has a manager, so nothing was tested");
      assertThrows(OktaProfilesException.class, () -> managers.managerOf(Lookup.JIRA_KEY, "nobody"));
    }
  }

  @Test
  void exportsAreWholeAndPrivate() throws IOException {
    try (SimulatedOrg org = SimulatedOrg.start(1_200);
        OktaProfiles okta = synchronizedWith(org)) {
      ByteArrayOutputStream lines = new ByteArrayOutputStream();
      assertEquals(1_200, okta.export(lines, ExportFormat.JSON_LINES, View.ALL));
      String text = lines.toString(StandardCharsets.UTF_8);
      assertEquals(1_200, text.lines().count());
      assertTrue(text.lines().allMatch(line -> line.startsWith("{\"okta_id\":\"00u")));

      Path file = folder.resolve("export.csv");
      long matched = okta.export(file, ExportFormat.CSV, View.MATCHED);
      assertTrue(matched > 0);
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      String csv = Files.readString(file);
      assertTrue(csv.startsWith("\"okta_id\",\"status\",") && csv.contains(",\"profile.department\""), csv.substring(0, 200));
      assertFalse(csv.lines().anyMatch(line -> line.contains(",=")), "a formula");
      assertThrows(IOException.class, () -> okta.export(file, ExportFormat.CSV, View.MATCHED));
    }
  }

  @Test
  void anExportThatFailsLeavesNoFile() throws IOException {
    OktaProfiles okta = OktaProfiles.open(folder.resolve("closed.db"), Map.of());
    okta.close();
    Path file = folder.resolve("never.csv");
    assertThrows(OktaProfilesException.class, () -> okta.export(file, ExportFormat.CSV, View.MATCHED));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(0, left.filter(path -> path.getFileName().toString().startsWith("never.csv")).count());
    }
  }
}
