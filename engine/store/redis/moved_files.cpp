#include "engine/store/redis/moved_files.hpp"

namespace kindred::store {

result<std::uint64_t> move_files(file_place& from, file_place& to) {
    std::vector<std::string> names;
    const auto now = std::chrono::time_point_cast<duration>(std::chrono::system_clock::now());
    const auto listed = from.for_each(now, [&](seen_file&& each) { names.push_back(std::move(each.name)); });
    if (!listed) return listed.error();
    for (const auto& name : names) {
        const auto there = to.look({&name, 1});
        if (!there) return there.error();
        if (!there->empty() && there->front().is_whole) continue;
        const auto bytes = from.get(name);
        if (!bytes) return bytes.error();
        if (const auto put = to.put(name, *bytes); !put) return put.error();
    }
    return names.size();
}

}  // namespace kindred::store
