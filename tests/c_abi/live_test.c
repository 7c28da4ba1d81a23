/* Changes that Okta tells by events through C: challenge, deliveries, forgeries, refresh, misuse.
 *
 *     live_test FOLDER OKTA_URL TOKEN
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "okta_profiles.h"

static int failures;

static void check(int holds, const char *what, int line)
{
    if (!holds) {
        failures++;
        fprintf(stderr, "live_test.c:%d: failed: %s\n", line, what);
    }
}
#define CHECK(condition) check((condition) ? 1 : 0, #condition, __LINE__)

static okp_error error = OKP_ERROR_INIT;

static void copy_cell(okp_page page, uint16_t column, char *copy, size_t size)
{
    const char *text = NULL;
    size_t length = 0;
    CHECK(okp_page_text(page, 0, column, &text, &length, &error) == OKP_OK);
    snprintf(copy, size, "%s", text == NULL ? "" : text);
}

static int64_t number(okp_page page, uint16_t column)
{
    int64_t value = -1;
    CHECK(okp_page_integer(page, 0, column, &value, &error) == OKP_OK);
    return value;
}

static okp_header header(const char *name, const char *value)
{
    okp_header made = {name, strlen(name), value, strlen(value)};
    return made;
}

/* The status of the answer to a request with this secret, and a challenge. */
static int64_t receive(okp_engine engine, const char *method, const char *secret, const char *body)
{
    okp_header headers[2];
    headers[0] = header("x-okta-profiles-secret", secret);
    headers[1] = header("X-Okta-Verification-Challenge", "challenge-1");
    okp_page page = {0};
    CHECK(okp_engine_receive_event(engine, OKP_STRING(method), headers, 2, (const uint8_t *)body, strlen(body), &page,
                                   &error) == OKP_OK);
    int64_t status = number(page, OKP_COLUMN_ANSWER_STATUS);
    if (status == 200) {
        char answer[128];
        copy_cell(page, OKP_COLUMN_ANSWER_BODY, answer, sizeof answer);
        CHECK(strcmp(answer, "{\"verification\":\"challenge-1\"}") == 0);
    }
    okp_page_free(page, &error);
    return status;
}

static int64_t pending(okp_engine engine)
{
    okp_page page = {0};
    CHECK(okp_engine_live_status(engine, &page, &error) == OKP_OK);
    int64_t count = number(page, OKP_COLUMN_LIVE_PENDING);
    okp_page_free(page, &error);
    return count;
}

static void deliveries(okp_engine engine)
{
    char secret[128], id[64], body[512];
    okp_page page = {0};
    CHECK(okp_engine_list(engine, OKP_VIEW_ALL, 0, 1, &page, &error) == OKP_OK);
    copy_cell(page, OKP_COLUMN_OKTA_ID, id, sizeof id);
    okp_page_free(page, &error);
    CHECK(okp_engine_hook_secret(engine, 0, &page, &error) == OKP_OK);
    copy_cell(page, OKP_COLUMN_HOOK_SECRET, secret, sizeof secret);
    okp_page_free(page, &error);
    CHECK(strlen(secret) == 64);
    size_t digests = 0;
    CHECK(okp_engine_hook_secret_digests(engine, &page, &error) == OKP_OK);
    CHECK(okp_page_rows(page, &digests, &error) == OKP_OK && digests == 1);
    okp_page_free(page, &error);
    const char *inside = "https://10.0.0.1/events", *outside = "https://jira.example.com/events";
    CHECK(okp_engine_check_hook_address(engine, inside, strlen(inside), &error) == OKP_ERROR_INVALID_ARGUMENT);
    CHECK(okp_engine_check_hook_address(engine, outside, strlen(outside), &error) == OKP_OK);
    snprintf(body, sizeof body,
             "{\"eventId\":\"d1\",\"data\":{\"events\":[{\"uuid\":\"e1\",\"eventType\":\"user.account.update_profile\","
             "\"outcome\":{\"result\":\"SUCCESS\"},\"target\":[{\"id\":\"%s\",\"type\":\"User\"}]}]}}",
             id);
    CHECK(receive(engine, "GET", secret, "") == 200);
    CHECK(receive(engine, "GET", "forged", "") == 401);
    CHECK(receive(engine, "POST", "forged", body) == 401);
    CHECK(receive(engine, "POST", secret, "{") == 400);
    CHECK(pending(engine) == 0);
    CHECK(receive(engine, "POST", secret, body) == 204);
    CHECK(receive(engine, "POST", secret, body) == 204);
    CHECK(pending(engine) == 1);

    CHECK(okp_engine_refresh_pending(engine, &page, &error) == OKP_OK);
    CHECK(number(page, OKP_COLUMN_RUN_SEEN) == 1);
    okp_page_free(page, &error);
    CHECK(pending(engine) == 0);
    size_t rows = 1;
    CHECK(okp_engine_refresh_pending(engine, &page, &error) == OKP_OK);
    CHECK(okp_page_rows(page, &rows, &error) == OKP_OK && rows == 0);
    okp_page_free(page, &error);
}

static void misuse(okp_engine engine)
{
    okp_page page = {0};
    okp_engine none = {0};
    okp_header headers[1] = {{NULL, 7, NULL, 0}};
    CHECK(okp_engine_receive_event(none, OKP_LITERAL("GET"), NULL, 0, NULL, 0, &page, &error) == OKP_ERROR_INVALID_HANDLE);
    CHECK(okp_engine_receive_event(engine, OKP_LITERAL("GET"), headers, 1, NULL, 0, &page, &error) ==
          OKP_ERROR_INVALID_ARGUMENT);
    CHECK(okp_engine_receive_event(engine, OKP_LITERAL("GET"), NULL, 3, NULL, 0, &page, &error) ==
          OKP_ERROR_INVALID_ARGUMENT);
    CHECK(okp_engine_receive_event(engine, OKP_LITERAL("GET"), NULL, 0, NULL, 0, NULL, &error) ==
          OKP_ERROR_INVALID_ARGUMENT);
    CHECK(okp_engine_event_hook(engine, 9, NULL, 0, &page, &error) == OKP_ERROR_INVALID_ARGUMENT);
    CHECK(okp_engine_event_hook(engine, 1, OKP_LITERAL("http://jira.test/"), &page, &error) == OKP_ERROR_INVALID_ARGUMENT);
    CHECK(okp_engine_poll_log(engine, &page, &error) == OKP_ERROR_INVALID_ARGUMENT);
}

int main(int argc, char **argv)
{
    char path[1024];
    okp_engine engine = {0};
    if (argc != 4)
        return 2;
    snprintf(path, sizeof path, "%s/live.db", argv[1]);
    CHECK(okp_engine_open(OKP_STRING(path), &engine, &error) == OKP_OK);
    CHECK(okp_engine_connect(engine, OKP_STRING(argv[2]), OKP_STRING(argv[3]), &error) == OKP_OK);
    CHECK(okp_engine_set(engine, OKP_LITERAL("live"), OKP_LITERAL("hook"), &error) == OKP_OK);
    CHECK(okp_engine_sync(engine, 0, NULL, &error) == OKP_OK);
    deliveries(engine);
    misuse(engine);
    CHECK(okp_engine_close(engine, &error) == OKP_OK);
    printf("live_test: %d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
