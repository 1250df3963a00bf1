#include "engine/store/redis/waiting_items.hpp"

#include "engine/base/log.hpp"
#include "engine/store/redis/item_codec.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <limits>
#include <system_error>

namespace kindred::store::redis {
namespace {

constexpr std::size_t at_once = 100;
constexpr std::chrono::milliseconds between_tries{200};

}  // namespace

waiting_items::waiting_items(std::string path, std::size_t most_bytes, std::atomic<std::uint64_t>& count,
                             bring to_redis)
    : path_(path),
      most_bytes_(most_bytes),
      bring_(std::move(to_redis)),
      file_(std::move(path), std::numeric_limits<std::size_t>::max()),
      count_(count) {}

waiting_items::~waiting_items() { stop(); }

void waiting_items::stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
}

result<void> waiting_items::open() {
    {
        const std::lock_guard hold(mutex_);
        if (auto opened = file_.open(); !opened) return opened;
        if (auto synced = sync_folder_of(path_); !synced) return synced;
        file_.each([&](std::uint64_t number, std::string_view bytes) {
            next_ = number + 1;
            bytes_ += bytes.size();
            if (auto item = decode_item(bytes)) add_held(std::move(*item));
        });
        count_.store(items_.size(), std::memory_order_release);
        if (!items_.empty()) log::warn("deliveries of before wait for Redis", {{"items", items_.size()}});
    }
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    return {};
}

void waiting_items::add_held(inbound_item item) {
    keys_.emplace(item.key.space, item.key.id);
    items_.push_back(std::move(item));
    count_.store(items_.size(), std::memory_order_release);
}

result<std::vector<ingest_outcome>> waiting_items::take(std::span<const inbound_item> items) {
    const std::lock_guard hold(mutex_);
    std::vector<ingest_outcome> placed(items.size());
    std::vector<std::pair<const inbound_item*, std::string>> fresh;
    std::set<key> here;
    auto bytes = bytes_;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const key named(items[i].key.space, items[i].key.id);
        placed[i].duplicate = keys_.contains(named) || !here.insert(named).second;
        if (placed[i].duplicate) continue;
        fresh.emplace_back(&items[i], encode_item(items[i]));
        bytes += fresh.back().second.size();
    }
    if (bytes > most_bytes_) return fail(errc::overloaded, path_ + ": holds as much as it may while Redis is away");
    const auto before = file_.size();
    for (const auto& [item, encoded] : fresh)
        if (!file_.add(next_++, false, encoded)) {
            const auto why = std::generic_category().message(errno);
            file_.shorten(before);
            return fail(errc::io, path_ + ": cannot be written: " + why);
        }
    // Not synced is not taken, though it may be there after all: then it is brought, once, and comes again.
    if (!fresh.empty() && !file_.sync())
        return fail(errc::io, path_ + ": cannot be synced: " + std::generic_category().message(errno));
    bytes_ = bytes;
    for (const auto& [item, encoded] : fresh) add_held(*item);
    changed_.notify_all();
    return placed;
}

void waiting_items::run(const std::stop_token& stop) {
    std::unique_lock hold(mutex_);
    while (true) {
        changed_.wait(hold, stop, [&] { return !items_.empty(); });
        if (stop.stop_requested()) return;
        const auto count = std::min(at_once, items_.size());
        const std::vector<inbound_item> some(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(count));
        hold.unlock();
        const auto brought = bring_(some);
        hold.lock();
        if (!brought) {
            changed_.wait_for(hold, stop, between_tries, [] { return false; });
            continue;
        }
        for (const auto& each : some) keys_.erase({each.key.space, each.key.id});
        items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(count));
        count_.store(items_.size(), std::memory_order_release);
        if (!items_.empty()) continue;
        file_.empty();
        bytes_ = 0;
        log::info("what waited for Redis is there now");
    }
}

}  // namespace kindred::store::redis
