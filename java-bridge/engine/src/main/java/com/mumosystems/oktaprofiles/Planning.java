package com.mumosystems.oktaprofiles;

import com.mumosystems.oktaprofiles.internal.Column;
import com.mumosystems.oktaprofiles.internal.NativePlanning;
import com.mumosystems.oktaprofiles.internal.Page;
import com.mumosystems.oktaprofiles.internal.Reply;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * What a sync would do and cost, before it runs. Both calls need the network and change nothing. Safe from any
 * thread, see {@link OktaProfiles#planning}.
 */
public final class Planning {
  private final OktaProfiles okta;

  Planning(OktaProfiles okta) {
    this.okta = okta;
  }

  /**
   * Does what {@link OktaProfiles#sync} would do, without any effect, and shows the result. The run works on a copy
   * of the directory, which is removed at the end. Nothing is recorded, and an unfinished run stays as it is. It
   * needs as much free disk space as the directory takes. It blocks like a sync; {@link OktaProfiles#progress} and
   * {@link OktaProfiles#cancel} work on it.
   *
   * @param options as for a sync
   * @param samples the most changes in the result, 0 to 1000
   * @return what the run would have done; a refusal by its guard is a result too
   */
  public DryRun dryRun(SyncOptions options, int samples) {
    Page page = Reply.read(NativePlanning.dryRun(okta.id(), options.flags(), samples));
    List<SyncReport> reports = new ArrayList<>();
    Named fields = new Named();
    Named handOver = new Named();
    List<Change> changes = new ArrayList<>();
    page.each(
        row -> {
          switch (row.text(Column.DRY_RUN_ROW)) {
            case "run" -> reports.add(Decode.syncReport(row));
            case "field" -> fields.add(row);
            case "jira_users" -> handOver.add(row);
            case "change" -> changes.add(Decode.change(row));
            default -> { } // A newer library may add further kinds.
          }
        });
    JiraUserCounts jiraUsers = handOver.isEmpty() ? null : Decode.jiraUserCounts(handOver);
    return new DryRun(reports.get(0), fields.numbers(), changes, jiraUsers);
  }

  /**
   * A dry run that shows who would match these Jira users. The Jira users in the directory stay. Do not call it
   * while {@link Matching#replaceJiraUsers} runs.
   *
   * @param options as for a sync
   * @param samples the most changes in the result, 0 to 1000
   * @param users all users of Jira, read in batches; an empty iterator means the Jira users of the directory
   * @return what the run would have done; a refusal by its guard is a result too
   */
  public DryRun dryRun(SyncOptions options, int samples, Iterator<JiraUser> users) {
    try (HandOver handOver = new HandOver(okta.matching())) {
      handOver.take(users);
      return dryRun(options, samples);
    }
  }

  /** A hand-over of users for one dry run only; closing it drops them. */
  private record HandOver(Matching matching) implements AutoCloseable {
    void take(Iterator<JiraUser> users) {
      matching.handOver(users);
    }

    @Override
    public void close() {
      matching.handOver(Collections.emptyIterator());
    }
  }

  /**
   * What a sync would cost under the present limits, for each bucket of Okta's rate limits. Sends one request; two
   * before the first run or if groups are read; and one more for the org's id if no full run has read it.
   */
  public SyncBudget syncBudget(SyncMode mode) {
    return Decode.syncBudget(Reply.read(NativePlanning.syncBudget(okta.id(), SyncOptions.of(mode).flags())));
  }
}
