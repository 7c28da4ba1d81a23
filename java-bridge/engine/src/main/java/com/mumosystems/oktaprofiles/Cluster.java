package com.mumosystems.oktaprofiles;

import static com.mumosystems.oktaprofiles.internal.Texts.utf8;

import com.mumosystems.oktaprofiles.internal.NativeCluster;
import com.mumosystems.oktaprofiles.internal.Reply;
import java.nio.file.Path;

/**
 * The same directory on several nodes, through files on a folder that all of them share. Safe from any thread, see
 * {@link OktaProfiles#cluster}.
 */
public final class Cluster {
  /** The file of the folder that changes with every publication; compare its time and size to notice news. */
  public static final String HEAD = "head.json";
  /** The subfolder with deliveries of the event hook; empty when all of them are read and published. */
  public static final String DELIVERIES = "deliveries";
  /** The names of deliveries, as a regular expression. Other files in the subfolder are not deliveries. */
  public static final String DELIVERY = "\\p{XDigit}{32}\\.delivery";

  private final OktaProfiles okta;

  Cluster(OktaProfiles okta) {
    this.okta = okta;
  }

  /**
   * Publishes the rows that changed since the newest state, or every row. Only one node may publish at a time.
   *
   * @param folder the folder that all nodes share; made if it is missing
   * @param note a text that followers get
   * @param anew whether to remove everything that was published before, which is needed after a person was erased
   * @return what was published
   */
  public Publication publishTo(Path folder, String note, boolean anew) {
    byte[] reply = NativeCluster.publishTo(okta.id(), utf8(folder.toString()), utf8(note), anew ? 1 : 0);
    return Decode.publication(Named.of(Reply.read(reply)));
  }

  /**
   * Brings the directory to the newest published state, in one transaction; readers go on meanwhile. Changes that
   * this directory made by itself since its last state are undone: matches by hand, Jira users, an interrupted run.
   *
   * @param folder the folder that all nodes share
   * @return what was done
   */
  public Followed follow(Path folder) {
    return Decode.followed(Named.of(Reply.read(NativeCluster.follow(okta.id(), utf8(folder.toString())))));
  }

  /**
   * Leaves the cluster, for a node that now runs alone. It takes in the deliveries that wait on the shared folder
   * and removes them there. Publishing or following joins a cluster again. Outside a cluster this does nothing.
   */
  public void leave() {
    Reply.read(NativeCluster.leave(okta.id()));
  }
}
