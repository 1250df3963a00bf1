#include "engine/nodes/inbox_reader.hpp"

#include "engine/base/log.hpp"

#include <set>

namespace kindred::nodes {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t most_under_way = 1'000;
constexpr std::size_t most_at_once = 100;
constexpr milliseconds patience{200};
constexpr milliseconds short_pause{5};
/// Places that were given back, or given once more after a failover, are found by looking at all that is there.
constexpr milliseconds look_again_every{1'000};

}  // namespace

struct inbox_reader::under_way {
    std::mutex mutex;
    std::condition_variable_any changed;
    std::set<std::uint64_t> places;
    bool caught_up = false;
    std::vector<std::uint64_t> decided;  ///< of them: they can leave the inbox

    std::size_t size() {
        const std::lock_guard hold(mutex);
        return places.size();
    }
    bool add(std::uint64_t place) {
        const std::lock_guard hold(mutex);
        return places.insert(place).second;
    }
    void end(std::uint64_t place, bool is_decided) {
        {
            const std::lock_guard hold(mutex);
            if (is_decided)
                decided.push_back(place);
            else
                places.erase(place);
        }
        changed.notify_all();
    }
};

inbox_reader::inbox_reader(store::shared_store& from, api::reception_desk& to, nodes::figures& figures)
    : from_(from),
      to_(to),
      figures_(figures),
      under_way_(std::make_shared<under_way>()),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

inbox_reader::~inbox_reader() {
    thread_.request_stop();
    thread_.join();
    let_go();
}

void inbox_reader::wait_until_caught_up(milliseconds patience) {
    std::unique_lock hold(under_way_->mutex);
    (void)under_way_->changed.wait_for(hold, patience, [this] { return under_way_->caught_up; });
}

/// What is there already, as fast as it goes. The last place.
std::uint64_t inbox_reader::catch_up(const std::stop_token& stop) {
    std::uint64_t after = 0;
    while (!stop.stop_requested()) {
        let_go();
        const auto busy = under_way_->size();
        const auto found =
            busy < most_under_way ? from_.undecided(after, most_at_once, milliseconds{0}) : result<items>(items{});
        if (found && !found->empty()) {
            after = found->back().first;
            begin(*found);
            continue;
        }
        std::unique_lock hold(under_way_->mutex);
        if (found && under_way_->places.empty()) break;
        (void)under_way_->changed.wait_for(hold, stop, short_pause, [this] { return !under_way_->decided.empty(); });
    }
    {
        const std::lock_guard hold(under_way_->mutex);
        under_way_->caught_up = true;
    }
    under_way_->changed.notify_all();
    return after;
}

void inbox_reader::run(const std::stop_token& stop) {
    auto after = catch_up(stop);
    auto looked = std::chrono::steady_clock::now();
    while (!stop.stop_requested()) {
        let_go();
        const auto busy = under_way_->size();
        if (busy >= most_under_way) {
            std::unique_lock hold(under_way_->mutex);
            (void)under_way_->changed.wait_for(hold, stop, patience, [this] { return !under_way_->decided.empty(); });
            continue;
        }
        const auto found = from_.undecided(after, std::min(most_at_once, most_under_way - busy), patience);
        if (!found) {
            std::unique_lock hold(under_way_->mutex);
            (void)under_way_->changed.wait_for(hold, stop, patience, [] { return false; });
            continue;
        }
        if (!found->empty()) after = found->back().first;
        begin(*found);
        const auto now = std::chrono::steady_clock::now();
        if (now < looked + look_again_every) continue;
        looked = now;
        look_again(after);
    }
}

/// That it fails costs nothing: who reads them again is told that they were decided.
void inbox_reader::let_go() {
    std::vector<std::uint64_t> places;
    {
        const std::lock_guard hold(under_way_->mutex);
        places.swap(under_way_->decided);
    }
    if (places.empty()) return;
    (void)from_.decided(places);
    const std::lock_guard hold(under_way_->mutex);
    for (const auto each : places) under_way_->places.erase(each);
}

void inbox_reader::look_again(std::uint64_t& after) {
    const auto depth = from_.undecided_count();
    if (!depth) return;
    figures_.inbox_depth(static_cast<double>(*depth));
    if (*depth <= under_way_->size()) return;
    const auto oldest = from_.undecided(0, most_at_once, milliseconds{0});
    if (!oldest) return;
    begin(*oldest);
    if (!oldest->empty()) after = std::min(after, oldest->back().first);
}

void inbox_reader::begin(const items& found) {
    for (const auto& [place, item] : found) {
        if (!under_way_->add(place)) continue;
        const store::kept_row row{"quarantine", {}, item.at, item.payload, false};
        const auto held = runtime::quarantined_from(row);
        if (!held) {
            // Nothing that we wrote: it stays where it is, for somebody to look at.
            log::error("an entry of the inbox cannot be read", {{"place", place}, {"err", held.error().message}});
            continue;
        }
        to_.take_acknowledged(*held,
                              [all = under_way_, place = place](bool is_decided) { all->end(place, is_decided); });
    }
}

}  // namespace kindred::nodes
