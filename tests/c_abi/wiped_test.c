/* Tokens do not outlive the connection: this process reads its own memory and looks for the header they go in.
 *
 *     wiped_test FOLDER OKTA_URL < file with the token
 *
 * The token comes by standard input: arguments and environment would stay in memory by themselves.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "okta_profiles.h"

static okp_error error = OKP_ERROR_INIT;
static char token[256];
static atomic_int syncing;

/* How often "SSWS TOKEN" stands in writable memory. The needle is never put together. */
static int copies(void)
{
    static const char scheme[] = {'S' ^ 1, 'S' ^ 1, 'W' ^ 1, 'S' ^ 1, ' ' ^ 1};
    size_t length = strlen(token);
    int found = 0;
    char line[512];
    FILE *maps = fopen("/proc/self/maps", "r");
    int memory = open("/proc/self/mem", O_RDONLY);
    while (maps != NULL && memory >= 0 && fgets(line, sizeof line, maps) != NULL) {
        unsigned long from, to;
        char rights[8];
        if (sscanf(line, "%lx-%lx %7s", &from, &to, rights) != 3 || rights[0] != 'r' || rights[1] != 'w')
            continue;
        /* Large enough for whole regions, and overlapping, so that no copy is cut. */
        enum { PIECE = 1 << 20 };
        static unsigned char piece[PIECE];
        for (unsigned long at = from; at < to; at += PIECE - 512) {
            size_t wanted = to - at < PIECE ? to - at : PIECE;
            ssize_t got = pread(memory, piece, wanted, (off_t)at);
            for (ssize_t i = 0; i + 5 + (ssize_t)length <= got; i++) {
                if (at + (unsigned long)i >= (unsigned long)piece && at + (unsigned long)i < (unsigned long)piece + PIECE)
                    continue;
                int same = 1;
                for (int letter = 0; same && letter < 5; letter++)
                    same = piece[i + letter] == (scheme[letter] ^ 1);
                if (same && memcmp(piece + i + 5, token, length) == 0)
                    found++;
            }
        }
    }
    if (maps != NULL)
        fclose(maps);
    if (memory >= 0)
        close(memory);
    return found;
}

static void *watch(void *most)
{
    while (atomic_load(&syncing)) {
        int now = copies();
        if (now > *(int *)most)
            *(int *)most = now;
    }
    return NULL;
}

int main(int count, char **arguments)
{
    if (count != 3 || fgets(token, sizeof token, stdin) == NULL)
        return fprintf(stderr, "wiped_test FOLDER OKTA_URL < token\n"), 2;
    token[strcspn(token, "\n")] = 0;
    char path[4096];
    snprintf(path, sizeof path, "%s/wiped.db", arguments[1]);
    okp_engine engine = {0};
    okp_sync_report report = {0};
    report.struct_size = sizeof report;
    int code = okp_engine_open(OKP_STRING(path), &engine, &error);
    code = code ? code : okp_engine_connect(engine, OKP_STRING(arguments[2]), OKP_STRING(token), &error);
    int most = 0;
    pthread_t watcher;
    atomic_store(&syncing, 1);
    if (pthread_create(&watcher, NULL, watch, &most) != 0)
        return 2;
    code = code ? code : okp_engine_sync(engine, 0, &report, &error);
    atomic_store(&syncing, 0);
    pthread_join(watcher, NULL);
    int behind = copies();
    code = code ? code : okp_engine_disconnect(engine, &error);
    code = code ? code : okp_engine_close(engine, &error);
    if (code != 0)
        return fprintf(stderr, "wiped_test: %s (%d)\n", error.message, code), 1;
    int left = copies();
    printf("copies of the header: %d at most during a sync, %d behind it, %d after disconnect and close\n", most, behind, left);
    return left == 0 ? 0 : 1;
}
