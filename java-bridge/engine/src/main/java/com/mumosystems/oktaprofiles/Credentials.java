package com.mumosystems.oktaprofiles;

import com.mumosystems.oktaprofiles.internal.Flags;
import com.mumosystems.oktaprofiles.internal.NativeCredentials;
import com.mumosystems.oktaprofiles.internal.Page;
import com.mumosystems.oktaprofiles.internal.Reply;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Connects an {@link OktaProfiles} to its Okta org: by an API token, by a sign-in with Okta, or as a service app.
 * Secrets are encrypted and stored in the directory, so an engine that opens the directory later is connected.
 *
 * <p>Every method may be called from any thread and throws {@link OktaProfilesException}. The engine does not keep
 * arrays with secrets, so you may wipe them after the call.
 */
public final class Credentials {

  private final LongSupplier handle;

  Credentials(LongSupplier handle) {
    this.handle = handle;
  }

  /**
   * Connects with an API token. If the token replaces another credential, Okta must first accept it; otherwise the
   * other credential stays in force. The first credential is stored without a request to Okta.
   *
   * @param orgUrl the pasted Okta URL; an issuer URI, the address of the admin console, or an address without
   *     scheme will do
   * @param apiToken the API token
   */
  public void connect(String orgUrl, char[] apiToken) {
    connect(orgUrl, apiToken, Trial.WHEN_REPLACING);
  }

  /**
   * Connects with an API token.
   *
   * @param orgUrl the pasted Okta URL; an issuer URI, the address of the admin console, or an address without
   *     scheme will do
   * @param apiToken the API token
   * @param trial when the token is tried before it is stored
   */
  public void connect(String orgUrl, char[] apiToken, Trial trial) {
    wiped(apiToken, token -> NativeCredentials.connect(id(), utf8(orgUrl), token, trial.flag()));
  }

  /**
   * Connects with a service app (Okta: API Services, public key / private key). The key is checked. If the app
   * replaces another credential, Okta must first accept it; otherwise the other credential stays in force.
   *
   * @param orgUrl the pasted Okta URL
   * @param privateKeyPem RSA of at least 2048 bits or EC on P-256, PEM, not encrypted
   * @param keyId the id of the public key in Okta; null or empty if the app has only one
   * @param dpop whether to bind the tokens to a key; if the app requires it, they are bound in any case
   */
  public void connectServiceApp(
      String orgUrl, String clientId, char[] privateKeyPem, String keyId, boolean dpop) {
    connectServiceApp(orgUrl, clientId, privateKeyPem, keyId, dpop, Trial.WHEN_REPLACING);
  }

  /**
   * Connects with a service app (Okta: API Services, public key / private key).
   *
   * @param orgUrl the pasted Okta URL
   * @param privateKeyPem RSA of at least 2048 bits or EC on P-256, PEM, not encrypted; null for the last key of
   *     {@link #makeServiceKey}, or else the key that is stored for this same app
   * @param keyId the id of the public key in Okta; null or empty if the app has only one
   * @param dpop whether to bind the tokens to a key; if the app requires it, they are bound in any case
   * @param trial when the app is tried before it is stored
   */
  public void connectServiceApp(
      String orgUrl, String clientId, char[] privateKeyPem, String keyId, boolean dpop, Trial trial) {
    byte[] kid = utf8(keyId == null ? "" : keyId);
    int flags = (dpop ? Flags.CONNECT_DPOP : 0) | kept(privateKeyPem) | trial.flag();
    wiped(
        privateKeyPem,
        key -> NativeCredentials.connectServiceApp(id(), utf8(orgUrl), utf8(clientId), key, kid, flags));
  }

  /** The flag for the stored secret or key; 0 if a secret is given. */
  private static int kept(char[] secret) {
    return secret == null ? Flags.CONNECT_STORED_SECRET : 0;
  }

  /**
   * Validates an API token without storing it. The credential in force stays, whatever the report says.
   *
   * @param orgUrl the pasted Okta URL
   * @param apiToken the API token
   * @return the report, see {@link OktaProfiles#validate}
   */
  public ValidationReport validateToken(String orgUrl, char[] apiToken) {
    return report(wiped(apiToken, token -> NativeCredentials.validateToken(id(), utf8(orgUrl), token)));
  }

  /**
   * Validates a service app without storing it. The app gets an access token, which is dropped afterwards.
   *
   * @param orgUrl the pasted Okta URL
   * @param privateKeyPem PEM, not encrypted; null as for {@link #connectServiceApp(String, String, char[], String,
   *     boolean, Trial)}
   * @param keyId the id of the public key in Okta; null or empty if the app has only one
   * @return the report, see {@link OktaProfiles#validate}
   */
  public ValidationReport validateServiceApp(String orgUrl, String clientId, char[] privateKeyPem, String keyId) {
    byte[] kid = utf8(keyId == null ? "" : keyId);
    int flags = kept(privateKeyPem);
    return report(wiped(
        privateKeyPem,
        key -> NativeCredentials.validateServiceApp(id(), utf8(orgUrl), utf8(clientId), key, kid, flags)));
  }

  /**
   * Validates an app before anybody has signed in with it: whether the host is an Okta org, and whether the org
   * accepts client id and secret. What the app may do shows only after a sign-in, so the other checks are not made.
   *
   * @param orgUrl the pasted Okta URL
   * @param clientSecret the client secret; null for the secret that is stored for this same app
   * @return the report; never {@code usable}
   */
  public ValidationReport validateClient(String orgUrl, String clientId, char[] clientSecret) {
    int flags = kept(clientSecret);
    return report(wiped(
        clientSecret,
        secret -> NativeCredentials.validateClient(id(), utf8(orgUrl), utf8(clientId), secret, flags)));
  }

  /**
   * Makes a key for a service app. Its private part stays in memory until the app is connected with it, another key
   * is made, or the engine is closed. No method returns the private part.
   *
   * @return the public part as a JWK, which must be added to the app in Okta
   */
  public String makeServiceKey() {
    return Named.of(Reply.read(NativeCredentials.makeServiceKey(id()))).text("jwk");
  }

  /**
   * The public part of a private key.
   *
   * @param privateKeyPem PEM, not encrypted
   * @return the public part as a JWK, which must be added to the app in Okta
   */
  public String publicServiceKey(char[] privateKeyPem) {
    return Named.of(wiped(privateKeyPem, key -> NativeCredentials.publicServiceKey(id(), key))).text("jwk");
  }

  private static ValidationReport report(Page page) {
    return Decode.validationReport(page);
  }

  /**
   * Begins a sign-in without asking for DPoP. If the app requires DPoP, it is used all the same.
   *
   * @param orgUrl the pasted Okta URL
   * @param clientSecret the client secret; null for a public client
   * @param redirectUri the address that Okta sends the user back to; it must equal the one in the app's settings,
   *     letter by letter
   * @return the URL that the user must open
   */
  public AuthorizationRequest beginAuthorization(
      String orgUrl, String clientId, char[] clientSecret, String redirectUri) {
    return beginAuthorization(orgUrl, clientId, clientSecret, redirectUri, false);
  }

  /**
   * Begins a sign-in. Send the user's browser to the URL of the result. Okta sends the browser back to the redirect
   * URI, and the query of that address goes to {@link #completeAuthorization}. This call sends no request. The
   * sign-in survives a restart.
   *
   * @param orgUrl the pasted Okta URL
   * @param clientSecret the client secret; null for a public client
   * @param redirectUri the address that Okta sends the user back to; it must equal the one in the app's settings,
   *     letter by letter
   * @param dpop whether to bind the tokens to a key
   * @return the URL that the user must open
   */
  public AuthorizationRequest beginAuthorization(
      String orgUrl, String clientId, char[] clientSecret, String redirectUri, boolean dpop) {
    return begin(orgUrl, clientId, clientSecret, redirectUri, dpop ? Flags.CONNECT_DPOP : 0);
  }

  /**
   * Begins a sign-in again, with the stored client secret of the present sign-in. The secret is used only for the
   * same org and client; for others this throws {@link ErrorCode#INVALID_ARGUMENT}.
   *
   * @param orgUrl the Okta URL of the present sign-in
   * @param redirectUri the address that Okta sends the user back to; it must equal the one in the app's settings,
   *     letter by letter
   * @return the URL that the user must open
   */
  public AuthorizationRequest beginAuthorizationAgain(String orgUrl, String clientId, String redirectUri) {
    return begin(orgUrl, clientId, null, redirectUri, Flags.CONNECT_STORED_SECRET);
  }

  private AuthorizationRequest begin(
      String orgUrl, String clientId, char[] clientSecret, String redirectUri, int flags) {
    Page begun =
        wiped(
            clientSecret,
            secret ->
                NativeCredentials.beginAuthorization(
                    id(), utf8(orgUrl), utf8(clientId), secret, utf8(redirectUri), flags));
    return begun.map(Decode::authorizationRequest).get(0);
  }

  /**
   * Completes a sign-in with Okta's answer. Then the engine is connected, and a sign-in that it replaces is revoked
   * at Okta. An answer is accepted only once.
   *
   * @param callbackUrl the whole callback URL, or its query
   * @return the status of the credential afterwards
   */
  public TokenStatus completeAuthorization(String callbackUrl) {
    return status(NativeCredentials.completeAuthorization(id(), utf8(callbackUrl)));
  }

  /**
   * Renews the access token now, unless another call has just done so. Calls renew it by themselves when they need
   * it; this call shows whether renewing works.
   *
   * @return the status of the credential afterwards
   */
  public TokenStatus refresh() {
    return status(NativeCredentials.refresh(id()));
  }

  /** The kind of the credential and how long it is valid. Sends no request. */
  public TokenStatus status() {
    return status(NativeCredentials.status(id()));
  }

  /**
   * Revokes the tokens at Okta and erases the credential. If Okta cannot be reached, the credential is erased all
   * the same, and {@link ErrorCode#NOT_REVOKED} says so. An API token is not revoked, because it may be in use
   * elsewhere.
   */
  public void disconnect() {
    Reply.read(NativeCredentials.disconnect(id()));
  }

  /**
   * Encrypts every secret again with a new key, in one transaction.
   *
   * @param newKey the new key, 32 random bytes, which you must give at every later opening; null for a new key in
   *     the key file beside the directory
   */
  public void rekey(byte[] newKey) {
    Reply.read(NativeCredentials.rekey(id(), newKey));
  }

  private TokenStatus status(byte[] reply) {
    return Reply.read(reply).map(Decode::tokenStatus).get(0);
  }

  private long id() {
    return handle.getAsLong();
  }

  /** Passes a secret to a call as UTF-8 (null stays null) and wipes those bytes afterwards. */
  private static Page wiped(char[] secret, Function<byte[], byte[]> call) {
    if (secret == null) {
      return Reply.read(call.apply(null));
    }
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(secret));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    try {
      return Reply.read(call.apply(bytes));
    } finally {
      Arrays.fill(bytes, (byte) 0);
      Arrays.fill(encoded.array(), (byte) 0);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
