#pragma once
#include "engine/runtime/site.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace kindred::api {

/// Counts what readers of the public pages do with articles. Safe from every thread.
class reader_tally {
public:
    explicit reader_tally(runtime::site& site) : site_(site) {}

    /// One more of `what` ("shown", "helped", "not_helped"), of an article that exists. An engine that is full counts
    /// less.
    void count(const std::string& article, const std::string& what);

private:
    using counts = std::map<std::string, std::uint64_t>;

    runtime::site& site_;
    std::mutex mutex_;
    std::map<std::string, counts> known_;  ///< by article, as the store has it or will have
};

/// Tells all that was counted.
result<void> read_tallies(
    store::store& from,
    const std::function<void(const std::string& article, const std::string& what, std::int64_t count)>& each);

}  // namespace kindred::api
