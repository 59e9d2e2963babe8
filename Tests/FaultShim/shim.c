#include "shim.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

// The names that are interposed. Each asks whether the file is below the root; if so operations.c
// does the call, else the real function does.
//
// sync_file_range, sync and syncfs are left alone on purpose: the first promises nothing, and no
// program should have to rely on the others. msync and stores to a shared mapping are not seen.

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

static bool is_active(void) {
    start_once();
    return active;
}

static bool is_watched(int descriptor, struct file *file) {
    return is_active() && file_of_descriptor(descriptor, file);
}

// Writes are many, and most go to sockets: so they, not the syncs, trust what is remembered.
static bool is_watched_for_writes(int descriptor, struct file *file) {
    if (!is_active() || known_outside(descriptor)) return false;
    return file_of_descriptor(descriptor, file) && S_ISREG(file->mode);
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

ssize_t write(int descriptor, const void *bytes, size_t count) {
    struct file file;
    if (!is_watched_for_writes(descriptor, &file)) return real.write(descriptor, bytes, count);
    return write_file(&file, descriptor, bytes, count, AT_POSITION);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    struct file file;
    if (offset < 0 || !is_watched_for_writes(descriptor, &file)) {
        return real.pwrite(descriptor, bytes, count, offset);
    }
    return write_file(&file, descriptor, bytes, count, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
    return pwrite(descriptor, bytes, count, offset);
}

// One write of the joined parts: the same to the file, and simpler to cut short.
static ssize_t write_parts(const struct file *file, int descriptor, const struct iovec *parts,
                           int count, off_t offset) {
    size_t length = 0;
    for (int i = 0; i < count; i++) length += parts[i].iov_len;
    char *joined = malloc(length ? length : 1), *end = joined;
    if (!joined) return fail(ENOMEM);
    for (int i = 0; i < count; i++) {
        if (parts[i].iov_len) memcpy(end, parts[i].iov_base, parts[i].iov_len);
        end += parts[i].iov_len;
    }
    ssize_t written = write_file(file, descriptor, joined, length, offset);
    int error = errno;
    free(joined);
    errno = error;
    return written;
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    struct file file;
    if (count < 0 || count > IOV_MAX || !is_watched_for_writes(descriptor, &file)) {
        return real.writev(descriptor, parts, count);
    }
    return write_parts(&file, descriptor, parts, count, AT_POSITION);
}

ssize_t pwritev(int descriptor, const struct iovec *parts, int count, off_t offset) {
    struct file file;
    bool is_valid = count >= 0 && count <= IOV_MAX && offset >= 0;
    if (!is_valid || !is_watched_for_writes(descriptor, &file)) {
        return real.pwritev(descriptor, parts, count, offset);
    }
    return write_parts(&file, descriptor, parts, count, offset);
}

ssize_t pwritev64(int descriptor, const struct iovec *parts, int count, off64_t offset) {
    return pwritev(descriptor, parts, count, offset);
}

// Refused, so that programs fall back to read and write.
ssize_t copy_file_range(int from, off64_t *from_offset, int to, off64_t *to_offset,
                        size_t length, unsigned int flags) {
    struct file file;
    if (is_watched(to, &file)) return fail(EOPNOTSUPP);
    return real.copy_file_range(from, from_offset, to, to_offset, length, flags);
}

int ftruncate(int descriptor, off_t size) {
    struct file file;
    if (!is_watched(descriptor, &file)) return real.ftruncate(descriptor, size);
    return truncate_file(&file, descriptor, size);
}

int ftruncate64(int descriptor, off64_t size) {
    return ftruncate(descriptor, size);
}

int truncate(const char *path, off_t size) {
    struct file file;
    bool is_below = is_active() && file_of_path(AT_FDCWD, path, &file) == BELOW_ROOT;
    if (!is_below || !S_ISREG(file.mode)) return real.truncate(path, size);
    int descriptor = real.openat(AT_FDCWD, path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return -1;
    int result = ftruncate(descriptor, size);
    int error = errno;
    real.close(descriptor);
    errno = error;
    return result;
}

int truncate64(const char *path, off64_t size) {
    return truncate(path, size);
}

int fallocate(int descriptor, int mode, off_t offset, off_t length) {
    struct file file;
    if (!is_watched(descriptor, &file)) return real.fallocate(descriptor, mode, offset, length);
    return allocate_file(&file, descriptor, mode, offset, length);
}

int fallocate64(int descriptor, int mode, off64_t offset, off64_t length) {
    return fallocate(descriptor, mode, offset, length);
}

int posix_fallocate(int descriptor, off_t offset, off_t length) {
    struct file file;
    if (!is_watched(descriptor, &file)) return real.posix_fallocate(descriptor, offset, length);
    int before = errno;
    int error = allocate_file(&file, descriptor, 0, offset, length) < 0 ? errno : 0;
    errno = before;
    return error;
}

int posix_fallocate64(int descriptor, off64_t offset, off64_t length) {
    return posix_fallocate(descriptor, offset, length);
}

int fdatasync(int descriptor) {
    struct file file;
    if (!is_watched(descriptor, &file)) return real.fdatasync(descriptor);
    return sync_file(&file, descriptor, OPERATION_SYNC_DATA);
}

int fsync(int descriptor) {
    struct file file;
    if (!is_watched(descriptor, &file)) return real.fsync(descriptor);
    return sync_file(&file, descriptor, OPERATION_SYNC);
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
