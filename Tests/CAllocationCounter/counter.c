// An executable's own malloc goes before the library's, for every library in the process. These count
// by thread and hand on to glibc's.

#include "allocation_counter.h"

// Also says whether this is glibc.
#include <errno.h>
#include <stdlib.h>

#ifdef __GLIBC__

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

static __thread unsigned long count;

void *malloc(size_t size) {
    count++;
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count++;
    return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size) {
    count++;
    return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count++;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    count++;
    *block = __libc_memalign(alignment, size);
    return *block == NULL ? ENOMEM : 0;
}

unsigned long allocation_count(void) { return count; }
int allocation_counter_works(void) { return 1; }
#else
unsigned long allocation_count(void) { return 0; }
int allocation_counter_works(void) { return 0; }
#endif
