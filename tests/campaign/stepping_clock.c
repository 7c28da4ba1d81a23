/* This machine's wall clock, ahead by so many seconds as a file says; loaded with LD_PRELOAD, in tests only. The file
 * may change while the program runs.
 *
 *   OKP_CLOCK_AHEAD   the file: 8 bytes, a signed number in the byte order of the machine
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static volatile long long *ahead;

__attribute__((constructor)) static void begin(void)
{
    const char *name = getenv("OKP_CLOCK_AHEAD");
    int file = name == NULL ? -1 : open(name, O_RDONLY | O_CLOEXEC);
    if (file < 0) abort();
    void *mapped = mmap(NULL, sizeof *ahead, PROT_READ, MAP_SHARED, file, 0);
    if (mapped == MAP_FAILED) abort();
    ahead = mapped;
    close(file);
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int outcome = (int)syscall(SYS_clock_gettime, clock, now);
    if (outcome == 0 && clock == CLOCK_REALTIME && ahead != NULL) now->tv_sec += *ahead;
    return outcome;
}
