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
