/* What reading costs from C: single look-ups by Jira key in random order, and a loop over the whole directory.
 *
 *     readers DIRECTORY_FILE JIRA_USERS.csv [ORG_URL TOKEN_FILE]
 *
 * With an org a full sync runs meanwhile on a thread of its own. Prints microseconds: "p50 p99" of the
 * look-ups, then the loop. Run by tests/benches/compare.sh.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "okta_profiles.h"

#define LOOKUPS 50000
#define KEYS_AT_MOST 2000000
#define PAGE 1000

static okp_engine engine;
static char *keys[KEYS_AT_MOST];
static size_t key_count;
static atomic_int syncing;

static void fail(const char *what, const okp_error *error)
{
    fprintf(stderr, "%s: %s (%d)\n", what, error->message, error->code);
    exit(1);
}

static double now_us(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

static void read_keys(const char *file)
{
    char line[4096];
    FILE *csv = fopen(file, "r");
    if (csv == NULL || fgets(line, sizeof line, csv) == NULL) {
        perror(file);
        exit(1);
    }
    while (key_count < KEYS_AT_MOST && fgets(line, sizeof line, csv) != NULL) {
        /* The key stands first, in quotes. */
        char *key = line + 1;
        key[strcspn(key, "\"\n")] = '\0';
        keys[key_count++] = strdup(key);
    }
    fclose(csv);
}

static int by_size(const void *one, const void *other)
{
    double difference = *(const double *)one - *(const double *)other;
    return (difference > 0) - (difference < 0);
}

/* The display name of the Okta user tied to a key, as a panel of an issue asks for it. */
static void look_up(const char *key)
{
    okp_error error = OKP_ERROR_INIT;
    okp_page page = {0};
    const char *name = NULL;
    size_t rows = 0, length = 0;
    if (okp_engine_find(engine, OKP_FIND_BY_JIRA_KEY, OKP_STRING(key), &page, &error) != OKP_OK)
        fail("find", &error);
    if (okp_page_rows(page, &rows, &error) != OKP_OK || rows != 1)
        fail("a Jira user is not there", &error);
    if (okp_page_text(page, 0, OKP_COLUMN_DISPLAY_NAME, &name, &length, &error) != OKP_OK)
        fail("text", &error);
    okp_page_free(page, &error);
}

static void measure_look_ups(int while_syncing)
{
    static double times[LOOKUPS];
    size_t done = 0;
    while (done < LOOKUPS && (!while_syncing || atomic_load(&syncing))) {
        double began = now_us();
        /* A stride that visits the keys out of order. */
        look_up(keys[done * 7919 % key_count]);
        times[done++] = now_us() - began;
    }
    qsort(times, done, sizeof times[0], by_size);
    printf("%.1f %.1f\n", times[done / 2], times[done * 99 / 100]);
}

static void measure_loop(void)
{
    okp_error error = OKP_ERROR_INIT;
    double began = now_us();
    int64_t after = 0;
    for (;;) {
        okp_page page = {0};
        size_t rows = 0, length = 0;
        const char *text = NULL;
        if (okp_engine_list(engine, OKP_VIEW_ALL, after, PAGE, &page, &error) != OKP_OK)
            fail("list", &error);
        okp_page_rows(page, &rows, &error);
        for (size_t row = 0; row < rows; row++) {
            okp_page_text(page, row, OKP_COLUMN_LOGIN, &text, &length, &error);
            okp_page_text(page, row, OKP_COLUMN_DISPLAY_NAME, &text, &length, &error);
            okp_page_text(page, row, OKP_COLUMN_PROFILE, &text, &length, &error);
        }
        if (rows > 0)
            okp_page_integer(page, rows - 1, OKP_COLUMN_CURSOR, &after, &error);
        okp_page_free(page, &error);
        if (rows == 0)
            break;
    }
    printf("%.0f\n", now_us() - began);
}

static void *sync_once(void *unused)
{
    okp_error error = OKP_ERROR_INIT;
    okp_sync_report report = OKP_SYNC_REPORT_INIT;
    (void)unused;
    if (okp_engine_sync(engine, OKP_SYNC_MODE_FULL, &report, &error) != OKP_OK)
        fail("sync", &error);
    atomic_store(&syncing, 0);
    return NULL;
}

static void measure_while_syncing(const char *org, const char *token_file)
{
    char token[4096] = "";
    pthread_t thread;
    okp_error error = OKP_ERROR_INIT;
    FILE *file = fopen(token_file, "r");
    if (file == NULL || fgets(token, sizeof token, file) == NULL) {
        perror(token_file);
        exit(1);
    }
    fclose(file);
    token[strcspn(token, "\n")] = '\0';
    if (okp_engine_connect(engine, OKP_STRING(org), OKP_STRING(token), &error) != OKP_OK)
        fail("connect", &error);
    atomic_store(&syncing, 1);
    if (pthread_create(&thread, NULL, sync_once, NULL) != 0)
        exit(1);
    measure_look_ups(1);
    pthread_join(thread, NULL);
}

int main(int count, char **arguments)
{
    okp_error error = OKP_ERROR_INIT;
    if (count < 3) {
        fprintf(stderr, "usage: readers DIRECTORY_FILE JIRA_USERS.csv [ORG_URL TOKEN_FILE]\n");
        return 2;
    }
    read_keys(arguments[2]);
    if (okp_engine_open(OKP_STRING(arguments[1]), &engine, &error) != OKP_OK)
        fail("open", &error);
    if (count > 4) {
        measure_while_syncing(arguments[3], arguments[4]);
    } else {
        measure_look_ups(0);
        measure_loop();
    }
    return okp_engine_close(engine, &error) == OKP_OK ? 0 : 1;
}
