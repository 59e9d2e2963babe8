#include "shim.h"

#include <sys/mman.h>
#include <time.h>

enum unit { UNIT_CALLS, UNIT_BYTES };
enum part { PART_NONE, PART_SHORT, PART_TORN };

struct slot {
    uint32_t armed;
    uint32_t error;
    uint32_t unit;
    uint32_t part;
    uint64_t after;
    uint64_t times;
    uint64_t part_bytes;
    uint64_t passed;
    uint64_t hits;
    uint64_t begun;
};
_Static_assert(sizeof(struct slot) == 64, "a slot is 64 bytes");

struct page {
    uint32_t magic;
    uint32_t ignore_syncs;
    uint32_t sync_delay;
    uint32_t syncs_begun;
    uint32_t reserved[12];
    struct slot slots[8];
};
static const uint32_t page_magic = 'T' | 'F' << 8 | 'C' << 16 | '1' << 24;
static const size_t page_length = 4096;

// Volatile: the test changes it at any time.
static volatile struct page *page;

int open_control(const char *path) {
    int descriptor = open_own_file(path, O_RDWR);
    struct stat status;
    if (fstat(descriptor, &status) < 0 || (size_t)status.st_size < page_length) {
        fatal("no control page:", path);
    }
    page = mmap(NULL, page_length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (page == MAP_FAILED) fatal("cannot map", path);
    if (page->magic != page_magic) fatal("another format of control page:", path);
    return descriptor;
}

static bool is_reached(volatile struct slot *slot, size_t bytes) {
    if (slot->begun) return true;
    if (slot->unit == UNIT_BYTES) return slot->passed + bytes > slot->after;
    return slot->passed >= slot->after;
}

static struct verdict let_through(volatile struct slot *slot, size_t bytes) {
    slot->passed += slot->unit == UNIT_BYTES ? bytes : 1;
    return (struct verdict){0, bytes};
}

// At least one byte of a failing write is missing; a write that does not fail may be short enough.
static size_t part_of(volatile struct slot *slot, size_t bytes) {
    if (slot->part == PART_NONE || bytes == 0) return 0;
    uint64_t left = slot->after > slot->passed ? slot->after - slot->passed : 0;
    uint64_t part = slot->unit == UNIT_BYTES ? left : slot->part_bytes;
    size_t longest = slot->error ? bytes - 1 : bytes;
    return part < longest ? part : longest;
}

static void count_hit(volatile struct slot *slot) {
    slot->hits++;
    if (slot->times > 0 && slot->hits >= slot->times) slot->armed = 0;
}

static struct verdict judge(enum fault fault, size_t bytes) {
    volatile struct slot *slot = page ? &page->slots[fault] : NULL;
    if (!slot || !slot->armed) return (struct verdict){0, bytes};
    if (!is_reached(slot, bytes)) return let_through(slot, bytes);
    size_t part = part_of(slot, bytes);
    bool is_cut_short = slot->part == PART_SHORT && part > 0 && (!slot->begun || !slot->error);
    slot->begun = 1;
    if (slot->unit == UNIT_BYTES) slot->passed += part;
    if (is_cut_short && slot->error) return (struct verdict){0, part};
    struct verdict verdict = {slot->error, slot->part == PART_TORN || is_cut_short ? part : 0};
    count_hit(slot);
    return verdict;
}

struct verdict judge_write(size_t bytes) {
    return judge(FAULT_WRITE, bytes);
}

int judge_call(enum fault fault) {
    return judge(fault, 0).error;
}

int judge_sync(bool is_directory) {
    if (page) page->syncs_begun++;
    return judge_call(is_directory ? FAULT_SYNC_DIRECTORY : FAULT_SYNC);
}

bool syncs_are_ignored(void) {
    return page && page->ignore_syncs;
}

static uint64_t microseconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

// In short naps, so that a sync wakes soon after its delay was taken away.
void wait_for_slow_disk(void) {
    if (!page || !page->sync_delay) return;
    uint64_t start = microseconds_now(), waited = 0;
    while (waited < page->sync_delay) {
        uint64_t left = page->sync_delay - waited;
        struct timespec nap = {0, (long)(left < 1000 ? left : 1000) * 1000};
        nanosleep(&nap, NULL);
        waited = microseconds_now() - start;
    }
}
