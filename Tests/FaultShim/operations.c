#include "shim.h"

#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int lock_descriptor = -1;

static void lock_mutex(void) {
    pthread_mutex_lock(&mutex);
}

static void unlock_mutex(void) {
    pthread_mutex_unlock(&mutex);
}

// The mutex is between threads, the record lock between processes (a child that a test's process
// starts, the test itself on the control page). The kernel gives the latter back after kill -9.
void set_lock(int descriptor) {
    lock_descriptor = descriptor;
    pthread_atfork(lock_mutex, unlock_mutex, unlock_mutex);
}

static void set_record_lock(short type) {
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET};
    while (real.fcntl(lock_descriptor, F_SETLKW, &lock) < 0) {
        if (errno != EINTR) fatal("cannot lock", "the journal or the control page");
    }
}

static void enter(void) {
    lock_mutex();
    set_record_lock(F_WRLCK);
    if (journal_is_unsettled()) journal_settle();
    journal_end();
}

static int leave(int result) {
    int error = errno;
    journal_end();
    set_record_lock(F_UNLCK);
    unlock_mutex();
    errno = error;
    return result;
}

static off_t size_of(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) < 0 ? 0 : status.st_size;
}

// Linux appends with O_APPEND even if pwrite names an offset.
static off_t place_of_write(int descriptor, int flags, off_t offset) {
    if (flags & O_APPEND) return size_of(descriptor);
    return offset == AT_POSITION ? lseek(descriptor, 0, SEEK_CUR) : offset;
}

static ssize_t put(int descriptor, const void *bytes, size_t count, off_t offset) {
    if (offset == AT_POSITION) return real.write(descriptor, bytes, count);
    return real.pwrite(descriptor, bytes, count, offset);
}

// With O_SYNC or O_DSYNC the write is its own sync.
static void record_write(struct change change, const void *bytes, ssize_t count, int descriptor,
                         int flags) {
    change.size = count;
    change.data = bytes;
    journal_append(&change);
    if (!(flags & O_DSYNC) || syncs_are_ignored()) return;
    journal_append(&(struct change){
        OPERATION_SYNC_DATA, change.file, journal_length(), size_of(descriptor), NULL, NULL, 0});
}

ssize_t write_file(const struct file *file, int descriptor, const void *bytes, size_t count,
                   off_t offset) {
    enter();
    int flags = real.fcntl(descriptor, F_GETFL);
    off_t place = place_of_write(descriptor, flags, offset);
    struct verdict verdict = judge_write(count);
    struct change change = {OPERATION_WRITE, file, place, verdict.bytes, NULL, NULL, 0};
    journal_begin(&change);
    ssize_t written = 0;
    if (!verdict.error || verdict.bytes) written = put(descriptor, bytes, verdict.bytes, offset);
    if (written > 0) record_write(change, bytes, written, descriptor, flags);
    if (verdict.error && written >= 0) written = fail(verdict.error);
    leave(0);
    return written;
}

static void record_opened(int descriptor, const struct file *before, int flags) {
    struct file file;
    if (!file_of_descriptor(descriptor, &file)) return;
    struct change change = {OPERATION_CREATE, &file, 0, 0, NULL, NULL, 0};
    if (before->mode) change.operation = OPERATION_TRUNCATE;
    if (!before->mode || flags & O_TRUNC) journal_append(&change);
}

static int open_and_record(int folder, const char *path, int flags, mode_t mode,
                           const struct file *before) {
    bool creates = !before->mode && flags & O_CREAT;
    int error = creates ? judge_call(FAULT_CREATE) : 0;
    if (error) return fail(error);
    enum operation operation = creates ? OPERATION_CREATE : OPERATION_TRUNCATE;
    journal_begin(&(struct change){operation, before, 0, 0, NULL, NULL, 0});
    int descriptor = forget(real.openat(folder, path, flags, mode));
    if (descriptor >= 0) record_opened(descriptor, before, flags);
    return descriptor;
}

// An open that waits (for the other end of a pipe) must not wait under the lock.
static bool can_wait(const struct file *before) {
    return before->mode && !S_ISREG(before->mode) && !S_ISLNK(before->mode);
}

int open_file(int folder, const char *path, int flags, mode_t mode) {
    struct file before;
    enum place place = file_of_path(folder, path, &before);
    if (place == NOWHERE) return -1;
    if (place == OUTSIDE || can_wait(&before)) {
        return forget(real.openat(folder, path, flags, mode));
    }
    enter();
    if (file_of_path(folder, path, &before) == NOWHERE) return leave(-1);
    return leave(open_and_record(folder, path, flags, mode, &before));
}

// Unnamed files, which get their name by a link out of /proc, are not modelled.
int open_unnamed_file(int folder, const char *path, int flags, mode_t mode) {
    struct file file;
    int descriptor = forget(real.openat(folder, path, flags, mode));
    if (descriptor < 0 || !file_of_descriptor(descriptor, &file)) return descriptor;
    real.close(descriptor);
    return fail(EOPNOTSUPP);
}

int truncate_file(const struct file *file, int descriptor, off_t size) {
    enter();
    int error = judge_call(FAULT_TRUNCATE);
    if (error) return leave(fail(error));
    struct change change = {OPERATION_TRUNCATE, file, 0, size, NULL, NULL, 0};
    journal_begin(&change);
    int result = real.ftruncate(descriptor, size);
    if (result == 0) journal_append(&change);
    return leave(result);
}

// Only the size can be seen after a power loss; holes are not modelled and so refused.
int allocate_file(const struct file *file, int descriptor, int mode, off_t offset, off_t length) {
    if (mode & ~FALLOC_FL_KEEP_SIZE) return fail(EOPNOTSUPP);
    enter();
    struct change change = {OPERATION_TRUNCATE, file, 0, offset + length, NULL, NULL, 0};
    bool grows = !mode && offset + length > size_of(descriptor);
    if (grows) journal_begin(&change);
    int result = real.fallocate(descriptor, mode, offset, length);
    if (result == 0 && grows) journal_append(&change);
    return leave(result);
}

static int sync_now(int descriptor, enum operation operation) {
    if (operation == OPERATION_SYNC_DATA) return real.fdatasync(descriptor);
    return real.fsync(descriptor);
}

// Not under the lock: other files are written while a slow disk syncs.
int sync_file(const struct file *file, int descriptor, enum operation operation) {
    if (syncs_are_ignored()) return 0;
    enter();
    uint64_t covers = journal_length(), size = size_of(descriptor);
    int error = judge_sync(S_ISDIR(file->mode));
    leave(0);
    wait_for_slow_disk();
    if (!error && sync_now(descriptor, operation) < 0) error = errno;
    enter();
    journal_append(&(struct change){operation, file, covers, size, NULL, NULL, error});
    return leave(error ? fail(error) : 0);
}

// Symbolic links, sockets and pipes come and go unrecorded.
static bool is_modelled(const struct file *file) {
    return S_ISREG(file->mode) || S_ISDIR(file->mode);
}

static int rename_and_record(const struct file *from, const struct file *to, int from_folder,
                             const char *from_path, int to_folder, const char *to_path,
                             unsigned int flags) {
    if (!from->mode) return fail(ENOENT);
    int error = judge_call(FAULT_RENAME);
    if (error) return fail(error);
    struct change change = {OPERATION_RENAME, from, 0, 0, to->path, NULL, 0};
    if (is_modelled(from)) journal_begin(&change);
    int result = real.renameat2(from_folder, from_path, to_folder, to_path, flags);
    // Two names of one file: rename does nothing and returns 0.
    bool is_same = to->mode && to->inode == from->inode;
    if (result == 0 && !is_same && is_modelled(from)) journal_append(&change);
    return result;
}

static enum place files_of_paths(int from_folder, const char *from, struct file *old,
                                 int to_folder, const char *to, struct file *new) {
    enum place old_place = file_of_path(from_folder, from, old);
    if (old_place == NOWHERE) return NOWHERE;
    enum place new_place = file_of_path(to_folder, to, new);
    if (new_place == NOWHERE || new_place == old_place) return new_place;
    errno = EXDEV;
    return NOWHERE;
}

int rename_file(int from_folder, const char *from, int to_folder, const char *to,
                unsigned int flags) {
    struct file old, new;
    enum place place = files_of_paths(from_folder, from, &old, to_folder, to, &new);
    if (place == NOWHERE) return -1;
    if (place == OUTSIDE) return real.renameat2(from_folder, from, to_folder, to, flags);
    if (flags & ~RENAME_NOREPLACE) return fail(EINVAL);
    enter();
    place = files_of_paths(from_folder, from, &old, to_folder, to, &new);
    if (place == NOWHERE) return leave(-1);
    return leave(rename_and_record(&old, &new, from_folder, from, to_folder, to, flags));
}

int link_file(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    struct file old, new;
    enum place place = files_of_paths(from_folder, from, &old, to_folder, to, &new);
    if (place == NOWHERE) return -1;
    if (place == OUTSIDE) return real.linkat(from_folder, from, to_folder, to, flags);
    enter();
    place = files_of_paths(from_folder, from, &old, to_folder, to, &new);
    if (place == NOWHERE) return leave(-1);
    if (!is_modelled(&old)) return leave(real.linkat(from_folder, from, to_folder, to, flags));
    struct change change = {OPERATION_LINK, &old, 0, 0, new.path, NULL, 0};
    journal_begin(&change);
    int result = real.linkat(from_folder, from, to_folder, to, flags);
    if (result == 0) journal_append(&change);
    return leave(result);
}

static int unlink_and_record(const struct file *file, int folder, const char *path, int flags) {
    if (!file->mode) return fail(ENOENT);
    int error = judge_call(FAULT_UNLINK);
    if (error) return fail(error);
    if (!is_modelled(file)) return real.unlinkat(folder, path, flags);
    bool is_directory = flags & AT_REMOVEDIR;
    enum operation operation = is_directory ? OPERATION_REMOVE_DIRECTORY : OPERATION_UNLINK;
    struct change change = {operation, file, 0, 0, NULL, NULL, 0};
    journal_begin(&change);
    int result = real.unlinkat(folder, path, flags);
    if (result == 0) journal_append(&change);
    return result;
}

int unlink_file(int folder, const char *path, int flags) {
    struct file file;
    enum place place = file_of_path(folder, path, &file);
    if (place == NOWHERE) return -1;
    if (place == OUTSIDE) return real.unlinkat(folder, path, flags);
    enter();
    if (file_of_path(folder, path, &file) == NOWHERE) return leave(-1);
    return leave(unlink_and_record(&file, folder, path, flags));
}

static int make_and_record(struct file *file, int folder, const char *path, mode_t mode) {
    if (file->mode) return fail(EEXIST);
    int error = judge_call(FAULT_MAKE_DIRECTORY);
    if (error) return fail(error);
    struct change change = {OPERATION_MAKE_DIRECTORY, file, 0, 0, NULL, NULL, 0};
    journal_begin(&change);
    int result = real.mkdirat(folder, path, mode);
    if (result == 0) file_of_path(folder, path, file);
    if (result == 0) journal_append(&change);
    return result;
}

int make_directory(int folder, const char *path, mode_t mode) {
    struct file file;
    enum place place = file_of_path(folder, path, &file);
    if (place == NOWHERE) return -1;
    if (place == OUTSIDE) return real.mkdirat(folder, path, mode);
    enter();
    if (file_of_path(folder, path, &file) == NOWHERE) return leave(-1);
    return leave(make_and_record(&file, folder, path, mode));
}
