/* A process that may have no more memory, or no more descriptors, gets an error and no signal.
 *
 *     limits_test FOLDER OKTA_URL TOKEN
 *
 * Each limit is tried in a child: open, connect, synchronize, list, find, export, close, until one of them fails.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "okta_profiles.h"

static okp_error error = OKP_ERROR_INIT;

/* The whole job; the first code that is not 0. */
static int job(const char *folder, const char *url, const char *token)
{
    char path[4096], copy[4096];
    snprintf(path, sizeof path, "%s/limits.db", folder);
    snprintf(copy, sizeof copy, "%s/limits.csv", folder);
    okp_engine engine = {0};
    okp_page page = {0};
    okp_sync_report report = {0};
    report.struct_size = sizeof report;
    uint64_t entries = 0;
    int code = okp_engine_open(OKP_STRING(path), &engine, &error);
    if (code != 0)
        return code;
    code = okp_engine_connect(engine, OKP_STRING(url), OKP_STRING(token), &error);
    code = code ? code : okp_engine_sync(engine, OKP_SYNC_MODE_FULL, &report, &error);
    code = code ? code : okp_engine_list(engine, OKP_VIEW_ALL, 0, 10000, &page, &error);
    code = code ? code : okp_engine_find(engine, OKP_FIND_BY_LOGIN, OKP_LITERAL("nobody"), &page, &error);
    code = code == OKP_ERROR_NOT_FOUND ? 0 : code;
    code = code ? code : okp_engine_export(engine, OKP_VIEW_ALL, OKP_FORMAT_CSV, OKP_STRING(copy), &entries, &error);
    int closed = okp_engine_close(engine, &error);
    return code ? code : closed;
}

static unsigned long address_space(void)
{
    unsigned long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "r");
    if (statm == NULL || fscanf(statm, "%lu", &pages) != 1)
        pages = 0;
    if (statm != NULL)
        fclose(statm);
    return pages * (unsigned long)sysconf(_SC_PAGESIZE);
}

/* The code that the child ended with; -1 if it ended by a signal. Codes do not fit into an exit status. */
static int attempt(int resource, unsigned long limit, char **arguments)
{
    int pipes[2];
    if (pipe(pipes) != 0)
        return -2;
    pid_t child = fork();
    if (child == 0) {
        struct rlimit limits = {limit, limit};
        setrlimit(resource, &limits);
        int code = job(arguments[1], arguments[2], arguments[3]);
        ssize_t written = write(pipes[1], &code, sizeof code);
        _exit(written == sizeof code ? 0 : 3);
    }
    close(pipes[1]);
    int code = -2, status = 0;
    if (read(pipes[0], &code, sizeof code) != sizeof code)
        code = -2;
    close(pipes[0]);
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) {
        fprintf(stderr, "limits_test: limit %lu ended by signal %d\n", limit, WTERMSIG(status));
        return -1;
    }
    return code;
}

int main(int count, char **arguments)
{
    if (count != 4)
        return fprintf(stderr, "limits_test FOLDER OKTA_URL TOKEN\n"), 2;
    int failures = 0, exhausted = 0, whole = 0;
    char wipe[4096];
    snprintf(wipe, sizeof wipe, "rm -f '%s'/limits.*", arguments[1]);
    const struct { int resource; unsigned long from, to, step; } series[] = {
        /* A call that begins with less than the reserve of the allocator (8 MiB) cannot be saved: see SECURITY.md. */
        {RLIMIT_AS, address_space() + (14UL << 20), address_space() + (62UL << 20), 4UL << 20},
        {RLIMIT_NOFILE, 4, 20, 2},
    };
    for (size_t i = 0; i < sizeof series / sizeof *series; i++) {
        for (unsigned long limit = series[i].from; limit <= series[i].to; limit += series[i].step) {
            if (system(wipe) != 0)
                return 2;
            int code = attempt(series[i].resource, limit, arguments);
            failures += code < 0 || code == OKP_ERROR_INTERNAL;
            exhausted += code == OKP_ERROR_RESOURCES_EXHAUSTED;
            whole += code == 0;
            if (getenv("LIMITS_VERBOSE") != NULL)
                fprintf(stderr, "resource %d limit %lu: %d\n", series[i].resource, limit, code);
        }
    }
    printf("limits: %d done, %d told that resources are exhausted, %d failures\n", whole, exhausted, failures);
    return failures == 0 && exhausted > 0 && whole > 0 ? 0 : 1;
}
