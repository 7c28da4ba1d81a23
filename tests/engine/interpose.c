/* Strikes a program at its n-th system call on files below one folder; loaded with LD_PRELOAD, in tests only.
 *
 *   OKP_FAULT_BELOW   the folder; nothing happens to files elsewhere
 *   OKP_FAULT_KIND    kill: SIGKILL before the call; torn: half of a write, then SIGKILL; or EIO, ENOSPC, EDQUOT,
 *                     EINVAL, ENOMEM: the call fails
 *   OKP_FAULT_CALLS   write: calls that change something, of which only writes of bytes can be torn; sync: fsync of
 *                     anything; sync-folder: fsync of folders; read: calls that read; map: those that need memory
 *   OKP_FAULT_AT      the number of the call, from 1; 0 for none
 *   OKP_FAULT_ON      how many calls are struck from there on; 1 without it
 *   OKP_FAULT_COUNT   a file that receives the number of calls when the program ends
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum class_of { WRITE, READ, SYNC, SYNC_FOLDER, MAP };

static const char *below_folder, *count_file;
static enum class_of wanted;
static int is_kill, is_torn, failure;
static long at, on = 1, calls;

#define REAL(name) \
    static __typeof__(&name) real; \
    if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void)
{
    const char *kind = getenv("OKP_FAULT_KIND"), *class = getenv("OKP_FAULT_CALLS"), *text;
    below_folder = getenv("OKP_FAULT_BELOW");
    count_file = getenv("OKP_FAULT_COUNT");
    if (kind == NULL) kind = "";
    is_kill = strcmp(kind, "kill") == 0;
    is_torn = strcmp(kind, "torn") == 0;
    failure = strcmp(kind, "ENOSPC") == 0 ? ENOSPC : strcmp(kind, "EDQUOT") == 0 ? EDQUOT
            : strcmp(kind, "EINVAL") == 0 ? EINVAL
            : strcmp(kind, "ENOMEM") == 0 ? ENOMEM : EIO;
    if (class == NULL) class = "";
    wanted = strcmp(class, "read") == 0 ? READ : strcmp(class, "map") == 0 ? MAP
           : strcmp(class, "sync") == 0 ? SYNC : strcmp(class, "sync-folder") == 0 ? SYNC_FOLDER : WRITE;
    if ((text = getenv("OKP_FAULT_AT")) != NULL) at = atol(text);
    if ((text = getenv("OKP_FAULT_ON")) != NULL) on = atol(text);
}

__attribute__((destructor)) static void end(void)
{
    char text[32];
    if (count_file == NULL) return;
    long file = syscall(SYS_openat, AT_FDCWD, count_file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file >= 0) {
        int length = snprintf(text, sizeof text, "%ld", calls);
        if (syscall(SYS_write, file, text, length) != length) abort();
        syscall(SYS_close, file);
    }
}

static int is_below(const char *path)
{
    return below_folder != NULL && path != NULL && strncmp(path, below_folder, strlen(below_folder)) == 0;
}

static int is_below_fd(int fd)
{
    char link[64], path[PATH_MAX + 1];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX);
    if (length < 0) return 0;
    path[length] = '\0';
    return is_below(path);
}

/* Whether this call is to fail. A kill does not return. */
static int strike(enum class_of class, int concerned)
{
    if (!concerned || class != wanted) return 0;
    long number = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    if (at == 0 || number < at || number >= at + on) return 0;
    if (is_kill) {
        raise(SIGKILL);
    }
    if (is_torn) return 2;
    errno = failure;
    return 1;
}

/* Calls that cannot be torn in two. */
#define STRIKE(class, concerned) do { if (!is_torn && strike(class, concerned)) return -1; } while (0)

#define WRITING(decision, half) \
    switch (decision) { \
    case 1: return -1; \
    case 2: if ((half) < 0) abort(); raise(SIGKILL); \
    }

ssize_t write(int fd, const void *bytes, size_t length)
{
    REAL(write);
    WRITING(strike(WRITE, is_below_fd(fd)), real(fd, bytes, length / 2));
    return real(fd, bytes, length);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
    REAL(pwrite);
    WRITING(strike(WRITE, is_below_fd(fd)), real(fd, bytes, length / 2, offset));
    return real(fd, bytes, length, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset)
{
    REAL(pwrite64);
    WRITING(strike(WRITE, is_below_fd(fd)), real(fd, bytes, length / 2, offset));
    return real(fd, bytes, length, offset);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    REAL(writev);
    STRIKE(WRITE, is_below_fd(fd));
    return real(fd, parts, count);
}

static int is_folder(int fd)
{
    struct stat found;
    return fstat(fd, &found) == 0 && S_ISDIR(found.st_mode);
}

int fsync(int fd)
{
    REAL(fsync);
    STRIKE(WRITE, is_below_fd(fd));
    STRIKE(SYNC, is_below_fd(fd));
    STRIKE(SYNC_FOLDER, is_folder(fd));
    return real(fd);
}

int fdatasync(int fd)
{
    REAL(fdatasync);
    STRIKE(WRITE, is_below_fd(fd));
    STRIKE(SYNC, is_below_fd(fd));
    STRIKE(SYNC_FOLDER, is_folder(fd));
    return real(fd);
}

int ftruncate(int fd, off_t length)
{
    REAL(ftruncate);
    STRIKE(WRITE, is_below_fd(fd));
    return real(fd, length);
}

int ftruncate64(int fd, off64_t length)
{
    REAL(ftruncate64);
    STRIKE(WRITE, is_below_fd(fd));
    return real(fd, length);
}

int fchmod(int fd, mode_t mode)
{
    REAL(fchmod);
    STRIKE(WRITE, is_below_fd(fd));
    return real(fd, mode);
}

int rename(const char *from, const char *to)
{
    REAL(rename);
    STRIKE(WRITE, is_below(to));
    return real(from, to);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    REAL(linkat);
    STRIKE(WRITE, is_below(to));
    return real(from_folder, from, to_folder, to, flags);
}

int link(const char *from, const char *to)
{
    REAL(link);
    STRIKE(WRITE, is_below(to));
    return real(from, to);
}

/* Removing what is not there changes nothing. On a full disk, removing works. */
int unlink(const char *path)
{
    REAL(unlink);
    STRIKE(WRITE, failure != ENOSPC && failure != EDQUOT && is_below(path) && access(path, F_OK) == 0);
    return real(path);
}

int mkdir(const char *path, mode_t mode)
{
    REAL(mkdir);
    STRIKE(WRITE, is_below(path));
    return real(path, mode);
}

static int opens_anew(const char *path, int flags)
{
    return (flags & O_CREAT) != 0 && is_below(path) && access(path, F_OK) != 0;
}

static int reads(const char *path, int flags)
{
    return (flags & O_CREAT) == 0 && (flags & O_DIRECTORY) == 0 && is_below(path);
}

#define OPEN(name, ...) \
    mode_t mode = 0; \
    if ((flags & (O_CREAT | O_TMPFILE)) != 0) { \
        va_list rest; \
        va_start(rest, flags); \
        mode = va_arg(rest, mode_t); \
        va_end(rest); \
    } \
    REAL(name); \
    STRIKE(WRITE, opens_anew(path, flags)); \
    STRIKE(READ, reads(path, flags)); \
    STRIKE(MAP, reads(path, flags)); \
    return real(__VA_ARGS__, mode)

int open(const char *path, int flags, ...) { OPEN(open, path, flags); }
int open64(const char *path, int flags, ...) { OPEN(open64, path, flags); }
int openat(int folder, const char *path, int flags, ...) { OPEN(openat, folder, path, flags); }
int openat64(int folder, const char *path, int flags, ...) { OPEN(openat64, folder, path, flags); }

ssize_t read(int fd, void *bytes, size_t length)
{
    REAL(read);
    STRIKE(READ, is_below_fd(fd));
    return real(fd, bytes, length);
}

ssize_t pread(int fd, void *bytes, size_t length, off_t offset)
{
    REAL(pread);
    STRIKE(READ, is_below_fd(fd));
    return real(fd, bytes, length, offset);
}

ssize_t pread64(int fd, void *bytes, size_t length, off64_t offset)
{
    REAL(pread64);
    STRIKE(READ, is_below_fd(fd));
    return real(fd, bytes, length, offset);
}

static int refuses_map(int fd)
{
    return fd >= 0 && (strike(READ, is_below_fd(fd)) || strike(MAP, is_below_fd(fd)));
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
    REAL(mmap);
    return refuses_map(fd) ? MAP_FAILED : real(address, length, protection, flags, fd, offset);
}

void *mmap64(void *address, size_t length, int protection, int flags, int fd, off64_t offset)
{
    REAL(mmap64);
    return refuses_map(fd) ? MAP_FAILED : real(address, length, protection, flags, fd, offset);
}
