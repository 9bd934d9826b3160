/* A write to a file whose name ends in $TORN_FILE reaches the disk in part: the second block written to it stops after
   64 bytes and says it was whole. With TORN_KILL=1 the process dies there, as in a power cut. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int torn = 0;

static int is_ours(int file) {
    const char *name = getenv("TORN_FILE");
    char link[64], path[4096];
    if (!name) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    size_t wanted = strlen(name);
    if (length < (ssize_t)wanted) return 0;
    path[length] = 0;
    return strcmp(path + length - wanted, name) == 0;
}

static ssize_t write_part(ssize_t (*real)(int, const void *, size_t, off_t), int file, const void *bytes, size_t size, off_t at) {
    if (size >= 262144 && is_ours(file) && ++torn == 2) {
        real(file, bytes, 64, at);
        if (getenv("TORN_KILL") && getenv("TORN_KILL")[0] == '1') kill(getpid(), SIGKILL);
        return (ssize_t)size;
    }
    return real(file, bytes, size, at);
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t at) {
    return write_part((ssize_t (*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite"), file, bytes, size, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off_t at) {
    return write_part((ssize_t (*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite64"), file, bytes, size, at);
}
