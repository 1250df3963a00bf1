#include "engine/store/sqlite/key_runs.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace kindred::store::sqlite {
namespace {

std::uint64_t first_bytes(const key_record& of) {
    std::uint64_t first = 0;
    std::memcpy(&first, of.hash.data(), sizeof first);
    return __builtin_bswap64(first);
}
static_assert(std::endian::native == std::endian::little);

}  // namespace

bool comes_before(const key_record& one, const key_record& other) {
    const auto left = first_bytes(one);
    const auto right = first_bytes(other);
    return left != right ? left < right : one.view() < other.view();
}

const key_record* find(const key_run_list& runs, std::string_view hash) {
    key_record wanted;
    std::memcpy(wanted.hash.data(), hash.data(), wanted.hash.size());
    for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
        const auto& records = (*run)->records;
        const auto at = std::lower_bound(records.begin(), records.end(), wanted, comes_before);
        if (at != records.end() && at->hash == wanted.hash) return &*at;
    }
    return nullptr;
}

std::shared_ptr<const key_run_list> key_runs::now() const {
    const std::lock_guard hold(mutex_);
    return runs_;
}

void key_runs::become(key_run_list runs) {
    auto next = std::make_shared<const key_run_list>(std::move(runs));
    const std::lock_guard hold(mutex_);
    runs_.swap(next);
}

}  // namespace kindred::store::sqlite
