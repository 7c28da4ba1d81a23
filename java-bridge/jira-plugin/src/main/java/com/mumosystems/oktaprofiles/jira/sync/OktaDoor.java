package com.mumosystems.oktaprofiles.jira.sync;

import com.mumosystems.oktaprofiles.OktaProfiles;
import com.mumosystems.oktaprofiles.jira.host.Host;
import com.mumosystems.oktaprofiles.jira.node.ClusterLocks;
import com.mumosystems.oktaprofiles.jira.node.NodeDirectory;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * All calls of the cluster to Okta go through this door, one at a time. A call may renew the credential. If Okta
 * rotates it, the earlier credential becomes invalid, so two nodes that renew at the same time would end the
 * sign-in.
 */
public final class OktaDoor {
  private static final String LOCK = "com.mumosystems.okta-profiles.sync";
  /** How long a call of the page waits for another page's call. A run takes longer, so nobody waits for a run. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Host host;
  private final NodeDirectory directory;
  private final RunBoard board;

  /**
   * Opens nothing yet.
   *
   * @param host the services of Jira
   * @param board where runs are announced
   */
  public OktaDoor(Host host, NodeDirectory directory, RunBoard board) {
    this.host = host;
    this.directory = directory;
    this.board = board;
  }

  /**
   * Makes one call that sends requests to Okta, or that replaces the credential.
   *
   * @param <T> the type of the result
   * @return the result of the call
   * @throws com.mumosystems.oktaprofiles.OktaProfilesException with BUSY if another call or a run is active
   */
  public <T> T ask(Function<OktaProfiles, T> call) {
    return hold(() -> directory.use(call));
  }

  /** Runs work while no other thread of the cluster calls Okta. */
  <T> T hold(Supplier<T> work) {
    Duration patience = run().isPresent() ? Duration.ZERO : PATIENCE;
    return ClusterLocks.hold(host, LOCK, patience, this::whoIsBusy, work);
  }

  private Optional<RunBoard.Notice> run() {
    return board.read().filter(RunBoard.Notice::running).filter(board::isFresh);
  }

  private String whoIsBusy() {
    return run()
        .map(notice -> "A synchronization is running on node " + notice.node()
            + ". Stop it or wait for its end, then try again.")
        .orElse("The connection to Okta is being used by another page or node; try again in a moment.");
  }
}
