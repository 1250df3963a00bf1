#pragma once
#include "engine/base/time.hpp"
#include "engine/store/sqlite/lookup_hash.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::store::sqlite {

/// A key and where it was used, as a run has it, in memory and in the file alike: x86-64 and arm64 are both
/// little-endian.
struct key_record {
    std::array<char, 16> hash{};
    std::int64_t at = 0;  ///< milliseconds since 1970
    std::uint64_t ticket = 0;
    std::uint32_t entry = 0;
    std::uint32_t unused = 0;

    std::string_view view() const { return {hash.data(), hash.size()}; }
};
static_assert(sizeof(key_record) == 40 && std::is_trivially_copyable_v<key_record>);

/// Whether one comes before the other in the order of hashes, which is that of their bytes.
bool comes_before(const key_record& one, const key_record& other);

/// Keys that were written together, in the order of their hashes, each once.
struct key_run {
    std::int64_t number = 0;  ///< of its row in the file
    std::vector<key_record> records;
};
/// The oldest first.
using key_run_list = std::vector<std::shared_ptr<const key_run>>;

/// The latest record of a key; null where no run has it. Valid while the runs live.
const key_record* find(const key_run_list& runs, std::string_view hash);

/// The runs whose keys the table of keys has not all taken yet (key_writer.hpp). Whoever reads must take now() before
/// its moment of the database begins: what has left the runs by then is in the table. Thread-safe.
class key_runs {
public:
    std::shared_ptr<const key_run_list> now() const;
    void become(key_run_list runs);

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const key_run_list> runs_ = std::make_shared<const key_run_list>();
};

}  // namespace kindred::store::sqlite
