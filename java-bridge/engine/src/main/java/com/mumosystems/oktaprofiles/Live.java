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
 * Live: changes reach the directory within seconds, through Okta's events. The setting {@code live} chooses the
 * source of events. Safe from any thread, see {@link OktaProfiles#live}.
 */
public final class Live {
  private final OktaProfiles okta;

  Live(OktaProfiles okta) {
    this.okta = okta;
  }

  /**
   * The status of live. Sends no request.
   *
   * @return where events come from, how old the last ones are, what waits and what was missed
   */
  public LiveStatus status() {
    return Decode.liveStatus(Reply.read(NativeLive.status(okta.id())).row(0));
  }

  /**
   * Handles a request to the address of Okta's event hook. Sends no request, and returns within about half a
   * second, even during a run. A request without the secret changes nothing.
   *
   * @param method such as POST
   * @param headers the headers of the request, at least the secret's and Okta's challenge; a header that came twice
   *     must be in the list twice
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

  /**
   * A line break in a header would separate the header from its value, so it becomes a blank. No server accepts one
   * anyway.
   */
  private static String line(String text) {
    return text == null ? "" : text.replace('\n', ' ');
  }

  /**
   * Reads the users that events name again, and publishes the result. Blocks like a sync. While a sync runs it
   * throws {@link ErrorCode#BUSY}; then nothing is lost.
   *
   * @return the run; empty if nothing is due, or if Okta's rate limit leaves no request for this now. Then no
   *     request was sent, so call it again later.
   */
  public Optional<SyncReport> refresh() {
    List<SyncReport> reports = new ArrayList<>();
    Reply.read(NativeLive.refresh(okta.id())).each(row -> reports.add(Decode.syncReport(row)));
    return reports.stream().findFirst();
  }

  /**
   * Reads the new rows of Okta's System Log, if the setting {@code live} is {@code log}.
   *
   * @return how many events arrived, and when to poll again
   */
  public LogPoll poll() {
    return Decode.logPoll(Reply.read(NativeLive.poll(okta.id())).row(0));
  }

  /**
   * Makes or repairs the event hook in Okta and has Okta verify it. For that Okta sends a challenge to the address,
   * and another thread must answer it with {@link #receive} while this call waits.
   *
   * @param url the public address of the hook, with https
   * @return the status of live afterwards
   */
  public LiveStatus register(String url) {
    return hook(NativeLive.register(okta.id(), Texts.utf8(url)));
  }

  /**
   * Gives the registered hook a new secret, without a gap in deliveries.
   *
   * @return the status of live afterwards
   */
  public LiveStatus rotateSecret() {
    return hook(NativeLive.rotate(okta.id()));
  }

  /**
   * Asks Okta whether the hook still delivers, and repairs it if not.
   *
   * @return the status of live afterwards
   */
  public LiveStatus check() {
    return hook(NativeLive.check(okta.id()));
  }

  /**
   * Has Okta send its challenge to the hook once more, which tests the whole way from Okta to this engine. Another
   * thread must answer it with {@link #receive} while this call waits.
   *
   * @return the status of live afterwards
   */
  public LiveStatus verify() {
    return hook(NativeLive.verify(okta.id()));
  }

  /**
   * Removes the hook from Okta and forgets its secret.
   *
   * @return the status of live afterwards
   */
  public LiveStatus remove() {
    return hook(NativeLive.remove(okta.id()));
  }

  private static LiveStatus hook(byte[] reply) {
    return Decode.liveStatus(Reply.read(reply).row(0));
  }

  /**
   * The secret that deliveries must carry. It is made if there is none. An administrator needs it to make the hook
   * in Okta by hand.
   *
   * @return the secret
   */
  public String secret() {
    return secret(false);
  }

  /**
   * Makes a new secret, for a hook that was made by hand. The old secret is accepted for one more day.
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
   * SHA-256 digests, in hexadecimal digits, of all secrets that a delivery may carry now. A server that limits how
   * many requests reach {@link #receive} can use them to let through the requests with one of these secrets. Sends
   * no request.
   *
   * @return the digests; empty if no secret was made
   */
  public List<String> secretDigests() {
    List<String> digests = new ArrayList<>();
    Reply.read(NativeLive.secretDigests(okta.id())).each(row -> digests.add(row.text(Column.HOOK_SECRET_DIGEST)));
    return digests;
  }

  /**
   * Checks whether Okta could deliver to an address from the internet, as far as the address itself shows it: it
   * must use https, and lead neither to this machine nor into a private network. Sends no request. Registering also
   * accepts an internal address, for tests or for a gateway.
   *
   * @param url the address
   * @throws OktaProfilesException with {@link ErrorCode#INVALID_ARGUMENT}; its message says what is wrong with the
   *     address
   */
  public void checkAddress(String url) {
    Reply.read(NativeLive.checkAddress(okta.id(), Texts.utf8(url)));
  }
}
