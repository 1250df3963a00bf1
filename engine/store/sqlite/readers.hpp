#pragma once
#include "engine/store/sqlite/reader.hpp"

#include <condition_variable>
#include <mutex>
#include <vector>

namespace kindred::store::sqlite {

/// A fixed number of readers, lent to one caller each; who finds none free waits. Thread-safe.
class readers {
public:
    void add(std::unique_ptr<reader> one);

    /// Calls `question` with a free reader. It must not ask for another reader: that could wait for ever.
    template <class Question>
    auto ask(const Question& question) {
        const loan borrowed(*this);
        return question(*borrowed.one);
    }

private:
    struct loan {
        explicit loan(readers& of) : pool(of), one(of.take()) {}
        ~loan() { pool.add(std::move(one)); }
        loan(const loan&) = delete;
        loan& operator=(const loan&) = delete;

        readers& pool;
        std::unique_ptr<reader> one;
    };

    std::unique_ptr<reader> take();

    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<reader>> free_;
};

}  // namespace kindred::store::sqlite
