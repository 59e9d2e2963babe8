#pragma once
#include <zstd.h>

/// What no size can be is told by macros, which Swift cannot see: 0 stands for «unknown» and for «no frame».
static inline unsigned long long tidemark_zstd_content_size(const void *frame, size_t count) {
    unsigned long long size = ZSTD_getFrameContentSize(frame, count);
    return size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR ? 0 : size;
}
