#include "shim.h"

#include <stdlib.h>
#include <string.h>

static char root[PATH_MAX];
static size_t root_length;

// 1: this descriptor is known to be no file below the root. All else is asked of the kernel each
// time, so a descriptor that was opened, moved or closed behind our back is never mistaken.
#define DESCRIPTORS_MAX 65536
static _Atomic unsigned char outside[DESCRIPTORS_MAX];

// The folder itself may be made later by the process, its parent not.
void set_root(const char *given) {
    if (access("/proc/self/fd", X_OK) < 0) fatal("cannot do without", "/proc");
    if (given[0] != '/') fatal("FAULT_ROOT is not an absolute path:", given);
    if (!realpath(given, root)) {
        char parent[PATH_MAX];
        snprintf(parent, sizeof parent, "%s", given);
        char *slash = strrchr(parent, '/');
        *slash = '\0';
        if (!realpath(*parent ? parent : "/", root)) fatal("no parent folder of", given);
        size_t length = strlen(root);
        snprintf(root + length, sizeof root - length, "/%s", slash + 1);
    }
    root_length = strlen(root);
}

static bool below_root(const char *absolute, char *relative) {
    if (strncmp(absolute, root, root_length) != 0) return false;
    const char *rest = absolute + root_length;
    if (*rest != '/' && *rest != '\0') return false;
    strcpy(relative, *rest == '/' ? rest + 1 : rest);
    return true;
}

static bool path_of_descriptor(int descriptor, char *absolute) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, absolute, PATH_MAX - 1);
    if (length < 0) return false;
    absolute[length] = '\0';
    return true;
}

static void identify(struct file *file, const struct stat *status) {
    file->device = status->st_dev;
    file->inode = status->st_ino;
    file->mode = status->st_mode;
}

// The kernel's mark behind a name that is gone; a file may also be named so.
static void cut_deleted(char *path) {
    static const char mark[] = " (deleted)";
    size_t length = strlen(path), mark_length = sizeof mark - 1;
    if (length < mark_length) return;
    char *end = path + length - mark_length;
    if (strcmp(end, mark) == 0 && faccessat(AT_FDCWD, path, F_OK, 0) < 0) *end = '\0';
}

static bool remember_outside(int descriptor) {
    if (descriptor < DESCRIPTORS_MAX) outside[descriptor] = 1;
    return false;
}

bool known_outside(int descriptor) {
    return descriptor < 0 || (descriptor < DESCRIPTORS_MAX && outside[descriptor]);
}

int forget(int descriptor) {
    if (descriptor >= 0 && descriptor < DESCRIPTORS_MAX) outside[descriptor] = 0;
    return descriptor;
}

bool file_of_descriptor(int descriptor, struct file *file) {
    struct stat status;
    char absolute[PATH_MAX];
    if (fstat(descriptor, &status) < 0) return false;
    if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) return remember_outside(descriptor);
    if (!path_of_descriptor(descriptor, absolute)) return false;
    cut_deleted(absolute);
    if (!below_root(absolute, file->path)) return remember_outside(descriptor);
    identify(file, &status);
    return true;
}

// Splits off the last name, which need not exist, from the folder, which must.
static const char *split(const char *path, char *folder) {
    size_t length = strlen(path);
    if (length == 0 || length >= PATH_MAX) return NULL;
    strcpy(folder, path);
    while (length > 1 && folder[length - 1] == '/') folder[--length] = '\0';
    char *slash = strrchr(folder, '/');
    const char *name = path + (slash ? slash + 1 - folder : 0);
    if (!slash) {
        strcpy(folder, ".");
    } else {
        slash[slash == folder ? 1 : 0] = '\0';
    }
    return name;
}

// No such folder: the call itself must not try again, since it could then find one that another
// thread has made meanwhile, and go unseen.
static enum place canonical_folder(int folder, const char *path, char *absolute) {
    int descriptor = real.openat(folder, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return NOWHERE;
    bool found = path_of_descriptor(descriptor, absolute);
    real.close(descriptor);
    return found ? BELOW_ROOT : OUTSIDE;
}

static bool join(char *absolute, const char *name) {
    size_t length = strlen(absolute), name_length = strcspn(name, "/");
    if (length + 1 + name_length >= PATH_MAX) return false;
    if (length > 1) absolute[length++] = '/';
    memcpy(absolute + length, name, name_length);
    absolute[length + name_length] = '\0';
    return true;
}

// The root itself is not below the root: making, moving or removing it is not our affair.
static bool is_below_root(const char *absolute, struct file *file) {
    return below_root(absolute, file->path) && *file->path;
}

enum place file_of_path(int folder, const char *path, struct file *file) {
    char parent[PATH_MAX], absolute[PATH_MAX];
    const char *name = split(path, parent);
    if (!name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) return OUTSIDE;
    enum place place = canonical_folder(folder, parent, absolute);
    if (place != BELOW_ROOT) return place;
    if (!join(absolute, name) || !is_below_root(absolute, file)) return OUTSIDE;
    struct stat status = {0};
    if (fstatat(AT_FDCWD, absolute, &status, AT_SYMLINK_NOFOLLOW) < 0) status.st_mode = 0;
    identify(file, &status);
    return BELOW_ROOT;
}

static bool absolute_of(const char *relative, char *absolute) {
    int length = snprintf(absolute, PATH_MAX, "%s/%s", root, relative);
    return length > 0 && length < PATH_MAX;
}

bool file_at(const char *relative, struct file *file) {
    char absolute[PATH_MAX];
    return absolute_of(relative, absolute)
        && file_of_path(AT_FDCWD, absolute, file) == BELOW_ROOT && file->mode != 0;
}

int open_below_root(const char *relative, int flags) {
    char absolute[PATH_MAX];
    if (!absolute_of(relative, absolute)) return fail(ENAMETOOLONG);
    return real.openat(AT_FDCWD, absolute, flags | O_CLOEXEC);
}
