#pragma once
#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <new>

namespace kindred::dispatch {

/// Memory in pages of 2 MiB where the system has them: records that are visited in no order miss the table of pages as
/// often as the cache. What is not touched yet weighs nothing.
template <class T>
struct big_pages {
    using value_type = T;
    static constexpr std::size_t page = std::size_t{2} << 20U;

    big_pages() = default;
    template <class Other>
    explicit big_pages(const big_pages<Other>&) {}

    T* allocate(std::size_t count) {
        const std::size_t bytes = (count * sizeof(T) + page - 1) / page * page;
        void* made = std::aligned_alloc(page, bytes);
        if (made == nullptr) throw std::bad_alloc();
        // A hint: without it everything works as before.
        static_cast<void>(::madvise(made, bytes, MADV_HUGEPAGE));
        return static_cast<T*>(made);
    }
    void deallocate(T* made, std::size_t) { std::free(made); }

    friend bool operator==(const big_pages&, const big_pages&) { return true; }
};

}  // namespace kindred::dispatch
