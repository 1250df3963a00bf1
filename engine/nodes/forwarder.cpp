#include "engine/nodes/forwarder.hpp"

#include "engine/api/status.hpp"
#include "engine/base/text.hpp"
#include "engine/base/time.hpp"
#include "engine/http/refusal.hpp"
#include "engine/nodes/exchange.hpp"
#include "engine/nodes/pass.hpp"

namespace kindred::nodes {
namespace {

using steady = std::chrono::steady_clock;

constexpr std::size_t most_held = 2'000;
constexpr std::size_t most_held_bytes = 64U << 20U;
constexpr std::chrono::milliseconds look_again{50};
constexpr std::chrono::milliseconds silent_for{200};

http::response nobody_leads() {
    return api::problem(errc::unavailable, "no node leads this site right now: try again");
}

/// Whether it may be sent once more though it may have had its effect: then it has none the second time.
bool may_repeat(const kept_request& asked) {
    return asked.method == "GET" || asked.method == "HEAD" || asked.method == "OPTIONS" ||
           asked.target.starts_with("/webhooks/") || !asked.header("idempotency-key").empty();
}

}  // namespace

http::peer_request passed_on(const exchange& from, const leader& to, const kept_request& asked, std::string target) {
    http::peer_request made;
    made.to = to.address;
    made.method = asked.method;
    made.headers = asked.headers;
    made.headers.emplace_back(pass_header, write_pass(to.key, {from.settings().node, asked.peer}, asked.method, target,
                                                      asked.body, system_clock().now()));
    made.target = std::move(target);
    made.body = asked.body;
    return made;
}

http::response not_leading() {
    auto made = api::problem(errc::unavailable, "no node leads this site right now: try again");
    made.header(not_leading_header, "1");
    return made;
}

http::response may_have_been_done() {
    return api::problem(errc::unavailable,
                        "the node that leads went away before it answered: this may or may not have been done; look "
                        "before you repeat it");
}

bool is_turned_away(const http::client_response& said) {
    for (const auto& [name, value] : said.headers)
        if (equal_ignoring_case(name, not_leading_header)) return true;
    return said.status == 503 && said.body == std::string(http::name_of(http::refusal::draining)) + "\n";
}

void forwarder::forward(kept_request asked, http::responder answer) {
    const auto until = steady::now() + from_.settings().held_for;
    run(std::make_shared<errand>(errand{std::move(asked), std::move(answer), until}));
}

void forwarder::run(const std::shared_ptr<errand>& one) {
    if (from_.answer_here(one->asked.view(), one->answer)) return;
    const auto leads = from_.who_leads();
    const bool is_silent = steady::now().time_since_epoch().count() < silent_until_.load();
    if (!leads || leads->here || leads->address.empty() || is_silent) return hold(one);
    from_.peers().send(passed_on(from_, *leads, one->asked, one->asked.target),
                       [this, one](result<http::client_response> said) { came_back(one, std::move(said)); });
}

void forwarder::came_back(const std::shared_ptr<errand>& one, result<http::client_response> said) {
    if (said && !is_turned_away(*said)) {
        from_.figures().forwarded("answered");
        return one->answer.send(to_response(std::move(*said)));
    }
    if (!said && said.error().code == errc::overloaded)
        return refuse(*one, "not_taken", api::problem(errc::overloaded, "too much is passed on at once: try again"));
    if (!said) silent_until_ = (steady::now() + silent_for).time_since_epoch().count();
    if (!said && said.error().code == errc::unknown && !may_repeat(one->asked))
        return refuse(*one, "unknown", may_have_been_done());
    hold(one);
}

void forwarder::hold(const std::shared_ptr<errand>& one) {
    if (steady::now() >= one->until) return refuse(*one, "not_taken", nobody_leads());
    const auto bytes = one->asked.body.size();
    const auto held_now = held_.fetch_add(1) + 1;
    const auto bytes_now = held_bytes_.fetch_add(bytes) + bytes;
    if (held_now > most_held || bytes_now > most_held_bytes) {
        --held_;
        held_bytes_ -= bytes;
        return refuse(*one, "not_taken", nobody_leads());
    }
    from_.watch().wait(look_again, [this, one, bytes] {
        --held_;
        held_bytes_ -= bytes;
        run(one);
    });
}

void forwarder::refuse(const errand& one, std::string_view outcome, http::response told) {
    from_.figures().forwarded(outcome);
    one.answer.send(std::move(told));
}

}  // namespace kindred::nodes
