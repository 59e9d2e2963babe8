#include "shim.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>

// The start, and the calls that are interposed: here those that take a name or make a descriptor,
// in contents.c those that take a descriptor. Each asks whether the file is below the root; if so
// operations.c does the call, else the real function does.

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool active;

static void start(void) {
    resolve_real_functions();
    const char *root = getenv("FAULT_ROOT");
    const char *journal = getenv("FAULT_JOURNAL");
    const char *control = getenv("FAULT_CONTROL");
    if (!root || (!journal && !control)) return;
    set_root(root);
    int lock = journal ? open_journal(journal) : -1;
    if (control) lock = open_control(control);
    set_lock(lock);
    active = true;
}

// A constructor, and also each call: constructors of other libraries may run, and write, earlier.
__attribute__((constructor)) static void start_once(void) {
    pthread_once(&once, start);
}

bool is_active(void) {
    start_once();
    return active;
}

static int open_any(int folder, const char *path, int flags, mode_t mode) {
    bool changes = flags & (O_CREAT | O_TRUNC), is_unnamed = (flags & O_TMPFILE) == O_TMPFILE;
    if (is_active() && is_unnamed) return open_unnamed_file(folder, path, flags, mode);
    if (is_active() && changes) return open_file(folder, path, flags, mode);
    return forget(real.openat(folder, path, flags, mode));
}

#define MODE_ARGUMENT(mode, flags)                                          \
    mode_t mode = 0;                                                        \
    if ((flags) & O_CREAT || ((flags) & O_TMPFILE) == O_TMPFILE) {          \
        va_list arguments;                                                  \
        va_start(arguments, flags);                                         \
        mode = va_arg(arguments, mode_t);                                   \
        va_end(arguments);                                                  \
    }

int open(const char *path, int flags, ...) {
    MODE_ARGUMENT(mode, flags)
    return open_any(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    MODE_ARGUMENT(mode, flags)
    return open_any(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
    MODE_ARGUMENT(mode, flags)
    return open_any(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...) {
    MODE_ARGUMENT(mode, flags)
    return open_any(folder, path, flags, mode);
}

int creat(const char *path, mode_t mode) {
    return open_any(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

int creat64(const char *path, mode_t mode) {
    return open_any(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

// What a fortified program calls in place of open.
int __open_2(const char *path, int flags) {
    return open_any(AT_FDCWD, path, flags, 0);
}

int __open64_2(const char *path, int flags) {
    return open_any(AT_FDCWD, path, flags, 0);
}

int __openat_2(int folder, const char *path, int flags) {
    return open_any(folder, path, flags, 0);
}

int __openat64_2(int folder, const char *path, int flags) {
    return open_any(folder, path, flags, 0);
}

static int rename_any(int from_folder, const char *from, int to_folder, const char *to,
                      unsigned int flags) {
    if (!is_active()) return real.renameat2(from_folder, from, to_folder, to, flags);
    return rename_file(from_folder, from, to_folder, to, flags);
}

int rename(const char *from, const char *to) {
    return rename_any(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    return rename_any(from_folder, from, to_folder, to, 0);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to,
              unsigned int flags) {
    return rename_any(from_folder, from, to_folder, to, flags);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    if (!is_active()) return real.linkat(from_folder, from, to_folder, to, flags);
    return link_file(from_folder, from, to_folder, to, flags);
}

int link(const char *from, const char *to) {
    return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlinkat(int folder, const char *path, int flags) {
    if (!is_active()) return real.unlinkat(folder, path, flags);
    return unlink_file(folder, path, flags);
}

int unlink(const char *path) {
    return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char *path) {
    return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int remove(const char *path) {
    int result = unlink(path);
    return result < 0 && (errno == EISDIR || errno == EPERM) ? rmdir(path) : result;
}

int mkdirat(int folder, const char *path, mode_t mode) {
    if (!is_active()) return real.mkdirat(folder, path, mode);
    return make_directory(folder, path, mode);
}

int mkdir(const char *path, mode_t mode) {
    return mkdirat(AT_FDCWD, path, mode);
}

// A program that closes all it does not know must not close the journal.
int close(int descriptor) {
    start_once();
    if (is_own_file(descriptor)) return fail(EBADF);
    return real.close(forget(descriptor));
}

int dup(int descriptor) {
    start_once();
    return forget(real.dup(descriptor));
}

int dup2(int descriptor, int other) {
    start_once();
    return forget(real.dup2(descriptor, other));
}

int dup3(int descriptor, int other, int flags) {
    start_once();
    return forget(real.dup3(descriptor, other, flags));
}

static int control_descriptor(int descriptor, int command, void *argument) {
    start_once();
    int result = real.fcntl(descriptor, command, argument);
    bool is_new = command == F_DUPFD || command == F_DUPFD_CLOEXEC;
    return is_new ? forget(result) : result;
}

#define POINTER_ARGUMENT(argument, last)        \
    va_list arguments;                          \
    va_start(arguments, last);                  \
    void *argument = va_arg(arguments, void *); \
    va_end(arguments);

int fcntl(int descriptor, int command, ...) {
    POINTER_ARGUMENT(argument, command)
    return control_descriptor(descriptor, command, argument);
}

int fcntl64(int descriptor, int command, ...) {
    POINTER_ARGUMENT(argument, command)
    return control_descriptor(descriptor, command, argument);
}
