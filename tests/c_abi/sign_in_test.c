/* The sign-in of the user's guide as a C host sees it: begin, let the browser carry the answer, complete,
 * validate, refresh, synchronize, seal anew, disconnect.
 *
 *     sign_in_test FOLDER OKTA_URL CLIENT_ID CLIENT_SECRET REDIRECT_URI
 */
#include <netinet/in.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "okta_profiles.h"

static int checks, failures;

static void check(int holds, const char *what, int line)
{
    checks++;
    if (!holds) {
        failures++;
        fprintf(stderr, "sign_in_test.c:%d: failed: %s\n", line, what);
    }
}
#define CHECK(condition) check((condition) ? 1 : 0, #condition, __LINE__)

/* The scopes that the user's guide has granted. */
#define GUIDE_SCOPES \
    "okta.users.read okta.users.manage okta.eventHooks.read okta.eventHooks.manage " \
    "okta.groups.read okta.groups.manage okta.schemas.read"

static char directory[1024];

/* Opens an address of the simulated org as a browser does and gives where it is sent on to. */
static int browse(const char *url, char *location, size_t size)
{
    unsigned port = 0;
    const char *path = strncmp(url, "http://127.0.0.1:", 17) == 0 ? strchr(url + 17, '/') : NULL;
    if (path == NULL || sscanf(url + 17, "%u", &port) != 1)
        return 0;
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t)port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    static char request[8192], answer[16384];
    size_t length = 0;
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: close\r\n\r\n", path, port);
    if (connect(connection, (struct sockaddr *)&address, sizeof address) != 0 ||
        send(connection, request, strlen(request), 0) < 0)
        return close(connection), 0;
    for (;;) {
        ssize_t got = recv(connection, answer + length, sizeof answer - 1 - length, 0);
        if (got <= 0)
            break;
        length += (size_t)got;
    }
    close(connection);
    answer[length] = '\0';
    char *found = strstr(answer, "\nlocation: ");
    if (found == NULL)
        found = strstr(answer, "\nLocation: ");
    if (found == NULL)
        return 0;
    found += 11;
    found[strcspn(found, "\r\n")] = '\0';
    snprintf(location, size, "%s", found);
    return 1;
}

static int is_text_at(okp_page page, size_t row, uint16_t column, const char *expected)
{
    const char *text = NULL;
    size_t length = 0;
    return okp_page_text(page, row, column, &text, &length, NULL) == OKP_OK && text != NULL &&
           strcmp(text, expected) == 0;
}

static int is_text(okp_page page, uint16_t column, const char *expected)
{
    return is_text_at(page, 0, column, expected);
}

static int64_t number(okp_page page, uint16_t column)
{
    int64_t value = -1;
    CHECK(okp_page_integer(page, 0, column, &value, NULL) == OKP_OK);
    return value;
}

static okp_engine open_with(const uint8_t *key)
{
    okp_error error = OKP_ERROR_INIT;
    okp_engine engine = {0};
    int code = okp_engine_open_with_key(OKP_STRING(directory), key, 32, &engine, &error);
    if (code != OKP_OK)
        fprintf(stderr, "open: %s (%d)\n", error.message, error.code);
    CHECK(code == OKP_OK);
    return engine;
}

static void test_misuse(okp_engine engine, const char *url)
{
    okp_error error = OKP_ERROR_INIT;
    okp_page page = {0};
    okp_engine other = {0};
    const uint8_t key[32] = {0};
    const int bad = OKP_ERROR_INVALID_ARGUMENT;
    CHECK(okp_engine_open_with_key(OKP_LITERAL("/tmp/x"), key, 31, &other, &error) == bad);
    CHECK(okp_engine_open_with_key(OKP_LITERAL("/tmp/x"), NULL, 32, &other, &error) == bad);
    CHECK(okp_engine_rekey(engine, key, 5, &error) == bad);
    CHECK(okp_engine_begin_authorization(engine, OKP_STRING(url), OKP_LITERAL("0oa1"), NULL, 0,
                                         OKP_LITERAL("no address"), 0, &page, &error) == bad);
    CHECK(okp_engine_begin_authorization(engine, OKP_STRING(url), NULL, 0, NULL, 0,
                                         OKP_LITERAL("https://jira.example.com/"), 0, &page, &error) == bad);
    CHECK(okp_engine_begin_authorization(engine, OKP_STRING(url), OKP_LITERAL("0oa1"), NULL, 0,
                                         OKP_LITERAL("https://jira.example.com/"), 4, &page, &error) == bad);
    CHECK(okp_engine_begin_authorization(engine, OKP_STRING(url), OKP_LITERAL("0oa1"), NULL, 0,
                                         OKP_LITERAL("https://jira.example.com/"),
                                         OKP_CONNECT_STORED_SECRET, &page, &error) == bad);
    CHECK(okp_engine_connect_service_app(engine, OKP_STRING(url), OKP_LITERAL("0oa1"), OKP_LITERAL("no key"),
                                         NULL, 0, 0, &error) == OKP_ERROR_PRIVATE_KEY_INVALID);
    CHECK(okp_engine_complete_authorization(engine, OKP_LITERAL("state=x&code=y"), &page, &error) ==
          OKP_ERROR_AUTHORIZATION_UNKNOWN);
    CHECK(okp_engine_complete_authorization(engine, NULL, 0, &page, &error) == OKP_ERROR_AUTHORIZATION_UNKNOWN);
    CHECK(okp_engine_refresh_token(engine, &page, &error) == OKP_ERROR_NOT_CONNECTED);
    CHECK(okp_engine_token_status(engine, NULL, &error) == bad);
    CHECK(okp_engine_token_status(engine, &page, &error) == OKP_OK);
    CHECK(is_text(page, OKP_COLUMN_CREDENTIAL_KIND, "none"));
    CHECK(okp_page_free(page, NULL) == OKP_OK);
}

/* Begins a sign-in with this secret and lets the user agree; gives what Okta sends the browser back with. */
static const char *agree(okp_engine engine, char **arguments, const char *secret)
{
    static char callback[8192];
    okp_error error = OKP_ERROR_INIT;
    okp_page page = {0};
    const char *address = NULL;
    size_t length = 0;
    CHECK(okp_engine_begin_authorization(engine, OKP_STRING(arguments[2]), OKP_STRING(arguments[3]),
                                         OKP_STRING(secret), OKP_STRING(arguments[5]), 0, &page,
                                         &error) == OKP_OK);
    CHECK(okp_page_text(page, 0, OKP_COLUMN_AUTHORIZATION_URL, &address, &length, &error) == OKP_OK);
    CHECK(address != NULL && strstr(address, secret) == NULL);
    CHECK(number(page, OKP_COLUMN_AUTHORIZATION_EXPIRES) > 0);
    CHECK(address != NULL && browse(address, callback, sizeof callback));
    okp_page_free(page, NULL);
    return callback;
}

static void test_sign_in(okp_engine engine, char **arguments)
{
    okp_error error = OKP_ERROR_INIT;
    okp_page page = {0};
    const char *callback = agree(engine, arguments, arguments[4]);
    CHECK(okp_engine_complete_authorization(engine, OKP_STRING(callback), &page, &error) == OKP_OK);
    CHECK(is_text(page, OKP_COLUMN_CREDENTIAL_KIND, "oauth"));
    CHECK(is_text(page, OKP_COLUMN_CLIENT_ID, arguments[3]));
    CHECK(number(page, OKP_COLUMN_SIGN_IN_ENDS) > number(page, OKP_COLUMN_ACCESS_TOKEN_EXPIRES));
    CHECK(number(page, OKP_COLUMN_SIGN_IN_WARNING) == 0);
    CHECK(number(page, OKP_COLUMN_CREDENTIAL_PROBLEM) == 0);
    okp_page_free(page, NULL);
    CHECK(okp_engine_complete_authorization(engine, OKP_STRING(callback), &page, &error) ==
          OKP_ERROR_AUTHORIZATION_UNKNOWN);
    CHECK(okp_engine_refresh_token(engine, &page, &error) == OKP_OK);
    okp_page_free(page, NULL);
}

/* Whether the report says this about the capability. */
static int says(okp_page report, const char *capability, uint16_t column, const char *expected)
{
    size_t rows = 0;
    CHECK(okp_page_rows(report, &rows, NULL) == OKP_OK);
    for (size_t row = 0; row < rows; row++)
        if (is_text_at(report, row, OKP_COLUMN_CAPABILITY, capability))
            return is_text_at(report, row, column, expected);
    return 0;
}

static void test_report(okp_engine engine)
{
    okp_error error = OKP_ERROR_INIT;
    okp_page page = {0};
    CHECK(okp_engine_validate(engine, &page, &error) == OKP_OK);
    CHECK(number(page, OKP_COLUMN_USABLE) == 1);
    CHECK(is_text(page, OKP_COLUMN_CREDENTIAL_KIND, "oauth"));
    CHECK(is_text(page, OKP_COLUMN_GRANTED_SCOPES, GUIDE_SCOPES " offline_access"));
    CHECK(is_text(page, OKP_COLUMN_MISSING_SCOPES, ""));
    CHECK(says(page, "read_users", OKP_COLUMN_OUTCOME, "ok"));
    CHECK(says(page, "scopes", OKP_COLUMN_OUTCOME, "ok"));
    CHECK(says(page, "sign_in", OKP_COLUMN_OUTCOME, "ok"));
    CHECK(says(page, "write_users", OKP_COLUMN_PURPOSE, "Write profiles back to Okta"));
    CHECK(okp_page_free(page, NULL) == OKP_OK);
}

static void test_wrong_secret(okp_engine engine, char **arguments)
{
    okp_error error = OKP_ERROR_INIT;
    okp_page page = {0};
    const char *callback = agree(engine, arguments, "not-the-secret");
    CHECK(okp_engine_complete_authorization(engine, OKP_STRING(callback), &page, &error) ==
          OKP_ERROR_CLIENT_REJECTED);
    CHECK(strstr(error.message, "not-the-secret") == NULL);
}

int main(int count, char **arguments)
{
    if (count < 6)
        return fprintf(stderr, "usage: %s FOLDER OKTA_URL CLIENT_ID CLIENT_SECRET REDIRECT_URI\n", arguments[0]), 2;
    snprintf(directory, sizeof directory, "%s/sign_in.db", arguments[1]);
    okp_error error = OKP_ERROR_INIT;
    okp_sync_report report = OKP_SYNC_REPORT_INIT;
    okp_page page = {0};
    uint8_t key[32], next[32];
    memset(key, 7, sizeof key);
    memset(next, 8, sizeof next);

    okp_engine engine = open_with(key);
    test_misuse(engine, arguments[2]);
    test_wrong_secret(engine, arguments);
    CHECK(okp_engine_set(engine, OKP_LITERAL("oauth.scopes"), OKP_LITERAL(GUIDE_SCOPES), &error) == OKP_OK);
    test_sign_in(engine, arguments);
    test_report(engine);
    CHECK(okp_engine_sync(engine, 0, &report, &error) == OKP_OK && report.present > 0);
    CHECK(okp_engine_rekey(engine, next, sizeof next, &error) == OKP_OK);
    CHECK(okp_engine_close(engine, &error) == OKP_OK);

    engine = open_with(key);
    CHECK(okp_engine_sync(engine, 0, &report, &error) == OKP_ERROR_SEALING_KEY_WRONG);
    CHECK(strstr(error.message, arguments[4]) == NULL);
    CHECK(okp_engine_close(engine, &error) == OKP_OK);

    engine = open_with(next);
    CHECK(okp_engine_sync(engine, 0, &report, &error) == OKP_OK);
    CHECK(okp_engine_disconnect(engine, &error) == OKP_OK);
    CHECK(okp_engine_token_status(engine, &page, &error) == OKP_OK);
    CHECK(is_text(page, OKP_COLUMN_CREDENTIAL_KIND, "none"));
    okp_page_free(page, NULL);
    CHECK(okp_engine_close(engine, &error) == OKP_OK);
    printf("%d passed, %d failed\n", checks - failures, failures);
    return failures != 0;
}
