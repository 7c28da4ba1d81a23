/* Groups, schemas, managers, look-ups by attribute and exports through C: pages by column, cursors, misuse.
 *
 *     groups_test FOLDER OKTA_URL TOKEN
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
        fprintf(stderr, "groups_test.c:%d: failed: %s\n", line, what);
    }
}
#define CHECK(condition) check((condition) ? 1 : 0, #condition, __LINE__)

static okp_error error = OKP_ERROR_INIT;

static size_t rows_of(okp_page page)
{
    size_t rows = 0;
    CHECK(okp_page_rows(page, &rows, &error) == OKP_OK);
    return rows;
}

/* The text of a cell, copied: it outlives its page. */
static void copy_cell(okp_page page, size_t row, uint16_t column, char *copy, size_t size)
{
    const char *text = NULL;
    size_t length = 0;
    CHECK(okp_page_text(page, row, column, &text, &length, &error) == OKP_OK);
    snprintf(copy, size, "%s", text == NULL ? "" : text);
}

static void hand_over(okp_engine engine)
{
    static char keys[300][16], names[300][32];
    okp_jira_user users[300];
    memset(users, 0, sizeof users);
    for (int i = 0; i < 300; i++) {
        snprintf(keys[i], sizeof keys[i], "K%d", i);
        snprintf(names[i], sizeof names[i], "user%06d@example.com", i);
        users[i].key.data = keys[i];
        users[i].key.length = strlen(keys[i]);
        users[i].username.data = names[i];
        users[i].username.length = strlen(names[i]);
        users[i].active = 1;
    }
    CHECK(okp_engine_upsert_jira_users(engine, users, 300, &error) == OKP_OK);
}

static void groups(okp_engine engine)
{
    char after[256] = "", id[64] = "";
    size_t all = 0, members = 0;
    do {
        okp_page page = {0};
        CHECK(okp_engine_groups(engine, NULL, 0, NULL, 0, OKP_STRING(after), 7, &page, &error) == OKP_OK);
        size_t rows = rows_of(page);
        all += rows;
        if (rows == 0)
            break;
        copy_cell(page, rows - 1, OKP_COLUMN_GROUP_ID, id, sizeof id);
        copy_cell(page, rows - 1, OKP_COLUMN_SEARCH_CURSOR, after, sizeof after);
        okp_page_free(page, &error);
    } while (after[0] != '\0');
    CHECK(all == 20);

    okp_page page = {0};
    CHECK(okp_engine_group(engine, OKP_STRING(id), &page, &error) == OKP_OK);
    CHECK(rows_of(page) == 1);
    int64_t count = 0;
    CHECK(okp_page_integer(page, 0, OKP_COLUMN_GROUP_MEMBER_COUNT, &count, &error) == OKP_OK);
    okp_page_free(page, &error);
    char last[64] = "", member[64] = "";
    for (;;) {
        CHECK(okp_engine_group_members(engine, OKP_STRING(id), OKP_STRING(last), 100, &page, &error) == OKP_OK);
        size_t rows = rows_of(page);
        members += rows;
        if (rows > 0)
            copy_cell(page, rows - 1, OKP_COLUMN_OKTA_ID, last, sizeof last);
        okp_page_free(page, &error);
        if (rows == 0)
            break;
        strcpy(member, last);
    }
    CHECK((int64_t)members == count);
    if (members > 0) {
        CHECK(okp_engine_groups_of(engine, OKP_FIND_BY_OKTA_ID, OKP_STRING(member), 100, &page, &error) == OKP_OK);
        CHECK(rows_of(page) >= 1);
        okp_page_free(page, &error);
    }
    CHECK(okp_engine_matched_group_members(engine, OKP_STRING(id), NULL, 0, 1000, &page, &error) == OKP_OK);
    okp_page_free(page, &error);
    CHECK(okp_engine_group_members(engine, OKP_LITERAL("00gnone"), NULL, 0, 10, &page, &error) == OKP_ERROR_NOT_FOUND);
    CHECK(okp_engine_groups_of(engine, OKP_FIND_BY_EMAIL, OKP_LITERAL("x"), 10, &page, &error) == OKP_ERROR_INVALID_ARGUMENT);
    CHECK(okp_engine_groups(engine, NULL, 0, NULL, 0, OKP_LITERAL("no cursor"), 7, &page, &error) == OKP_ERROR_INVALID_ARGUMENT);
    CHECK(okp_engine_groups(engine, NULL, 3, NULL, 0, NULL, 0, 7, &page, &error) == OKP_ERROR_INVALID_ARGUMENT);
}

static void schemas_and_people(okp_engine engine)
{
    okp_page page = {0};
    char id[64] = "", key[64] = "", department[128] = "";
    CHECK(okp_engine_user_types(engine, &page, &error) == OKP_OK);
    CHECK(rows_of(page) == 2);
    okp_page_free(page, &error);
    CHECK(okp_engine_attributes(engine, NULL, 0, &page, &error) == OKP_OK);
    CHECK(rows_of(page) > 30);
    okp_page_free(page, &error);
    CHECK(okp_engine_list(engine, OKP_VIEW_MATCHED, 0, 1, &page, &error) == OKP_OK);
    CHECK(rows_of(page) == 1);
    copy_cell(page, 0, OKP_COLUMN_OKTA_ID, id, sizeof id);
    copy_cell(page, 0, OKP_COLUMN_JIRA_KEY, key, sizeof key);
    okp_page_free(page, &error);
    CHECK(okp_engine_titled_profile(engine, OKP_STRING(id), &page, &error) == OKP_OK);
    CHECK(rows_of(page) > 5);
    for (size_t row = 0; row < rows_of(page); row++) {
        copy_cell(page, row, OKP_COLUMN_ATTRIBUTE_NAME, department, sizeof department);
        CHECK(department[0] != '\0');
    }
    okp_page_free(page, &error);
    okp_text keys[2] = {{"nobody", 6}, {key, strlen(key)}};
    char kind[16] = "";
    CHECK(okp_engine_people(engine, keys, 2, &page, &error) == OKP_OK);
    CHECK(rows_of(page) > 6);
    copy_cell(page, 0, OKP_COLUMN_PERSON_ROW, kind, sizeof kind);
    CHECK(strcmp(kind, "user") == 0);
    copy_cell(page, 0, OKP_COLUMN_OKTA_ID, department, sizeof department);
    CHECK(strcmp(department, id) == 0);
    copy_cell(page, rows_of(page) - 1, OKP_COLUMN_PERSON_ROW, kind, sizeof kind);
    CHECK(strcmp(kind, "group") == 0);
    okp_page_free(page, &error);
    CHECK(okp_engine_people(engine, NULL, 0, &page, &error) == OKP_OK);
    CHECK(rows_of(page) == 0);
    okp_page_free(page, &error);
    CHECK(okp_engine_people(engine, NULL, 1, &page, &error) == OKP_ERROR_INVALID_ARGUMENT);
    const okp_text shown[2] = {{"no such attribute", 17}, {"login", 5}};
    CHECK(okp_engine_people_showing(engine, keys, 2, shown, 2, &page, &error) == OKP_OK);
    copy_cell(page, 1, OKP_COLUMN_PERSON_ROW, kind, sizeof kind);
    CHECK(strcmp(kind, "attribute") == 0);
    copy_cell(page, 1, OKP_COLUMN_ATTRIBUTE_NAME, department, sizeof department);
    CHECK(strcmp(department, "login") == 0);
    copy_cell(page, 2, OKP_COLUMN_PERSON_ROW, kind, sizeof kind);
    CHECK(strcmp(kind, "attribute") != 0);
    okp_page_free(page, &error);
    CHECK(okp_engine_people_showing(engine, keys, 2, NULL, 1, &page, &error) == OKP_ERROR_INVALID_ARGUMENT);
    CHECK(okp_engine_users_where(engine, OKP_LITERAL("status"), OKP_LITERAL("active"), NULL, 0, 5, &page, &error) == OKP_OK);
    CHECK(rows_of(page) == 5);
    copy_cell(page, 4, OKP_COLUMN_SEARCH_CURSOR, department, sizeof department);
    CHECK(department[0] != '\0');
    okp_page_free(page, &error);
    CHECK(okp_engine_managers_of(engine, OKP_FIND_BY_JIRA_KEY, OKP_STRING(key), &page, &error) == OKP_OK);
    okp_page_free(page, &error);
    CHECK(okp_engine_reports_of(engine, OKP_FIND_BY_JIRA_KEY, OKP_STRING(key), 0, 10, &page, &error) == OKP_OK);
    okp_page_free(page, &error);
    CHECK(okp_engine_managers_of(engine, OKP_FIND_BY_LOGIN, OKP_LITERAL("nobody"), &page, &error) == OKP_ERROR_NOT_FOUND);
}

static void export(okp_engine engine, const char *folder)
{
    char path[1024];
    uint64_t entries = 0;
    snprintf(path, sizeof path, "%s/export.jsonl", folder);
    CHECK(okp_engine_export(engine, OKP_VIEW_ALL, OKP_FORMAT_JSON_LINES, OKP_STRING(path), &entries, &error) == OKP_OK);
    CHECK(entries == 1500);
    CHECK(okp_engine_export(engine, OKP_VIEW_ALL, OKP_FORMAT_CSV, OKP_STRING(path), &entries, &error) == OKP_ERROR_EXPORT_FAILED);
    CHECK(okp_engine_export(engine, OKP_VIEW_ALL, 3, OKP_STRING(path), &entries, &error) == OKP_ERROR_INVALID_ARGUMENT);
    CHECK(okp_engine_export(engine, OKP_VIEW_ALL, OKP_FORMAT_CSV, OKP_STRING(path), NULL, &error) == OKP_ERROR_INVALID_ARGUMENT);
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    char path[1024];
    snprintf(path, sizeof path, "%s/groups.db", argv[1]);
    okp_engine engine = {0};
    okp_sync_report report = OKP_SYNC_REPORT_INIT;
    CHECK(okp_engine_open(OKP_STRING(path), &engine, &error) == OKP_OK);
    CHECK(okp_engine_set(engine, OKP_LITERAL("groups.sync"), OKP_LITERAL("on"), &error) == OKP_OK);
    CHECK(okp_engine_connect(engine, OKP_STRING(argv[2]), OKP_STRING(argv[3]), &error) == OKP_OK);
    hand_over(engine);
    CHECK(okp_engine_sync(engine, 0, &report, &error) == OKP_OK);
    groups(engine);
    schemas_and_people(engine);
    export(engine, argv[1]);
    CHECK(okp_engine_close(engine, &error) == OKP_OK);
    printf("groups_test: %d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
