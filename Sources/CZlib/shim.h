#pragma once
#include <zlib.h>

/// `inflateInit2` is a macro, which Swift cannot see. 31 = the largest window, gzip header required.
static inline int tidemark_inflate_init_gzip(z_stream *stream) {
    return inflateInit2(stream, 31);
}
