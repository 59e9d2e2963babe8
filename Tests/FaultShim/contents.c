#include "shim.h"

#include <stdlib.h>
#include <string.h>

// sync_file_range, sync and syncfs are left alone on purpose: the first promises nothing, and no
// program should have to rely on the others. Stores to a shared mapping are not seen, nor are the
// calls that stdio makes within libc.

static bool is_watched(int descriptor, struct file *file) {
    return is_active() && file_of_descriptor(descriptor, file);
}

// Writes are many, and most go to sockets: so they, not the syncs, trust what is remembered.
static bool is_watched_for_writes(int descriptor, struct file *file) {
    if (!is_active() || known_outside(descriptor)) return false;
    return file_of_descriptor(descriptor, file) && S_ISREG(file->mode);
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

// Foundation copies files so, and does not fall back: done by a read and a write.
ssize_t sendfile(int to, int from, off_t *offset, size_t count) {
    struct file file;
    char bytes[65536];
    if (!is_watched_for_writes(to, &file)) return real.sendfile(to, from, offset, count);
    size_t length = count < sizeof bytes ? count : sizeof bytes;
    off_t start = offset ? *offset : lseek(from, 0, SEEK_CUR);
    ssize_t size = pread(from, bytes, length, start);
    ssize_t written = size > 0 ? write_file(&file, to, bytes, size, AT_POSITION) : size;
    if (written > 0 && offset) *offset += written;
    if (written > 0 && !offset) lseek(from, start + written, SEEK_SET);
    return written;
}

ssize_t sendfile64(int to, int from, off64_t *offset, size_t count) {
    return sendfile(to, from, offset, count);
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
