#include "engine/store/redis/batch_tail.hpp"

#include "engine/base/log.hpp"
#include "engine/store/redis/lengths.hpp"

#include <cerrno>
#include <map>
#include <system_error>

namespace kindred::store::redis {

result<void> batch_tail::open() {
    const std::lock_guard hold(mutex_);
    if (auto opened = ring_.open(); !opened) return opened;
    // A node that was stopped in between does not know for how long it has been there.
    if (ring_.has_marked()) forget_at_ = steady::now() + erase_within_;
    return {};
}

void batch_tail::add(const log_record& record, bool erases) {
    const std::lock_guard hold(mutex_);
    tidy_held();
    const bool wrote = ring_.add(record.seq, erases, with_lengths({record.before, record.id, record.bytes}));
    if (!wrote && !is_failing_)
        log::warn("batches are not kept beside the copy: should Redis lose them, they cannot be put back",
                  {{"err", std::generic_category().message(errno)}});
    is_failing_ = !wrote;
    if (erases && !forget_at_) forget_at_ = steady::now() + erase_within_;
}

std::vector<log_record> batch_tail::all() const {
    // The same batch may be there twice, where a node stopped between its two writes: the later one counts.
    std::map<std::uint64_t, log_record> found;
    {
        const std::lock_guard hold(mutex_);
        ring_.each([&](std::uint64_t seq, std::string_view bytes) {
            if (auto parts = parts_of(bytes, 3))
                found.insert_or_assign(seq, log_record{seq, (*parts)[0], (*parts)[1], (*parts)[2]});
        });
    }
    std::vector<log_record> all;
    all.reserve(found.size());
    for (auto& [seq, record] : found) all.push_back(std::move(record));
    return all;
}

std::optional<std::vector<log_record>> batch_tail::between(const log_end& from, const log_end& to) const {
    if (from.seq >= to.seq) return std::nullopt;
    auto found = all();
    std::erase_if(found, [&](const log_record& each) { return each.seq <= from.seq || each.seq > to.seq; });
    auto at = from;
    for (const auto& each : found) {
        if (each.seq != at.seq + 1 || each.before != at.last) return std::nullopt;
        at = {each.seq, each.id};
    }
    if (at != to) return std::nullopt;
    return found;
}

void batch_tail::forget_soon() {
    const std::lock_guard hold(mutex_);
    if (!forget_at_) forget_at_ = steady::now() + erase_within_;
}

void batch_tail::tidy() {
    const std::lock_guard hold(mutex_);
    tidy_held();
}

void batch_tail::tidy_held() {
    ring_.tidy();
    if (!forget_at_ || steady::now() < *forget_at_) return;
    forget_at_.reset();
    ring_.empty();
}

result<void> batch_tail::set_aside(const std::string& path) {
    const std::lock_guard hold(mutex_);
    forget_at_.reset();
    return ring_.set_aside(path);
}

}  // namespace kindred::store::redis
