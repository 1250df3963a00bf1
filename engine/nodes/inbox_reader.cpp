#include "engine/nodes/inbox_reader.hpp"

#include "engine/base/log.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <tuple>

namespace kindred::nodes {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t most_under_way = 1'000;
constexpr std::size_t most_at_once = 100;
constexpr milliseconds pass_time{200};
constexpr milliseconds pause_before_again{50};
/// Places that a failover forgot and gave again are found by looking at all that is there.
constexpr milliseconds look_again_every{1'000};

}  // namespace

struct inbox_reader::under_way {
    using known_place = std::tuple<std::uint64_t, std::string, std::string>;

    std::mutex mutex;
    std::condition_variable_any changed;
    std::set<known_place> places;
    std::vector<store::inbox_place> decided;  ///< of them: they can leave the inbox
    std::uint64_t read_to = 0;                ///< all up to here was brought in
    bool has_failed = false;                  ///< something has to be brought again, before whatever is behind it
    bool stopped = false;

    static known_place of(const store::inbox_place& at) { return {at.position, at.key.space, at.key.id}; }

    std::size_t size() {
        const std::lock_guard hold(mutex);
        return places.size();
    }
    bool add(const store::inbox_place& at) {
        const std::lock_guard hold(mutex);
        return places.insert(of(at)).second;
    }
    void drop(const store::inbox_place& at) {
        const std::lock_guard hold(mutex);
        places.erase(of(at));
    }
    void end(const store::inbox_place& at, bool is_decided) {
        {
            const std::lock_guard hold(mutex);
            if (is_decided) {
                decided.push_back(at);
            } else {
                places.erase(of(at));
                has_failed = true;
                read_to = std::min(read_to, at.position - 1);
            }
        }
        changed.notify_all();
    }
    void have_read(std::uint64_t to) {
        {
            const std::lock_guard hold(mutex);
            if (has_failed) return;
            read_to = to;
        }
        changed.notify_all();
    }
    bool is_failing() {
        const std::lock_guard hold(mutex);
        return has_failed;
    }
    /// What has to be brought again goes first: so all that is under way ends, and then it begins anew.
    bool begins_anew() const { return has_failed && places.empty(); }
};

inbox_reader::inbox_reader(store::site_inbox& from, bring to, nodes::figures& figures)
    : from_(from),
      to_(std::move(to)),
      figures_(figures),
      under_way_(std::make_shared<under_way>()),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

inbox_reader::~inbox_reader() { stop(); }

void inbox_reader::stop() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
    let_go();
    {
        const std::lock_guard hold(under_way_->mutex);
        under_way_->stopped = true;
    }
    under_way_->changed.notify_all();
}

bool inbox_reader::wait_until_read(std::uint64_t position, milliseconds patience) {
    std::unique_lock hold(under_way_->mutex);
    (void)under_way_->changed.wait_for(
        hold, patience, [this, position] { return under_way_->stopped || under_way_->read_to >= position; });
    return under_way_->read_to >= position;
}

void inbox_reader::read(const std::stop_token& stop) {
    let_go();
    std::size_t busy = 0;
    {
        auto& all = *under_way_;
        std::unique_lock hold(all.mutex);
        busy = all.places.size();
        if (busy >= most_under_way || (all.has_failed && busy > 0)) {
            (void)all.changed.wait_for(hold, stop, pass_time,
                                       [&all] { return !all.decided.empty() || all.begins_anew(); });
            return;
        }
        if (all.begins_anew()) {
            (void)all.changed.wait_for(hold, stop, pause_before_again, [] { return false; });
            all.has_failed = false;
            after_ = 0;
        }
    }
    // At first nothing is waited for: others wait until this has seen what there is.
    const auto patience = has_looked_ ? pass_time : milliseconds{0};
    const auto found = from_.undecided(after_, std::min(most_at_once, most_under_way - busy), patience);
    has_looked_ = true;
    if (!found) {
        std::unique_lock hold(under_way_->mutex);
        (void)under_way_->changed.wait_for(hold, stop, pass_time, [] { return false; });
        return;
    }
    begin(*found);
    // A failover may have taken the end back: then all that is there is looked at.
    after_ = found->read_to < after_ ? 0 : found->read_to;
    under_way_->have_read(after_);
}

void inbox_reader::run(const std::stop_token& stop) {
    auto looked = std::chrono::steady_clock::now();
    while (!stop.stop_requested()) {
        read(stop);
        const auto now = std::chrono::steady_clock::now();
        if (now < looked + look_again_every) continue;
        looked = now;
        look_again();
    }
}

/// That it fails costs nothing: who reads them again is told that they were decided.
void inbox_reader::let_go() {
    std::vector<store::inbox_place> places;
    {
        const std::lock_guard hold(under_way_->mutex);
        places.swap(under_way_->decided);
    }
    if (places.empty()) return;
    (void)from_.decided(places);
    const std::lock_guard hold(under_way_->mutex);
    for (const auto& each : places) under_way_->places.erase(under_way::of(each));
}

void inbox_reader::look_again() {
    const auto depth = from_.undecided_count();
    if (!depth) return;
    figures_.inbox_depth(static_cast<double>(*depth));
    if (*depth > under_way_->size() + left_alone_.size()) after_ = 0;
}

void inbox_reader::begin(const store::inbox_page& found) {
    for (const auto& [position, item] : found.items) {
        if (under_way_->is_failing()) return;
        if (left_alone_.contains(position)) continue;
        const store::inbox_place at{position, item.key};
        if (!under_way_->add(at)) continue;
        const store::kept_row row{"quarantine", {}, item.at, item.payload, false};
        const auto held = runtime::quarantined_from(row);
        if (!held) {
            // Nothing that we wrote: it stays where it is, for somebody to look at.
            log::error("an entry of the inbox cannot be read", {{"place", position}, {"err", held.error().message}});
            left_alone_.insert(position);
            under_way_->drop(at);
            continue;
        }
        to_(*held, [all = under_way_, at](bool is_decided) { all->end(at, is_decided); });
    }
}

}  // namespace kindred::nodes
