/* What the boundary promises to C, compiled as C11 and as C++17: misuse gives codes, texts survive,
 * threads may overlap, and opening and closing leaves nothing behind.
 *
 *     abi_test FOLDER [OKTA_URL TOKEN]      with an URL also a whole sync against it
 */
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "okta_profiles.h"

static int checks, failures;

static void check(int holds, const char *what, int line)
{
    /* Several threads check at the same time; C11 and C++17 have no other spelling in common. */
    __atomic_fetch_add(&checks, 1, __ATOMIC_RELAXED);
    if (!holds) {
        __atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED);
        fprintf(stderr, "abi_test.c:%d: failed: %s\n", line, what);
    }
}
#define CHECK(condition) check((condition) ? 1 : 0, #condition, __LINE__)

#ifdef __cplusplus
#define LAYOUT(condition) static_assert(condition, #condition)
#else
#define LAYOUT(condition) _Static_assert(condition, #condition)
#endif

LAYOUT(sizeof(okp_engine) == 8);
LAYOUT(sizeof(okp_page) == 8);
LAYOUT(sizeof(okp_error) == 16 + 512 + 48 + 72 + 208);
LAYOUT(offsetof(okp_error, code) == 4);
LAYOUT(offsetof(okp_error, retry_after_ms) == 8);
LAYOUT(offsetof(okp_error, message) == 16);
LAYOUT(sizeof(okp_progress) == 112);
LAYOUT(offsetof(okp_progress, run) == 8);
LAYOUT(sizeof(okp_sync_report) == 8 + 22 * 8);
LAYOUT(sizeof(okp_text) == 16);
LAYOUT(sizeof(okp_jira_user) == 72);

static char folder[512];

static char *path_of(const char *name)
{
    static char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static okp_engine open_engine(const char *name)
{
    okp_error error = OKP_ERROR_INIT;
    okp_engine engine = {0};
    int code = okp_engine_open(OKP_STRING(path_of(name)), &engine, &error);
    if (code != OKP_OK)
        fprintf(stderr, "open: %s (%d)\n", error.message, error.code);
    CHECK(code == OKP_OK);
    CHECK(engine.id != 0);
    return engine;
}

static void test_versions_and_texts(void)
{
    CHECK(okp_abi_version() == OKP_ABI_VERSION);
    CHECK(strlen(okp_version()) >= 5);
    CHECK(okp_error_text(OKP_ERROR_TOKEN_REJECTED) != NULL);
    CHECK(okp_error_text(OKP_OK) == NULL);
    CHECK(okp_error_text(-1) == NULL);
}

static void test_dead_and_invented_handles(okp_engine engine)
{
    okp_error error = OKP_ERROR_INIT;
    okp_page page = {0}, untouched = {77};
    size_t rows = 5;
    int64_t value = 5;
    uint8_t is_null = 5;
    const char *text = "untouched";
    size_t length = 5;
    okp_engine invented[] = {{0}, {UINT64_MAX}, {engine.id + 1000000}};
    for (size_t i = 0; i < sizeof invented / sizeof *invented; i++) {
        okp_engine handle = invented[i];
        CHECK(okp_engine_statistics(handle, &untouched, &error) == OKP_ERROR_INVALID_HANDLE);
        CHECK(error.code == OKP_ERROR_INVALID_HANDLE && error.message[0] != '\0');
        CHECK(okp_engine_sync(handle, 0, NULL, NULL) == OKP_ERROR_INVALID_HANDLE);
        CHECK(okp_engine_cancel(handle, NULL) == OKP_ERROR_INVALID_HANDLE);
        CHECK(okp_engine_close(handle, NULL) == OKP_ERROR_INVALID_HANDLE);
        CHECK(okp_engine_begin_jira_users(handle, NULL) == OKP_ERROR_INVALID_HANDLE);
        CHECK(okp_engine_list(handle, OKP_VIEW_ALL, 0, 1, &untouched, NULL) == OKP_ERROR_INVALID_HANDLE);
    }
    CHECK(untouched.id == 77);

    CHECK(okp_engine_statistics(engine, &page, NULL) == OKP_OK);
    okp_engine as_engine = {page.id};
    okp_page as_page = {engine.id};
    CHECK(okp_engine_close(as_engine, NULL) == OKP_ERROR_INVALID_HANDLE);
    CHECK(okp_page_free(as_page, NULL) == OKP_ERROR_INVALID_HANDLE);
    CHECK(okp_page_free(page, NULL) == OKP_OK);
    CHECK(okp_page_free(page, NULL) == OKP_ERROR_INVALID_HANDLE);
    CHECK(okp_page_rows(page, &rows, NULL) == OKP_ERROR_INVALID_HANDLE && rows == 5);
    CHECK(okp_page_integer(page, 0, 1, &value, NULL) == OKP_ERROR_INVALID_HANDLE && value == 5);
    CHECK(okp_page_is_null(page, 0, 1, &is_null, NULL) == OKP_ERROR_INVALID_HANDLE && is_null == 5);
    CHECK(okp_page_text(page, 0, 1, &text, &length, NULL) == OKP_ERROR_INVALID_HANDLE && length == 5);
}

static void test_nulls_and_lengths(okp_engine engine)
{
    okp_error error = OKP_ERROR_INIT;
    okp_page page = {0};
    const int bad = OKP_ERROR_INVALID_ARGUMENT;
    CHECK(okp_engine_open(OKP_LITERAL("/tmp/x"), NULL, &error) == bad);
    CHECK(okp_engine_open(NULL, 3, &engine, &error) == bad);
    CHECK(okp_engine_open(NULL, 0, &engine, &error) != OKP_OK);
    CHECK(okp_engine_validate(engine, NULL, &error) == bad);
    CHECK(okp_engine_statistics(engine, NULL, NULL) == bad);
    CHECK(okp_engine_progress(engine, NULL, &error) == bad);
    CHECK(okp_engine_find(engine, OKP_FIND_BY_LOGIN, NULL, 1, &page, &error) == bad);
    CHECK(okp_engine_find(engine, OKP_FIND_BY_LOGIN, "x", SIZE_MAX, &page, &error) == bad);
    CHECK(okp_engine_find(engine, OKP_FIND_BY_LOGIN, "x", (size_t)PTRDIFF_MAX + 1, &page, &error) == bad);
    CHECK(okp_engine_find(engine, OKP_FIND_BY_LOGIN, "\xff\xfe", 2, &page, &error) == OKP_ERROR_INVALID_UTF8);
    CHECK(okp_engine_add_jira_users(engine, NULL, 1, &error) == bad);
    CHECK(okp_engine_remove_jira_users(engine, NULL, SIZE_MAX / 8, &error) == bad);
    CHECK(okp_engine_connect(engine, NULL, 0, NULL, 0, &error) == OKP_ERROR_ORG_URL_INVALID);
    CHECK(okp_engine_connect(engine, OKP_LITERAL("https://example.okta.com"), NULL, 0, &error) ==
          OKP_ERROR_CREDENTIAL_MALFORMED);
    CHECK(okp_engine_find(engine, OKP_FIND_BY_LOGIN, NULL, 0, &page, &error) == OKP_OK);
    CHECK(okp_page_rows(page, NULL, &error) == bad);
    CHECK(okp_page_text(page, 0, OKP_COLUMN_LOGIN, NULL, NULL, &error) == bad);
    okp_page_free(page, NULL);

    okp_progress small = OKP_PROGRESS_INIT;
    small.struct_size = 0;
    CHECK(okp_engine_progress(engine, &small, &error) == bad);
    small.struct_size = 24;
    small.pages = 4711;
    CHECK(okp_engine_progress(engine, &small, &error) == OKP_OK);
    CHECK(small.struct_size == 24 && small.pages == 4711);

    okp_error tiny;
    memset(&tiny, 0x55, sizeof tiny);
    tiny.struct_size = 8;
    CHECK(okp_engine_setting(engine, OKP_LITERAL("no.such"), &page, &tiny) == OKP_ERROR_UNKNOWN_SETTING);
    CHECK(tiny.code == OKP_ERROR_UNKNOWN_SETTING && tiny.message[0] == 0x55);
}

static void test_unknown_numbers(okp_engine engine)
{
    okp_error error = OKP_ERROR_INIT;
    okp_page page = {0};
    const int bad = OKP_ERROR_INVALID_ARGUMENT;
    CHECK(okp_engine_sync(engine, 1u << 31, NULL, &error) == OKP_ERROR_NOT_CONNECTED ||
          okp_engine_sync(engine, 1u << 31, NULL, &error) == bad);
    CHECK(okp_engine_list(engine, 99, 0, 10, &page, &error) == bad);
    CHECK(okp_engine_list(engine, OKP_VIEW_ALL, 0, 0, &page, &error) == bad);
    CHECK(okp_engine_list(engine, OKP_VIEW_ALL, 0, -1, &page, &error) == bad);
    CHECK(okp_engine_list(engine, OKP_VIEW_ALL, 0, 10001, &page, &error) == bad);
    CHECK(okp_engine_find(engine, 0, OKP_LITERAL("x"), &page, &error) == bad);
    CHECK(okp_engine_search(engine, OKP_VIEW_ALL, -7, OKP_LITERAL("x"), NULL, 0, 10, &page, &error) == bad);
    CHECK(okp_engine_search(engine, 99, OKP_SEARCH_NAME, OKP_LITERAL("x"), NULL, 0, 10, &page, &error) == bad);
    CHECK(okp_engine_candidates(engine, 3, OKP_LITERAL("x"), 10, &page, &error) == bad);
    okp_page kept = {0};
    CHECK(okp_engine_store_setting(engine, OKP_LITERAL("runs.keep"), OKP_LITERAL("77"), &error) == OKP_OK);
    CHECK(okp_engine_store_setting(engine, OKP_LITERAL("directory.lock_wait_seconds"), OKP_LITERAL("7"), &error) ==
          OKP_ERROR_INVALID_SETTING);
    CHECK(okp_engine_settings(engine, &kept, &error) == OKP_OK);
    okp_page_free(kept, NULL);
    CHECK(okp_engine_unset_setting(engine, OKP_LITERAL("runs.keep"), &error) == OKP_OK);
    CHECK(okp_engine_unset_setting(engine, OKP_LITERAL("runs.keep"), &error) == OKP_ERROR_NOT_FOUND);
    CHECK(okp_engine_set(engine, OKP_LITERAL("sync.page_size"), OKP_LITERAL("0"), &error) ==
          OKP_ERROR_INVALID_SETTING);
    CHECK(okp_engine_unpin(engine, OKP_LITERAL("nobody"), &error) == OKP_ERROR_NOT_FOUND);
}

static void test_jira_users_and_pages(okp_engine engine)
{
    okp_error error = OKP_ERROR_INIT;
    okp_page page = {0};
    const char emoji[] = "J\xC3\xA4ne \xF0\x9F\x98\x80";
    okp_jira_user user = {{"K1", 2}, {"jane", 4}, {NULL, 0}, {emoji, sizeof emoji - 1}, 1};
    okp_jira_user nameless = user;
    nameless.key.length = 0;
    CHECK(okp_engine_begin_jira_users(engine, &error) == OKP_OK);
    CHECK(okp_engine_add_jira_users(engine, &nameless, 1, &error) == OKP_OK);
    CHECK(okp_engine_preview_jira_users(engine, &page, &error) == OKP_OK);
    okp_page_free(page, NULL);
    CHECK(okp_engine_add_jira_users(engine, &user, 1, &error) == OKP_OK);
    CHECK(okp_engine_commit_jira_users(engine, 0, &page, &error) == OKP_OK);
    okp_page_free(page, NULL);
    CHECK(okp_engine_begin_jira_users(engine, &error) == OKP_OK);
    CHECK(okp_engine_commit_jira_users(engine, 0, &page, &error) == OKP_ERROR_JIRA_USERS_EMPTY);

    CHECK(okp_engine_find(engine, OKP_FIND_BY_JIRA_USERNAME, OKP_LITERAL(" JANE "), &page, &error) == OKP_OK);
    size_t rows = 0, length = 0, count = 0;
    uint16_t columns[4];
    const char *text = NULL;
    int64_t active = 0;
    uint8_t is_null = 0;
    CHECK(okp_page_rows(page, &rows, &error) == OKP_OK && rows == 1);
    CHECK(okp_page_text(page, 0, OKP_COLUMN_JIRA_DISPLAY_NAME, &text, &length, &error) == OKP_OK);
    CHECK(length == sizeof emoji - 1 && text != NULL && strcmp(text, emoji) == 0);
    CHECK(okp_page_integer(page, 0, OKP_COLUMN_JIRA_ACTIVE, &active, &error) == OKP_OK && active == 1);
    CHECK(okp_page_is_null(page, 0, OKP_COLUMN_OKTA_ID, &is_null, &error) == OKP_OK && is_null == 1);
    CHECK(okp_page_text(page, 0, OKP_COLUMN_OKTA_ID, &text, &length, &error) == OKP_OK && text == NULL);
    CHECK(okp_page_text(page, 0, OKP_COLUMN_JIRA_ACTIVE, &text, &length, &error) == OKP_ERROR_INVALID_ARGUMENT);
    CHECK(okp_page_integer(page, 0, OKP_COLUMN_STATUS, &active, &error) == OKP_OK && active == 0);
    CHECK(okp_page_text(page, 1, OKP_COLUMN_JIRA_KEY, &text, &length, &error) == OKP_ERROR_INVALID_ARGUMENT);
    CHECK(okp_page_text(page, SIZE_MAX, OKP_COLUMN_JIRA_KEY, &text, &length, &error) == OKP_ERROR_INVALID_ARGUMENT);
    CHECK(okp_page_text(page, 0, 9999, &text, &length, &error) == OKP_ERROR_INVALID_ARGUMENT);
    CHECK(okp_page_columns(page, columns, 4, &count, &error) == OKP_OK && count > 20);
    CHECK(columns[0] == OKP_COLUMN_OKTA_ID);
    okp_page_free(page, NULL);
}

static void *look_up(void *argument)
{
    okp_engine engine = *(okp_engine *)argument;
    for (int i = 0; i < 200; i++) {
        okp_page page = {0};
        CHECK(okp_engine_find(engine, OKP_FIND_BY_JIRA_KEY, OKP_LITERAL("K1"), &page, NULL) == OKP_OK);
        CHECK(okp_page_free(page, NULL) == OKP_OK);
    }
    return NULL;
}

static void test_threads(okp_engine engine)
{
    pthread_t threads[4];
    /* `checks` is counted without a lock: only its order of magnitude is printed. */
    for (int i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, look_up, &engine) == 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
}

static int entries(const char *path)
{
    int count = 0;
    DIR *dir = opendir(path);
    while (dir != NULL && readdir(dir) != NULL)
        count++;
    if (dir != NULL)
        closedir(dir);
    return count;
}

static void test_open_and_close_leave_nothing(void)
{
    int descriptors = 0, threads = 0;
    for (int i = 0; i < 100; i++) {
        okp_engine engine = open_engine("again.db"), second;
        okp_error error = OKP_ERROR_INIT;
        CHECK(okp_engine_open(OKP_STRING(path_of("again.db")), &second, &error) == OKP_ERROR_DIRECTORY_LOCKED);
        CHECK(okp_engine_close(engine, &error) == OKP_OK);
        CHECK(okp_engine_close(engine, &error) == OKP_ERROR_INVALID_HANDLE);
        if (i == 0) {
            descriptors = entries("/proc/self/fd");
            threads = entries("/proc/self/task");
        }
    }
    CHECK(entries("/proc/self/fd") == descriptors);
    CHECK(entries("/proc/self/task") == threads);
}

/* After a complete run: what a sync would do and cost, and a delta run that finds nothing. */
static void test_planning(okp_engine engine, uint64_t users)
{
    okp_error error = OKP_ERROR_INIT;
    okp_sync_report report = OKP_SYNC_REPORT_INIT;
    okp_page page = {0};
    size_t rows = 0;
    int64_t number = 0;
    const char *text = NULL;
    size_t length = 0;
    const uint32_t both = OKP_SYNC_MODE_FULL | OKP_SYNC_MODE_DELTA;
    CHECK(okp_engine_dry_run(engine, both, 0, &page, &error) == OKP_ERROR_INVALID_ARGUMENT);
    CHECK(okp_engine_dry_run(engine, 0, 1001, &page, &error) == OKP_ERROR_INVALID_ARGUMENT);
    CHECK(okp_engine_dry_run(engine, 0, -1, &page, &error) == OKP_ERROR_INVALID_ARGUMENT);
    CHECK(okp_engine_dry_run(engine, OKP_SYNC_MODE_FULL, 10, NULL, &error) == OKP_ERROR_INVALID_ARGUMENT);
    CHECK(okp_engine_dry_run(engine, OKP_SYNC_MODE_FULL, 10, &page, &error) == OKP_OK);
    CHECK(okp_page_rows(page, &rows, &error) == OKP_OK && rows == 1);
    CHECK(okp_page_text(page, 0, OKP_COLUMN_DRY_RUN_ROW, &text, &length, &error) == OKP_OK);
    CHECK(strcmp(text, "run") == 0);
    CHECK(okp_page_integer(page, 0, OKP_COLUMN_RUN_UNCHANGED, &number, &error) == OKP_OK);
    CHECK(number == (int64_t)users);
    okp_page_free(page, NULL);
    CHECK(okp_engine_sync_budget(engine, OKP_SYNC_MODE_FULL, &page, &error) == OKP_OK);
    CHECK(okp_page_rows(page, &rows, &error) == OKP_OK && rows >= 1);
    CHECK(okp_page_text(page, 0, OKP_COLUMN_BUCKET, &text, &length, &error) == OKP_OK);
    CHECK(strcmp(text, "/api/v1/users") == 0);
    CHECK(okp_page_integer(page, 0, OKP_COLUMN_BUDGET_USERS, &number, &error) == OKP_OK);
    CHECK(number == (int64_t)users);
    okp_page_free(page, NULL);
    CHECK(okp_engine_sync(engine, OKP_SYNC_MODE_DELTA, &report, &error) == OKP_OK);
    CHECK(report.mode == 2 && report.requests == 1 && report.present == users && report.updated == 0);
}

static void test_sync(const char *url, const char *token)
{
    okp_error error = OKP_ERROR_INIT;
    okp_engine engine = open_engine("sync.db");
    okp_sync_report report = OKP_SYNC_REPORT_INIT;
    okp_page page = {0};
    size_t rows = 0;
    int64_t after = 0;
    uint64_t listed = 0;
    CHECK(okp_engine_sync(engine, 0, &report, &error) == OKP_ERROR_NOT_CONNECTED);
    CHECK(okp_engine_connect(engine, OKP_STRING(url), OKP_LITERAL("00wrong"), &error) == OKP_OK);
    CHECK(okp_engine_sync(engine, 0, &report, &error) == OKP_ERROR_TOKEN_REJECTED);
    CHECK(strcmp(error.okta_error_code, "E0000011") == 0 && error.okta_request_id[0] != '\0');
    CHECK(strchr(error.message, '@') == NULL && strstr(error.message, "00wrong") == NULL);
    CHECK(okp_engine_connect(engine, OKP_STRING(url), OKP_STRING(token), &error) == OKP_OK);
    CHECK(okp_engine_sync(engine, 0, &report, &error) == OKP_OK);
    CHECK(report.present > 0 && report.seen == report.added && report.attempts == 2);
    do {
        CHECK(okp_engine_list(engine, OKP_VIEW_ALL, after, 1000, &page, &error) == OKP_OK);
        CHECK(okp_page_rows(page, &rows, &error) == OKP_OK);
        if (rows > 0)
            okp_page_integer(page, rows - 1, OKP_COLUMN_CURSOR, &after, &error);
        listed += rows;
        okp_page_free(page, NULL);
    } while (rows > 0);
    CHECK(listed == report.present);
    CHECK(okp_engine_runs(engine, 0, 10, &page, &error) == OKP_OK);
    CHECK(okp_page_rows(page, &rows, &error) == OKP_OK && rows == 1);
    okp_page_free(page, NULL);
    test_planning(engine, report.present);
    CHECK(okp_engine_log(engine, 0, 1000, &page, &error) == OKP_OK);
    CHECK(okp_page_rows(page, &rows, &error) == OKP_OK && rows > 0);
    for (size_t row = 0; row < rows; row++) {
        const char *line = "@";
        size_t length = 0;
        CHECK(okp_page_text(page, row, OKP_COLUMN_LOG_MESSAGE, &line, &length, &error) == OKP_OK);
        CHECK(strchr(line, '@') == NULL && strstr(line, token) == NULL);
    }
    okp_page_free(page, NULL);
    CHECK(okp_engine_check_integrity(engine, &page, &error) == OKP_OK);
    CHECK(okp_page_rows(page, &rows, &error) == OKP_OK && rows == 0);
    CHECK(okp_engine_close(engine, &error) == OKP_OK);
    CHECK(okp_page_free(page, &error) == OKP_OK); /* a page may outlive its engine */
}

int main(int count, char **arguments)
{
    if (count < 2)
        return fprintf(stderr, "usage: %s FOLDER [OKTA_URL TOKEN]\n", arguments[0]), 2;
    snprintf(folder, sizeof folder, "%s", arguments[1]);
    okp_engine engine = open_engine("test.db");
    test_versions_and_texts();
    test_dead_and_invented_handles(engine);
    test_nulls_and_lengths(engine);
    test_unknown_numbers(engine);
    test_jira_users_and_pages(engine);
    test_threads(engine);
    CHECK(okp_engine_close(engine, NULL) == OKP_OK);
    test_open_and_close_leave_nothing();
    if (count > 3)
        test_sync(arguments[2], arguments[3]);
    printf("%d passed, %d failed\n", checks - failures, failures);
    return failures != 0;
}
