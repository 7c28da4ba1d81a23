package com.mumosystems.oktaprofiles.internal;

/**
 * The native methods about connecting, sign-ins, tokens and keys; the rules of {@link NativeEngine} hold. Flags: 1
 * binds the tokens to a key (DPoP), 2 uses the stored client secret or key, 4 stores a credential without a trial,
 * 8 tries it even if it replaces none.
 */
public final class NativeCredentials {
  private NativeCredentials() {}

  public static native byte[] connect(long handle, byte[] orgUrl, byte[] apiToken, int flags);

  public static native byte[] connectServiceApp(
      long handle, byte[] orgUrl, byte[] clientId, byte[] privateKeyPemOrNull, byte[] keyId, int flags);

  public static native byte[] validateToken(long handle, byte[] orgUrl, byte[] apiToken);

  public static native byte[] validateServiceApp(
      long handle, byte[] orgUrl, byte[] clientId, byte[] privateKeyPemOrNull, byte[] keyId, int flags);

  public static native byte[] validateClient(
      long handle, byte[] orgUrl, byte[] clientId, byte[] clientSecretOrNull, int flags);

  public static native byte[] makeServiceKey(long handle);

  public static native byte[] publicServiceKey(long handle, byte[] privateKeyPem);

  public static native byte[] beginAuthorization(
      long handle, byte[] orgUrl, byte[] clientId, byte[] clientSecretOrNull, byte[] redirectUri, int flags);

  public static native byte[] completeAuthorization(long handle, byte[] callback);

  public static native byte[] refresh(long handle);

  public static native byte[] status(long handle);

  public static native byte[] disconnect(long handle);

  public static native byte[] rekey(long handle, byte[] newKeyOrNull);
}
