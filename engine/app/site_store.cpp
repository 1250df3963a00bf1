#include "engine/app/site_store.hpp"

#include "engine/base/log.hpp"
#include "engine/store/file_store.hpp"
#include "engine/store/sqlite/sqlite.hpp"

#include <optional>

namespace kindred::app {
namespace {

/// How long a node that follows waits for news of the log before it looks for signals and at the lease.
constexpr std::chrono::milliseconds look_every{100};

/// Whether a node that ran waits until it is over. errc::conflict: Redis has lost the site, until its files are back.
bool passes(errc why, bool ran) {
    return why == errc::unavailable || why == errc::unknown || why == errc::timed_out || (ran && why == errc::conflict);
}

/// Says why this node can neither lead nor follow, once until it can or the reason is of the other kind.
class complaint {
public:
    void about(const error& why) {
        const bool is_lost = why.code == errc::conflict;
        if (said_lost_ == is_lost) return;
        said_lost_ = is_lost;
        if (is_lost)
            log::error("Redis does not have this site: waiting until it has", {{"err", why.message}});
        else
            log::warn("Redis does not answer", {{"err", why.message}});
    }
    void is_over() { said_lost_.reset(); }

private:
    std::optional<bool> said_lost_;
};

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

result<bool> site_store::wait_to_lead(signal_watch& signals, const listener& to, bool ran) const {
    if (shared_ == nullptr) return true;
    std::string following;
    complaint why_not;
    while (true) {
        const auto leads = shared_->lead(look_every);
        if (!leads && !passes(leads.error().code, ran)) return leads.error();
        if (leads && *leads) {
            log::info("leading", {{"epoch", shared_->current_leader().epoch}});
            return true;
        }
        if (leads) {
            ran = true;
            why_not.is_over();
        } else {
            why_not.about(leads.error());
        }
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
