#include "shim.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct head {
    uint32_t magic;
    uint32_t length;
    uint64_t position;
    uint16_t operation;
    uint16_t error;
    uint32_t process;
    uint64_t device;
    uint64_t inode;
    uint64_t offset;
    uint64_t size;
    uint16_t path_length;
    uint16_t second_length;
    uint32_t data_length;
};
_Static_assert(sizeof(struct head) == 64, "a record's head is 64 bytes");
static const uint32_t record_magic = 'T' | 'F' << 8 | 'J' << 16 | '1' << 24;

// The operation in hand. It outlives the process that has it in hand.
struct flight {
    uint64_t operation;
    uint64_t position;
    uint64_t inode;
    uint64_t offset;
    uint64_t size;
    char path[PATH_MAX];
    char second[PATH_MAX];
};

static int journal = -1;
static struct flight *flight;

static void open_flight(const char *journal_path) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s.flight", journal_path);
    int descriptor = open_own_file(path, O_RDWR | O_CREAT);
    // Two that start at once both lengthen it to the same size: no lock is needed.
    if (real.ftruncate(descriptor, sizeof *flight) < 0) fatal("cannot lengthen", path);
    flight = mmap(NULL, sizeof *flight, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (flight == MAP_FAILED) fatal("cannot map", path);
}

int open_journal(const char *path) {
    journal = open_own_file(path, O_WRONLY | O_CREAT | O_APPEND);
    open_flight(path);
    return journal;
}

uint64_t journal_length(void) {
    struct stat status;
    if (journal < 0) return 0;
    if (fstat(journal, &status) < 0) fatal("cannot read the length of", "FAULT_JOURNAL");
    return status.st_size;
}

static struct head head_of(const struct change *change) {
    size_t data_length = change->data ? change->size : 0;
    size_t second_length = change->second ? strlen(change->second) : 0;
    size_t path_length = strlen(change->file->path);
    return (struct head){
        .magic = record_magic,
        .length = sizeof(struct head) + path_length + second_length + data_length + 8,
        .position = journal_length(),
        .operation = change->operation,
        .error = change->error,
        .process = getpid(),
        .device = change->file->device,
        .inode = change->file->inode,
        .offset = change->offset,
        .size = change->size,
        .path_length = path_length,
        .second_length = second_length,
        .data_length = data_length,
    };
}

void journal_append(const struct change *change) {
    if (journal < 0) return;
    struct head head = head_of(change);
    struct iovec parts[] = {
        {&head, sizeof head},
        {(void *)change->file->path, head.path_length},
        {(void *)change->second, head.second_length},
        {(void *)change->data, head.data_length},
        {&head.position, sizeof head.position},
    };
    ssize_t written = real.writev(journal, parts, 5);
    if (written != (ssize_t)head.length) fatal("cannot write to", "FAULT_JOURNAL");
}

void journal_begin(const struct change *change) {
    if (journal < 0) return;
    flight->position = journal_length();
    flight->inode = change->file->inode;
    flight->offset = change->offset;
    flight->size = change->size;
    strcpy(flight->path, change->file->path);
    strcpy(flight->second, change->second ? change->second : "");
    __atomic_store_n(&flight->operation, change->operation, __ATOMIC_RELEASE);
}

void journal_end(void) {
    if (journal >= 0) __atomic_store_n(&flight->operation, OPERATION_NONE, __ATOMIC_RELEASE);
}

bool journal_is_unsettled(void) {
    return journal >= 0 && flight->operation != OPERATION_NONE;
}

static bool is_recorded(void) {
    uint64_t data_length = flight->operation == OPERATION_WRITE ? flight->size : 0;
    uint64_t length = sizeof(struct head) + strlen(flight->path) + strlen(flight->second)
        + data_length + 8;
    return journal_length() >= flight->position + length;
}

// What the file holds there now is right whether none, a part or all of it was written.
static void settle_write(const struct file *file) {
    int descriptor = open_below_root(file->path, O_RDONLY);
    void *data = malloc(flight->size);
    if (!data) fatal("no memory for", "an unfinished write");
    ssize_t size = descriptor < 0 ? 0 : pread(descriptor, data, flight->size, flight->offset);
    if (size > 0) {
        journal_append(&(struct change){
            OPERATION_WRITE, file, flight->offset, size, NULL, data, 0});
    }
    free(data);
    if (descriptor >= 0) real.close(descriptor);
}

static void settle_truncate(const struct file *file) {
    struct stat status;
    int descriptor = open_below_root(file->path, O_RDONLY);
    if (descriptor < 0) return;
    if (fstat(descriptor, &status) == 0) {
        journal_append(&(struct change){
            OPERATION_TRUNCATE, file, 0, status.st_size, NULL, NULL, 0});
    }
    real.close(descriptor);
}

static void settle_name(const struct file *file) {
    journal_append(&(struct change){flight->operation, file, 0, 0, NULL, NULL, 0});
}

static void settle_removal(void) {
    struct file gone = {.inode = flight->inode};
    strcpy(gone.path, flight->path);
    settle_name(&gone);
}

static void settle_second_name(void) {
    struct file file;
    if (!file_at(flight->second, &file) || file.inode != flight->inode) return;
    strcpy(file.path, flight->path);
    journal_append(&(struct change){flight->operation, &file, 0, 0, flight->second, NULL, 0});
}

void journal_settle(void) {
    struct file file;
    bool is_there = file_at(flight->path, &file);
    bool is_same = is_there && file.inode == flight->inode;
    if (is_recorded()) return;
    switch (flight->operation) {
    case OPERATION_CREATE:
    case OPERATION_MAKE_DIRECTORY:
        if (is_there) settle_name(&file);
        break;
    case OPERATION_WRITE:
        if (is_same) settle_write(&file);
        break;
    case OPERATION_TRUNCATE:
        if (is_same) settle_truncate(&file);
        break;
    case OPERATION_RENAME:
        if (!is_same) settle_second_name();
        break;
    case OPERATION_LINK:
        settle_second_name();
        break;
    case OPERATION_UNLINK:
    case OPERATION_REMOVE_DIRECTORY:
        if (!is_same) settle_removal();
        break;
    default:
        break;
    }
}
