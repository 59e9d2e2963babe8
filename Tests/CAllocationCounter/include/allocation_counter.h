#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

/// Blocks that this thread has asked the heap for since it began.
///
/// Always 0 where the C library is not glibc: check `allocation_counter_works`.
unsigned long allocation_count(void);

int allocation_counter_works(void);

#endif
