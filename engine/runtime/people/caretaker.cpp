#include "engine/runtime/people/caretaker.hpp"

#include "engine/base/log.hpp"
#include "engine/runtime/people/join_search.hpp"
#include "engine/runtime/site.hpp"

#include <future>

namespace kindred::runtime {
namespace {

using steady = std::chrono::steady_clock;

/// Not while everything else begins.
constexpr std::chrono::seconds first_after{1};
constexpr std::chrono::milliseconds look_up_every{100};

}  // namespace

caretaker::caretaker(site& on, caretaker_settings settings)
    : site_(on), settings_(settings), thread_([this] { run(); }) {}

caretaker::~caretaker() { stop(); }

void caretaker::stop() {
    {
        const std::lock_guard hold(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

bool caretaker::is_stopping() {
    const std::lock_guard hold(mutex_);
    return stopping_;
}

void caretaker::run() {
    auto retire_at = steady::now() + first_after;
    auto look_at = steady::now() + settings_.joins_every;
    while (true) {
        {
            std::unique_lock hold(mutex_);
            changed_.wait_until(hold, std::min(retire_at, look_at), [&] { return stopping_; });
            if (stopping_) return;
        }
        if (steady::now() >= retire_at) {
            if (settings_.keep.any()) retire();
            retire_at = steady::now() + settings_.retention_every;
        }
        if (steady::now() >= look_at) {
            look_for_joins();
            look_at = steady::now() + settings_.joins_every;
        }
    }
}

/// The answer is waited for: one piece of this work is on its way at any time.
result<std::string> caretaker::settle(input wanted) {
    auto promise = std::make_shared<std::promise<result<std::string>>>();
    auto promised = promise->get_future();
    const auto done = [promise](result<std::string> said) { promise->set_value(std::move(said)); };
    std::visit(
        [&](auto& each) {
            if constexpr (requires { each.done = done; }) each.done = done;
        },
        wanted);
    const bool taken = site_.submit(std::move(wanted));
    promise.reset();
    if (!taken) return fail(errc::overloaded, "this cannot be taken in now");
    // An engine whose disk has failed never answers, and still has to end.
    while (promised.wait_for(look_up_every) != std::future_status::ready)
        if (is_stopping()) return fail(errc::unavailable, "stopped");
    try {
        return promised.get();
    } catch (const std::future_error&) {
        return fail(errc::unavailable, "the engine has started over");
    }
}

void caretaker::retire() {
    const auto done = retire_what_is_due(
        site_.durable(), settings_.keep, site_.now().now(), [this](input wanted) { return settle(std::move(wanted)); },
        [this](const std::string& kind, std::uint64_t count) {
            site_.figures().retired(kind, static_cast<double>(count));
            log::info("removed what its time is over for", {{"kind", kind}, {"count", count}});
        },
        [this] { return is_stopping(); });
    if (!done && !is_stopping()) log::warn("retention goes on later", {{"err", done.error().message}});
}

void caretaker::look_for_joins() {
    const auto done = find_alike(site_.durable(), [this](std::vector<customers::join_proposal> found) {
        if (is_stopping()) return false;
        return settle(register_change{registers::join_proposals{std::move(found)}, {}}).has_value();
    });
    if (!done && !is_stopping())
        log::warn("customers who may be one are looked for later", {{"err", done.error().message}});
}

}  // namespace kindred::runtime
