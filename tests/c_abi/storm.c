/* A storm of calls from several threads on shared, closed, freed and invented handles. Nothing may crash, race in the
 * caller's memory, or give OKP_ERROR_INTERNAL.
 *
 *     storm FOLDER OKTA_URL TOKEN CALLS
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "okta_profiles.h"

enum { THREADS = 6, SHARED = 16 };

static _Atomic uint64_t engines[SHARED], pages[SHARED];
static atomic_int faults;
static const char *url, *token;
static char path[4096];
static long calls;

static uint32_t next(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static int one_call(uint32_t *seed, char *text, size_t length)
{
    okp_error error = OKP_ERROR_INIT;
    uint32_t choice = next(seed), slot = next(seed) % SHARED;
    okp_engine engine = {choice % 31 == 0 ? next(seed) : atomic_load(&engines[slot])};
    okp_page page = {0};
    int32_t kind = (int32_t)(next(seed) % 9) - 1, limit = (int32_t)(next(seed) % 3) * 300, erased = 0;
    size_t rows = 0, cell_length = 0;
    const char *cell = NULL;
    int code = 0;
    switch (choice % 16) {
    case 0:
        code = okp_engine_open(OKP_STRING(path), &engine, &error);
        if (code == 0)
            atomic_store(&engines[slot], engine.id);
        return code;
    case 1:
        return choice % 7 == 0 ? okp_engine_close(engine, &error) : 0;
    case 2:
        return choice % 5 == 0 ? okp_engine_connect(engine, OKP_STRING(url), OKP_STRING(token), &error) : 0;
    case 3:
        return choice % 11 == 0 ? okp_engine_sync(engine, next(seed) % 32, NULL, &error) : 0;
    case 4:
        return okp_engine_cancel(engine, &error);
    case 5:
        code = okp_engine_list(engine, kind, (int64_t)(next(seed) % 50), limit, &page, &error);
        break;
    case 6:
        code = okp_engine_find(engine, kind, text, length, &page, &error);
        break;
    case 7:
        code = okp_engine_search(engine, kind, 0, text, length, NULL, 0, limit, &page, &error);
        break;
    case 8:
        code = okp_engine_changes(engine, 0, NULL, 0, limit, &page, &error);
        break;
    case 9: {
        okp_text own = {text, length};
        okp_jira_user user = {own, own, own, own, 1};
        return okp_engine_upsert_jira_users(engine, &user, 1, &error);
    }
    case 10:
        return okp_engine_erase_user(engine, text, length, &erased, &error);
    case 11:
        return okp_engine_pin(engine, text, length, text, length, &error);
    case 12:
        page.id = atomic_load(&pages[slot]);
        okp_page_rows(page, &rows, &error);
        return okp_page_text(page, rows == 0 ? 0 : rows - 1, (uint16_t)(next(seed) % 700), &cell, &cell_length, &error);
    case 13:
        page.id = atomic_exchange(&pages[slot], 0);
        return okp_page_free(page, &error);
    case 14:
        code = okp_engine_runs(engine, 0, limit, &page, &error);
        break;
    default:
        return okp_engine_set(engine, text, length / 2, text + length / 2, length - length / 2, &error);
    }
    if (code == 0) {
        okp_page before = {atomic_exchange(&pages[slot], page.id)};
        okp_page_free(before, &error);
    }
    return code;
}

static void *storm(void *number)
{
    uint32_t seed = 2463534242u + 7919u * (uint32_t)(uintptr_t)number;
    for (long call = 0; call < calls; call++) {
        char text[24];
        size_t length = next(&seed) % sizeof text;
        for (size_t i = 0; i < length; i++)
            text[i] = (char)(next(&seed) % 9 == 0 ? next(&seed) : 'a' + next(&seed) % 26);
        if (one_call(&seed, text, length) == OKP_ERROR_INTERNAL)
            atomic_fetch_add(&faults, 1);
    }
    return NULL;
}

int main(int count, char **arguments)
{
    if (count != 5)
        return fprintf(stderr, "storm FOLDER OKTA_URL TOKEN CALLS\n"), 2;
    snprintf(path, sizeof path, "%s/storm.db", arguments[1]);
    url = arguments[2];
    token = arguments[3];
    calls = atol(arguments[4]);
    pthread_t threads[THREADS];
    for (uintptr_t i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, storm, (void *)i) != 0)
            return 2;
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    okp_error error = OKP_ERROR_INIT;
    for (int i = 0; i < SHARED; i++) {
        okp_engine_close((okp_engine){atomic_load(&engines[i])}, &error);
        okp_page_free((okp_page){atomic_load(&pages[i])}, &error);
    }
    printf("storm: %ld calls, %d faults\n", calls * THREADS, atomic_load(&faults));
    return atomic_load(&faults) == 0 ? 0 : 1;
}
