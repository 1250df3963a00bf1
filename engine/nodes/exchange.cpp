#include "engine/nodes/exchange.hpp"

#include "engine/api/front.hpp"
#include "engine/api/status.hpp"
#include "engine/api/webhooks.hpp"
#include "engine/base/log.hpp"
#include "engine/base/text.hpp"
#include "engine/nodes/arrival_turns.hpp"
#include "engine/nodes/pass.hpp"
#include "engine/nodes/relay.hpp"

namespace kindred::nodes {
exchange::exchange(exchange_settings settings, const runtime::channel_directory& channels, http::static_files files,
                   std::shared_ptr<nodes::figures> figures)
    : settings_(std::move(settings)),
      channels_(channels),
      files_(std::move(files)),
      figures_(std::move(figures)),
      forwarder_(*this),
      watch_([this](std::chrono::milliseconds pause, std::function<void()> task) {
          peers_.after(pause, std::move(task));
      }) {
    figures_->leads(false);
}

exchange::~exchange() { stop(); }

void exchange::know(const leader& now) {
    std::string before;
    {
        const std::lock_guard hold(mutex_);
        if (leader_ == now) return;
        // Whoever was asked as the one that leads may hang, or answer as if it still did: nobody waits for it.
        if (leader_ && leader_->term != now.term && !leader_->here) before = leader_->address;
        leader_ = now;
    }
    if (!before.empty()) leave_soon(before);
    forwarder_.ask_at_once();
    watch_.somebody_leads();
}

/// What it has answered, as one does that hands its site on, may still be under way.
void exchange::leave_soon(const std::string& address) {
    constexpr std::chrono::milliseconds answers_arrive{250};
    peers_.after(answers_arrive, [this, address] {
        const auto leads = who_leads();
        if (!leads || leads->here || leads->address != address) peers_.leave(address);
    });
}

void exchange::follow(const leader& other) { know(other); }

void exchange::take_in_by(ingress* taking) {
    const std::unique_lock hold(ingress_mutex_);
    ingress_ = taking;
}

void exchange::let_in_by(arrival_turns* turns) {
    const std::unique_lock hold(turns_mutex_);
    turns_ = turns;
}

void exchange::lead(const leader& here, std::shared_ptr<http::handler> site, std::function<bool()> is_ready) {
    {
        const std::unique_lock hold(site_mutex_);
        site_ = std::move(site);
        is_ready_ = std::move(is_ready);
    }
    know(here);
    figures_->leads(true);
}

void exchange::stop_leading() {
    std::shared_ptr<http::handler> gone;
    std::vector<std::shared_ptr<relay>> all;
    {
        const std::unique_lock hold(site_mutex_);
        gone = std::move(site_);
        is_ready_ = nullptr;
        departures_.fetch_add(1);
    }
    figures_->leads(false);
    {
        const std::lock_guard hold(mutex_);
        leader_.reset();
        for (const auto& [each, alive] : relays_)
            if (auto one = alive.lock()) all.push_back(std::move(one));
    }
    for (const auto& each : all) each->site_has_gone();
}

void exchange::stop() { peers_.stop(); }

std::optional<leader> exchange::who_leads() const {
    const std::lock_guard hold(mutex_);
    return leader_;
}

bool exchange::is_ready() const {
    const std::shared_lock hold(site_mutex_);
    return is_ready_ ? is_ready_() : takes_in_.load();
}

std::size_t exchange::body_limit(const http::request& head) {
    const std::shared_lock hold(site_mutex_);
    return site_ ? site_->body_limit(head) : api::most_body(channels_, head);
}

void exchange::body_too_large(const http::request& head) noexcept {
    const std::shared_lock hold(site_mutex_);
    if (site_) site_->body_too_large(head);
}

bool exchange::answer_here(const http::request& asked, const http::responder& answer, whence from) {
    return wait_for_turn(asked, answer, from) || answer_at_once(asked, answer);
}

bool exchange::wait_for_turn(const http::request& asked, const http::responder& answer, whence from) {
    if (!api::reception_desk::is_about(asked.path)) return false;
    const std::shared_lock hold(turns_mutex_);
    if (turns_ == nullptr) return false;
    const auto kept = std::make_shared<const kept_request>(asked);
    const auto waits = turns_->wait([this, kept, answer, from, before = departures()](bool is_its_turn) {
        if (is_its_turn && answer_at_once(kept->view(), answer)) return;
        if (take_in(kept->view(), answer)) return;
        if (departures() == before) return answer.send(api::busy());
        // The site has gone from here meanwhile.
        if (from == whence::another_node) return answer.send(not_leading());
        forwarder_.forward(*kept, answer);
    });
    if (!waits) answer.send(api::busy());
    return true;
}

/// A request that nobody answers is a bug (500), unless the site went from here meanwhile.
http::responder exchange::unless_the_site_goes(const http::responder& answer) {
    return http::responder([this, answer, before = departures()](http::response said) {
        const bool nobody_answered = said.status() == 500 && said.body().empty();
        answer.send(nobody_answered && departures() != before ? may_have_been_done() : std::move(said));
    });
}

bool exchange::answer_at_once(const http::request& asked, const http::responder& answer) {
    const std::shared_lock hold(site_mutex_);
    if (!site_) return false;
    const bool stays = settings_.alone || asked.wants_websocket();
    site_->handle(asked, stays ? answer : unless_the_site_goes(answer));
    return true;
}

bool exchange::take_in(const http::request& asked, const http::responder& answer) {
    const std::shared_lock hold(ingress_mutex_);
    return ingress_ != nullptr && ingress_->take(asked, answer);
}

void exchange::handle(const http::request& asked, http::responder answer) {
    const bool for_site = api::needs_site(asked.path);
    if (for_site && !settings_.alone && asked.wants_websocket())
        return relay::open(*this, kept_request(asked), std::move(answer));
    if (answer_here(asked, answer)) return;
    if (asked.path == "/livez") return answer.send(http::response(200, "ok\n"));
    if (asked.path == "/readyz") {
        if (is_ready()) return answer.send(http::response(200, "ready\n"));
        return answer.send(http::response(503, "not ready\n").header("Retry-After", "1"));
    }
    if (asked.path.starts_with("/chat/") && !for_site) return answer.send(api::chat_script(files_, channels_, asked));
    if (!for_site) return answer.send(api::desk_page(files_, asked));
    if (take_in(asked, answer)) return;
    forwarder_.forward(kept_request(asked), std::move(answer));
}

void exchange::handle_passed_on(const http::request& asked, const http::responder& answer) {
    if (refuses_passed_on_) return answer.send(not_leading());
    if (asked.wants_websocket()) return relay::open_here(*this, kept_request(asked), answer);
    if (!answer_here(asked, answer, whence::another_node)) answer.send(not_leading());
}

void exchange::enter(const std::shared_ptr<relay>& one) {
    const std::lock_guard hold(mutex_);
    relays_.emplace(one.get(), one);
    figures_->relays(static_cast<double>(relays_.size()));
}

void exchange::leave(const relay* one) {
    const std::lock_guard hold(mutex_);
    relays_.erase(one);
    figures_->relays(static_cast<double>(relays_.size()));
}

void back_door::handle(const http::request& asked, http::responder answer) {
    const auto leads = inside_.who_leads();
    const auto by = read_pass(leads ? leads->key : std::string_view(), asked, now_.now());
    if (leads && !by) {
        log::warn("a request from another node is refused", {{"err", by.error().message}});
        // Whoever asked that node has done nothing wrong: it may have met a Redis that has come back with nothing.
        auto told = api::problem(by.error());
        told.header(not_leading_header, "1");
        return answer.send(std::move(told));
    }
    if (!leads) return answer.send(not_leading());
    auto inner = asked;
    inner.peer = by->client;
    std::erase_if(inner.headers, [](const auto& each) { return equal_ignoring_case(each.name, pass_header); });
    inside_.handle_passed_on(inner, answer);
}

}  // namespace kindred::nodes
