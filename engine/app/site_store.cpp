#include "engine/app/site_store.hpp"

#include "engine/base/log.hpp"
#include "engine/store/file_store.hpp"
#include "engine/store/sqlite/sqlite.hpp"

namespace kindred::app {
namespace {

/// How long a node that follows waits for news of the log before it looks for signals and at the lease.
constexpr std::chrono::milliseconds look_every{100};

bool passes(errc why) { return why == errc::unavailable || why == errc::unknown || why == errc::timed_out; }

}  // namespace

result<site_store> site_store::open(const config& settings) {
    site_store made;
    if (settings.shared) {
        auto opened = store::open_redis(*settings.shared);
        if (!opened) return opened.error();
        made.shared_ = opened->get();
        made.durable_ = std::move(*opened);
        if (made.shared_->files() == nullptr)
            made.folder_ = std::make_unique<store::file_store>(settings.database.string() + "-files",
                                                               [of = made.shared_] { return of->surely_leads(); });
        return made;
    }
    store::sqlite_options where;
    where.path = settings.database.string();
    auto opened = store::open_sqlite(where);
    if (!opened) return opened.error();
    made.durable_ = std::move(*opened);
    return made;
}

store::file_place* site_store::files() const {
    return shared_ != nullptr && shared_->files() != nullptr ? shared_->files() : folder_.get();
}

result<bool> site_store::wait_to_lead(signal_watch& signals, const listener& to) const {
    if (shared_ == nullptr) return true;
    std::string following;
    bool reachable = true;
    while (true) {
        const auto leads = shared_->lead(look_every);
        if (!leads && !passes(leads.error().code)) return leads.error();
        if (leads && *leads) {
            log::info("leading", {{"epoch", shared_->current_leader().epoch}});
            return true;
        }
        if (!leads && reachable) log::warn("Redis does not answer", {{"err", leads.error().message}});
        reachable = static_cast<bool>(leads);
        const auto other = shared_->current_leader();
        if (leads && following != other.node) {
            following = other.node;
            log::info("following", {{"leader", other.node}, {"epoch", other.epoch}});
        }
        if (leads)
            to.follows(other);
        else
            to.unreachable();
        const auto said = signals.wait(leads ? std::chrono::milliseconds{0} : look_every);
        if (said == signal_watch::told::stop) return false;
        to.signalled(said);
    }
}

}  // namespace kindred::app
