#include "engine/store/redis/shared_files.hpp"

#include "engine/base/log.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace kindred::store::redis {
namespace {

/// A file that Redis does not have is known by its mark in the folder.
constexpr std::string_view in_folder = "folder ";

}  // namespace

shared_files::shared_files(const site_place& at, const redis_options& options, std::function<result<bool>()> leads,
                           std::function<std::uint64_t()> connects)
    : site_(options.site),
      most_bytes_(options.most_file_bytes),
      figures_(options.figures),
      asks_whether_it_leads_(std::move(leads)),
      other_connects_(std::move(connects)),
      folder_(options.copy.path + "-files"),
      shelves_(at, !options.cluster.empty()) {}

result<void> shared_files::count() {
    const auto sum = shelves_.sum();
    if (!sum) return sum.error();
    figures_->files = sum->files;
    figures_->file_bytes = sum->bytes;
    is_counted_ = true;
    return {};
}

result<void> shared_files::check() {
    const auto counted = count();
    if (counted || counted.error().code != errc::forbidden) return {};
    return fail(errc::forbidden,
                "Redis does not let this user keep attachments there (" + counted.error().message +
                    "): give it ~kindred:{" + site_ +
                    "/* and +hscan, or set files: {in: folder} and share the folder between the nodes");
}

void shared_files::added(std::uint64_t bytes) {
    ++figures_->files;
    figures_->file_bytes += bytes;
}

void shared_files::removed(std::uint64_t bytes) {
    // What another node has added since this one counted may go here.
    auto& files = figures_->files;
    for (auto now = files.load(); now > 0 && !files.compare_exchange_weak(now, now - 1);) {
    }
    auto& all = figures_->file_bytes;
    for (auto now = all.load(); !all.compare_exchange_weak(now, now - std::min(now, bytes));) {
    }
}

result<bool> shared_files::has_room(std::size_t bytes) {
    if (!is_counted_)
        if (const auto counted = count(); !counted) return counted.error();
    const bool fits = figures_->file_bytes.load() + bytes <= most_bytes_;
    if (is_full_.exchange(!fits) == fits) {
        if (fits)
            log::info("Redis has room for files again", {{"bytes", figures_->file_bytes.load()}});
        else
            log::warn(
                "Redis has as many bytes of files as store.redis.files.most_bytes allows: further ones are on the "
                "disk of the node alone that takes them in",
                {{"bytes", figures_->file_bytes.load()}, {"most_bytes", most_bytes_}});
    }
    return fits;
}

/// False: there is no room.
result<bool> shared_files::put_into_redis(const std::string& name, std::string_view bytes) {
    auto there = shelves_.touch(name);
    if (!there || *there) return there;
    if (auto fits = has_room(bytes.size()); !fits || !*fits) return fits;
    const auto stored = shelves_.put(name, bytes);
    if (!stored) return stored.error();
    if (*stored > 0) added(*stored);
    return true;
}

result<void> shared_files::put(const std::string& name, std::string_view bytes) {
    if (auto kept = folder_.put(name, bytes); !kept) return kept;
    const auto done = put_into_redis(name, bytes);
    if (!done) return done.error();
    if (!*done) ++figures_->files_on_disk_alone;
    return {};
}

result<std::string> shared_files::get(std::string_view name) {
    auto here = folder_.get(name);
    if (here || !is_file_name(name)) return here;
    if (here.error().code == errc::corrupt) {
        log::warn("a file on this disk is damaged: Redis is asked for it", {{"err", here.error().message}});
        (void)folder_.remove(name);
    }
    const std::string named(name);
    auto bytes = shelves_.get(named);
    if (!bytes) return bytes;
    ++figures_->files_fetched;
    if (const auto kept = folder_.put(named, *bytes); !kept)
        log::warn("a file cannot be kept beside the copy", {{"err", kept.error().message}});
    // Whoever removed it meanwhile has removed it here, too, perhaps too early.
    const auto still = shelves_.look({&named, 1});
    if (still && still->empty()) (void)folder_.remove(name);
    return bytes;
}

/// Files of the folder, with what Redis says of those that it has.
result<std::vector<seen_file>> shared_files::of_folder(std::vector<seen_file> there) {
    std::vector<std::string> names;
    for (const auto& each : there) names.push_back(each.name);
    auto shelved = shelves_.look(names);
    if (!shelved) return shelved.error();
    std::unordered_map<std::string, shelved_file*> in_redis;
    for (auto& each : *shelved) in_redis.emplace(each.name, &each);
    for (auto& each : there) {
        const auto found = in_redis.find(each.name);
        each.is_whole = found != in_redis.end();
        if (each.is_whole) each.at = std::max(each.at, found->second->at);
        each.mark = each.is_whole ? std::move(found->second->said) : std::string(in_folder) + each.mark;
    }
    return there;
}

result<std::vector<seen_file>> shared_files::look(std::span<const std::string> names) {
    auto shelved = shelves_.look(names);
    if (!shelved) return shelved.error();
    auto there = folder_.look(names);
    if (!there) return there;
    std::vector<seen_file> found;
    for (auto& each : *shelved) {
        std::erase_if(*there, [&](const auto& other) { return other.name == each.name; });
        found.push_back({std::move(each.name), each.at, std::move(each.said)});
    }
    for (auto& each : *there)
        found.push_back({std::move(each.name), each.at, std::string(in_folder) + each.mark, false});
    return found;
}

result<void> shared_files::for_each(time_point now, const std::function<void(seen_file&&)>& each) {
    std::vector<seen_file> here;
    if (auto listed = folder_.for_each(now, [&](seen_file&& one) { here.push_back(std::move(one)); }); !listed)
        return listed;
    if (here.empty() && figures_->leads.load() == 0) return {};
    auto known = of_folder(std::move(here));
    if (!known) return known.error();
    std::uint64_t alone = 0;
    std::unordered_set<std::string> told;
    for (auto& one : *known) {
        if (!one.is_whole) ++alone;
        told.insert(one.name);
        each(std::move(one));
    }
    figures_->files_on_disk_alone = alone;
    if (figures_->leads.load() == 0) return {};
    auto listed = shelves_.for_each([&](shelved_file&& one) {
        if (!told.contains(one.name)) each({std::move(one.name), one.at, std::move(one.said)});
    });
    return listed ? count() : listed;
}

result<bool> shared_files::remove(const seen_file& seen) {
    if (!is_file_name(seen.name)) return true;
    if (figures_->leads.load() == 0) {
        if (auto gone = folder_.remove(seen.name); !gone) return gone.error();
        return true;
    }
    if (seen.mark.starts_with(in_folder)) {
        const auto since = shelves_.look({&seen.name, 1});
        if (!since) return since.error();
        if (!since->empty()) return false;
        auto alone = seen;
        alone.mark.erase(0, in_folder.size());
        return folder_.remove(alone);
    }
    const auto file = file_shelves::read(seen.name, seen.mark);
    if (!file) return fail(errc::corrupt, "Redis says something of a file that is not ours");
    const auto dropped = shelves_.drop(*file);
    if (!dropped) return dropped.error();
    if (dropped->was_put_again) return false;
    if (dropped->bytes > 0) removed(dropped->bytes);
    if (auto gone = folder_.remove(seen.name); !gone) return gone.error();
    return true;
}

result<bool> shared_files::secure(const std::string& name) {
    const auto bytes = folder_.get(name);
    if (!bytes) return bytes.error();
    auto done = put_into_redis(name, *bytes);
    if (done && *done) ++figures_->files_put_back;
    return done;
}

void shared_files::drop_here(std::string_view name) {
    if (const auto gone = folder_.remove(name); !gone)
        log::warn("a file cannot be removed", {{"err", gone.error().message}});
}

}  // namespace kindred::store::redis
