#include "engine/store/redis/site_intake.hpp"

#include "engine/base/log.hpp"
#include "engine/store/redis/item_codec.hpp"

#include <algorithm>
#include <system_error>

namespace kindred::store::redis {
namespace {

constexpr std::size_t at_once = 100;
constexpr std::chrono::seconds between_looks{1};

bool has_place(const ingest_outcome& outcome) { return outcome.position != no_room; }

}  // namespace

site_intake::site_intake(site_log& into, const site_place& at, const redis_options& options)
    : into_(into),
      figures_(at.figures),
      erase_within_(options.erase_within),
      kept_for_(2 * options.replaced_within),
      most_bytes_(options.inbox_bytes),
      ring_(options.copy.path + "-taken", options.tail_bytes, options.replaced_within) {
    if (options.journal) waiting_.emplace(at, options, [this](auto items) { return bring(items); });
}

site_intake::waiting::waiting(const site_place& at, const redis_options& options, waiting_items::bring to_redis)
    : log(at, "waiting"),
      items(options.copy.path + "-waiting", options.journal_bytes, options.figures->items_waiting,
            std::move(to_redis)) {}

site_intake::waiting::~waiting() {
    log.stop();  // what is under way ends
    items.stop();
}

result<void> site_intake::open() {
    {
        const std::lock_guard hold(mutex_);
        if (auto opened = ring_.open(); !opened) return opened;
        next_ = ring_.newest() + 1;
        if (next_ > 1) noted_at_ = steady::now();
    }
    return waiting_ ? waiting_->items.open() : result<void>{};
}

void site_intake::belongs_to(const std::string& site_uid) {
    into_.belongs_to(site_uid);
    if (waiting_) waiting_->log.belongs_to(site_uid);
}

result<std::vector<ingest_outcome>> site_intake::ingest(std::span<const inbound_item> items) {
    // What came first goes first.
    if (has_waiting()) return wait_with(items);
    const auto before = mark();
    auto placed = into_.ingest(items, most_bytes_);
    if (!placed) {
        const auto why = placed.error().code;
        const bool passes = why == errc::unavailable || why == errc::unknown;
        return waiting_ && passes ? wait_with(items) : placed;
    }
    note(items, *placed);
    look_before(before);
    return placed;
}

result<std::vector<ingest_outcome>> site_intake::wait_with(std::span<const inbound_item> items) {
    auto taken = waiting_->items.take(items);
    if (!taken) return taken;
    figures_->items_journaled += static_cast<std::uint64_t>(
        std::count_if(taken->begin(), taken->end(), [](const ingest_outcome& each) { return !each.duplicate; }));
    return taken;
}

result<void> site_intake::bring(std::span<const inbound_item> items) {
    const auto before = mark();
    // A Redis that was away may have come back without its last moments: those come before what waited.
    if (auto there = take_in_again(before); !there) return there;
    const auto placed = waiting_->log.ingest(items, most_bytes_);
    if (!placed) return placed.error();
    note(items, *placed);
    look_before(before);
    if (std::all_of(placed->begin(), placed->end(), has_place)) return {};
    return fail(errc::unavailable, "the site's inbox in Redis is full");
}

/// A duplicate, too: who brought it first may never have heard that Redis took it, and then has noted nothing.
void site_intake::note(std::span<const inbound_item> items, std::span<const ingest_outcome> placed) {
    const std::lock_guard hold(mutex_);
    bool wrote = true;
    for (std::size_t i = 0; i < items.size(); ++i)
        if (has_place(placed[i])) wrote = ring_.add(next_++, false, encode_item(items[i])) && wrote;
    if (!wrote && !is_failing_)
        log::warn("what is taken in is not noted beside the copy: should Redis lose it, it is lost",
                  {{"err", std::generic_category().message(errno)}});
    if (!items.empty()) newest_ = items.back().key;
    is_failing_ = !wrote;
    noted_at_ = steady::now();
}

std::uint64_t site_intake::mark() const {
    const std::lock_guard hold(mutex_);
    return next_;
}

void site_intake::look(std::uint64_t connects) {
    elsewhere_ = connects;
    look_before(mark());
    look_for_newest();
}

/// A master that was replaced and does not know it yet confirms what it is given, and is not spoken with again unless
/// something else comes: without a question nobody would notice.
void site_intake::look_for_newest() {
    std::vector<unique_key> newest;
    std::uint64_t mark = 0;
    {
        const std::lock_guard hold(mutex_);
        const auto now = steady::now();
        if (!newest_ || now < look_for_newest_at_) return;
        look_for_newest_at_ = now + between_looks;
        newest.push_back(*newest_);
        mark = next_;
    }
    const auto known = into_.are_known(newest);
    if (!known || known->front()) return;
    if (const auto done = take_in_again(mark); !done)
        log::warn("what Redis has lost is not taken in again yet", {{"err", done.error().message}});
}

/// What was noted behind the mark was confirmed over the connection that there is now.
void site_intake::look_before(std::uint64_t mark) {
    const auto connects =
        elsewhere_ + into_.connection().connects() + (waiting_ ? waiting_->log.connection().connects() : 0);
    if (looked_at_ == connects) return;
    const auto done = take_in_again(mark);
    if (!done) return log::warn("what Redis may have lost is not looked for yet", {{"err", done.error().message}});
    looked_at_ = connects;
}

result<void> site_intake::take_in_again(std::uint64_t mark) {
    const std::lock_guard turn(repair_mutex_);
    const auto repaired = repair(mark);
    if (!repaired) return repaired.error();
    if (*repaired == 0) return {};
    ++figures_->rollbacks;
    figures_->contacts_repaired += *repaired;
    log::error("Redis lacked contacts that it had confirmed: they are taken in again", {{"contacts", *repaired}});
    return {};
}

std::vector<inbound_item> site_intake::noted_before(std::uint64_t mark) const {
    std::vector<inbound_item> found;
    const std::lock_guard hold(mutex_);
    ring_.each([&](std::uint64_t number, std::string_view bytes) {
        if (number >= mark) return;
        if (auto item = decode_item(bytes)) found.push_back(std::move(*item));
    });
    return found;
}

/// Redis forgets from the end: back from the newest until it knows a whole group, and from there on everything again.
result<std::uint64_t> site_intake::repair(std::uint64_t mark) {
    const auto noted = noted_before(mark);
    auto first = noted.size();
    for (std::size_t some = 1; first > 0; some = at_once) {
        const auto begin = first > some ? first - some : 0;
        std::vector<unique_key> keys;
        for (auto i = begin; i < first; ++i) keys.push_back(noted[i].key);
        const auto known = into_.are_known(keys);
        if (!known) return known.error();
        const auto lost = std::find(known->begin(), known->end(), false);
        if (lost == known->end()) break;
        first = begin + static_cast<std::size_t>(lost - known->begin());
    }
    std::uint64_t repaired = 0;
    while (first < noted.size()) {
        const auto some = std::span(noted).subspan(first, std::min(at_once, noted.size() - first));
        const auto placed = into_.ingest(some);
        if (!placed) return placed.error();
        repaired += static_cast<std::uint64_t>(
            std::count_if(placed->begin(), placed->end(), [](const ingest_outcome& each) { return !each.duplicate; }));
        first += some.size();
    }
    return repaired;
}

void site_intake::forget_soon() {
    const std::lock_guard hold(mutex_);
    if (!forget_at_) forget_at_ = steady::now() + erase_within_;
}

void site_intake::tidy() {
    const std::lock_guard hold(mutex_);
    ring_.tidy();
    const auto now = steady::now();
    const bool is_old = noted_at_ && now - *noted_at_ > kept_for_;
    const bool is_due = forget_at_ && now >= *forget_at_;
    if (!is_old && !is_due) return;
    ring_.empty();
    next_ = 1;
    newest_.reset();
    forget_at_.reset();
    noted_at_.reset();
}

}  // namespace kindred::store::redis
