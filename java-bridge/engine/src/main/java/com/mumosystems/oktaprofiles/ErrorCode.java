package com.mumosystems.oktaprofiles;

/**
 * Every way a call can fail. Numbers and names are those of the native library; blocks: 1xx caller, 2xx
 * configuration and credentials, 3xx network and Okta, 4xx directory, 5xx sync, 9xx internal.
 */
public enum ErrorCode {
  /** An argument is missing or out of range. */
  INVALID_ARGUMENT(100, ErrorClass.CORRECT),
  /** The handle was never given out or is already closed; use a handle only between opening and closing it. */
  INVALID_HANDLE(101, ErrorClass.CORRECT),
  /** A text argument is not valid UTF-8; encode every text as UTF-8. */
  INVALID_UTF8(102, ErrorClass.CORRECT),
  /** Another call on this engine is doing the same work; wait for it or cancel it. */
  BUSY(103, ErrorClass.LATER),
  /** The call was cancelled; what had been committed is kept and the next sync resumes. */
  CANCELLED(104, ErrorClass.RESUME),
  /** The directory has no entry with this key; check the key, or synchronize first. */
  NOT_FOUND(105, ErrorClass.CORRECT),
  /** No connection is set; give the Okta URL and a credential first. */
  NOT_CONNECTED(106, ErrorClass.RECONNECT),
  /** There is no setting of this name; see the table of settings. */
  UNKNOWN_SETTING(107, ErrorClass.CORRECT),
  /** The value is outside the range of this setting; see the table of settings. */
  INVALID_SETTING(108, ErrorClass.CORRECT),
  /** The library and its caller were built for different versions; install matching files. */
  ABI_MISMATCH(109, ErrorClass.ASK_ADMINISTRATOR),
  /** The native library could not be loaded into the host; check that it is there, is for this platform, and may be executed. */
  NATIVE_LIBRARY_UNAVAILABLE(110, ErrorClass.ASK_ADMINISTRATOR),
  /** The host lacks a service that this needs; host and plugin may be of versions that do not fit. */
  HOST_SERVICE_MISSING(111, ErrorClass.ASK_ADMINISTRATOR),
  /** The system gives no more memory, threads or file descriptors; raise the limits of this process or lower its load, and try again. */
  RESOURCES_EXHAUSTED(112, ErrorClass.ASK_ADMINISTRATOR),
  /** The Okta URL cannot be used; paste the address of your Okta org, such as https://example.okta.com. */
  ORG_URL_INVALID(200, ErrorClass.CORRECT),
  /** The Okta URL must begin with https://; plain http would expose the credential. */
  ORG_URL_NOT_HTTPS(201, ErrorClass.CORRECT),
  /** The host answers, but not as an Okta org; check the Okta URL. */
  NOT_AN_OKTA_ORG(202, ErrorClass.CORRECT),
  /** The credential cannot be right: it is empty or has blanks or control characters inside; copy it again. */
  CREDENTIAL_MALFORMED(203, ErrorClass.RECONNECT),
  /** Okta does not accept the API token: it is wrong, revoked, unused for 30 days, or its owner is deactivated; create a new one under Security &gt; API &gt; Tokens. */
  TOKEN_REJECTED(204, ErrorClass.RECONNECT),
  /** Okta saw no usable credential in the request; check that no proxy removes the Authorization header. */
  AUTHORIZATION_REJECTED(205, ErrorClass.RECONNECT),
  /** Okta refused the sign-in; check the credential. */
  AUTHENTICATION_FAILED(206, ErrorClass.RECONNECT),
  /** The credential works, but the admin role behind it does not allow this; give the token's owner or the app a role that does. */
  ROLE_MISSING(207, ErrorClass.GRANT_ROLE),
  /** The access token lacks a scope; grant it to the app in Okta under Okta API Scopes and connect again. */
  SCOPE_MISSING(208, ErrorClass.GRANT_SCOPE),
  /** This feature is not switched on in the Okta org; ask Okta or leave the feature unused. */
  FEATURE_OFF(209, ErrorClass.DO_WITHOUT),
  /** The Okta org is deactivated or no longer exists; check the Okta URL, or ask Okta to activate the org. */
  ORG_DEACTIVATED(210, ErrorClass.ASK_ADMINISTRATOR),
  /** The directory belongs to another Okta org; use a new directory file for this one, or confirm it for one run if the directory is to change hands. */
  ORG_MISMATCH(211, ErrorClass.CORRECT),
  /** The extra CA certificates cannot be read; give a PEM file with at least one certificate. */
  CA_INVALID(212, ErrorClass.CORRECT),
  /** The proxy setting cannot be used; give it as http://host:port. */
  PROXY_INVALID(213, ErrorClass.CORRECT),
  /** Okta does not accept the access token: it is expired or revoked; connect again. */
  ACCESS_TOKEN_INVALID(214, ErrorClass.RECONNECT),
  /** Okta does not accept the DPoP proof; check the clock of this machine and connect again. */
  DPOP_PROOF_INVALID(215, ErrorClass.RECONNECT),
  /** The sign-in with Okta has ended: 90 days are over, or it was revoked, or an old refresh token was used; connect again. */
  SIGN_IN_ENDED(216, ErrorClass.RECONNECT),
  /** Okta does not accept the client id or the client secret; copy both again from the app in Okta. */
  CLIENT_REJECTED(217, ErrorClass.RECONNECT),
  /** Okta granted none of the scopes that were asked for; grant them to the app under Okta API Scopes and connect again. */
  CONSENT_REQUIRED(218, ErrorClass.GRANT_SCOPE),
  /** This answer of Okta belongs to no sign-in that was begun here, or to one that was used already or took too long; begin again. */
  AUTHORIZATION_UNKNOWN(219, ErrorClass.RECONNECT),
  /** Okta denied the authorization; check that the user is assigned to the app, may consent, and meets the sign-on policy. */
  AUTHORIZATION_DENIED(220, ErrorClass.RECONNECT),
  /** Okta does not know this redirect URI; add it to the app's sign-in redirect URIs, letter by letter. */
  REDIRECT_URI_REJECTED(221, ErrorClass.RECONNECT),
  /** Okta could not verify the PKCE code of this sign-in; begin again. */
  PKCE_REJECTED(222, ErrorClass.RECONNECT),
  /** Okta does not know one of the scopes; check the setting oauth.scopes. */
  SCOPE_REJECTED(223, ErrorClass.GRANT_SCOPE),
  /** The app does not allow this grant; enable Authorization Code and Refresh Token for a Web app, or Client Credentials for a service app. */
  GRANT_NOT_ALLOWED(224, ErrorClass.RECONNECT),
  /** Okta gave no refresh token; enable the grant Refresh Token in the app and connect again. */
  REFRESH_TOKEN_MISSING(225, ErrorClass.RECONNECT),
  /** Okta does not accept the authorization code: it is older than five minutes or was used already; begin again. */
  CODE_REJECTED(226, ErrorClass.RECONNECT),
  /** Okta does not accept the signature of the service app; check client id, key id and that the public key is registered with the app. */
  ASSERTION_REJECTED(227, ErrorClass.RECONNECT),
  /** The private key cannot be used; give an RSA key of at least 2048 bits or an EC key on P-256 as unencrypted PEM (PKCS#8). */
  PRIVATE_KEY_INVALID(228, ErrorClass.RECONNECT),
  /** The app demands DPoP; switch it on here or clear it in the app, and connect again. */
  DPOP_REQUIRED(229, ErrorClass.RECONNECT),
  /** Okta refused the form of the token request; please report this with the request id. */
  TOKEN_REQUEST_REJECTED(230, ErrorClass.RECONNECT),
  /** Okta needs the user to act: sign in, consent or confirm with another factor; begin again and follow Okta's pages. */
  INTERACTION_REQUIRED(231, ErrorClass.RECONNECT),
  /** The clocks of this machine and of Okta are too far apart for signed requests; set this machine's clock by NTP. */
  CLOCK_SKEWED(232, ErrorClass.RECONNECT),
  /** The credential was erased here, but Okta could not be told; revoke the app's tokens in Okta. */
  NOT_REVOKED(233, ErrorClass.ASK_ADMINISTRATOR),
  /** The app is not active in Okta, or the user is not assigned to it; activate it and check its assignments. */
  APP_INACTIVE(234, ErrorClass.RECONNECT),
  /** Okta lets the app in but shows it no users, because it has no admin role or too narrow a one; assign the Read-only Administrator role in the app under Admin roles. */
  APP_WITHOUT_ROLE(235, ErrorClass.GRANT_ROLE),
  /** Okta granted fewer scopes than were asked for; grant the missing ones to the app under Okta API Scopes and connect again. */
  SCOPES_NARROWED(236, ErrorClass.GRANT_SCOPE),
  /** The sign-in with Okta ends within 14 days, whatever is refreshed; connect again before it does. */
  SIGN_IN_ENDING(237, ErrorClass.RECONNECT),
  /** Okta gave a token that anybody could use, though one bound to a key (DPoP) was asked for; let the app require proof of possession (DPoP) in Okta, or connect without DPoP. */
  TOKEN_NOT_BOUND(238, ErrorClass.RECONNECT),
  /** The Okta URL leads to an internal address, which is not allowed; give the address of your Okta org, or change the setting okta.internal_addresses. */
  ORG_URL_INTERNAL(239, ErrorClass.CORRECT),
  /** The host name cannot be resolved; check the Okta URL and the DNS of this machine. */
  NAME_NOT_RESOLVED(300, ErrorClass.RETRY),
  /** No connection could be made; check firewall, proxy and the Okta URL. */
  CONNECT_FAILED(301, ErrorClass.RETRY),
  /** The TLS connection failed; if a proxy inspects TLS, add its CA certificate to the settings. */
  TLS_FAILED(302, ErrorClass.ASK_ADMINISTRATOR),
  /** The proxy refused or could not be reached; check the proxy settings. */
  PROXY_FAILED(303, ErrorClass.RETRY),
  /** No answer in time; check the network or raise the time-out. */
  TIMED_OUT(304, ErrorClass.RETRY),
  /** The connection broke while the answer was read; the next attempt usually works. */
  CONNECTION_LOST(305, ErrorClass.RETRY),
  /** The answer is larger than allowed and was not read; something other than Okta may be answering. */
  BODY_TOO_LARGE(306, ErrorClass.ASK_ADMINISTRATOR),
  /** The answer is not JSON; a proxy or a sign-in page may be answering instead of Okta. */
  NOT_JSON(307, ErrorClass.RETRY),
  /** The answer is JSON but not of the expected form; look for a proxy that changes answers, or report it with the request id. */
  UNEXPECTED_ANSWER(308, ErrorClass.REPORT),
  /** The host answered with a redirect, which is not followed because a credential would go with it; check the Okta URL. */
  REDIRECTED(309, ErrorClass.ASK_ADMINISTRATOR),
  /** Okta's answer points to another host, which is not followed because the credential would go with it; look for a proxy that changes answers, or report it with the request id. */
  FOREIGN_HOST(310, ErrorClass.ASK_ADMINISTRATOR),
  /** Okta handed out the same page position twice; the listing was stopped instead of looping; synchronize again, and report it with the request id if it stays. */
  CURSOR_REPEATED(311, ErrorClass.REPORT),
  /** Okta no longer knows the page position; this part of the listing is read again. */
  CURSOR_INVALID(312, ErrorClass.RESUME),
  /** Okta's rate limit is used up; retry when its window ends, which takes a minute at most. */
  RATE_LIMITED(313, ErrorClass.WAIT),
  /** Too many requests are in flight for this Okta org; retry shortly. */
  CONCURRENCY_LIMITED(314, ErrorClass.WAIT),
  /** Okta is temporarily unavailable or read-only; retry later. */
  OKTA_UNAVAILABLE(315, ErrorClass.RETRY),
  /** Okta answered with an internal error; retry, and give Okta support the request id if it stays. */
  OKTA_INTERNAL(316, ErrorClass.RETRY),
  /** Okta refused the search expression; check the names in it. */
  SEARCH_REFUSED(317, ErrorClass.CORRECT),
  /** Okta cannot render some users after a schema change; retry later. */
  SEARCH_UNPARSABLE(318, ErrorClass.RETRY),
  /** Okta refused the values that were sent; correct them. */
  VALIDATION_FAILED(319, ErrorClass.CORRECT),
  /** Okta has no such object; check the id, since the object may have been deleted. */
  OKTA_NOT_FOUND(320, ErrorClass.CORRECT),
  /** Okta refused the form of the request; please report this with the request id. */
  REQUEST_REJECTED(321, ErrorClass.REPORT),
  /** Okta does not allow this in the object's current state; change the state in Okta first. */
  NOT_ALLOWED_IN_STATE(322, ErrorClass.CORRECT),
  /** Another source owns this profile or attribute; change it there. */
  EXTERNALLY_OWNED(323, ErrorClass.CORRECT),
  /** Okta reports a conflicting or unfinished change; retry later. */
  CONFLICT(324, ErrorClass.RETRY),
  /** The answer has an unexpected HTTP status; try again, and report it with the request id if it stays. */
  UNEXPECTED_STATUS(325, ErrorClass.REPORT),
  /** The directory file cannot be opened or created; check path and permissions. */
  DIRECTORY_OPEN_FAILED(400, ErrorClass.ASK_ADMINISTRATOR),
  /** Another engine or process has this directory open; close it first. */
  DIRECTORY_LOCKED(401, ErrorClass.LATER),
  /** The directory was written by a newer version of okta-profiles; upgrade, or use a new file. */
  DIRECTORY_TOO_NEW(402, ErrorClass.ASK_ADMINISTRATOR),
  /** The directory file is damaged; close it and synchronize again, which moves the damaged file aside and saves what it can. */
  DIRECTORY_CORRUPT(403, ErrorClass.ASK_ADMINISTRATOR),
  /** There is no room on the disk or in its quota; free space and try again, an unfinished run resumes. */
  DISK_FULL(404, ErrorClass.ASK_ADMINISTRATOR),
  /** The directory must be on a local disk: SQLite's WAL is not safe on a network file system. */
  NETWORK_FILE_SYSTEM(405, ErrorClass.ASK_ADMINISTRATOR),
  /** The file is not an okta-profiles directory and was left as it was; check the path. */
  NOT_A_DIRECTORY(406, ErrorClass.CORRECT),
  /** Reading or writing the directory file failed; check disk and permissions. */
  DIRECTORY_IO(407, ErrorClass.ASK_ADMINISTRATOR),
  /** The backup could not be written; the target must be a new file in an existing folder. */
  BACKUP_FAILED(408, ErrorClass.CORRECT),
  /** The directory stayed locked by a long-running write; retry. */
  DIRECTORY_BUSY(409, ErrorClass.LATER),
  /** The stored credential was sealed with another key; open the directory with the right key, or connect again. */
  SEALING_KEY_WRONG(410, ErrorClass.RECONNECT),
  /** The stored credential is damaged; connect again. */
  CREDENTIAL_DAMAGED(411, ErrorClass.RECONNECT),
  /** The key file cannot be used; it must hold a key of 256 bits as 64 hexadecimal digits, readable by its owner only. */
  SEALING_KEY_UNAVAILABLE(412, ErrorClass.ASK_ADMINISTRATOR),
  /** The mirrored credential cannot be read or written; check the path in credentials.mirror_file. */
  MIRROR_FAILED(413, ErrorClass.ASK_ADMINISTRATOR),
  /** Only connecting and synchronizing make a directory; check the path, or do one of these first. */
  DIRECTORY_MISSING(414, ErrorClass.CORRECT),
  /** The directory was opened for reading only; open it to write for this. */
  READ_ONLY(415, ErrorClass.CORRECT),
  /** The stored profile of this user is damaged; a full sync takes it from Okta again. */
  PROFILE_DAMAGED(416, ErrorClass.RESUME),
  /** The directory on the shared folder could not be written or read; check that the folder is there, is writable and has room. */
  SHARED_FOLDER_FAILED(417, ErrorClass.ASK_ADMINISTRATOR),
  /** Okta showed no users at all; the admin role behind the credential most likely does not let it see them: assign the Read-only Administrator role and sync again. Nothing was changed. */
  NOBODY_SEEN(500, ErrorClass.GRANT_ROLE),
  /** Far more users vanished than expected, so nothing was changed; check the credential's role, or confirm for one run. */
  TOO_MANY_ABSENT(501, ErrorClass.CONFIRM),
  /** An attribute became empty for far more users than expected, so nothing was changed; check the Okta schema, or confirm for one run. */
  TOO_MANY_CLEARED(502, ErrorClass.CONFIRM),
  /** An empty set of Jira users would end every match, so nothing was changed; confirm if this is meant. */
  JIRA_USERS_EMPTY(503, ErrorClass.CONFIRM),
  /** The matching rules cannot be read; see matching.rules in the table of settings. */
  MATCHING_RULES_INVALID(504, ErrorClass.CORRECT),
  /** This hand-over of Jira users loses far more of them or of their matches than expected, so nothing was changed; check where the Jira users come from, or confirm for this hand-over. */
  TOO_MANY_JIRA_USERS_LOST(505, ErrorClass.CONFIRM),
  /** The export could not be written; the target must be a new file in an existing folder with room for it. */
  EXPORT_FAILED(515, ErrorClass.CORRECT),
  /** An unexpected fault inside okta-profiles; please report it with the log. */
  INTERNAL(900, ErrorClass.REPORT),

  /** A code of a newer native library; {@link OktaProfilesException#number()} has its number. */
  UNKNOWN(-1, ErrorClass.UNKNOWN);

  private final int number;
  private final ErrorClass errorClass;

  ErrorCode(int number, ErrorClass errorClass) {
    this.number = number;
    this.errorClass = errorClass;
  }

  /**
   * The stable number.
   *
   * @return the number, -1 for {@link #UNKNOWN}
   */
  public int number() {
    return number;
  }

  /**
   * What there is to do.
   *
   * @return the class; code that reacts to errors reads it instead of naming codes
   */
  public ErrorClass errorClass() {
    return errorClass;
  }

  /**
   * The code with a number.
   *
   * @return its code, or {@link #UNKNOWN}
   */
  public static ErrorCode of(int number) {
    for (ErrorCode code : values()) {
      if (code.number == number) {
        return code;
      }
    }
    return UNKNOWN;
  }
}
