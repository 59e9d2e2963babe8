internal import CMalloc

/// The C library's allocator, which all of Swift takes its memory from.
enum Heap {
    /// One arena: with one for each thread, what one thread freed is of no use to the others, and a server
    /// that has taken in a million events keeps a third more. Nothing is lost by it, since small pieces
    /// come from each thread's own cache.
    ///
    /// Long pieces go back to the machine as soon as they are free. Left alone, the border rises with the
    /// longest piece that was ever freed.
    static func keepSmall() {
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_MMAP_THRESHOLD, 512 << 10)
    }
}
