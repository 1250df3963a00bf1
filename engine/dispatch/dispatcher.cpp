#include "engine/dispatch/dispatcher.hpp"

#include "engine/dispatch/borrowing.hpp"
#include "engine/dispatch/carry_out.hpp"
#include "engine/dispatch/core.hpp"
#include "engine/dispatch/matching.hpp"

#include <algorithm>

namespace kindred::dispatch {

dispatcher::dispatcher() : core_(std::make_unique<core>()) {}
dispatcher::~dispatcher() = default;
dispatcher::dispatcher(const dispatcher& other) : core_(std::make_unique<core>(*other.core_)) {}
dispatcher& dispatcher::operator=(const dispatcher& other) {
    if (this != &other) *core_ = *other.core_;
    return *this;
}
dispatcher::dispatcher(dispatcher&&) noexcept = default;
dispatcher& dispatcher::operator=(dispatcher&&) noexcept = default;

result<void> dispatcher::apply(const command& told, time_point now, std::vector<event>& out) {
    core& site = *core_;
    const time_point before = site.now;
    site.now = std::max(site.now, now);
    turn current{site, out};
    auto done = std::visit([&](const auto& each) { return carry_out(current, each); }, told);
    if (done) {
        settle(current);
        if (follow_waits(current)) settle(current);
    } else {
        site.now = before;
    }
    return done;
}

std::optional<time_point> dispatcher::next_due() const {
    const auto next = core_->due.earliest();
    if (!next) return std::nullopt;
    return next->at;
}

}  // namespace kindred::dispatch
