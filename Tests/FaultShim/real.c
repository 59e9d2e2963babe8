#include "shim.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

// Above the descriptors that shells and daemons move about by number.
static const int own_descriptors_min = 500;
static int own_descriptors[3];
static int own_descriptors_count;

struct real_functions real;

#define RESOLVE(name)                                               \
    do {                                                            \
        real.name = (__typeof__(real.name))dlsym(RTLD_NEXT, #name); \
        if (!real.name) fatal("cannot find", #name);                \
    } while (0)

void resolve_real_functions(void) {
    RESOLVE(openat);
    RESOLVE(write);
    RESOLVE(pwrite);
    RESOLVE(writev);
    RESOLVE(pwritev);
    RESOLVE(copy_file_range);
    RESOLVE(sendfile);
    RESOLVE(ftruncate);
    RESOLVE(truncate);
    RESOLVE(fallocate);
    RESOLVE(posix_fallocate);
    RESOLVE(fdatasync);
    RESOLVE(fsync);
    RESOLVE(renameat2);
    RESOLVE(linkat);
    RESOLVE(unlinkat);
    RESOLVE(mkdirat);
    RESOLVE(close);
    RESOLVE(dup);
    RESOLVE(dup2);
    RESOLVE(dup3);
    RESOLVE(fcntl);
}

// A test that goes on without its journal or its faults would pass for the wrong reason.
void fatal(const char *what, const char *detail) {
    dprintf(STDERR_FILENO, "FaultShim: %s %s\n", what, detail);
    abort();
}

int fail(int error) {
    errno = error;
    return -1;
}

int open_own_file(const char *path, int flags) {
    int low = real.openat(AT_FDCWD, path, flags | O_CLOEXEC, 0600);
    if (low < 0) fatal("cannot open", path);
    int descriptor = real.fcntl(low, F_DUPFD_CLOEXEC, own_descriptors_min);
    if (descriptor < 0) fatal("no descriptor for", path);
    real.close(low);
    own_descriptors[own_descriptors_count++] = descriptor;
    return descriptor;
}

bool is_own_file(int descriptor) {
    for (int i = 0; i < own_descriptors_count; i++) {
        if (own_descriptors[i] == descriptor) return true;
    }
    return false;
}
