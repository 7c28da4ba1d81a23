/* The whole job from C: validate, hand Jira users over, synchronize with progress from another
 * thread, print the report and one profile.
 *
 *     OKTA_API_TOKEN=... example DIRECTORY_FILE OKTA_URL [JIRA_USERS.csv]
 *
 * The CSV has the columns key,username,email,display_name,active, one user a line.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "okta_profiles.h"

static okp_engine engine;
static atomic_int syncing;

static int fail(const char *what, const okp_error *error)
{
    fprintf(stderr, "%s: %s (%d)", what, error->message, error->code);
    if (error->okta_request_id[0] != '\0')
        fprintf(stderr, " [request %s]", error->okta_request_id);
    fputc('\n', stderr);
    return 1;
}

/* The text of a cell, or "" for a null cell. */
static const char *text_of(okp_page page, size_t row, uint16_t column)
{
    const char *text = NULL;
    size_t length = 0;
    if (okp_page_text(page, row, column, &text, &length, NULL) != OKP_OK || text == NULL)
        return "";
    return text;
}

static int validate(void)
{
    okp_error error = OKP_ERROR_INIT;
    okp_page page;
    size_t rows = 0;
    int64_t usable = 0;
    if (okp_engine_validate(engine, &page, &error) != OKP_OK)
        return fail("validate", &error);
    okp_page_rows(page, &rows, NULL);
    for (size_t row = 0; row < rows; row++)
        printf("  %-16s %-12s %s\n", text_of(page, row, OKP_COLUMN_CAPABILITY),
               text_of(page, row, OKP_COLUMN_OUTCOME), text_of(page, row, OKP_COLUMN_ADVICE));
    okp_page_integer(page, 0, OKP_COLUMN_USABLE, &usable, NULL);
    okp_page_free(page, NULL);
    return usable ? 0 : 1;
}

/* Cuts the next field off a line, quotes undone in place; NULL when there is none. */
static char *field(char **line)
{
    char *start = *line, *to = *line, *from = *line;
    if (start == NULL)
        return NULL;
    int quoted = *from == '"';
    if (quoted)
        from++;
    for (; *from != '\0'; from++) {
        if (quoted && *from == '"' && *++from != '"')
            quoted = 0;
        if (!quoted && (*from == ',' || *from == '\0'))
            break;
        *to++ = *from;
    }
    *line = *from == ',' ? from + 1 : NULL;
    *to = '\0';
    return start;
}

static okp_text text(const char *value)
{
    okp_text borrowed = {value, strlen(value)};
    return borrowed;
}

static int hand_over_jira_users(const char *path)
{
    okp_error error = OKP_ERROR_INIT;
    okp_page counts;
    char line[4096];
    FILE *csv = fopen(path, "r");
    if (csv == NULL) {
        perror(path);
        return 1;
    }
    int code = okp_engine_begin_jira_users(engine, &error);
    int first = 1;
    while (code == OKP_OK && fgets(line, sizeof line, csv) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        char *rest = line;
        char *key = field(&rest), *username = field(&rest), *email = field(&rest);
        char *name = field(&rest), *active = field(&rest);
        if (!first && active != NULL) {
            okp_jira_user user = {text(key), text(username), text(email), text(name),
                                  strcmp(active, "true") == 0};
            code = okp_engine_add_jira_users(engine, &user, 1, &error);
        }
        first = 0;
    }
    fclose(csv);
    if (code == OKP_OK)
        code = okp_engine_commit_jira_users(engine, 0, &counts, &error);
    if (code != OKP_OK)
        return fail("Jira users", &error);
    okp_page_free(counts, NULL);
    return 0;
}

static void *watch(void *unused)
{
    (void)unused;
    const struct timespec pause = {0, 50 * 1000 * 1000};
    while (atomic_load(&syncing)) {
        okp_progress progress = OKP_PROGRESS_INIT;
        if (okp_engine_progress(engine, &progress, NULL) == OKP_OK)
            fprintf(stderr, "\r  %" PRIu64 " of %" PRIu64 " users, %" PRIu64 " requests ",
                    progress.users_seen, progress.users_expected, progress.requests);
        nanosleep(&pause, NULL);
    }
    fputc('\n', stderr);
    return NULL;
}

static int synchronize(void)
{
    okp_error error = OKP_ERROR_INIT;
    okp_sync_report report = OKP_SYNC_REPORT_INIT;
    pthread_t watcher;
    atomic_store(&syncing, 1);
    if (pthread_create(&watcher, NULL, watch, NULL) != 0)
        return 1;
    int code = okp_engine_sync(engine, 0, &report, &error);
    atomic_store(&syncing, 0);
    pthread_join(watcher, NULL);
    if (code != OKP_OK)
        return fail("sync", &error);
    printf("  run %" PRId64 ": %" PRIu64 " users, %" PRIu64 " added, %" PRIu64 " matched, %" PRIu64
           " ambiguous, %" PRIu64 " requests\n",
           report.run, report.present, report.added, report.matched, report.okta_ambiguous,
           report.requests);
    return 0;
}

static int print_first_profile(void)
{
    okp_error error = OKP_ERROR_INIT;
    okp_page page;
    size_t rows = 0;
    if (okp_engine_list(engine, OKP_VIEW_MATCHED, 0, 1, &page, &error) != OKP_OK)
        return fail("list", &error);
    okp_page_rows(page, &rows, NULL);
    if (rows == 1)
        printf("  %s is %s in Jira, by %s\n  %s\n", text_of(page, 0, OKP_COLUMN_OKTA_ID),
               text_of(page, 0, OKP_COLUMN_JIRA_USERNAME), text_of(page, 0, OKP_COLUMN_MATCH_RULE),
               text_of(page, 0, OKP_COLUMN_PROFILE));
    else
        puts("  no Okta user matches a user in Jira");
    okp_page_free(page, NULL);
    return 0;
}

int main(int count, char **arguments)
{
    okp_error error = OKP_ERROR_INIT;
    const char *token = getenv("OKTA_API_TOKEN");
    if (count < 3 || token == NULL) {
        fprintf(stderr, "usage: OKTA_API_TOKEN=... %s DIRECTORY_FILE OKTA_URL [JIRA_USERS.csv]\n", arguments[0]);
        return 2;
    }
    if (okp_abi_version() >> 16 != OKP_ABI_VERSION >> 16) {
        fputs("the library was built for another version of the header\n", stderr);
        return 2;
    }
    if (okp_engine_open(OKP_STRING(arguments[1]), &engine, &error) != OKP_OK)
        return fail("open", &error);
    int failed = 0;
    if (okp_engine_connect(engine, OKP_STRING(arguments[2]), OKP_STRING(token), &error) != OKP_OK)
        failed = fail("connect", &error);
    puts("Validation");
    failed = failed || validate();
    failed = failed || (count > 3 && hand_over_jira_users(arguments[3]));
    puts("Synchronization");
    failed = failed || synchronize() || print_first_profile();
    if (okp_engine_close(engine, &error) != OKP_OK)
        return fail("close", &error);
    return failed;
}
