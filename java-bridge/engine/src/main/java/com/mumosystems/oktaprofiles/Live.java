package com.mumosystems.oktaprofiles;

import com.mumosystems.oktaprofiles.internal.Column;
import com.mumosystems.oktaprofiles.internal.NativeLive;
import com.mumosystems.oktaprofiles.internal.Page;
import com.mumosystems.oktaprofiles.internal.Reply;
import com.mumosystems.oktaprofiles.internal.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Live: changes arrive in the directory within seconds, by Okta's events. The setting {@code live} chooses where events
 * come from. Safe from any thread, see {@link OktaProfiles#live}.
 */
public final class Live {
  private final OktaProfiles okta;

  Live(OktaProfiles okta) {
    this.okta = okta;
  }

  /**
   * The status of live. Sends no request.
   *
   * @return where events come from, how far behind it is, what waits and what was missed
   */
  public LiveStatus status() {
    return Decode.liveStatus(Reply.read(NativeLive.status(okta.id())).row(0));
  }

  /**
   * Takes a request that came to the address of Okta's event hook. Sends no request, and returns within about half a
   * second, also during a run. A request without the secret changes nothing.
   *
   * @param method such as POST
   * @param headers the headers of the request, at least the secret's and Okta's challenge; a header that came twice must
   *     be there twice
   * @param body the body; one of more than 4 MiB is refused
   * @return the answer to send
   */
  public HookAnswer receive(String method, List<Map.Entry<String, String>> headers, byte[] body) {
    StringBuilder lines = new StringBuilder();
    for (Map.Entry<String, String> header : headers) {
      lines.append(line(header.getKey())).append('\n').append(line(header.getValue())).append('\n');
    }
    byte[] reply =
        NativeLive.receive(okta.id(), Texts.utf8(method), Texts.utf8(lines.toString()), body);
    return Decode.hookAnswer(Reply.read(reply).row(0));
  }

  /** A header with a line break would shift all headers after it. No server lets one through. */
  private static String line(String text) {
    return text == null ? "" : text.replace('\n', ' ');
  }

  /**
   * Reads again what events name, and publishes it. Blocks like a sync; while a sync runs it throws {@link
   * ErrorCode#BUSY}, which loses nothing.
   *
   * @return the run; empty if there is nothing to do, or if Okta's rate limit has no request to spare now: then no
   *     request was sent, so call it again in a while
   */
  public Optional<SyncReport> refresh() {
    List<SyncReport> reports = new ArrayList<>();
    Reply.read(NativeLive.refresh(okta.id())).each(row -> reports.add(Decode.syncReport(row)));
    return reports.stream().findFirst();
  }

  /**
   * Reads the new rows of Okta's System Log, if the setting {@code live} is {@code log}.
   *
   * @return how many events came, and when to poll again
   */
  public LogPoll poll() {
    return Decode.logPoll(Reply.read(NativeLive.poll(okta.id())).row(0));
  }

  /**
   * Makes the event hook in Okta, or repairs it, and has Okta verify it: Okta sends a challenge to the address, which
   * another thread must answer with {@link #receive} meanwhile.
   *
   * @param url the public address of the hook, with https
   * @return how live works then
   */
  public LiveStatus register(String url) {
    return hook(NativeLive.register(okta.id(), Texts.utf8(url)));
  }

  /**
   * Gives the registered hook a new secret, without a gap in deliveries.
   *
   * @return how live works then
   */
  public LiveStatus rotateSecret() {
    return hook(NativeLive.rotate(okta.id()));
  }

  /**
   * Asks Okta whether the hook still delivers, and repairs it if not.
   *
   * @return how live works then
   */
  public LiveStatus check() {
    return hook(NativeLive.check(okta.id()));
  }

  /**
   * Has Okta send its challenge to the hook once more, which tests the whole way from Okta to here. Another thread must
   * answer it with {@link #receive} meanwhile.
   *
   * @return how live works then
   */
  public LiveStatus verify() {
    return hook(NativeLive.verify(okta.id()));
  }

  /**
   * Removes the hook from Okta and forgets its secret.
   *
   * @return how live works then
   */
  public LiveStatus remove() {
    return hook(NativeLive.remove(okta.id()));
  }

  private static LiveStatus hook(byte[] reply) {
    return Decode.liveStatus(Reply.read(reply).row(0));
  }

  /**
   * The secret that deliveries must carry, for an administrator who makes the hook in Okta by hand. Made if there is
   * none.
   *
   * @return the secret
   */
  public String secret() {
    return secret(false);
  }

  /**
   * Makes a new secret for a hook that was made by hand; the old one is accepted for one more day.
   *
   * @return the secret
   */
  public String renewSecret() {
    return secret(true);
  }

  private String secret(boolean renew) {
    Page page = Reply.read(NativeLive.secret(okta.id(), renew));
    return page.row(0).text(Column.HOOK_SECRET);
  }

  /**
   * SHA-256 digests of all secrets that a delivery may carry now, in hexadecimal digits. A server that limits how many
   * requests it hands to {@link #receive} can let through those with one of these secrets. Sends no request.
   *
   * @return the digests, none if no secret was made
   */
  public List<String> secretDigests() {
    List<String> digests = new ArrayList<>();
    Reply.read(NativeLive.secretDigests(okta.id())).each(row -> digests.add(row.text(Column.HOOK_SECRET_DIGEST)));
    return digests;
  }

  /**
   * Checks whether Okta could deliver to an address from the internet, as far as the address itself shows: it must be
   * https, and neither this machine nor a private network. Sends no request. Registering accepts an internal address, for
   * tests or for a gateway.
   *
   * @param url the address
   * @throws OktaProfilesException with {@link ErrorCode#INVALID_ARGUMENT}, whose message says why not
   */
  public void checkAddress(String url) {
    Reply.read(NativeLive.checkAddress(okta.id(), Texts.utf8(url)));
  }
}
