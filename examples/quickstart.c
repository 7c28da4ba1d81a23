/* The engine from C: connect, synchronize, look somebody up.
 *
 *     cc quickstart.c $(pkg-config --cflags --libs okta-profiles) -o quickstart
 *     OKTA_ORG_URL=https://example.okta.com OKTA_API_TOKEN=... ./quickstart quickstart.db LOGIN
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "okta_profiles.h"

static int failed(const char *what, const okp_error *error)
{
    fprintf(stderr, "%s: %s (%d)\n", what, error->message, error->code);
    return EXIT_FAILURE;
}

static int look_up(okp_engine engine, const char *login, okp_error *error)
{
    okp_page page;
    size_t rows = 0, length = 0;
    const char *profile = NULL;
    if (okp_engine_find(engine, OKP_FIND_BY_LOGIN, OKP_STRING(login), &page, error) != OKP_OK)
        return failed("find", error);
    okp_page_rows(page, &rows, NULL);
    if (rows == 0)
        puts("nobody has this login"); /* not an error: the page is empty */
    else if (okp_page_text(page, 0, OKP_COLUMN_PROFILE, &profile, &length, error) == OKP_OK)
        printf("%.*s\n", (int)length, profile);
    okp_page_free(page, NULL);
    return EXIT_SUCCESS;
}

static int work(okp_engine engine, const char *url, const char *token, const char *login)
{
    okp_error error = OKP_ERROR_INIT;
    okp_sync_report report = OKP_SYNC_REPORT_INIT;
    if (okp_engine_connect(engine, OKP_STRING(url), OKP_STRING(token), &error) != OKP_OK)
        return failed("connect", &error);
    if (okp_engine_sync(engine, 0, &report, &error) != OKP_OK)
        return failed("sync", &error);
    printf("%" PRIu64 " users\n", report.present);
    return look_up(engine, login, &error);
}

int main(int count, char **arguments)
{
    const char *url = getenv("OKTA_ORG_URL"), *token = getenv("OKTA_API_TOKEN");
    if (count != 3 || url == NULL || token == NULL) {
        fputs("usage: OKTA_ORG_URL=... OKTA_API_TOKEN=... quickstart DIRECTORY_FILE LOGIN\n", stderr);
        return EXIT_FAILURE;
    }
    if (okp_abi_version() >> 16 != OKP_ABI_VERSION >> 16) {
        fputs("this program was built for another version of the library\n", stderr);
        return EXIT_FAILURE;
    }
    okp_error error = OKP_ERROR_INIT;
    okp_engine engine;
    if (okp_engine_open(OKP_STRING(arguments[1]), &engine, &error) != OKP_OK)
        return failed("open", &error);
    int code = work(engine, url, token, arguments[2]);
    okp_engine_close(engine, NULL);
    return code;
}
