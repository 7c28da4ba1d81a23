// okta-profiles: Okta user profiles inside Jira Data Center, an embedded engine.
//
// TUTORIAL
//
//     okp_error error = OKP_ERROR_INIT;
//     okp_engine engine;
//     okp_page page;
//     okp_sync_report report = OKP_SYNC_REPORT_INIT;
//
//     if (okp_abi_version() >> 16 != OKP_ABI_VERSION >> 16) return 1;  // built for something else
//
//     // 1. Open the directory, a file on a local disk. It is made if it is not there.
//     if (okp_engine_open(OKP_LITERAL("/var/lib/jira/okta-profiles.db"), &engine, &error) != OKP_OK)
//         return fprintf(stderr, "%s (%d)\n", error.message, error.code), 1;
//
//     // 2. Connect: the Okta URL or issuer URI as pasted, and an API token. The first token is kept
//     //    without a request to Okta; a token that replaces another credential must have worked.
//     //    The token is kept sealed, so an engine that is opened again is connected again. To let a
//     //    user sign in instead: okp_engine_begin_authorization gives an address for the user's
//     //    browser, okp_engine_complete_authorization takes the query that comes back.
//     okp_engine_connect(engine, OKP_STRING(url), OKP_STRING(token), &error);
//
//     // 3. Validate: one row for each capability, with advice.
//     if (okp_engine_validate(engine, &page, &error) == OKP_OK) {
//         size_t rows = 0, length = 0;
//         const char *advice = NULL;
//         okp_page_rows(page, &rows, &error);
//         for (size_t row = 0; row < rows; row++) {
//             okp_page_text(page, row, OKP_COLUMN_ADVICE, &advice, &length, &error);
//             puts(advice);
//         }
//         okp_page_free(page, &error);
//     }
//
//     // 4. Hand the Jira users over: okp_engine_begin_jira_users, okp_engine_add_jira_users in
//     //    batches, okp_engine_commit_jira_users.
//
//     // 5. Synchronize. This blocks; another thread may poll okp_engine_progress meanwhile, or stop it
//     //    with okp_engine_cancel. A run that was stopped or killed is resumed by the next call.
//     if (okp_engine_sync(engine, 0, &report, &error) == OKP_OK)
//         printf("%llu users match users in Jira\n", (unsigned long long)report.matched);
//
//     // 6. Read profiles, in microseconds and without the network.
//     if (okp_engine_find(engine, OKP_FIND_BY_JIRA_KEY, OKP_LITERAL("JIRAUSER10100"), &page, &error) == OKP_OK) {
//         ... OKP_COLUMN_PROFILE is the whole profile as JSON ...
//         okp_page_free(page, &error);
//     }
//
//     // 7. Close: cancels calls that still run, waits for them, closes every file.
//     okp_engine_close(engine, &error);
//
// tests/c_abi/example.c is a complete program. docs/reference/settings.md lists the settings.
//
// CONVENTIONS
//
// Calls return OKP_OK or a code of the table below. Results come through pointers, which are written
// only on success. The last argument takes the error; it may be NULL. Every pointer is checked for
// NULL. Texts go in as pointer and length in bytes of UTF-8, not necessarily ending with NUL;
// OKP_LITERAL("text") and OKP_STRING(variable) write both. NULL with length 0 is the empty text.
//
// THREADS
//
// Every call may be made from any thread. Calls on one engine may overlap; only one sync runs at a time,
// a second one gets OKP_ERROR_BUSY. Look-ups and progress go on while a sync runs. The library starts no
// thread that outlives the call it works for, installs no signal handler and never calls back.
//
// OWNERSHIP
//
// The caller owns okp_error, okp_progress and okp_sync_report (on its stack, set by the *_INIT macros)
// and the texts it passes in, which are copied. The library owns engines and pages; what the caller holds
// are numbers. A page, and every text read from it, lives until okp_page_free. An engine lives until
// okp_engine_close. A number that was closed, freed or invented gives OKP_ERROR_INVALID_HANDLE.
//
// SHUTDOWN
//
// okp_engine_close from any thread, even during a sync: the sync returns OKP_ERROR_CANCELLED in its own
// thread, then close returns. Pages may be read and freed after their engine is closed. Afterwards no
// thread, file or socket of the library is left. The library itself stays mapped (linked with nodelete).

#ifndef OKTA_PROFILES_H
#define OKTA_PROFILES_H

// Written by cbindgen from src/ffi/c; `make header` writes it anew.

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// The version of the boundary that this header describes.
#define OKP_ABI_VERSION UINT32_C(0x00010001)

// A text argument from a literal, and from a string that ends with NUL: pointer and length.
#define OKP_LITERAL(text) (text), (sizeof(text) - 1)
#define OKP_STRING(text) (text), strlen(text)

// Initial values. The members that are not named become zero.
#ifdef __cplusplus
#define OKP_ERROR_INIT okp_error{sizeof(okp_error), 0, 0, {0}, {0}, {0}, {0}}
#define OKP_PROGRESS_INIT okp_progress{sizeof(okp_progress), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
#define OKP_SYNC_REPORT_INIT okp_sync_report{sizeof(okp_sync_report), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
#else
#define OKP_ERROR_INIT {.struct_size = sizeof(okp_error)}
#define OKP_PROGRESS_INIT {.struct_size = sizeof(okp_progress)}
#define OKP_SYNC_REPORT_INIT {.struct_size = sizeof(okp_sync_report)}
#endif

// Codes. Numbers are stable.
#define OKP_OK 0
// An argument is missing or out of range.
#define OKP_ERROR_INVALID_ARGUMENT 100
// The handle was never given out or is already closed; use a handle only between opening and closing it.
#define OKP_ERROR_INVALID_HANDLE 101
// A text argument is not valid UTF-8; encode every text as UTF-8.
#define OKP_ERROR_INVALID_UTF8 102
// Another call on this engine is doing the same work; wait for it or cancel it.
#define OKP_ERROR_BUSY 103
// The call was cancelled; what had been committed is kept and the next sync resumes.
#define OKP_ERROR_CANCELLED 104
// The directory has no entry with this key; check the key, or synchronize first.
#define OKP_ERROR_NOT_FOUND 105
// No connection is set; give the Okta URL and a credential first.
#define OKP_ERROR_NOT_CONNECTED 106
// There is no setting of this name; see the table of settings.
#define OKP_ERROR_UNKNOWN_SETTING 107
// The value is outside the range of this setting; see the table of settings.
#define OKP_ERROR_INVALID_SETTING 108
// The library and its caller were built for different versions; install matching files.
#define OKP_ERROR_ABI_MISMATCH 109
// The native library could not be loaded into the host; check that it is there, is for this platform, and may be executed.
#define OKP_ERROR_NATIVE_LIBRARY_UNAVAILABLE 110
// The host lacks a service that this needs; host and plugin may be of versions that do not fit.
#define OKP_ERROR_HOST_SERVICE_MISSING 111
// The system gives no more memory, threads or file descriptors; raise the limits of this process or lower its load, and try again.
#define OKP_ERROR_RESOURCES_EXHAUSTED 112
// The Okta URL cannot be used; paste the address of your Okta org, such as https://example.okta.com.
#define OKP_ERROR_ORG_URL_INVALID 200
// The Okta URL must begin with https://; plain http would expose the credential.
#define OKP_ERROR_ORG_URL_NOT_HTTPS 201
// The host answers, but not as an Okta org; check the Okta URL.
#define OKP_ERROR_NOT_AN_OKTA_ORG 202
// The credential cannot be right: it is empty or has blanks or control characters inside; copy it again.
#define OKP_ERROR_CREDENTIAL_MALFORMED 203
// Okta does not accept the API token: it is wrong, revoked, unused for 30 days, or its owner is deactivated; create a new one under Security > API > Tokens.
#define OKP_ERROR_TOKEN_REJECTED 204
// Okta saw no usable credential in the request; check that no proxy removes the Authorization header.
#define OKP_ERROR_AUTHORIZATION_REJECTED 205
// Okta refused the sign-in; check the credential.
#define OKP_ERROR_AUTHENTICATION_FAILED 206
// The credential works, but the admin role behind it does not allow this; give the token's owner or the app a role that does.
#define OKP_ERROR_ROLE_MISSING 207
// The access token lacks a scope; grant it to the app in Okta under Okta API Scopes and connect again.
#define OKP_ERROR_SCOPE_MISSING 208
// This feature is not switched on in the Okta org; ask Okta or leave the feature unused.
#define OKP_ERROR_FEATURE_OFF 209
// The Okta org is deactivated or no longer exists; check the Okta URL, or ask Okta to activate the org.
#define OKP_ERROR_ORG_DEACTIVATED 210
// The directory belongs to another Okta org; use a new directory file for this one, or confirm it for one run if the directory is to change hands.
#define OKP_ERROR_ORG_MISMATCH 211
// The extra CA certificates cannot be read; give a PEM file with at least one certificate.
#define OKP_ERROR_CA_INVALID 212
// The proxy setting cannot be used; give it as http://host:port.
#define OKP_ERROR_PROXY_INVALID 213
// Okta does not accept the access token: it is expired or revoked; connect again.
#define OKP_ERROR_ACCESS_TOKEN_INVALID 214
// Okta does not accept the DPoP proof; check the clock of this machine and connect again.
#define OKP_ERROR_DPOP_PROOF_INVALID 215
// The sign-in with Okta has ended: 90 days are over, or it was revoked, or an old refresh token was used; connect again.
#define OKP_ERROR_SIGN_IN_ENDED 216
// Okta does not accept the client id or the client secret; copy both again from the app in Okta.
#define OKP_ERROR_CLIENT_REJECTED 217
// Okta granted none of the scopes that were asked for; grant them to the app under Okta API Scopes and connect again.
#define OKP_ERROR_CONSENT_REQUIRED 218
// This answer of Okta belongs to no sign-in that was begun here, or to one that was used already or took too long; begin again.
#define OKP_ERROR_AUTHORIZATION_UNKNOWN 219
// Okta denied the authorization; check that the user is assigned to the app, may consent, and meets the sign-on policy.
#define OKP_ERROR_AUTHORIZATION_DENIED 220
// Okta does not know this redirect URI; add it to the app's sign-in redirect URIs, letter by letter.
#define OKP_ERROR_REDIRECT_URI_REJECTED 221
// Okta could not verify the PKCE code of this sign-in; begin again.
#define OKP_ERROR_PKCE_REJECTED 222
// Okta does not know one of the scopes; check the setting oauth.scopes.
#define OKP_ERROR_SCOPE_REJECTED 223
// The app does not allow this grant; enable Authorization Code and Refresh Token for a Web app, or Client Credentials for a service app.
#define OKP_ERROR_GRANT_NOT_ALLOWED 224
// Okta gave no refresh token; enable the grant Refresh Token in the app and connect again.
#define OKP_ERROR_REFRESH_TOKEN_MISSING 225
// Okta does not accept the authorization code: it is older than five minutes or was used already; begin again.
#define OKP_ERROR_CODE_REJECTED 226
// Okta does not accept the signature of the service app; check client id, key id and that the public key is registered with the app.
#define OKP_ERROR_ASSERTION_REJECTED 227
// The private key cannot be used; give an RSA key of at least 2048 bits or an EC key on P-256 as unencrypted PEM (PKCS#8).
#define OKP_ERROR_PRIVATE_KEY_INVALID 228
// The app demands DPoP; switch it on here or clear it in the app, and connect again.
#define OKP_ERROR_DPOP_REQUIRED 229
// Okta refused the form of the token request; please report this with the request id.
#define OKP_ERROR_TOKEN_REQUEST_REJECTED 230
// Okta needs the user to act: sign in, consent or confirm with another factor; begin again and follow Okta's pages.
#define OKP_ERROR_INTERACTION_REQUIRED 231
// The clocks of this machine and of Okta are too far apart for signed requests; set this machine's clock by NTP.
#define OKP_ERROR_CLOCK_SKEWED 232
// The credential was erased here, but Okta could not be told; revoke the app's tokens in Okta.
#define OKP_ERROR_NOT_REVOKED 233
// The app is not active in Okta, or the user is not assigned to it; activate it and check its assignments.
#define OKP_ERROR_APP_INACTIVE 234
// Okta lets the app in but shows it no users, because it has no admin role or too narrow a one; assign the Read-only Administrator role in the app under Admin roles.
#define OKP_ERROR_APP_WITHOUT_ROLE 235
// Okta granted fewer scopes than were asked for; grant the missing ones to the app under Okta API Scopes and connect again.
#define OKP_ERROR_SCOPES_NARROWED 236
// The sign-in with Okta ends within 14 days, whatever is refreshed; connect again before it does.
#define OKP_ERROR_SIGN_IN_ENDING 237
// Okta gave a token that anybody could use, though one bound to a key (DPoP) was asked for; let the app require proof of possession (DPoP) in Okta, or connect without DPoP.
#define OKP_ERROR_TOKEN_NOT_BOUND 238
// The Okta URL leads to an internal address, which is not allowed; give the address of your Okta org, or change the setting okta.internal_addresses.
#define OKP_ERROR_ORG_URL_INTERNAL 239
// The host name cannot be resolved; check the Okta URL and the DNS of this machine.
#define OKP_ERROR_NAME_NOT_RESOLVED 300
// No connection could be made; check firewall, proxy and the Okta URL.
#define OKP_ERROR_CONNECT_FAILED 301
// The TLS connection failed; if a proxy inspects TLS, add its CA certificate to the settings.
#define OKP_ERROR_TLS_FAILED 302
// The proxy refused or could not be reached; check the proxy settings.
#define OKP_ERROR_PROXY_FAILED 303
// No answer in time; check the network or raise the time-out.
#define OKP_ERROR_TIMED_OUT 304
// The connection broke while the answer was read; the next attempt usually works.
#define OKP_ERROR_CONNECTION_LOST 305
// The answer is larger than allowed and was not read; something other than Okta may be answering.
#define OKP_ERROR_BODY_TOO_LARGE 306
// The answer is not JSON; a proxy or a sign-in page may be answering instead of Okta.
#define OKP_ERROR_NOT_JSON 307
// The answer is JSON but not of the expected form; look for a proxy that changes answers, or report it with the request id.
#define OKP_ERROR_UNEXPECTED_ANSWER 308
// The host answered with a redirect, which is not followed because a credential would go with it; check the Okta URL.
#define OKP_ERROR_REDIRECTED 309
// Okta's answer points to another host, which is not followed because the credential would go with it; look for a proxy that changes answers, or report it with the request id.
#define OKP_ERROR_FOREIGN_HOST 310
// Okta handed out the same page position twice; the listing was stopped instead of looping; synchronize again, and report it with the request id if it stays.
#define OKP_ERROR_CURSOR_REPEATED 311
// Okta no longer knows the page position; this part of the listing is read again.
#define OKP_ERROR_CURSOR_INVALID 312
// Okta's rate limit is used up; retry when its window ends, which takes a minute at most.
#define OKP_ERROR_RATE_LIMITED 313
// Too many requests are in flight for this Okta org; retry shortly.
#define OKP_ERROR_CONCURRENCY_LIMITED 314
// Okta is temporarily unavailable or read-only; retry later.
#define OKP_ERROR_OKTA_UNAVAILABLE 315
// Okta answered with an internal error; retry, and give Okta support the request id if it stays.
#define OKP_ERROR_OKTA_INTERNAL 316
// Okta refused the search expression; check the names in it.
#define OKP_ERROR_SEARCH_REFUSED 317
// Okta cannot render some users after a schema change; retry later.
#define OKP_ERROR_SEARCH_UNPARSABLE 318
// Okta refused the values that were sent; correct them.
#define OKP_ERROR_VALIDATION_FAILED 319
// Okta has no such object; check the id, since the object may have been deleted.
#define OKP_ERROR_OKTA_NOT_FOUND 320
// Okta refused the form of the request; please report this with the request id.
#define OKP_ERROR_REQUEST_REJECTED 321
// Okta does not allow this in the object's current state; change the state in Okta first.
#define OKP_ERROR_NOT_ALLOWED_IN_STATE 322
// Another source owns this profile or attribute; change it there.
#define OKP_ERROR_EXTERNALLY_OWNED 323
// Okta reports a conflicting or unfinished change; retry later.
#define OKP_ERROR_CONFLICT 324
// The answer has an unexpected HTTP status; try again, and report it with the request id if it stays.
#define OKP_ERROR_UNEXPECTED_STATUS 325
// The directory file cannot be opened or created; check path and permissions.
#define OKP_ERROR_DIRECTORY_OPEN_FAILED 400
// Another engine or process has this directory open; close it first.
#define OKP_ERROR_DIRECTORY_LOCKED 401
// The directory was written by a newer version of okta-profiles; upgrade, or use a new file.
#define OKP_ERROR_DIRECTORY_TOO_NEW 402
// The directory file is damaged; close it and synchronize again, which moves the damaged file aside and saves what it can.
#define OKP_ERROR_DIRECTORY_CORRUPT 403
// There is no room on the disk or in its quota; free space and try again, an unfinished run resumes.
#define OKP_ERROR_DISK_FULL 404
// The directory must be on a local disk: SQLite's WAL is not safe on a network file system.
#define OKP_ERROR_NETWORK_FILE_SYSTEM 405
// The file is not an okta-profiles directory and was left as it was; check the path.
#define OKP_ERROR_NOT_A_DIRECTORY 406
// Reading or writing the directory file failed; check disk and permissions.
#define OKP_ERROR_DIRECTORY_IO 407
// The backup could not be written; the target must be a new file in an existing folder.
#define OKP_ERROR_BACKUP_FAILED 408
// The directory stayed locked by a long-running write; retry.
#define OKP_ERROR_DIRECTORY_BUSY 409
// The stored credential was sealed with another key; open the directory with the right key, or connect again.
#define OKP_ERROR_SEALING_KEY_WRONG 410
// The stored credential is damaged; connect again.
#define OKP_ERROR_CREDENTIAL_DAMAGED 411
// The key file cannot be used; it must hold a key of 256 bits as 64 hexadecimal digits, readable by its owner only.
#define OKP_ERROR_SEALING_KEY_UNAVAILABLE 412
// The mirrored credential cannot be read or written; check the path in credentials.mirror_file.
#define OKP_ERROR_MIRROR_FAILED 413
// Only connecting and synchronizing make a directory; check the path, or do one of these first.
#define OKP_ERROR_DIRECTORY_MISSING 414
// The directory was opened for reading only; open it to write for this.
#define OKP_ERROR_READ_ONLY 415
// The stored profile of this user is damaged; a full sync takes it from Okta again.
#define OKP_ERROR_PROFILE_DAMAGED 416
// The directory on the shared folder could not be written or read; check that the folder is there, is writable and has room.
#define OKP_ERROR_SHARED_FOLDER_FAILED 417
// Okta showed no users at all; the admin role behind the credential most likely does not let it see them: assign the Read-only Administrator role and sync again. Nothing was changed.
#define OKP_ERROR_NOBODY_SEEN 500
// Far more users vanished than expected, so nothing was changed; check the credential's role, or confirm for one run.
#define OKP_ERROR_TOO_MANY_ABSENT 501
// An attribute became empty for far more users than expected, so nothing was changed; check the Okta schema, or confirm for one run.
#define OKP_ERROR_TOO_MANY_CLEARED 502
// An empty set of Jira users would end every match, so nothing was changed; confirm if this is meant.
#define OKP_ERROR_JIRA_USERS_EMPTY 503
// The matching rules cannot be read; see matching.rules in the table of settings.
#define OKP_ERROR_MATCHING_RULES_INVALID 504
// This hand-over of Jira users loses far more of them or of their matches than expected, so nothing was changed; check where the Jira users come from, or confirm for this hand-over.
#define OKP_ERROR_TOO_MANY_JIRA_USERS_LOST 505
// The export could not be written; the target must be a new file in an existing folder with room for it.
#define OKP_ERROR_EXPORT_FAILED 515
// An unexpected fault inside okta-profiles; please report it with the log.
#define OKP_ERROR_INTERNAL 900

// Columns of pages. Times are milliseconds since 1970 UTC, truths 0 or 1; any cell may be null.
// Okta's user id.
#define OKP_COLUMN_OKTA_ID 1
// Okta's status, such as ACTIVE.
#define OKP_COLUMN_STATUS 2
// Id of the user type.
#define OKP_COLUMN_TYPE_ID 3
// Id of the realm.
#define OKP_COLUMN_REALM_ID 4
// When the user was created.
#define OKP_COLUMN_CREATED 5
// When the user was activated.
#define OKP_COLUMN_ACTIVATED 6
// When the status last changed.
#define OKP_COLUMN_STATUS_CHANGED 7
// The last sign-in.
#define OKP_COLUMN_LAST_LOGIN 8
// The last update of profile or status.
#define OKP_COLUMN_LAST_UPDATED 9
// The last change of the password.
#define OKP_COLUMN_PASSWORD_CHANGED 10
// The login.
#define OKP_COLUMN_LOGIN 11
// The e-mail address.
#define OKP_COLUMN_EMAIL 12
// The first name.
#define OKP_COLUMN_FIRST_NAME 13
// The last name.
#define OKP_COLUMN_LAST_NAME 14
// The display name.
#define OKP_COLUMN_DISPLAY_NAME 15
// The whole profile, a JSON object with sorted keys.
#define OKP_COLUMN_PROFILE 16
// When a complete run first did not see the user; null if the user is present.
#define OKP_COLUMN_ABSENT_SINCE 17
// The cursor with which a listing continues after this row.
#define OKP_COLUMN_CURSOR 18
// The cursor with which a search continues; only on the last row, null at the end of the search.
#define OKP_COLUMN_SEARCH_CURSOR 19
// The name to show: the display name, else first and last name, else the login, else the id.
#define OKP_COLUMN_SHOWN_NAME 20
// Jira's user key.
#define OKP_COLUMN_JIRA_KEY 100
// Jira's username.
#define OKP_COLUMN_JIRA_USERNAME 101
// The e-mail address in Jira.
#define OKP_COLUMN_JIRA_EMAIL 102
// The display name in Jira.
#define OKP_COLUMN_JIRA_DISPLAY_NAME 103
// Whether the Jira user may sign in.
#define OKP_COLUMN_JIRA_ACTIVE 104
// How the user is tied: matched, pinned, ambiguous, okta_only or jira_only.
#define OKP_COLUMN_MATCH_STATE 150
// The rule that tied the user or found it ambiguous; for an inactive user that is alone, the rule under which an active user with the same value was preferred; empty if none.
#define OKP_COLUMN_MATCH_RULE 151
// The folded value that the rule compared; empty if none.
#define OKP_COLUMN_MATCH_VALUE 152
// The position of the change in the change feed.
#define OKP_COLUMN_CHANGE_POSITION 200
// When the change was committed.
#define OKP_COLUMN_CHANGE_AT 201
// What happened: added, updated, absent, returned or purged.
#define OKP_COLUMN_CHANGE_KIND 202
// JSON array of {field, from, to}.
#define OKP_COLUMN_CHANGE_FIELDS 203
// Okta's id of the event that reported the change; null if a listing found it.
#define OKP_COLUMN_CHANGE_EVENT 204
// Number of the run.
#define OKP_COLUMN_RUN 250
// How the run stands: running, interrupted, complete, refused or dropped.
#define OKP_COLUMN_RUN_STATE 251
// Number of the error that stopped or refused the run; 0 if none.
#define OKP_COLUMN_RUN_ERROR_CODE 252
// The sentence of that error; empty if none.
#define OKP_COLUMN_RUN_ERROR_MESSAGE 253
// When the run began.
#define OKP_COLUMN_RUN_STARTED 254
// When the run ended; null while it is unfinished.
#define OKP_COLUMN_RUN_FINISHED 255
// How many calls worked on the run.
#define OKP_COLUMN_RUN_ATTEMPTS 256
// How many listings the run had to read.
#define OKP_COLUMN_RUN_SLICES 257
// How many listings it has read to the end.
#define OKP_COLUMN_RUN_SLICES_ENDED 258
// Pages committed.
#define OKP_COLUMN_RUN_PAGES 259
// Different users seen.
#define OKP_COLUMN_RUN_SEEN 260
// Rows that Okta sent more than once.
#define OKP_COLUMN_RUN_REPEATED 261
// Users new in the directory.
#define OKP_COLUMN_RUN_ADDED 262
// Users with changed content.
#define OKP_COLUMN_RUN_UPDATED 263
// Users of which only time stamps changed.
#define OKP_COLUMN_RUN_TOUCHED 264
// Users without a change.
#define OKP_COLUMN_RUN_UNCHANGED 265
// Users that were absent and are present again.
#define OKP_COLUMN_RUN_RETURNED 266
// Users marked absent.
#define OKP_COLUMN_RUN_ABSENT 267
// Absent users erased.
#define OKP_COLUMN_RUN_PURGED 268
// Users present after the run.
#define OKP_COLUMN_RUN_PRESENT 269
// Requests sent, including repeated ones.
#define OKP_COLUMN_RUN_REQUESTS 270
// How many of these requests repeated a failed one.
#define OKP_COLUMN_RUN_RETRIES 271
// Time spent waiting, in milliseconds.
#define OKP_COLUMN_RUN_WAITED_MS 272
// Bytes of the answers, after decompression.
#define OKP_COLUMN_RUN_BYTES 273
// Time spent, in milliseconds.
#define OKP_COLUMN_RUN_ELAPSED_MS 274
// The greatest lastUpdated that the run saw.
#define OKP_COLUMN_RUN_WATERMARK 275
// Digest of all present users (hexadecimal); empty unless the run is complete.
#define OKP_COLUMN_RUN_DIGEST 276
// Pairs tied by a rule.
#define OKP_COLUMN_MATCHED_COUNT 277
// Pairs tied by hand.
#define OKP_COLUMN_PINNED_COUNT 278
// Okta users in the state ambiguous.
#define OKP_COLUMN_OKTA_AMBIGUOUS_COUNT 279
// Jira users in the state ambiguous.
#define OKP_COLUMN_JIRA_AMBIGUOUS_COUNT 280
// Okta users without a Jira user.
#define OKP_COLUMN_OKTA_ONLY_COUNT 281
// Jira users without an Okta user.
#define OKP_COLUMN_JIRA_ONLY_COUNT 282
// Pairs by rule: JSON array of [rule, pairs].
#define OKP_COLUMN_MATCHED_BY_RULE 283
// What the run is doing: 0 idle, 1 starting, 2 reading, 3 waiting, 4 publishing, 5 groups.
#define OKP_COLUMN_PROGRESS_PHASE 300
// Users committed so far.
#define OKP_COLUMN_PROGRESS_USERS_SEEN 301
// How many users there will be; 0 if unknown.
#define OKP_COLUMN_PROGRESS_USERS_EXPECTED 302
// Pages committed so far.
#define OKP_COLUMN_PROGRESS_PAGES 303
// Requests sent by this call.
#define OKP_COLUMN_PROGRESS_REQUESTS 304
// How many of these requests repeated a failed one.
#define OKP_COLUMN_PROGRESS_RETRIES 305
// Time spent waiting, in milliseconds.
#define OKP_COLUMN_PROGRESS_WAITED_MS 306
// How long the present wait will still take, in milliseconds.
#define OKP_COLUMN_PROGRESS_WAIT_LEFT_MS 307
// Time since the call began, in milliseconds.
#define OKP_COLUMN_PROGRESS_ELAPSED_MS 308
// Groups whose members this call has to read; 0 before they are listed.
#define OKP_COLUMN_PROGRESS_GROUPS_TO_READ 309
// How many of these groups are completely read.
#define OKP_COLUMN_PROGRESS_GROUPS_READ 310
// Memberships of these groups that this call has read.
#define OKP_COLUMN_PROGRESS_MEMBERSHIPS_READ 311
// Why the call waits, as the number of an error: RATE_LIMITED, CONCURRENCY_LIMITED, or the error of the last attempt; 0 if it does not wait.
#define OKP_COLUMN_PROGRESS_WAITS_FOR 312
// What was checked: organization, credential, read_users, read_groups, read_schemas, read_user_types, read_event_hooks, read_log, write_users, write_groups, write_event_hooks, scopes, sign_in, rate_limit, user_count, sync_duration or clock_skew.
#define OKP_COLUMN_CAPABILITY 350
// How the check ended: ok, warning, missing_role, missing_scope, feature_off, refused, not_checked or unreachable.
#define OKP_COLUMN_OUTCOME 351
// Whether a sync needs the capability with the present settings.
#define OKP_COLUMN_REQUIRED 352
// Number of the error; 0 if none.
#define OKP_COLUMN_ERROR_CODE 353
// What was found, or what to do.
#define OKP_COLUMN_ADVICE 354
// The value that the check found; empty if none.
#define OKP_COLUMN_FINDING 355
// The scope that is missing; empty if none.
#define OKP_COLUMN_MISSING_SCOPE 356
// Okta's errorCode; empty if none.
#define OKP_COLUMN_OKTA_ERROR_CODE 357
// Okta's request id; empty if none.
#define OKP_COLUMN_OKTA_REQUEST_ID 358
// Whether a sync can work; the same on every row.
#define OKP_COLUMN_USABLE 359
// The org URL after corrections; the same on every row.
#define OKP_COLUMN_ORG_URL 360
// What was corrected in the URL; the same on every row.
#define OKP_COLUMN_ORG_URL_NOTE 361
// What the capability is for.
#define OKP_COLUMN_PURPOSE 362
// Scopes that the switched-on features need and the token lacks, separated by blanks; the same on every row.
#define OKP_COLUMN_MISSING_SCOPES 363
// Scopes of the token that no switched-on feature needs, separated by blanks; the same on every row.
#define OKP_COLUMN_UNNEEDED_SCOPES 364
// Position in the log.
#define OKP_COLUMN_LOG_POSITION 400
// When the line was written.
#define OKP_COLUMN_LOG_AT 401
// How important the line is: error, warn, info or debug.
#define OKP_COLUMN_LOG_LEVEL 402
// The line, without secrets and personal data.
#define OKP_COLUMN_LOG_MESSAGE 403
// Name of a value.
#define OKP_COLUMN_NAME 420
// The value as text; null if it is a number.
#define OKP_COLUMN_VALUE 421
// The value as a number; null if it is a text.
#define OKP_COLUMN_COUNT 422
// Where the value of a setting comes from: call, directory or default.
#define OKP_COLUMN_SETTING_SOURCE 425
// The value of a setting that nobody has set.
#define OKP_COLUMN_SETTING_DEFAULT 426
// What a setting is for, with the unit.
#define OKP_COLUMN_SETTING_MEANING 427
// The handle of an engine that was opened.
#define OKP_COLUMN_HANDLE 440
// Whether opening made the directory file.
#define OKP_COLUMN_DIRECTORY_CREATED 441
// The new path of a damaged directory file; null if the file was not damaged.
#define OKP_COLUMN_DAMAGED_MOVED_TO 442
// What could be copied out of the damaged file, separated by commas; empty if nothing.
#define OKP_COLUMN_CARRIED_OVER 443
// The kind of credential: none, api_token, oauth or service_app.
#define OKP_COLUMN_CREDENTIAL_KIND 500
// The client id of the app; empty for an API token.
#define OKP_COLUMN_CLIENT_ID 501
// The scopes of the access token, separated by blanks; empty if none is known.
#define OKP_COLUMN_GRANTED_SCOPES 502
// When the access token expires; null if there is none.
#define OKP_COLUMN_ACCESS_TOKEN_EXPIRES 503
// When the refresh token expires and the user must sign in again; null if unknown.
#define OKP_COLUMN_SIGN_IN_ENDS 504
// Whether the sign-in ends within 14 days.
#define OKP_COLUMN_SIGN_IN_WARNING 505
// Whether the tokens are bound to a key (DPoP).
#define OKP_COLUMN_DPOP 506
// Number of the error that makes the credential unusable; 0 if none.
#define OKP_COLUMN_CREDENTIAL_PROBLEM 507
// When the access token was obtained; null if there is none.
#define OKP_COLUMN_TOKEN_OBTAINED 508
// The address where the user signs in and consents.
#define OKP_COLUMN_AUTHORIZATION_URL 520
// The state that Okta sends back with its answer.
#define OKP_COLUMN_AUTHORIZATION_STATE 521
// Until when the answer is accepted.
#define OKP_COLUMN_AUTHORIZATION_EXPIRES 522
// Okta's group id.
#define OKP_COLUMN_GROUP_ID 550
// OKTA_GROUP, APP_GROUP or BUILT_IN.
#define OKP_COLUMN_GROUP_TYPE 551
// The name of the group; several may have the same.
#define OKP_COLUMN_GROUP_NAME 552
// The description of the group.
#define OKP_COLUMN_GROUP_DESCRIPTION 553
// When the group was created.
#define OKP_COLUMN_GROUP_CREATED 554
// When the group's own profile last changed.
#define OKP_COLUMN_GROUP_LAST_UPDATED 555
// When the members of the group last changed.
#define OKP_COLUMN_GROUP_LAST_MEMBERSHIP_UPDATED 556
// How many members were read; null if they were never read.
#define OKP_COLUMN_GROUP_MEMBER_COUNT 557
// The whole profile of the group, a JSON object with sorted keys.
#define OKP_COLUMN_GROUP_PROFILE 558
// The name of a user type in Okta's API.
#define OKP_COLUMN_USER_TYPE_NAME 570
// The name of a user type for people.
#define OKP_COLUMN_USER_TYPE_DISPLAY_NAME 571
// The description of a user type.
#define OKP_COLUMN_USER_TYPE_DESCRIPTION 572
// Whether it is the default user type.
#define OKP_COLUMN_USER_TYPE_IS_DEFAULT 573
// The id of the schema of a user type.
#define OKP_COLUMN_SCHEMA_ID 574
// When the schema last changed.
#define OKP_COLUMN_SCHEMA_LAST_UPDATED 575
// The name of an attribute in the profile.
#define OKP_COLUMN_ATTRIBUTE_NAME 580
// The name of the attribute for people.
#define OKP_COLUMN_ATTRIBUTE_TITLE 581
// The description of the attribute.
#define OKP_COLUMN_ATTRIBUTE_DESCRIPTION 582
// string, boolean, integer, number or array.
#define OKP_COLUMN_ATTRIBUTE_TYPE 583
// The type of the elements of an array.
#define OKP_COLUMN_ATTRIBUTE_ITEMS_TYPE 584
// The format of a text, such as email or date-time.
#define OKP_COLUMN_ATTRIBUTE_FORMAT 585
// Whether the org added the attribute.
#define OKP_COLUMN_ATTRIBUTE_IS_CUSTOM 586
// Whether every user must have it.
#define OKP_COLUMN_ATTRIBUTE_IS_REQUIRED 587
// The place of the attribute in its schema: 0, 1, 2 and so on.
#define OKP_COLUMN_ATTRIBUTE_ORDER 588
// The values that the attribute may have: JSON array of {value, title}; empty if every value is allowed.
#define OKP_COLUMN_ATTRIBUTE_ENUM 589
// The value of the attribute, as JSON.
#define OKP_COLUMN_ATTRIBUTE_VALUE 590
// Warnings, one sentence a line; empty if there are none.
#define OKP_COLUMN_RUN_WARNINGS 600
// Groups that Okta listed and the settings want; null if groups were not read.
#define OKP_COLUMN_RUN_GROUPS_LISTED 601
// Groups new in the directory.
#define OKP_COLUMN_RUN_GROUPS_ADDED 602
// Groups whose profile changed.
#define OKP_COLUMN_RUN_GROUPS_UPDATED 603
// Groups that were deleted in Okta or are no longer wanted.
#define OKP_COLUMN_RUN_GROUPS_REMOVED 604
// Groups whose members were read.
#define OKP_COLUMN_RUN_GROUPS_READ 605
// Memberships in the directory after the run.
#define OKP_COLUMN_RUN_MEMBERSHIPS 606
// Rows of users that the setting retain leaves out.
#define OKP_COLUMN_RUN_PASSED_OVER 607
// Some entries, as CSV or JSON lines.
#define OKP_COLUMN_EXPORT_TEXT 620
// How many entries the text holds.
#define OKP_COLUMN_EXPORT_ENTRIES 621
// The cursor with which the export continues; null at its end.
#define OKP_COLUMN_EXPORT_NEXT 622
// What the run reads: full, delta or live.
#define OKP_COLUMN_RUN_MODE 680
// Why the run has this mode: asked, changes_suffice, first_run, full_due, last_run_refused, confirmed, schema_changed, settings_changed, jira_users_changed, watermark_unknown, search_refused, events, many_events or events_lost.
#define OKP_COLUMN_RUN_REASON 681
// A delta run reads users that were updated at this time of Okta's clock or later; null for a full run.
#define OKP_COLUMN_RUN_UPDATED_SINCE 682
// What the row is about: user, attribute, manager or group.
#define OKP_COLUMN_PERSON_ROW 685
// What the row of a dry run is about: run, field, jira_users or change.
#define OKP_COLUMN_DRY_RUN_ROW 690
// The path that names a bucket of Okta's rate limits, such as /api/v1/users.
#define OKP_COLUMN_BUCKET 700
// How many requests a sync would send to the bucket; null if unknown.
#define OKP_COLUMN_BUCKET_REQUESTS 701
// Requests a minute that Okta allows; null if Okta did not say.
#define OKP_COLUMN_BUCKET_LIMIT 702
// Requests left in the present minute; null if Okta did not say.
#define OKP_COLUMN_BUCKET_REMAINING 703
// How long the present minute still lasts, in milliseconds; null if Okta did not say.
#define OKP_COLUMN_BUCKET_RESETS_IN_MS 704
// Requests a minute that a sync leaves to others; null if unknown.
#define OKP_COLUMN_BUCKET_LEFT_TO_OTHERS 705
// How long a sync would take if only this bucket limited it, in milliseconds; null if unknown.
#define OKP_COLUMN_BUCKET_DURATION_MS 706
// How many users a sync would read; null if unknown; the same on every row.
#define OKP_COLUMN_BUDGET_USERS 707
// How many requests a sync would send in all; null if unknown; the same on every row.
#define OKP_COLUMN_BUDGET_REQUESTS 708
// How long a sync would take, in milliseconds; null if unknown; the same on every row.
#define OKP_COLUMN_BUDGET_DURATION_MS 709
// Where events come from: off, log or hook.
#define OKP_COLUMN_LIVE_SOURCE 730
// Since when events come from this source; null while live is off.
#define OKP_COLUMN_LIVE_SINCE 731
// When the newest event happened, by Okta's clock; null if no event arrived.
#define OKP_COLUMN_LIVE_LAST_EVENT 732
// When an event last arrived; null if none did.
#define OKP_COLUMN_LIVE_LAST_RECEIVED 733
// The time from the oldest event of the last refresh until readers saw its change, in milliseconds; null before the first refresh.
#define OKP_COLUMN_LIVE_LAG_MS 734
// Users, groups and memberships that events named and that must still be read again.
#define OKP_COLUMN_LIVE_PENDING 735
// When the oldest of these changed; null if nothing waits.
#define OKP_COLUMN_LIVE_OLDEST_PENDING 736
// Deletions that the guard against mass deletion left to the next full run.
#define OKP_COLUMN_LIVE_HELD 737
// How many different events arrived.
#define OKP_COLUMN_LIVE_EVENTS 738
// How many times an event arrived again.
#define OKP_COLUMN_LIVE_REPEATED 739
// Changes that a full or delta run found although an event should have reported them.
#define OKP_COLUMN_LIVE_MISSED 740
// When a run last found such a change; null if never.
#define OKP_COLUMN_LIVE_MISSED_AT 741
// When events may last have been lost; null if never.
#define OKP_COLUMN_LIVE_GAP_AT 742
// Why events may have been lost; empty if never.
#define OKP_COLUMN_LIVE_GAP 743
// When the System Log was last read to its end; null if never.
#define OKP_COLUMN_LIVE_POLLED 744
// How often the System Log is read, in milliseconds; null unless it is the source.
#define OKP_COLUMN_LIVE_INTERVAL_MS 745
// Okta's id of the event hook; empty if none is registered from here.
#define OKP_COLUMN_HOOK_ID 746
// The address that Okta delivers to; empty if none is registered from here.
#define OKP_COLUMN_HOOK_URL 747
// Whether the event hook was active and verified when Okta was last asked.
#define OKP_COLUMN_HOOK_VERIFIED 748
// When Okta's challenge was last answered; null if never.
#define OKP_COLUMN_HOOK_VERIFIED_AT 749
// The header in which a delivery carries the secret.
#define OKP_COLUMN_SECRET_HEADER 750
// Whether the event hook has a secret here.
#define OKP_COLUMN_HAS_HOOK_SECRET 751
// Events that hooks delivered in the present 24 hours of Okta's cap, which begin with their first event; after 400 000 events Okta delivers none until they are over.
#define OKP_COLUMN_HOOK_DELIVERED_TODAY 752
// How many events Okta's hooks deliver in 24 hours.
#define OKP_COLUMN_HOOK_DAILY_CAP 753
// The number of events from which Okta warns that its cap is near.
#define OKP_COLUMN_HOOK_CAP_NEAR_FROM 754
// The HTTP status of the answer to a delivery.
#define OKP_COLUMN_ANSWER_STATUS 755
// The body of the answer to a delivery, as JSON; empty if none.
#define OKP_COLUMN_ANSWER_BODY 756
// How many events arrived for the first time.
#define OKP_COLUMN_EVENTS_TAKEN 757
// How many requests were sent to read the System Log.
#define OKP_COLUMN_POLL_REQUESTS 758
// Whether the System Log has more events that can be read immediately.
#define OKP_COLUMN_POLL_MORE 759
// After how many milliseconds the System Log should be read again.
#define OKP_COLUMN_POLL_NEXT_MS 760
// The secret that deliveries must carry.
#define OKP_COLUMN_HOOK_SECRET 761
// The SHA-256 digest of a secret that a delivery may carry, in hexadecimal digits.
#define OKP_COLUMN_HOOK_SECRET_DIGEST 762

// Which entries a listing returns.
// Okta users that are tied to a Jira user, by rule or by hand.
#define OKP_VIEW_MATCHED 0
// Present Okta users without a Jira user.
#define OKP_VIEW_OKTA_ONLY 1
// Jira users without an Okta user.
#define OKP_VIEW_JIRA_ONLY 2
// Present Okta users that a rule found ambiguous.
#define OKP_VIEW_AMBIGUOUS 3
// Jira users that a rule found ambiguous.
#define OKP_VIEW_JIRA_AMBIGUOUS 4
// Every present Okta user.
#define OKP_VIEW_ALL 5
// Okta users that a complete run has not seen and that are not yet erased.
#define OKP_VIEW_ABSENT 6
// Present Okta users that are deactivated in Okta (status DEPROVISIONED).
#define OKP_VIEW_DEACTIVATED 7
// Deactivated Okta users (status DEPROVISIONED) whose Jira user is active: the person left, but can still sign in to Jira.
#define OKP_VIEW_ORPHANED 8

// The kind of key that finds an entry. Ids and keys are compared exactly; for the others, upper and lower case are equal and blanks around the text are ignored.
// Jira's user key.
#define OKP_FIND_BY_JIRA_KEY 1
// Jira's username.
#define OKP_FIND_BY_JIRA_USERNAME 2
// Okta's user id.
#define OKP_FIND_BY_OKTA_ID 3
// Okta's login.
#define OKP_FIND_BY_LOGIN 4
// The e-mail address in Okta. If several users have the address, the one with the first id is found.
#define OKP_FIND_BY_EMAIL 5

// Where a search looks for a text: in Okta users, or in Jira users for the views of Jira users. The first three find fields that begin with the text, and use an index. The others find fields that contain the text, and read the names of all users.
// The display name, or first and last name if there is none.
#define OKP_SEARCH_NAME 1
// Okta's login; Jira's username.
#define OKP_SEARCH_LOGIN 2
// The e-mail address.
#define OKP_SEARCH_EMAIL 3
// Anywhere in the display name, or in first and last name if the display name does not contain them. Accents do not matter.
#define OKP_SEARCH_INSIDE_NAME 4
// Anywhere in the login or username.
#define OKP_SEARCH_INSIDE_LOGIN 5
// Anywhere in the e-mail address.
#define OKP_SEARCH_INSIDE_EMAIL 6
// Words. Each must be anywhere in the names, login or e-mail address of the user, or all of them in those of the tied Jira user. Accents do not matter.
#define OKP_SEARCH_ANYWHERE 7

// Whose candidates are asked for.
// Jira users that have a value of this Okta user and are not tied to it.
#define OKP_CANDIDATES_OF_OKTA_USER 1
// Okta users that have a value of this Jira user and are not tied to it.
#define OKP_CANDIDATES_OF_JIRA_USER 2

// Which pairs of a preview are asked for.
// Pairs that only the other rules tie.
#define OKP_PREVIEW_OF_GAINED 1
// Present pairs that the other rules would not tie.
#define OKP_PREVIEW_OF_LOST 2

// How an export is written.
// CSV (RFC 4180) with a heading and a column for each profile attribute. A text that begins with = + - @, a tab or a CR gets an apostrophe in front, so that a spreadsheet does not read it as a formula.
#define OKP_FORMAT_CSV 1
// One JSON object for each entry, each on its own line.
#define OKP_FORMAT_JSON_LINES 2

// Whether a sync reads every user or only changed ones.
// Only changed users, unless a full run is needed; the report says why.
#define OKP_SYNC_MODE_AUTO 0
// Every user of the org; only a full run notices deleted users.
#define OKP_SYNC_MODE_FULL 8
// Only changed users. If that is impossible, the run is a full one and the report says why.
#define OKP_SYNC_MODE_DELTA 16

// What one sync is allowed to do; added to its mode.
// Mark users absent even if more disappeared than the limits allow.
#define OKP_SYNC_CONFIRM_ABSENT 1
// Accept that an attribute became empty for more users than the limits allow.
#define OKP_SYNC_CONFIRM_CLEARED 2
// Begin a new run even if an unfinished one could be resumed.
#define OKP_SYNC_RESTART 4
// Accept an org other than that of this directory; the directory then belongs to the new org.
#define OKP_SYNC_CONFIRM_ORG 32

// How a connection is made.
// Bind the tokens to a key (DPoP).
#define OKP_CONNECT_DPOP 1
// Sign in with the stored client secret.
#define OKP_CONNECT_STORED_SECRET 2
// Store a new credential without trying it.
#define OKP_CONNECT_UNTRIED 4
// Try a new credential even if there is no other one.
#define OKP_CONNECT_TRIED 8

// What a run is doing.
// No run is working.
#define OKP_PHASE_IDLE 0
// Checking org and credential.
#define OKP_PHASE_STARTING 1
// Reading users from Okta.
#define OKP_PHASE_READING 2
// Waiting for a rate-limit window or before a retry.
#define OKP_PHASE_WAITING 3
// Checking the result, publishing and matching.
#define OKP_PHASE_PUBLISHING 4
// Reading groups and their members; the users are published already.
#define OKP_PHASE_GROUPS 5

// What a run reads.
// Every user.
#define OKP_RUN_MODE_FULL 1
// The users whose lastUpdated is at a certain time or later.
#define OKP_RUN_MODE_DELTA 2
// Users that events name, each requested by id.
#define OKP_RUN_MODE_LIVE 3

// Why a run has its mode.
// The caller asked for this mode.
#define OKP_RUN_REASON_ASKED "asked"
// No full run is needed.
#define OKP_RUN_REASON_CHANGES_SUFFICE "changes_suffice"
// No full run of this directory has been completed.
#define OKP_RUN_REASON_FIRST_RUN "first_run"
// The last full run is older than sync.full_every_hours, or the clock was set back to a time before it.
#define OKP_RUN_REASON_FULL_DUE "full_due"
// The last run was refused by its guard.
#define OKP_RUN_REASON_LAST_RUN_REFUSED "last_run_refused"
// The caller confirmed something that only a full run can find.
#define OKP_RUN_REASON_CONFIRMED "confirmed"
// A schema or user type of the org changed since the last full run.
#define OKP_RUN_REASON_SCHEMA_CHANGED "schema_changed"
// Settings that decide what the directory stores changed since the last full run.
#define OKP_RUN_REASON_SETTINGS_CHANGED "settings_changed"
// Only matched users are stored, and Jira users were added or changed since the last full run.
#define OKP_RUN_REASON_JIRA_USERS_CHANGED "jira_users_changed"
// The directory does not know up to which time changes were read.
#define OKP_RUN_REASON_WATERMARK_UNKNOWN "watermark_unknown"
// The org refuses to search for changed users.
#define OKP_RUN_REASON_SEARCH_REFUSED "search_refused"
// Events named users that changed.
#define OKP_RUN_REASON_EVENTS "events"
// Events named so many users that a listing costs fewer requests.
#define OKP_RUN_REASON_MANY_EVENTS "many_events"
// Events may have been lost.
#define OKP_RUN_REASON_EVENTS_LOST "events_lost"

// Where Okta's events come from.
// From nowhere: only full and delta runs find changes.
#define OKP_LIVE_SOURCE_OFF "off"
// From Okta's System Log, which the engine polls.
#define OKP_LIVE_SOURCE_LOG "log"
// From an event hook, which posts to an address of this side.
#define OKP_LIVE_SOURCE_HOOK "hook"

// The state of a run.
// Still running, or its process was killed: the next sync resumes it.
#define OKP_RUN_STATE_RUNNING "running"
// Stopped by an error or a cancel: the next sync resumes it.
#define OKP_RUN_STATE_INTERRUPTED "interrupted"
// Every listing ended and the directory was changed.
#define OKP_RUN_STATE_COMPLETE "complete"
// Every listing ended, but the guard refused the result; the directory is as before.
#define OKP_RUN_STATE_REFUSED "refused"
// Given up, because it was too old to resume or a new run was requested; the directory is as before.
#define OKP_RUN_STATE_DROPPED "dropped"

// The one state that every Okta user and every Jira user is in.
// Tied to one user of the other side by a rule.
#define OKP_MATCH_STATE_MATCHED "matched"
// Tied to one user of the other side by hand; no rule changes it.
#define OKP_MATCH_STATE_PINNED "pinned"
// Several users compete for one value under a rule; none is chosen.
#define OKP_MATCH_STATE_AMBIGUOUS "ambiguous"
// An Okta user for which no rule found a Jira user, or a deactivated one for which an active Okta user with the same value was preferred.
#define OKP_MATCH_STATE_OKTA_ONLY "okta_only"
// A Jira user for which no rule found an Okta user, or an inactive one for which an active Jira user with the same value was preferred.
#define OKP_MATCH_STATE_JIRA_ONLY "jira_only"

// What happened to an Okta user.
// Seen for the first time.
#define OKP_CHANGE_ADDED "added"
// At least one attribute, the status or the type changed.
#define OKP_CHANGE_UPDATED "updated"
// Not seen by a complete run.
#define OKP_CHANGE_ABSENT "absent"
// Seen again after an absence.
#define OKP_CHANGE_RETURNED "returned"
// Erased from the directory after the grace period.
#define OKP_CHANGE_PURGED "purged"

// How a check of a validation ended.
// It works.
#define OKP_OUTCOME_OK "ok"
// It works, but an administrator should check it; the advice says why.
#define OKP_OUTCOME_WARNING "warning"
// The admin role behind the credential does not allow it.
#define OKP_OUTCOME_MISSING_ROLE "missing_role"
// The access token lacks a scope.
#define OKP_OUTCOME_MISSING_SCOPE "missing_scope"
// The org does not have the feature.
#define OKP_OUTCOME_FEATURE_OFF "feature_off"
// The credential itself is refused.
#define OKP_OUTCOME_REFUSED "refused"
// It was not tried because an earlier check failed, or the result cannot be known.
#define OKP_OUTCOME_NOT_CHECKED "not_checked"
// There was no usable answer, because of the network, a time-out or a problem at Okta.
#define OKP_OUTCOME_UNREACHABLE "unreachable"

// What a check is about, in the order of the report.
// The host is an Okta org (asked without a credential). Finding: the org id.
#define OKP_CAPABILITY_ORGANIZATION "organization"
// Okta accepts the credential. Finding: the Okta id of the user it belongs to.
#define OKP_CAPABILITY_CREDENTIAL "credential"
// Users can be read. Finding: the status of the first user seen, or empty.
#define OKP_CAPABILITY_READ_USERS "read_users"
// Groups can be read.
#define OKP_CAPABILITY_READ_GROUPS "read_groups"
// Profile schemas can be read.
#define OKP_CAPABILITY_READ_SCHEMAS "read_schemas"
// User types other than the default one can be read. Optional: the default one comes with the schemas.
#define OKP_CAPABILITY_READ_USER_TYPES "read_user_types"
// Event hooks can be read.
#define OKP_CAPABILITY_READ_EVENT_HOOKS "read_event_hooks"
// The System Log can be read.
#define OKP_CAPABILITY_READ_LOG "read_log"
// Profiles could be written back. Never tried; the scopes decide.
#define OKP_CAPABILITY_WRITE_USERS "write_users"
// Groups could be changed. Never tried; the scopes decide.
#define OKP_CAPABILITY_WRITE_GROUPS "write_groups"
// Event hooks could be registered. Never tried; the scopes decide.
#define OKP_CAPABILITY_WRITE_EVENT_HOOKS "write_event_hooks"
// All scopes of the access token. Finding: the granted ones, separated by blanks.
#define OKP_CAPABILITY_SCOPES "scopes"
// How long the sign-in lasts. Finding: whole days until it ends.
#define OKP_CAPABILITY_SIGN_IN "sign_in"
// The rate limit for listing users. Finding: requests a minute that the credential may send.
#define OKP_CAPABILITY_RATE_LIMIT "rate_limit"
// How many users there are, by Okta's own count. Finding: the number.
#define OKP_CAPABILITY_USER_COUNT "user_count"
// How long a full sync will take, roughly. Finding: seconds.
#define OKP_CAPABILITY_SYNC_DURATION "sync_duration"
// The difference between the clocks of Okta and of this machine. Finding: seconds, positive if Okta's clock is ahead.
#define OKP_CAPABILITY_CLOCK_SKEW "clock_skew"

// What the caller can do about an error.
// Okta's rate limit is used up: call again after the time that the error names.
#define OKP_ERROR_CLASS_WAIT "wait"
// A temporary failure: the same call may work in a while.
#define OKP_ERROR_CLASS_RETRY "retry"
// Another call or process is working: call again when it has ended.
#define OKP_ERROR_CLASS_LATER "later"
// The work was interrupted; the next call resumes it.
#define OKP_ERROR_CLASS_RESUME "resume"
// An argument, name, setting or path is wrong: correct it.
#define OKP_ERROR_CLASS_CORRECT "correct"
// A guard refuses something that may be intended: check it, and confirm it for one call.
#define OKP_ERROR_CLASS_CONFIRM "confirm"
// The credential or the sign-in is refused: correct what the sentence names, and connect again.
#define OKP_ERROR_CLASS_RECONNECT "reconnect"
// The admin role behind the credential does not allow it: assign a role in Okta that does.
#define OKP_ERROR_CLASS_GRANT_ROLE "grant_role"
// A scope is missing: grant it to the app in Okta and connect again.
#define OKP_ERROR_CLASS_GRANT_SCOPE "grant_scope"
// The Okta org does not have the feature: leave it unused, or ask Okta for it.
#define OKP_ERROR_CLASS_DO_WITHOUT "do_without"
// The administrator of the machine, the network, the installation or the Okta org must act.
#define OKP_ERROR_CLASS_ASK_ADMINISTRATOR "ask_administrator"
// Only the makers of okta-profiles can fix it: report it with the log.
#define OKP_ERROR_CLASS_REPORT "report"

// The kind of credential.
// Not connected.
#define OKP_CREDENTIAL_NONE "none"
// An API token (SSWS).
#define OKP_CREDENTIAL_API_TOKEN "api_token"
// An app in which a user has signed in: authorization code and refresh token.
#define OKP_CREDENTIAL_OAUTH "oauth"
// A service app: client credentials with a private key.
#define OKP_CREDENTIAL_SERVICE_APP "service_app"

// Where the value of a setting comes from.
// It was given at opening or by a call.
#define OKP_SETTING_SOURCE_CALL "call"
// The directory stores it.
#define OKP_SETTING_SOURCE_DIRECTORY "directory"
// It is the default, because nobody set another value.
#define OKP_SETTING_SOURCE_DEFAULT "default"

// How important a line of the log is.
// A bug of ours.
#define OKP_LOG_LEVEL_ERROR "error"
// Something an administrator should look at.
#define OKP_LOG_LEVEL_WARN "warn"
// A decision: run started, retried, waited, finished.
#define OKP_LOG_LEVEL_INFO "info"
// One line for each request.
#define OKP_LOG_LEVEL_DEBUG "debug"

// How far the running sync has come. Set `struct_size` with `OKP_PROGRESS_INIT`.
typedef struct okp_progress {
    // Set to `sizeof(okp_progress)`. The library writes no further than this.
    uint32_t struct_size;
    // What a run is doing: 0 idle, 1 starting, 2 reading, 3 waiting, 4 publishing, 5 groups.
    uint32_t phase;
    // Number of the run.
    int64_t run;
    // Users committed so far.
    uint64_t users_seen;
    // How many users there will be; 0 if unknown.
    uint64_t users_expected;
    // Pages committed so far.
    uint64_t pages;
    // Requests sent by this call.
    uint64_t requests;
    // How many of these requests repeated a failed one.
    uint64_t retries;
    // Time spent waiting, in milliseconds.
    uint64_t waited_ms;
    // How long the present wait will still take, in milliseconds.
    uint64_t wait_left_ms;
    // Time since the call began, in milliseconds.
    uint64_t elapsed_ms;
    // Groups whose members this call has to read; 0 before they are listed.
    uint64_t groups_to_read;
    // How many of these groups are completely read.
    uint64_t groups_read;
    // Memberships of these groups that this call has read.
    uint64_t memberships_read;
    // Why the call waits, as the number of an error: RATE_LIMITED, CONCURRENCY_LIMITED, or the error of the last attempt; 0 if it does not wait.
    uint64_t waits_for;
} okp_progress;

// The record of one run. For a complete run, seen = added + updated + touched + unchanged. For a complete full run, also present = seen. Set `struct_size` with `OKP_SYNC_REPORT_INIT`.
typedef struct okp_sync_report {
    // Set to `sizeof(okp_sync_report)`. The library writes no further than this.
    uint32_t struct_size;
    // What a run reads: 1 full, 2 delta, 3 live.
    uint32_t mode;
    // Number of the run.
    int64_t run;
    // How many calls worked on the run.
    uint64_t attempts;
    // Different users seen.
    uint64_t seen;
    // Users new in the directory.
    uint64_t added;
    // Users with changed content.
    uint64_t updated;
    // Users of which only time stamps changed.
    uint64_t touched;
    // Users without a change.
    uint64_t unchanged;
    // Users that were absent and are present again.
    uint64_t returned;
    // Users marked absent.
    uint64_t absent;
    // Absent users erased.
    uint64_t purged;
    // Users present after the run.
    uint64_t present;
    // Pairs tied by a rule.
    uint64_t matched;
    // Pairs tied by hand.
    uint64_t pinned;
    // Okta users in the state ambiguous.
    uint64_t okta_ambiguous;
    // Jira users in the state ambiguous.
    uint64_t jira_ambiguous;
    // Okta users without a Jira user.
    uint64_t okta_only;
    // Jira users without an Okta user.
    uint64_t jira_only;
    // Requests sent, including repeated ones.
    uint64_t requests;
    // How many of these requests repeated a failed one.
    uint64_t retries;
    // Time spent waiting, in milliseconds.
    uint64_t waited_ms;
    // Bytes of the answers, after decompression.
    uint64_t bytes;
    // Time spent, in milliseconds.
    uint64_t elapsed_ms;
} okp_sync_report;

// Rows of an answer. A number, not a pointer: a page that was freed, or never existed, is an error.
// Free each page with `okp_page_free`. A page may be read from several threads.
typedef struct okp_page {
    // Opaque; 0 is never a page.
    uint64_t id;
} okp_page;

// What went wrong. The caller owns it: put one on the stack with `okp_error error = OKP_ERROR_INIT;`
// and pass its address, or pass NULL if the code alone is enough. It is written only when a call
// fails. Texts are UTF-8, end with NUL and are cut if they are longer than their field. They never
// contain a token, a login or an e-mail address.
typedef struct okp_error {
    // Set to `sizeof(okp_error)` by `OKP_ERROR_INIT`. The library writes no further than this.
    uint32_t struct_size;
    // The code, one of `OKP_ERROR_*`.
    int32_t code;
    // After how many milliseconds a retry makes sense; -1 if unknown.
    int64_t retry_after_ms;
    // What happened, where, and what to do next.
    char message[512];
    // Okta's own errorCode, such as E0000006; empty if Okta gave none.
    char okta_error_code[48];
    // Okta's request id, to be quoted to Okta support; empty if there is none.
    char okta_request_id[72];
    // The OAuth scope that Okta found missing; empty if none.
    char missing_scope[208];
} okp_error;

// An open directory and, once connected, the way to its Okta org. A number, not a pointer: an engine
// that was closed, or never existed, is an error. Every call may be made from any thread.
typedef struct okp_engine {
    // Opaque; 0 is never an engine.
    uint64_t id;
} okp_engine;

// A text that belongs to the caller: UTF-8, `length` bytes; NULL is allowed if `length` is 0.
typedef struct okp_text {
    // The bytes.
    const char *data;
    // How many there are.
    size_t length;
} okp_text;

// A Jira user as the caller hands it over. The texts are copied.
typedef struct okp_jira_user {
    // Jira's user key; a user without one is skipped.
    struct okp_text key;
    // The username.
    struct okp_text username;
    // The e-mail address; empty if Jira has none.
    struct okp_text email;
    // The display name; empty if Jira has none.
    struct okp_text display_name;
    // 1 if the user may sign in, else 0.
    uint64_t active;
} okp_jira_user;

// A header of a request.
typedef struct okp_header {
    // The name, in any case.
    const char *name;
    // Its length in bytes.
    size_t name_length;
    // The value.
    const char *value;
    // Its length in bytes.
    size_t value_length;
} okp_header;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The general sentence of a code, UTF-8 with a NUL at its end; NULL for a number that is no code.
//
// The text is static: never free it. Any thread.
const char *okp_error_text(int32_t code);

// How many rows the page has.
//
// @param rows receives the number; must not be NULL.
// @return 0, or OKP_ERROR_INVALID_HANDLE, OKP_ERROR_INVALID_ARGUMENT.
int32_t okp_page_rows(struct okp_page page, size_t *rows, struct okp_error *error);

// How many columns the page has, and which: `columns` receives up to `capacity` numbers
// (`OKP_COLUMN_*`) in order, `count` how many there are. `columns` may be NULL if `capacity` is 0.
//
// @return 0, or OKP_ERROR_INVALID_HANDLE, OKP_ERROR_INVALID_ARGUMENT.
int32_t okp_page_columns(struct okp_page page,
                         uint16_t *columns,
                         size_t capacity,
                         size_t *count,
                         struct okp_error *error);

// Whether a cell is null.
//
// @param is_null receives 1 or 0.
// @return 0, OKP_ERROR_INVALID_HANDLE, or OKP_ERROR_INVALID_ARGUMENT for a row or column that the page
// does not have.
int32_t okp_page_is_null(struct okp_page page,
                         size_t row,
                         uint16_t column,
                         uint8_t *is_null,
                         struct okp_error *error);

// The text of a cell: UTF-8, `length` bytes, with a NUL behind them. A null cell gives NULL and 0.
//
// The text belongs to the page: it is valid until `okp_page_free`.
//
// @return 0, OKP_ERROR_INVALID_HANDLE, or OKP_ERROR_INVALID_ARGUMENT for a row or column that the page
// does not have, or a column of numbers.
int32_t okp_page_text(struct okp_page page,
                      size_t row,
                      uint16_t column,
                      const char **text,
                      size_t *length,
                      struct okp_error *error);

// The number in a cell; a null cell gives 0 (`okp_page_is_null` tells the difference).
//
// @return 0, OKP_ERROR_INVALID_HANDLE, or OKP_ERROR_INVALID_ARGUMENT for a row or column that the page
// does not have, or a column of texts.
int32_t okp_page_integer(struct okp_page page,
                         size_t row,
                         uint16_t column,
                         int64_t *value,
                         struct okp_error *error);

// Frees a page and every text in it.
//
// @return 0, or OKP_ERROR_INVALID_HANDLE if it is freed already or never existed.
int32_t okp_page_free(struct okp_page page, struct okp_error *error);

// The version of the boundary of the loaded library: compare with OKP_ABI_VERSION. The upper 16 bits
// must be equal, the lower 16 not smaller.
uint32_t okp_abi_version(void);

// The version of the library, such as "0.1.0". Static: never free it.
const char *okp_version(void);

// Opens the directory file, making it and its folder if missing. The file must be on a local disk and
// has one owner at a time. The settings that the directory keeps are in force, see `okp_engine_store_setting`.
//
// @param path UTF-8, `path_length` bytes.
// @param opened receives the engine; close it with `okp_engine_close`.
// @return 0, or among others OKP_ERROR_DIRECTORY_LOCKED, OKP_ERROR_NOT_A_DIRECTORY,
// OKP_ERROR_DIRECTORY_TOO_NEW, OKP_ERROR_NETWORK_FILE_SYSTEM, OKP_ERROR_DIRECTORY_OPEN_FAILED.
int32_t okp_engine_open(const char *path,
                        size_t path_length,
                        struct okp_engine *opened,
                        struct okp_error *error);

// Opens the directory file with a sealing key that the host keeps, instead of the key file beside the
// directory. With a wrong key the directory can be read; calls that need the credential return
// OKP_ERROR_SEALING_KEY_WRONG, and connecting again replaces it.
//
// @param path UTF-8, `path_length` bytes.
// @param key 32 random bytes, not kept by reference; wipe yours when you like.
// @param opened receives the engine; close it with `okp_engine_close`.
// @return as `okp_engine_open`; OKP_ERROR_INVALID_ARGUMENT if the key has not 32 bytes.
int32_t okp_engine_open_with_key(const char *path,
                                 size_t path_length,
                                 const uint8_t *key,
                                 size_t key_length,
                                 struct okp_engine *opened,
                                 struct okp_error *error);

// What opening did: one row with OKP_COLUMN_DIRECTORY_CREATED, OKP_COLUMN_DAMAGED_MOVED_TO and
// OKP_COLUMN_CARRIED_OVER. A damaged directory was replaced by a new one, which the next sync fills.
//
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_opened(struct okp_engine handle,
                          struct okp_page *page,
                          struct okp_error *error);

// Closes the engine: cancels the calls that run on it in other threads, waits for them and closes every
// file. Afterwards nothing of it runs, and the handle is invalid.
//
// @return 0, or OKP_ERROR_INVALID_HANDLE if it is closed already or never existed.
int32_t okp_engine_close(struct okp_engine handle,
                         struct okp_error *error);

// Checks org, credential and every capability: one row each with OKP_COLUMN_CAPABILITY,
// OKP_COLUMN_OUTCOME, OKP_COLUMN_ADVICE and more. A refused credential is an outcome, not an error.
// Blocks for seconds, at the worst about a minute; `okp_engine_cancel` ends it.
//
// @param page receives the page; free it.
// @return 0, OKP_ERROR_NOT_CONNECTED, OKP_ERROR_CA_INVALID, OKP_ERROR_PROXY_INVALID,
// OKP_ERROR_CANCELLED, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_validate(struct okp_engine handle,
                            struct okp_page *page,
                            struct okp_error *error);

// Stops the calls that run on the engine now; they return OKP_ERROR_CANCELLED. A sync can be resumed.
//
// @return 0, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_cancel(struct okp_engine handle,
                          struct okp_error *error);

// Lines of the engine's log after a position, oldest first: OKP_COLUMN_LOG_POSITION, OKP_COLUMN_LOG_AT,
// OKP_COLUMN_LOG_LEVEL, OKP_COLUMN_LOG_MESSAGE. The log is bounded: poll it, starting with 0.
//
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_log(struct okp_engine handle,
                       uint64_t after,
                       int32_t limit,
                       struct okp_page *page,
                       struct okp_error *error);

// Changes a setting for the calls that begin from now on. docs/reference/settings.md lists keys,
// defaults and ranges.
//
// @return 0, OKP_ERROR_UNKNOWN_SETTING, OKP_ERROR_INVALID_SETTING, OKP_ERROR_MATCHING_RULES_INVALID,
// OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_set(struct okp_engine handle,
                       const char *key,
                       size_t key_length,
                       const char *value,
                       size_t value_length,
                       struct okp_error *error);

// The value of a setting: one row with OKP_COLUMN_NAME and OKP_COLUMN_VALUE.
//
// @param page receives the page; free it.
// @return 0, OKP_ERROR_UNKNOWN_SETTING, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_setting(struct okp_engine handle,
                           const char *key,
                           size_t key_length,
                           struct okp_page *page,
                           struct okp_error *error);

// Every setting: one row each with OKP_COLUMN_NAME, OKP_COLUMN_VALUE, OKP_COLUMN_SETTING_SOURCE (call, directory
// or default), OKP_COLUMN_SETTING_DEFAULT and OKP_COLUMN_SETTING_MEANING. A password in a proxy's address is left
// out.
//
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_settings(struct okp_engine handle,
                            struct okp_page *page,
                            struct okp_error *error);

// Keeps a setting in the directory: it holds from now on for every engine that opens the directory, unless
// `okp_engine_set` gives another value. Refused for directory.lock_wait_seconds, which is needed earlier, and for a
// proxy with a password: secrets are never settings.
//
// @return 0, OKP_ERROR_UNKNOWN_SETTING, OKP_ERROR_INVALID_SETTING, OKP_ERROR_MATCHING_RULES_INVALID,
// OKP_ERROR_INVALID_HANDLE, or an OKP_ERROR_DIRECTORY_* or OKP_ERROR_DISK_FULL.
int32_t okp_engine_store_setting(struct okp_engine handle,
                                 const char *key,
                                 size_t key_length,
                                 const char *value,
                                 size_t value_length,
                                 struct okp_error *error);

// Removes a setting from the directory.
//
// @return 0, OKP_ERROR_NOT_FOUND if it was not kept, OKP_ERROR_UNKNOWN_SETTING, OKP_ERROR_INVALID_HANDLE, or an
// OKP_ERROR_DIRECTORY_* or OKP_ERROR_DISK_FULL.
int32_t okp_engine_unset_setting(struct okp_engine handle,
                                 const char *key,
                                 size_t key_length,
                                 struct okp_error *error);

// Connects with the Okta org and an API token, for the calls that begin from now on. A token that replaces another
// credential is tried first; if Okta refuses it, the other stays in force. The first credential is kept without a
// request to Okta. The org URL may be given as pasted: issuer URI, address of the admin console, without scheme. The
// token is kept sealed in the directory, so an engine that is opened again is connected again.
//
// @return 0, OKP_ERROR_ORG_URL_INVALID, OKP_ERROR_ORG_URL_NOT_HTTPS, OKP_ERROR_CREDENTIAL_MALFORMED,
// OKP_ERROR_NOT_AN_OKTA_ORG, OKP_ERROR_ORG_MISMATCH, OKP_ERROR_TOKEN_REJECTED,
// OKP_ERROR_SEALING_KEY_UNAVAILABLE, OKP_ERROR_CANCELLED, OKP_ERROR_INVALID_HANDLE, and the codes of the network.
int32_t okp_engine_connect(struct okp_engine handle,
                           const char *org_url,
                           size_t org_url_length,
                           const char *api_token,
                           size_t api_token_length,
                           struct okp_error *error);

// As `okp_engine_connect`, with a choice when the token is tried.
//
// @param flags 0, OKP_CONNECT_TRIED (also the first credential) or OKP_CONNECT_UNTRIED (never).
// @return as `okp_engine_connect`, and OKP_ERROR_INVALID_ARGUMENT.
int32_t okp_engine_connect_with(struct okp_engine handle,
                                const char *org_url,
                                size_t org_url_length,
                                const char *api_token,
                                size_t api_token_length,
                                uint32_t flags,
                                struct okp_error *error);

// Connects with a service app (Okta: API Services, public key / private key). The key is checked; an app that replaces
// another credential is tried first, as in `okp_engine_connect`.
//
// @param private_key_pem RSA of at least 2048 bits or EC on P-256, PEM, not encrypted.
// @param key_id the id of the app's public key in Okta; empty if the app has only one.
// @param flags 0 or OKP_CONNECT_DPOP, and one of OKP_CONNECT_TRIED and OKP_CONNECT_UNTRIED. If the app demands DPoP,
// it happens without the flag. OKP_CONNECT_STORED_SECRET, with an empty key, uses the key that
// `okp_engine_make_service_key` made last, or else the key that is stored for this app.
// @return 0, OKP_ERROR_ORG_URL_INVALID, OKP_ERROR_PRIVATE_KEY_INVALID, OKP_ERROR_INVALID_ARGUMENT,
// OKP_ERROR_ASSERTION_REJECTED, OKP_ERROR_CONSENT_REQUIRED, OKP_ERROR_ORG_MISMATCH,
// OKP_ERROR_SEALING_KEY_UNAVAILABLE, OKP_ERROR_CANCELLED, OKP_ERROR_INVALID_HANDLE, and the codes of the network.
int32_t okp_engine_connect_service_app(struct okp_engine handle,
                                       const char *org_url,
                                       size_t org_url_length,
                                       const char *client_id,
                                       size_t client_id_length,
                                       const char *private_key_pem,
                                       size_t private_key_pem_length,
                                       const char *key_id,
                                       size_t key_id_length,
                                       uint32_t flags,
                                       struct okp_error *error);

// Begins a sign-in with Okta: one row with OKP_COLUMN_AUTHORIZATION_URL, OKP_COLUMN_AUTHORIZATION_STATE,
// OKP_COLUMN_AUTHORIZATION_EXPIRES. Send the user's browser to the URL; Okta sends it back to the redirect
// URI, whose query goes to `okp_engine_complete_authorization`. This call sends no request. The sign-in survives a
// restart.
//
// @param client_secret NULL with length 0 for a public client, or with OKP_CONNECT_STORED_SECRET.
// @param redirect_uri as registered with the app, letter by letter.
// @param flags 0, OKP_CONNECT_DPOP, OKP_CONNECT_STORED_SECRET or both. If the app demands DPoP, it happens without the
// flag. OKP_CONNECT_STORED_SECRET signs in again with the client secret of the present sign-in, which must be for the
// same client and org; otherwise the call returns OKP_ERROR_INVALID_ARGUMENT.
// @param page receives the page; free it.
// @return 0, OKP_ERROR_ORG_URL_INVALID, OKP_ERROR_CREDENTIAL_MALFORMED, OKP_ERROR_INVALID_ARGUMENT,
// OKP_ERROR_SEALING_KEY_UNAVAILABLE, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_begin_authorization(struct okp_engine handle,
                                       const char *org_url,
                                       size_t org_url_length,
                                       const char *client_id,
                                       size_t client_id_length,
                                       const char *client_secret,
                                       size_t client_secret_length,
                                       const char *redirect_uri,
                                       size_t redirect_uri_length,
                                       uint32_t flags,
                                       struct okp_page *page,
                                       struct okp_error *error);

// Completes a sign-in with what Okta sent the user back with. From then on the engine is connected, and a sign-in that
// it replaces is revoked at Okta. The answer is accepted once. Blocks while Okta is asked, usually less than a second.
//
// @param callback the whole callback URL, or its query.
// @param page receives the page of `okp_engine_token_status`; free it.
// @return 0, OKP_ERROR_AUTHORIZATION_UNKNOWN, OKP_ERROR_AUTHORIZATION_DENIED, OKP_ERROR_CODE_REJECTED,
// OKP_ERROR_CLIENT_REJECTED, OKP_ERROR_CONSENT_REQUIRED, OKP_ERROR_REFRESH_TOKEN_MISSING,
// OKP_ERROR_CANCELLED, OKP_ERROR_INVALID_HANDLE, and the codes of the network.
int32_t okp_engine_complete_authorization(struct okp_engine handle,
                                          const char *callback,
                                          size_t callback_length,
                                          struct okp_page *page,
                                          struct okp_error *error);

// Renews the access token now, unless another call has just done so. Other calls renew it when they need to; this call
// shows whether it works.
//
// @param page receives the page of `okp_engine_token_status`; free it.
// @return 0, OKP_ERROR_NOT_CONNECTED, OKP_ERROR_SIGN_IN_ENDED, OKP_ERROR_CLIENT_REJECTED,
// OKP_ERROR_CANCELLED, OKP_ERROR_INVALID_HANDLE, and the codes of the network.
int32_t okp_engine_refresh_token(struct okp_engine handle,
                                 struct okp_page *page,
                                 struct okp_error *error);

// The credential and how long it is valid: one row with OKP_COLUMN_CREDENTIAL_KIND,
// OKP_COLUMN_ORG_URL, OKP_COLUMN_CLIENT_ID, OKP_COLUMN_GRANTED_SCOPES, OKP_COLUMN_TOKEN_OBTAINED,
// OKP_COLUMN_ACCESS_TOKEN_EXPIRES, OKP_COLUMN_SIGN_IN_ENDS, OKP_COLUMN_SIGN_IN_WARNING, OKP_COLUMN_DPOP,
// OKP_COLUMN_CREDENTIAL_PROBLEM. Sends no request.
//
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_token_status(struct okp_engine handle,
                                struct okp_page *page,
                                struct okp_error *error);

// Revokes the tokens at Okta and erases the credential with everything that belongs to it. An API token
// is not revoked: it may be used elsewhere.
//
// @return 0; OKP_ERROR_NOT_REVOKED if it was erased but Okta could not be told;
// OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_disconnect(struct okp_engine handle,
                              struct okp_error *error);

// Seals every secret under a new key, in one transaction.
//
// @param key the host's new key, 32 random bytes, to give to `okp_engine_open_with_key` from now on; NULL with length
// 0 for a new key in the key file beside the directory.
// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_SEALING_KEY_WRONG, OKP_ERROR_CREDENTIAL_DAMAGED,
// OKP_ERROR_SEALING_KEY_UNAVAILABLE, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_rekey(struct okp_engine handle,
                         const uint8_t *key,
                         size_t key_length,
                         struct okp_error *error);

// Validates an API token without storing it, as `okp_engine_validate` does with the credential in force, which stays.
//
// @param page receives the page; free it.
// @return as `okp_engine_validate`, and OKP_ERROR_ORG_URL_INVALID, OKP_ERROR_ORG_URL_NOT_HTTPS,
// OKP_ERROR_CREDENTIAL_MALFORMED.
int32_t okp_engine_validate_token(struct okp_engine handle,
                                  const char *org_url,
                                  size_t org_url_length,
                                  const char *api_token,
                                  size_t api_token_length,
                                  struct okp_page *page,
                                  struct okp_error *error);

// Validates a service app without storing it. The app gets an access token, which is not kept.
//
// @param flags as for `okp_engine_connect_service_app`.
// @param page receives the page; free it.
// @return as `okp_engine_validate`, and OKP_ERROR_ORG_URL_INVALID, OKP_ERROR_PRIVATE_KEY_INVALID,
// OKP_ERROR_INVALID_ARGUMENT.
int32_t okp_engine_validate_service_app(struct okp_engine handle,
                                        const char *org_url,
                                        size_t org_url_length,
                                        const char *client_id,
                                        size_t client_id_length,
                                        const char *private_key_pem,
                                        size_t private_key_pem_length,
                                        const char *key_id,
                                        size_t key_id_length,
                                        uint32_t flags,
                                        struct okp_page *page,
                                        struct okp_error *error);

// Validates an app before anybody has signed in with it: whether the host is an Okta org, and whether the org accepts
// client id and secret. The other checks are not tried.
//
// @param client_secret NULL with length 0 for a public client, or with OKP_CONNECT_STORED_SECRET.
// @param flags 0 or OKP_CONNECT_STORED_SECRET.
// @param page receives the page; free it.
// @return as `okp_engine_validate`, and OKP_ERROR_ORG_URL_INVALID, OKP_ERROR_INVALID_ARGUMENT,
// OKP_ERROR_CREDENTIAL_MALFORMED.
int32_t okp_engine_validate_client(struct okp_engine handle,
                                   const char *org_url,
                                   size_t org_url_length,
                                   const char *client_id,
                                   size_t client_id_length,
                                   const char *client_secret,
                                   size_t client_secret_length,
                                   uint32_t flags,
                                   struct okp_page *page,
                                   struct okp_error *error);

// Makes a key for a service app: one row, named jwk, with the public part, which you add to the app in Okta. The
// private part waits in memory for `okp_engine_connect_service_app` with OKP_CONNECT_STORED_SECRET, until another key
// is made or the engine is closed. No call returns it.
//
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_make_service_key(struct okp_engine handle,
                                    struct okp_page *page,
                                    struct okp_error *error);

// The public part of a private key: one row, named jwk.
//
// @param page receives the page; free it.
// @return 0, OKP_ERROR_PRIVATE_KEY_INVALID, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_public_service_key(struct okp_engine handle,
                                      const char *private_key_pem,
                                      size_t private_key_pem_length,
                                      struct okp_page *page,
                                      struct okp_error *error);

// Brings the directory up to date with the org; resumes an unfinished run. Reads only what changed since the last
// complete run, or every user if that is needed: the first time, when the last full run is older than
// `sync.full_every_hours`, after a refused run and so on (OKP_COLUMN_RUN_REASON says why). Only a full run notices
// deleted users. Blocks until the end; watch it with `okp_engine_progress` and stop it with `okp_engine_cancel` from
// another thread. On an error readers see the directory as it was.
//
// @param flags OKP_SYNC_CONFIRM_ABSENT, OKP_SYNC_CONFIRM_CLEARED, OKP_SYNC_CONFIRM_ORG, OKP_SYNC_RESTART, and one of
// OKP_SYNC_MODE_FULL, OKP_SYNC_MODE_DELTA; 0 for none.
// @param report receives the counters; may be NULL.
// @return 0 if the directory is complete, else among others OKP_ERROR_BUSY, OKP_ERROR_NOT_CONNECTED,
// OKP_ERROR_CANCELLED, OKP_ERROR_TOKEN_REJECTED, OKP_ERROR_RATE_LIMITED, OKP_ERROR_NOBODY_SEEN,
// OKP_ERROR_TOO_MANY_ABSENT, OKP_ERROR_TOO_MANY_CLEARED, OKP_ERROR_ORG_MISMATCH.
int32_t okp_engine_sync(struct okp_engine handle,
                        uint32_t flags,
                        okp_sync_report *report,
                        struct okp_error *error);

// How far the running sync is, or the last figures if none runs. Never blocks.
//
// @param progress receives the figures.
// @return 0, OKP_ERROR_INVALID_HANDLE, OKP_ERROR_INVALID_ARGUMENT.
int32_t okp_engine_progress(struct okp_engine handle,
                            okp_progress *progress,
                            struct okp_error *error);

// Reports of the last runs, newest first; one row each with the OKP_COLUMN_RUN_* columns.
//
// @param before only runs with a smaller number; 0 for the newest.
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_runs(struct okp_engine handle,
                        int64_t before,
                        int32_t limit,
                        struct okp_page *page,
                        struct okp_error *error);

// Begins handing over the whole set of Jira users. Readers see the old set until
// `okp_engine_commit_jira_users`; a hand-over that was not committed is dropped.
//
// @return 0, OKP_ERROR_INVALID_HANDLE, or an OKP_ERROR_DIRECTORY_* or OKP_ERROR_DISK_FULL.
int32_t okp_engine_begin_jira_users(struct okp_engine handle, struct okp_error *error);

// Adds a batch to the hand-over, best a few thousand users. If two users have the same key, the later one counts. A
// user without a key is skipped. `okp_engine_commit_jira_users` gives the place of both in the hand-over.
//
// @param users array of `count` users; may be NULL if `count` is 0.
// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE, or an
// OKP_ERROR_DIRECTORY_* or OKP_ERROR_DISK_FULL.
int32_t okp_engine_add_jira_users(struct okp_engine handle,
                                  const struct okp_jira_user *users,
                                  size_t count,
                                  struct okp_error *error);

// What `okp_engine_commit_jira_users` would do with the users handed over so far: above all, how many matches
// would end. Nothing is changed, and the hand-over goes on.
//
// @param page receives counts by name as `okp_engine_commit_jira_users` gives them; needs_confirmation is 1 if it
// would be refused without a confirmation. Free it.
// @return 0, OKP_ERROR_INVALID_HANDLE, or an OKP_ERROR_DIRECTORY_*.
int32_t okp_engine_preview_jira_users(struct okp_engine handle,
                                      struct okp_page *page,
                                      struct okp_error *error);

// Replaces the set of Jira users by what was handed over and matches anew.
//
// An empty set is refused if there were users. So is a set that loses more Jira users or matches than the settings
// sweep.max_jira_loss_percent and sweep.max_jira_loss_users allow. Then nothing is changed, and the same hand-over can
// be committed with a confirmation.
//
// @param confirm_loss 1 to accept such a loss, an empty set included.
// @param page receives counts by name (added, updated, removed, unchanged, matches_ended, matches_begun,
// passed_over, repeated) and texts named warning; free it.
// @return 0, OKP_ERROR_JIRA_USERS_EMPTY, OKP_ERROR_TOO_MANY_JIRA_USERS_LOST, OKP_ERROR_INVALID_HANDLE, or an
// OKP_ERROR_DIRECTORY_*.
int32_t okp_engine_commit_jira_users(struct okp_engine handle,
                                     uint32_t confirm_loss,
                                     struct okp_page *page,
                                     struct okp_error *error);

// Adds or changes single Jira users and matches again. A user without a key is skipped.
//
// @return as `okp_engine_add_jira_users`.
int32_t okp_engine_upsert_jira_users(struct okp_engine handle,
                                     const struct okp_jira_user *users,
                                     size_t count,
                                     struct okp_error *error);

// Removes Jira users by key and matches anew. Unknown keys are ignored.
//
// @param keys array of `count` texts; may be NULL if `count` is 0.
// @return as `okp_engine_add_jira_users`.
int32_t okp_engine_remove_jira_users(struct okp_engine handle,
                                     const struct okp_text *keys,
                                     size_t count,
                                     struct okp_error *error);

// Matches all users again by the rules in force. Sends no request to Okta.
//
// @param page receives counts by name (matched, …, rule:NAME); free it.
// @return 0, OKP_ERROR_INVALID_HANDLE, or an OKP_ERROR_DIRECTORY_*.
int32_t okp_engine_rematch(struct okp_engine handle,
                           struct okp_page *page,
                           struct okp_error *error);

// What other rules would do with the present directory. Changes nothing and sends no request to Okta.
//
// @param rules such as "login=username, email=email".
// @param page receives counts by name (present.matched, …, proposed.matched, …, gained, lost); free it.
// @return 0, OKP_ERROR_MATCHING_RULES_INVALID, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_preview_matching(struct okp_engine handle,
                                    const char *rules,
                                    size_t rules_length,
                                    struct okp_page *page,
                                    struct okp_error *error);

// The pairs behind a preview, as directory entries (see `okp_engine_list`): those that would begin, as they would
// be, or those that would end, as they are.
//
// @param which one of OKP_PREVIEW_OF_*.
// @param limit how many at most, 1 to 10 000.
// @param page receives the page; free it.
// @return 0, OKP_ERROR_MATCHING_RULES_INVALID, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_preview_pairs(struct okp_engine handle,
                                 const char *rules,
                                 size_t rules_length,
                                 int32_t which,
                                 int32_t limit,
                                 struct okp_page *page,
                                 struct okp_error *error);

// Ties an Okta user to a Jira user by hand; later runs and rules do not change the tie.
//
// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_HANDLE, or an OKP_ERROR_DIRECTORY_*.
int32_t okp_engine_pin(struct okp_engine handle,
                       const char *okta_id,
                       size_t okta_id_length,
                       const char *jira_key,
                       size_t jira_key_length,
                       struct okp_error *error);

// Removes the pin of a Jira user and matches anew.
//
// @return 0, OKP_ERROR_NOT_FOUND if there is none, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_unpin(struct okp_engine handle,
                         const char *jira_key,
                         size_t jira_key_length,
                         struct okp_error *error);

// The users of the other side that an ambiguous user could be, in the columns of entries.
//
// @param side OKP_CANDIDATES_OF_OKTA_USER with an Okta id, or OKP_CANDIDATES_OF_JIRA_USER with a Jira key.
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_candidates(struct okp_engine handle,
                              int32_t side,
                              const char *id,
                              size_t id_length,
                              int32_t limit,
                              struct okp_page *page,
                              struct okp_error *error);

// The entry of one user: one row, or none if nobody has the key.
//
// @param kind OKP_FIND_BY_JIRA_KEY, OKP_FIND_BY_JIRA_USERNAME, OKP_FIND_BY_OKTA_ID, OKP_FIND_BY_LOGIN or
// OKP_FIND_BY_EMAIL. Ids and keys are compared exactly, the others without case and without blanks around them.
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_find(struct okp_engine handle,
                        int32_t kind,
                        const char *value,
                        size_t value_length,
                        struct okp_page *page,
                        struct okp_error *error);

// Entries of a view in a stable order, at most `limit` (1 to 10 000). Begin with `after` 0 and go on with
// OKP_COLUMN_CURSOR of the last row; a page without rows is the end.
//
// @param view OKP_VIEW_MATCHED, …, OKP_VIEW_ORPHANED.
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_list(struct okp_engine handle,
                        int32_t view,
                        int64_t after,
                        int32_t limit,
                        struct okp_page *page,
                        struct okp_error *error);

// The users of a view whose name, login or e-mail begins with a text, or contains it, without case. Begin with an
// empty
// `after` and go on with OKP_COLUMN_SEARCH_CURSOR of the last row; null there is the end. The views
// OKP_VIEW_JIRA_ONLY and OKP_VIEW_JIRA_AMBIGUOUS are searched by what Jira knows of the users.
//
// @param view OKP_VIEW_MATCHED, …, OKP_VIEW_ORPHANED; OKP_VIEW_ALL is every present Okta user.
// @param field OKP_SEARCH_NAME, OKP_SEARCH_LOGIN or OKP_SEARCH_EMAIL for what begins with the text;
// OKP_SEARCH_INSIDE_NAME, … for what contains it, a last name for instance.
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_search(struct okp_engine handle,
                          int32_t view,
                          int32_t field,
                          const char *prefix,
                          size_t prefix_length,
                          const char *after,
                          size_t after_length,
                          int32_t limit,
                          struct okp_page *page,
                          struct okp_error *error);

// The change feed after a position (0 for the oldest kept), oldest first: OKP_COLUMN_CHANGE_* columns.
//
// @param okta_id only changes of this user; empty for all.
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_changes(struct okp_engine handle,
                           int64_t after,
                           const char *okta_id,
                           size_t okta_id_length,
                           int32_t limit,
                           struct okp_page *page,
                           struct okp_error *error);

// The change feed before a position (0 for the newest), newest first: OKP_COLUMN_CHANGE_* columns.
//
// @param okta_id only changes of this user; empty for all.
// @param run only changes that this run found; 0 for all.
// @param since only changes at this moment or later, in milliseconds since 1970; 0 for all.
// @param until only changes before this moment; 0 for all.
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_changes_before(struct okp_engine handle,
                                  int64_t before,
                                  const char *okta_id,
                                  size_t okta_id_length,
                                  int64_t run,
                                  int64_t since,
                                  int64_t until,
                                  int32_t limit,
                                  struct okp_page *page,
                                  struct okp_error *error);

// What is in the directory and how fresh it is, by name: okta_users, fresh_as_of (milliseconds since
// 1970), digest, matched, status:NAME and more.
//
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_HANDLE, or an OKP_ERROR_DIRECTORY_*.
int32_t okp_engine_statistics(struct okp_engine handle,
                              struct okp_page *page,
                              struct okp_error *error);

// Checks the file and the rules between its rows; reads everything. Each row is a finding; a page without rows means
// that the directory is sound.
//
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_HANDLE, or an OKP_ERROR_DIRECTORY_*.
int32_t okp_engine_check_integrity(struct okp_engine handle,
                                   struct okp_page *page,
                                   struct okp_error *error);

// Writes a compact copy of the directory to a new file, while reading and syncing go on.
//
// @param path UTF-8; a new file in an existing folder.
// @return 0, OKP_ERROR_BACKUP_FAILED, OKP_ERROR_DISK_FULL, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_backup(struct okp_engine handle,
                          const char *path,
                          size_t path_length,
                          struct okp_error *error);

// Groups in the order of their names, at most `limit` (1 to 10 000): OKP_COLUMN_GROUP_* columns. Begin with
// an empty `after` and go on with OKP_COLUMN_SEARCH_CURSOR of the last row; null there is the end.
//
// @param type only groups of this type, such as OKTA_GROUP; empty for all.
// @param prefix only groups whose name begins with this text, without case; empty for all.
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_groups(struct okp_engine handle,
                          const char *type,
                          size_t type_length,
                          const char *prefix,
                          size_t prefix_length,
                          const char *after,
                          size_t after_length,
                          int32_t limit,
                          struct okp_page *page,
                          struct okp_error *error);

// The group with this Okta id: one row, or none.
//
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_group(struct okp_engine handle,
                         const char *group_id,
                         size_t group_id_length,
                         struct okp_page *page,
                         struct okp_error *error);

// Members of a group in the order of their ids: OKP_COLUMN_OKTA_ID, and OKP_COLUMN_STATUS,
// OKP_COLUMN_LOGIN, OKP_COLUMN_DISPLAY_NAME, OKP_COLUMN_JIRA_KEY where they are known. Begin with an empty
// `after` and go on with the id of the last row; a page without rows is the end.
//
// @param page receives the page; free it.
// @return 0, OKP_ERROR_NOT_FOUND if there is no such group, OKP_ERROR_INVALID_ARGUMENT,
// OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_group_members(struct okp_engine handle,
                                 const char *group_id,
                                 size_t group_id_length,
                                 const char *after,
                                 size_t after_length,
                                 int32_t limit,
                                 struct okp_page *page,
                                 struct okp_error *error);

// Keys of the Jira users to whom members of a group are tied: OKP_COLUMN_JIRA_KEY. Begin with an empty
// `after` and go on with OKP_COLUMN_SEARCH_CURSOR of the last row; null there is the end.
//
// @param page receives the page; free it.
// @return 0, OKP_ERROR_NOT_FOUND if there is no such group, OKP_ERROR_INVALID_ARGUMENT,
// OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_matched_group_members(struct okp_engine handle,
                                         const char *group_id,
                                         size_t group_id_length,
                                         const char *after,
                                         size_t after_length,
                                         int32_t limit,
                                         struct okp_page *page,
                                         struct okp_error *error);

// The groups of one user, in the order of their names: OKP_COLUMN_GROUP_* columns. No row if the user is
// in none, or is unknown.
//
// @param kind OKP_FIND_BY_JIRA_KEY or OKP_FIND_BY_OKTA_ID.
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_groups_of(struct okp_engine handle,
                             int32_t kind,
                             const char *value,
                             size_t value_length,
                             int32_t limit,
                             struct okp_page *page,
                             struct okp_error *error);

// The user types of the org in Okta's order: OKP_COLUMN_TYPE_ID, OKP_COLUMN_USER_TYPE_* and
// OKP_COLUMN_SCHEMA_*. No row until a sync has read them.
//
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_user_types(struct okp_engine handle,
                              struct okp_page *page,
                              struct okp_error *error);

// The attributes that profiles of a user type may have, in Okta's order: OKP_COLUMN_ATTRIBUTE_* columns.
// No row until a sync has read them.
//
// @param type_id OKP_COLUMN_TYPE_ID of a user or a type; empty, or one that is not known, gives those of
// the default type.
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_attributes(struct okp_engine handle,
                              const char *type_id,
                              size_t type_id_length,
                              struct okp_page *page,
                              struct okp_error *error);

// The profile of an Okta user under the titles of its type, in the order of the schema:
// OKP_COLUMN_ATTRIBUTE_NAME, OKP_COLUMN_ATTRIBUTE_TITLE, OKP_COLUMN_ATTRIBUTE_VALUE (JSON).
//
// @param page receives the page; free it.
// @return 0, OKP_ERROR_NOT_FOUND if there is no such user, OKP_ERROR_INVALID_ARGUMENT,
// OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_titled_profile(struct okp_engine handle,
                                  const char *okta_id,
                                  size_t okta_id_length,
                                  struct okp_page *page,
                                  struct okp_error *error);

// Keys of the Jira users whose Okta user is present and fulfils a condition: OKP_COLUMN_JIRA_KEY. Begin with an empty
// `after` and go on with OKP_COLUMN_SEARCH_CURSOR of the last row; null there is the end.
//
// @param name the name of a profile attribute (case matters), or `group` (id or name), `manager` (Jira key, Okta id,
// Jira username, login or e-mail address of the manager) or `status`; `profile.NAME` for an attribute with one of
// these names.
// @param value compared without case and without blanks around it; an array fulfils the condition if one element does.
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_users_where(struct okp_engine handle,
                               const char *name,
                               size_t name_length,
                               const char *value,
                               size_t value_length,
                               const char *after,
                               size_t after_length,
                               int32_t limit,
                               struct okp_page *page,
                               struct okp_error *error);

// The people behind Jira users, in the order of their keys and all of one moment. OKP_COLUMN_PERSON_ROW says
// what a row is: "user" begins a person and has the columns of entries; "attribute" those of
// `okp_engine_titled_profile`; "manager", if there is one, those of entries; "group" those of groups. Jira users without
// an Okta user are left out.
//
// @param jira_keys array of `count` texts, at most 1000; may be NULL if `count` is 0.
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_people(struct okp_engine handle,
                          const struct okp_text *jira_keys,
                          size_t count,
                          struct okp_page *page,
                          struct okp_error *error);

// The same with chosen attributes only, in the order in which they were chosen. OKP_COLUMN_PROFILE of users and managers
// then holds only login, email, firstName, lastName and displayName: what is not shown is not handed out.
//
// @param jira_keys array of `count` texts, at most 1000; may be NULL if `count` is 0.
// @param attributes array of `attribute_count` names of profile attributes, at most 1000; may be NULL if
// `attribute_count` is 0.
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_people_showing(struct okp_engine handle,
                                  const struct okp_text *jira_keys,
                                  size_t count,
                                  const struct okp_text *attributes,
                                  size_t attribute_count,
                                  struct okp_page *page,
                                  struct okp_error *error);

// The managers of a user, the nearest first, in the columns of entries. A circle ends before anybody
// comes twice.
//
// @param kind OKP_FIND_BY_*, as for `okp_engine_find`.
// @param page receives the page; free it. No row if the user has no manager here.
// @return 0, OKP_ERROR_NOT_FOUND if nobody answers to the value, OKP_ERROR_INVALID_ARGUMENT,
// OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_managers_of(struct okp_engine handle,
                               int32_t kind,
                               const char *value,
                               size_t value_length,
                               struct okp_page *page,
                               struct okp_error *error);

// The users who report to a user, in the columns of entries. Begin with `after` 0 and go on with
// OKP_COLUMN_CURSOR of the last row; a page without rows is the end.
//
// @param kind OKP_FIND_BY_*, as for `okp_engine_find`.
// @param page receives the page; free it.
// @return 0, OKP_ERROR_NOT_FOUND if nobody answers to the value, OKP_ERROR_INVALID_ARGUMENT,
// OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_reports_of(struct okp_engine handle,
                              int32_t kind,
                              const char *value,
                              size_t value_length,
                              int64_t after,
                              int32_t limit,
                              struct okp_page *page,
                              struct okp_error *error);

// Erases the person with this Okta id everywhere in the directory: profile, matches, pins, memberships, changes with
// their values, notes of runs. The person stays out until `okp_engine_readmit_user`, although Okta may still list
// them. An unfinished run is dropped. The caller must delete older backups and exports.
//
// @param erased receives 1, or 0 if the person was erased before; must not be NULL.
// @return 0, OKP_ERROR_NOT_FOUND if nothing names the id, OKP_ERROR_BUSY while a sync runs,
// OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE, or an OKP_ERROR_DIRECTORY_* or
// OKP_ERROR_DISK_FULL. After OKP_ERROR_DIRECTORY_BUSY the person is erased, but a reader prevented SQLite's log from
// being truncated; call again.
int32_t okp_engine_erase_user(struct okp_engine handle,
                              const char *okta_id,
                              size_t okta_id_length,
                              int32_t *erased,
                              struct okp_error *error);

// Lets a person who was erased in again; the next run reads everybody.
//
// @return 0, OKP_ERROR_NOT_FOUND if nobody with this id was erased, OKP_ERROR_INVALID_ARGUMENT,
// OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE, or an OKP_ERROR_DIRECTORY_* or OKP_ERROR_DISK_FULL.
int32_t okp_engine_readmit_user(struct okp_engine handle,
                                const char *okta_id,
                                size_t okta_id_length,
                                struct okp_error *error);

// Writes a view of the directory to a new file that only its owner may read, while reading and syncing go
// on. CSV (RFC 4180) has a heading and a column for each profile attribute; texts that a spreadsheet would
// run as a formula get an apostrophe in front. JSON lines have one object for each entry.
//
// @param view OKP_VIEW_MATCHED, …, OKP_VIEW_ORPHANED.
// @param format OKP_FORMAT_CSV or OKP_FORMAT_JSON_LINES.
// @param path UTF-8; a new file in an existing folder.
// @param entries receives the number of entries; must not be NULL.
// @return 0, OKP_ERROR_EXPORT_FAILED, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8,
// OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_export(struct okp_engine handle,
                          int32_t view,
                          int32_t format,
                          const char *path,
                          size_t path_length,
                          uint64_t *entries,
                          struct okp_error *error);

// Reads what `okp_engine_sync` would read with these flags and shows what it would do, without doing it: the run works
// on a copy of the directory, which is removed at the end. Nothing is recorded, and an unfinished run stays as it is.
// Jira users who wait for `okp_engine_commit_jira_users` count, and go on waiting. Needs as much free space as the
// directory takes. Blocks like a sync.
//
// OKP_COLUMN_DRY_RUN_ROW says what a row is. "run", the first row, has the OKP_COLUMN_RUN_* columns of the
// report that the run would have left; a run that its guard would refuse has the state refused and the
// error's code and message. "field" says with OKP_COLUMN_NAME and OKP_COLUMN_COUNT of how many users a
// field would change. "jira_users" says the same way what committing the Jira users who wait would do, as
// `okp_engine_preview_jira_users` does. "change" is a sample of the changes; it holds personal data.
//
// @param flags as for `okp_engine_sync`.
// @param samples how many changes at most, 0 to 1000.
// @param page receives the page; free it.
// @return 0, OKP_ERROR_BUSY, OKP_ERROR_DISK_FULL, and the codes of `okp_engine_sync` but for those of its
// guard.
int32_t okp_engine_dry_run(struct okp_engine handle,
                           uint32_t flags,
                           int32_t samples,
                           struct okp_page *page,
                           struct okp_error *error);

// What a sync with these flags would cost under the limits that hold now: one row for each bucket of Okta's rate
// limits with the OKP_COLUMN_BUCKET* columns; OKP_COLUMN_BUDGET_*, OKP_COLUMN_RUN_MODE and OKP_COLUMN_RUN_REASON are
// the same on every row. An unknown value is null. Sends one request, two before the first run or if groups are read,
// and one more for the org's id if no full run has read it; writes nothing.
//
// @param flags as for `okp_engine_sync`; OKP_SYNC_MODE_FULL for a full run.
// @param page receives the page; free it.
// @return 0, OKP_ERROR_NOT_CONNECTED, OKP_ERROR_CANCELLED, OKP_ERROR_INVALID_HANDLE, and the codes of the
// network.
int32_t okp_engine_sync_budget(struct okp_engine handle,
                               uint32_t flags,
                               struct okp_page *page,
                               struct okp_error *error);

// How well live works: one row with the OKP_COLUMN_LIVE_* and OKP_COLUMN_HOOK_* columns. Sends no request.
//
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_live_status(struct okp_engine handle,
                               struct okp_page *page,
                               struct okp_error *error);

// Takes a request that came to the address of Okta's event hook and returns the answer to send: one row with
// OKP_COLUMN_ANSWER_STATUS, OKP_COLUMN_ANSWER_BODY (JSON, or empty) and OKP_COLUMN_EVENTS_TAKEN. Sends no request, and
// returns within about half a second, also during a run. A request without the secret changes nothing.
//
// @param method such as POST.
// @param headers all headers of the request; at least the secret's and Okta's challenge.
// @param body the body; NULL for an empty one. A body of more than 4 MiB is refused unread with status 413.
// @param page receives the page; free it.
// @return 0 whatever the answer is; OKP_ERROR_INVALID_HANDLE, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8.
int32_t okp_engine_receive_event(struct okp_engine handle,
                                 const char *method,
                                 size_t method_length,
                                 const struct okp_header *headers,
                                 size_t header_count,
                                 const uint8_t *body,
                                 size_t body_length,
                                 struct okp_page *page,
                                 struct okp_error *error);

// Reads again what events name, and publishes it: one row with the OKP_COLUMN_RUN_* columns of the run. No row if
// there is nothing to do, or if Okta's rate limit has no request to spare now; then no request was sent, so call it
// again in a while. Blocks like `okp_engine_sync`.
//
// @param page receives the page; free it.
// @return 0, OKP_ERROR_BUSY while a sync runs, which loses nothing, and the codes of `okp_engine_sync`.
int32_t okp_engine_refresh_pending(struct okp_engine handle,
                                   struct okp_page *page,
                                   struct okp_error *error);

// Reads the new rows of Okta's System Log, if the setting `live` is log: one row with OKP_COLUMN_EVENTS_TAKEN and the
// OKP_COLUMN_POLL_* columns, which say when to poll again.
//
// @param page receives the page; free it.
// @return 0, OKP_ERROR_BUSY, OKP_ERROR_INVALID_ARGUMENT if live is not log, OKP_ERROR_SCOPE_MISSING,
// OKP_ERROR_ROLE_MISSING, and the codes of the network.
int32_t okp_engine_poll_log(struct okp_engine handle,
                            struct okp_page *page,
                            struct okp_error *error);

// Registers, checks, verifies or removes the event hook at Okta, or gives it another secret; the row is that of
// `okp_engine_live_status`.
// All but removing make Okta send a challenge to the hook's address, which another thread must answer with
// `okp_engine_receive_event` meanwhile.
//
// @param action 1 register, 2 check and repair, 3 new secret, 4 remove, 5 verify, which tests the way from Okta to
// here.
// @param url the public address of the hook, with https; for registering only.
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_SCOPE_MISSING, OKP_ERROR_ROLE_MISSING,
// OKP_ERROR_VALIDATION_FAILED if Okta refuses the answer to its challenge, and the codes of the network.
int32_t okp_engine_event_hook(struct okp_engine handle,
                              int32_t action,
                              const char *url,
                              size_t url_length,
                              struct okp_page *page,
                              struct okp_error *error);

// The secret that deliveries must carry, for an administrator who makes the hook in Okta by hand: one row with
// OKP_COLUMN_HOOK_SECRET. Made if there is none.
//
// @param renew 1 makes a new secret; the old one is accepted for one more day.
// @param page receives the page; free it.
// @return 0, OKP_ERROR_SEALING_KEY_WRONG, and with renew the codes of `okp_engine_event_hook`.
int32_t okp_engine_hook_secret(struct okp_engine handle,
                               int32_t renew,
                               struct okp_page *page,
                               struct okp_error *error);

// Digests of all secrets that a delivery may carry now: one row each with OKP_COLUMN_HOOK_SECRET_DIGEST. A server that
// limits how many requests it hands to `okp_engine_receive_event` can let through requests with one of these secrets.
// Compare in constant time. Sends no request.
//
// @param page receives the page; free it.
// @return 0, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_hook_secret_digests(struct okp_engine handle,
                                       struct okp_page *page,
                                       struct okp_error *error);

// Checks whether Okta could deliver to an address from the internet, as far as the address itself shows: it must be
// https, and neither this machine nor a private network. Call it before registering: registering accepts an internal
// address, for tests or for a gateway. Sends no request.
//
// @param url the address.
// @return 0; OKP_ERROR_INVALID_ARGUMENT, whose message says why not; OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_check_hook_address(struct okp_engine handle,
                                      const char *url,
                                      size_t url_length,
                                      struct okp_error *error);

// Publishes the directory on a folder that all nodes of a cluster share: the rows that changed since the newest
// state there, or every row. Only one node may publish at a time; the host holds a lock for that.
//
// @param folder UTF-8; made if it is missing. It may be on a network file system.
// @param note followers get it; up to 16384 bytes; may be empty.
// @param anew other than 0 also removes everything that was published before, as is needed after a person was erased.
// @param page receives names with values: `published` (`nothing`, `increment`, `base`, or `newer` if a newer engine
// publishes there), `rows`, `bytes`; free it.
// @return 0, OKP_ERROR_SHARED_FOLDER_FAILED, OKP_ERROR_BUSY while a sync runs, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_publish_to(struct okp_engine handle,
                              const char *folder,
                              size_t folder_length,
                              const char *note,
                              size_t note_length,
                              int32_t anew,
                              struct okp_page *page,
                              struct okp_error *error);

// Brings the directory to the newest state that was published on a folder, in one transaction, while readers go on.
// Changes that this directory made by itself since then are undone: matches by hand, Jira users, an interrupted run.
//
// If time and size of `head.json` in the folder are unchanged, there is nothing new.
//
// @param folder UTF-8.
// @param page receives names with values: `following` (`nothing` was published, `current` already, `increments`,
// `base`, or `newer` if only a newer engine can follow), `state` that the directory is at, and its `note`; free it.
// @return 0, OKP_ERROR_SHARED_FOLDER_FAILED, OKP_ERROR_BUSY while a sync runs, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_follow(struct okp_engine handle,
                          const char *folder,
                          size_t folder_length,
                          struct okp_page *page,
                          struct okp_error *error);

// Leaves the cluster, when the process of this directory runs alone from now on: takes in the deliveries that wait on
// the folder and removes them there. From then on `okp_engine_receive_event` keeps deliveries in the directory.
// Publishing or following joins a cluster again. Without a cluster it does nothing.
//
// @return 0, OKP_ERROR_BUSY while a sync runs, OKP_ERROR_INVALID_HANDLE.
int32_t okp_engine_leave_cluster(struct okp_engine handle,
                                 struct okp_error *error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* OKTA_PROFILES_H */
