#include "engine/runtime/sending/file_sweep.hpp"

#include "engine/runtime/people/registers.hpp"
#include "engine/store/kept_rows.hpp"

#include <unordered_map>

namespace kindred::runtime {
namespace {

constexpr duration files_settle = std::chrono::hours{1};  // should a process end between a file and its row

using found_files = std::unordered_map<std::string, store::seen_file>;

result<void> for_each_file(store::store& from, const std::function<void(const kept_file&)>& each) {
    return store::for_each_kept(from, file_rows, [&](const store::kept_row& row) -> result<void> {
        if (const auto file = file_from(row)) each(*file);
        return {};
    });
}

}  // namespace

std::shared_ptr<const void> held_files::hold(std::string name) {
    const std::lock_guard lock(names_->mutex);
    ++names_->counts[name];
    return {static_cast<const void*>(names_.get()), [in = names_, name = std::move(name)](const void*) {
                const std::lock_guard relock(in->mutex);
                if (const auto at = in->counts.find(name); --at->second == 0) in->counts.erase(at);
            }};
}

bool held_files::has(const std::string& name) const {
    const std::lock_guard lock(names_->mutex);
    return names_->counts.contains(name);
}

result<swept_files> sweep_files(const file_stock& in, time_point now,
                                const std::function<void(const kept_file&)>& each_row) {
    found_files there;
    const auto listed = in.bytes.for_each(now, [&](store::seen_file&& each) {
        auto name = each.name;
        there.emplace(std::move(name), std::move(each));
    });
    if (!listed) return listed.error();
    std::erase_if(there, [&](const auto& each) { return in.held.has(each.first); });
    const auto may = in.bytes.may_remove();
    if (!may) return may.error();
    swept_files done;
    std::vector<std::string> not_whole;
    std::vector<std::string> not_there;
    found_files named;
    const auto read = for_each_file(in.rows, [&](const kept_file& file) {
        each_row(file);
        if (file.sha256.empty()) return;
        if (auto found = there.extract(file.sha256)) {
            if (!found.mapped().is_whole) not_whole.push_back(file.sha256);
            named.insert(std::move(found));
        } else if (!named.contains(file.sha256) && file.at < now - files_settle) {
            not_there.push_back(file.sha256);
        }
    });
    if (!read) return read.error();
    for (const auto& name : not_whole) {
        const auto secured = done.no_room > 0 ? result<bool>(false) : in.bytes.secure(name);
        if (!secured) return secured.error();
        ++(*secured ? done.put_back : done.no_room);
    }
    for (const auto& [name, seen] : there) {
        if (seen.at >= now - files_settle) continue;
        const auto gone = in.bytes.remove(seen);
        if (!gone) return gone.error();
        if (*gone) ++done.removed;
    }
    if (*may) in.bytes.note_missing(done.missing = not_there.size());
    return done;
}

result<std::vector<std::string>> forget_files(const file_stock& in, const std::vector<std::string>& names) {
    auto seen = in.bytes.look(names);
    if (!seen) return seen.error();
    std::vector<std::string> again;
    found_files there;
    for (auto& each : *seen) {
        if (in.held.has(each.name))
            again.push_back(each.name);
        else
            there.emplace(each.name, std::move(each));
    }
    if (there.empty()) return again;
    const auto may = in.bytes.may_remove();
    if (!may) return may.error();
    const auto read = for_each_file(in.rows, [&](const kept_file& file) { there.erase(file.sha256); });
    if (!read) return read.error();
    for (const auto& [name, each] : there) {
        const auto gone = in.bytes.remove(each);
        if (!gone) return gone.error();
        if (!*gone) again.push_back(name);
    }
    return again;
}

}  // namespace kindred::runtime
