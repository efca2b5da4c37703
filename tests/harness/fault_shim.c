/* Lets the n-th call of a kind fail, for files below one folder; or loses the lock of a warehouse there; or lets the clock jump. Preloaded; told what to do, and telling what it did, in a file
 * that all processes of a run map. Compile: gcc -shared -fPIC -O1 -o fault_shim.so fault_shim.c -ldl */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum kind { WRITE = 1, SYNC = 2, RENAME = 4, OPEN = 8, LOCK = 16, CLOCK = 32 };

struct plan {
    int kind;         /* which calls count; 0 for none */
    int nth;          /* the call that fails, counted from 1 */
    int error;        /* errno */
    int stays;        /* whether all later ones fail too */
    atomic_int seen;  /* calls that counted */
    atomic_int fired; /* calls that failed */
    long jump;        /* seconds that the clock jumps by */
    char under[256];  /* the folder */
};

static struct plan *plan;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("FAULT_PLAN");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *place = mmap(NULL, sizeof(struct plan), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (place != MAP_FAILED) plan = place;
}

static int fails(int kind, const char *path) {
    if (!plan || !(plan->kind & kind) || !path || strncmp(path, plan->under, strlen(plan->under))) return 0;
    int now = atomic_fetch_add(&plan->seen, 1) + 1;
    if (now != plan->nth && !(plan->stays && now > plan->nth)) return 0;
    atomic_fetch_add(&plan->fired, 1);
    errno = plan->error;
    return 1;
}

static int fails_on(int kind, int file) {
    if (!plan || !(plan->kind & kind)) return 0;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return fails(kind, path);
}

/* Somebody removes the lock file of the warehouse just before the n-th write. */
static void may_lose_lock(int file) {
    if (!plan || !(plan->kind & LOCK)) return;
    char link[64], path[4096], lock[512];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return;
    path[length] = 0;
    if (strncmp(path, plan->under, strlen(plan->under))) return;
    if (atomic_fetch_add(&plan->seen, 1) + 1 != plan->nth) return;
    snprintf(lock, sizeof lock, "%sw.duckdb.lock", plan->under);
    if (!unlink(lock)) atomic_fetch_add(&plan->fired, 1);
}

/* The n-th look at the clock sees another time, and so do all later ones where it stays. */
static long jumped(void) {
    if (!plan || !(plan->kind & CLOCK)) return 0;
    int now = atomic_fetch_add(&plan->seen, 1) + 1;
    if (now != plan->nth && !(plan->stays && now > plan->nth)) return 0;
    atomic_fetch_add(&plan->fired, 1);
    return plan->jump;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define REFUSES(f) (may_lose_lock(f), fails_on(WRITE, f))
ssize_t write(int f, const void *b, size_t n) { return REFUSES(f) ? -1 : NEXT(write)(f, b, n); }
ssize_t pwrite(int f, const void *b, size_t n, off_t o) { return REFUSES(f) ? -1 : NEXT(pwrite)(f, b, n, o); }
ssize_t pwrite64(int f, const void *b, size_t n, off64_t o) { return REFUSES(f) ? -1 : NEXT(pwrite64)(f, b, n, o); }
ssize_t writev(int f, const struct iovec *v, int n) { return REFUSES(f) ? -1 : NEXT(writev)(f, v, n); }

int clock_gettime(clockid_t clock, struct timespec *at) {
    int status = NEXT(clock_gettime)(clock, at);
    if (!status && clock == CLOCK_REALTIME) at->tv_sec += jumped();
    return status;
}
int fsync(int f) { return fails_on(SYNC, f) ? -1 : NEXT(fsync)(f); }
int fdatasync(int f) { return fails_on(SYNC, f) ? -1 : NEXT(fdatasync)(f); }
int rename(const char *a, const char *b) { return fails(RENAME, b) ? -1 : NEXT(rename)(a, b); }
int renameat(int d, const char *a, int e, const char *b) { return fails(RENAME, b) ? -1 : NEXT(renameat)(d, a, e, b); }
int link(const char *a, const char *b) { return fails(RENAME, b) ? -1 : NEXT(link)(a, b); }
int linkat(int d, const char *a, int e, const char *b, int n) { return fails(RENAME, b) ? -1 : NEXT(linkat)(d, a, e, b, n); }

/* A file that is opened for reading only is none of a full disk's business; one that may be made, or written, is. */
#define WANTS_WRITING(flags) ((flags) & (O_CREAT | O_WRONLY | O_RDWR))
#define MODE_OF(flags, mode)                          \
    mode_t mode = 0;                                  \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {          \
        va_list more;                                 \
        va_start(more, flags);                        \
        mode = va_arg(more, mode_t);                  \
        va_end(more);                                 \
    }

int open(const char *p, int flags, ...) {
    MODE_OF(flags, mode)
    return WANTS_WRITING(flags) && fails(OPEN, p) ? -1 : NEXT(open)(p, flags, mode);
}
int open64(const char *p, int flags, ...) {
    MODE_OF(flags, mode)
    return WANTS_WRITING(flags) && fails(OPEN, p) ? -1 : NEXT(open64)(p, flags, mode);
}
int openat(int d, const char *p, int flags, ...) {
    MODE_OF(flags, mode)
    return WANTS_WRITING(flags) && fails(OPEN, p) ? -1 : NEXT(openat)(d, p, flags, mode);
}
int openat64(int d, const char *p, int flags, ...) {
    MODE_OF(flags, mode)
    return WANTS_WRITING(flags) && fails(OPEN, p) ? -1 : NEXT(openat64)(d, p, flags, mode);
}
