#ifndef FAULT_SHIM_PRIVATE_H
#define FAULT_SHIM_PRIVATE_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

// The plain and the 64-bit names are then one function, so each wrapper serves both.
_Static_assert(sizeof(off_t) == 8, "the shim is for systems with 64-bit file offsets");

#pragma GCC visibility push(hidden)

// real.c: what the names mean below this library.
struct real_functions {
    __typeof__(openat) *openat;
    __typeof__(write) *write;
    __typeof__(pwrite) *pwrite;
    __typeof__(writev) *writev;
    __typeof__(pwritev) *pwritev;
    __typeof__(copy_file_range) *copy_file_range;
    __typeof__(sendfile) *sendfile;
    __typeof__(ftruncate) *ftruncate;
    __typeof__(truncate) *truncate;
    __typeof__(fallocate) *fallocate;
    __typeof__(posix_fallocate) *posix_fallocate;
    __typeof__(fdatasync) *fdatasync;
    __typeof__(fsync) *fsync;
    __typeof__(renameat2) *renameat2;
    __typeof__(linkat) *linkat;
    __typeof__(unlinkat) *unlinkat;
    __typeof__(mkdirat) *mkdirat;
    __typeof__(close) *close;
    __typeof__(dup) *dup;
    __typeof__(dup2) *dup2;
    __typeof__(dup3) *dup3;
    __typeof__(fcntl) *fcntl;
};
extern struct real_functions real;
void resolve_real_functions(void);
_Noreturn void fatal(const char *what, const char *detail);
int fail(int error);
int open_own_file(const char *path, int flags);
bool is_own_file(int descriptor);

// paths.c: what lies below the root.
struct file {
    uint64_t device;
    uint64_t inode;
    mode_t mode;          // 0: there is no such file.
    char path[PATH_MAX];  // Relative to the root.
};
enum place {
    OUTSIDE,
    BELOW_ROOT,
    NOWHERE,  // Its folder cannot be reached; errno says why.
};
void set_root(const char *given);
bool file_of_descriptor(int descriptor, struct file *file);
enum place file_of_path(int folder, const char *path, struct file *file);
bool file_at(const char *relative, struct file *file);
int open_below_root(const char *relative, int flags);
bool known_outside(int descriptor);
int forget(int descriptor);

// control.c: which call fails.
enum fault {
    FAULT_WRITE,
    FAULT_SYNC,
    FAULT_SYNC_DIRECTORY,
    FAULT_CREATE,
    FAULT_RENAME,
    FAULT_UNLINK,
    FAULT_TRUNCATE,
    FAULT_MAKE_DIRECTORY,
};
struct verdict {
    int error;
    size_t bytes;  // To be written all the same.
};
int open_control(const char *path);
struct verdict judge_write(size_t bytes);
int judge_call(enum fault fault);
int judge_sync(bool is_directory);
bool syncs_are_ignored(void);
void wait_for_slow_disk(void);

// journal.c: what was done, in order.
enum operation {
    OPERATION_NONE,
    OPERATION_CREATE,
    OPERATION_MAKE_DIRECTORY,
    OPERATION_WRITE,
    OPERATION_TRUNCATE,
    OPERATION_SYNC_DATA,
    OPERATION_SYNC,
    OPERATION_RENAME,
    OPERATION_LINK,
    OPERATION_UNLINK,
    OPERATION_REMOVE_DIRECTORY,
};
struct change {
    enum operation operation;
    const struct file *file;
    uint64_t offset;
    uint64_t size;
    const char *second;
    const void *data;
    int error;
};
int open_journal(const char *path);
uint64_t journal_length(void);
void journal_begin(const struct change *change);
void journal_append(const struct change *change);
bool journal_is_unsettled(void);
void journal_settle(void);
void journal_end(void);

// shim.c: whether there is anything to do at all.
bool is_active(void);

// operations.c: the calls, for files below the root.
#define AT_POSITION (-1)
void set_lock(int descriptor);
ssize_t write_file(const struct file *file, int descriptor, const void *bytes, size_t count,
                   off_t offset);
int open_file(int folder, const char *path, int flags, mode_t mode);
int open_unnamed_file(int folder, const char *path, int flags, mode_t mode);
int truncate_file(const struct file *file, int descriptor, off_t size);
int allocate_file(const struct file *file, int descriptor, int mode, off_t offset, off_t length);
int sync_file(const struct file *file, int descriptor, enum operation operation);
int rename_file(int from_folder, const char *from, int to_folder, const char *to,
                unsigned int flags);
int link_file(int from_folder, const char *from, int to_folder, const char *to, int flags);
int unlink_file(int folder, const char *path, int flags);
int make_directory(int folder, const char *path, mode_t mode);

#pragma GCC visibility pop
#endif
