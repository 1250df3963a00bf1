#pragma once
#include <jemalloc/jemalloc.h>

#include <cstddef>
#include <cstdint>

/// Bytes that this process has from its allocator, which is the program's.
inline std::size_t bytes_in_use() {
    std::uint64_t epoch = 1;
    std::size_t size = sizeof epoch;
    mallctl("epoch", &epoch, &size, &epoch, size);
    std::size_t bytes = 0;
    size = sizeof bytes;
    mallctl("stats.allocated", &bytes, &size, nullptr, 0);
    return bytes;
}
