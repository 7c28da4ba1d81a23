package com.mumosystems.oktaprofiles;

import static com.mumosystems.oktaprofiles.internal.Texts.utf8;

import com.mumosystems.oktaprofiles.internal.NativeCluster;
import com.mumosystems.oktaprofiles.internal.Reply;
import java.nio.file.Path;

/**
 * The same directory on several nodes, by files on a folder that all of them share. Safe from any thread, see {@link
 * OktaProfiles#cluster}.
 */
public final class Cluster {
  /** The file of the folder that is replaced when there is something new: its time and size tell. */
  public static final String HEAD = "head.json";
  /** The folder in it with what the event hook delivered to any node; empty when all of it is read and published. */
  public static final String DELIVERIES = "deliveries";

  private final OktaProfiles okta;

  Cluster(OktaProfiles okta) {
    this.okta = okta;
  }

  /**
   * Publishes the rows that changed since the newest state, or every row. Only one node may publish at a time.
   *
   * @param folder which all nodes share; made if it is not there
   * @param note handed to whoever follows
   * @param anew whether nothing of what was published before is left, as when somebody was erased
   * @return what was published
   */
  public Publication publishTo(Path folder, String note, boolean anew) {
    byte[] reply = NativeCluster.publishTo(okta.id(), utf8(folder.toString()), utf8(note), anew ? 1 : 0);
    return Decode.publication(Named.of(Reply.read(reply)));
  }

  /**
   * Brings the directory to the newest state that was published, in one transaction, while reading goes on. What this
   * directory has done by itself since is taken back: matches by hand, Jira users, a run that was cut off.
   *
   * @param folder which all nodes share
   * @return what was done
   */
  public Followed follow(Path folder) {
    return Decode.followed(Named.of(Reply.read(NativeCluster.follow(okta.id(), utf8(folder.toString())))));
  }

  /**
   * Ends this directory's part in a cluster, when its node runs alone from now on: what was delivered to any node and
   * lies on the shared folder is taken in and removed there. Publishing or following begins a part again. Without a part
   * nothing is done.
   */
  public void leave() {
    Reply.read(NativeCluster.leave(okta.id()));
  }
}
