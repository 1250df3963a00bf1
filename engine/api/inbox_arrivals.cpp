#include "engine/api/webhooks.hpp"
#include "engine/base/log.hpp"
#include "engine/runtime/arrivals/asking_reader.hpp"
#include "engine/runtime/arrivals/introductions.hpp"
#include "engine/runtime/people/registers.hpp"

#include <algorithm>

/// What other nodes have taken in: it is acknowledged, so it is decided or kept, and never turned away.
namespace kindred::api {
namespace {

using runtime::outcome;

/// Says "again" when whoever has it lets go of it without an answer.
class once {
public:
    explicit once(std::function<void(bool)> done) : done_(std::move(done)) {}
    ~once() { tell(false); }
    once(const once&) = delete;
    once& operator=(const once&) = delete;

    void tell(bool is_done) {
        if (const auto done = std::exchange(done_, nullptr)) done(is_done);
    }

private:
    std::function<void(bool)> done_;
};

bool is_refused(const outcome& each) { return each.what == outcome::state::refused; }

}  // namespace

void reception_desk::take_acknowledged(const runtime::quarantined& held, std::function<void(bool)> done) {
    const auto* via = site_.channels().find(held.channel);
    auto raw = std::make_shared<const runtime::raw_request>(held.request);
    const auto answer = std::make_shared<once>(std::move(done));
    const auto keep_aside = [this, held, answer](std::string reason, std::string detail) {
        log::error("what another node took in cannot be taken in here: it is in quarantine",
                   {{"channel", held.channel}, {"reason", reason}, {"err", detail}});
        auto row = held;
        row.reason = std::move(reason);
        row.detail = std::move(detail);
        runtime::register_change kept{runtime::registers::quarantine_add{runtime::to_row(row), held.channel}, {}};
        kept.done = [answer](const result<std::string>& said) { answer->tell(static_cast<bool>(said)); };
        (void)site_.submit(std::move(kept));
    };
    if (via == nullptr) return keep_aside("malformed", "this node has no such channel");
    const runtime::reading what{via, raw, held.at, false};
    runtime::read_asking(
        site_.asking(), site_.now(), what, [this, via, raw, keep_aside, answer](result<channel::reception> said) {
            if (!said) return keep_aside("bug", said.error().message);
            if (!said->refused.empty()) return keep_aside("malformed", "refused here: " + said->refused);
            auto strangers = runtime::strangers_in(*via, said->records);
            runtime::delivery given{via, std::move(said->records), {}, {}, {}, raw};
            given.done = [this, via, strangers = std::move(strangers), answer](const std::vector<outcome>& outcomes) {
                const bool settled = std::none_of(outcomes.begin(), outcomes.end(), is_refused);
                if (settled) count(*via, outcomes);
                runtime::introduce(site_.asking(), *via, strangers, outcomes,
                                   [this](runtime::input known) { return site_.submit(std::move(known)); });
                answer->tell(settled);
            };
            (void)bring(std::move(given));  // full: whoever waits is told by `once`
        });
}

}  // namespace kindred::api
