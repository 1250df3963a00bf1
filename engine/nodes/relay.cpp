#include "engine/nodes/relay.hpp"

#include "engine/api/status.hpp"
#include "engine/nodes/exchange.hpp"

#include <random>

namespace kindred::nodes {
namespace {

using http::close_code;
using steady = std::chrono::steady_clock;

constexpr std::size_t most_early = 256;
constexpr int shortest_pause = 20;  // milliseconds; they differ, so that not all come at once
constexpr int longest_pause = 150;
constexpr int first_pause = 40;  // at most, while a node that leads by now is most likely about to serve
constexpr std::uint32_t few_tries = 8;

const http::shared_text reconnecting = std::make_shared<const std::string>(R"({"type":"reconnecting"})");
const http::shared_text reconnected = std::make_shared<const std::string>(R"({"type":"reconnected"})");

std::chrono::milliseconds some_pause(std::uint32_t tries) {
    thread_local std::minstd_rand dice{std::random_device{}()};
    const auto most = tries < few_tries ? first_pause : longest_pause;
    return std::chrono::milliseconds{std::uniform_int_distribution<int>(shortest_pause, most)(dice)};
}

/// Whether a node that closes like this is gone, or no longer the one to be connected to.
bool is_gone(close_code code) {
    return code == close_code::going_away || code == close_code::abnormal || code == close_code::none ||
           code == close_code::service_restart || code == close_code::internal_error;
}

/// What may be said on the wire.
close_code to_say(close_code code) {
    return code == close_code::none || code == close_code::abnormal ? close_code::going_away : code;
}

}  // namespace

class relay::to_client final : public http::websocket_events {
public:
    explicit to_client(std::shared_ptr<relay> of) : of_(std::move(of)) {}
    ~to_client() override {
        if (!closed_) of_->client_closed(close_code::abnormal, "it never opened");
    }
    to_client(const to_client&) = delete;
    to_client& operator=(const to_client&) = delete;

    void on_open(const std::shared_ptr<http::websocket>& session) override { of_->opened(session); }
    void on_message(std::string_view text) override { of_->heard(text); }
    void on_close(close_code code, std::string_view reason) override {
        closed_ = true;
        of_->client_closed(code, reason);
    }

private:
    const std::shared_ptr<relay> of_;
    bool closed_ = false;
};

class relay::to_peer final : public http::peer_events {
public:
    to_peer(std::shared_ptr<relay> of, std::uint64_t turn) : opening_(std::move(of)), of_(opening_), turn_(turn) {}

    void on_open(const std::shared_ptr<http::websocket>& session) override {
        const auto opening = std::exchange(opening_, nullptr);
        opening->granted_by_peer(turn_, session);
    }
    void on_refused(result<http::client_response> why) override {
        const auto opening = std::exchange(opening_, nullptr);
        if (!why) return opening->refused(turn_, api::problem(errc::unavailable, "no node leads this site"), true);
        const bool turned_away = is_turned_away(*why);
        opening->refused(turn_, to_response(std::move(*why)), turned_away);
    }
    void on_message(std::string_view text) override {
        const auto alive = of_.lock();
        if (alive && !alive->pass_to_client(turn_, std::make_shared<const std::string>(text))) return;
    }
    void on_close(close_code code, std::string_view reason) override {
        if (const auto alive = of_.lock()) alive->closed_above(turn_, code, reason);
    }

private:
    std::shared_ptr<relay> opening_;  ///< until it is opened or refused
    const std::weak_ptr<relay> of_;
    const std::uint64_t turn_;
};

/// What the site on this node has as the client's session.
class relay::to_site final : public http::websocket {
public:
    to_site(std::weak_ptr<relay> of, std::uint64_t turn, std::string peer)
        : of_(std::move(of)), turn_(turn), peer_(std::move(peer)) {}

    bool send(http::shared_text text) override {
        const auto alive = of_.lock();
        return alive && alive->pass_to_client(turn_, text);
    }
    void close(close_code code, std::string_view reason) override {
        if (const auto alive = of_.lock()) alive->closed_above(turn_, code, reason);
    }
    const std::string& peer() const override { return peer_; }

private:
    const std::weak_ptr<relay> of_;
    const std::uint64_t turn_;
    const std::string peer_;
};

relay::relay(exchange& on, kept_request asked, http::responder answer, bool only_here)
    : on_(on),
      asked_(std::move(asked)),
      answer_(std::move(answer)),
      only_here_(only_here),
      until_(steady::now() + on.settings().held_for),
      told_(asked_) {}

relay::~relay() { on_.leave(this); }

void relay::open(exchange& on, kept_request asked, http::responder answer) {
    const std::shared_ptr<relay> made(new relay(on, std::move(asked), std::move(answer), false));
    on.enter(made);
    made->connect();
}

void relay::open_here(exchange& on, kept_request asked, http::responder answer) {
    const std::shared_ptr<relay> made(new relay(on, std::move(asked), std::move(answer), true));
    on.enter(made);
    made->connect();
}

void relay::connect() {
    std::uint64_t turn = 0;
    std::string target;
    {
        const lock hold(mutex_);
        if (over_) return;
        turn = ++turn_;
        target = told_.target();
    }
    if (connect_here(turn, target)) return;
    if (only_here_) return refused(turn, not_leading(), false);
    const auto leads = on_.who_leads();
    if (!leads || leads->here || leads->address.empty()) return connect_later(turn);
    on_.peers().open(passed_on(on_, *leads, asked_, std::move(target)),
                     std::make_shared<to_peer>(shared_from_this(), turn));
}

bool relay::connect_here(std::uint64_t turn, const std::string& target) {
    const auto departures = on_.departures();
    kept_request asked = asked_;
    asked.target = target;
    // Where the site is not here, nobody answers, and that is no refusal.
    const auto is_asked = std::make_shared<bool>(true);
    const http::responder granting(
        [self = shared_from_this(), turn, is_asked](http::response told) {
            if (*is_asked) self->refused(turn, std::move(told), false);
        },
        [self = shared_from_this(), turn, departures](std::shared_ptr<http::websocket_events> site,
                                                      const std::string&) {
            self->granted_here(turn, departures, std::move(site));
        });
    const bool is_here = on_.answer_here(asked.view(), granting);
    if (!is_here) *is_asked = false;
    return is_here;
}

void relay::connect_later(std::uint64_t turn) {
    bool is_too_late = false;
    std::uint32_t tries = 0;
    {
        const lock hold(mutex_);
        if (over_ || turn != turn_) return;
        is_too_late = !answered_ && steady::now() >= until_;
        over_ = is_too_late;
        tries = tries_++;
    }
    if (is_too_late)
        return answer_.send(api::problem(errc::unavailable, "no node leads this site right now: try again"));
    on_.watch().wait(some_pause(tries), [self = shared_from_this()] { self->connect(); });
}

void relay::refused(std::uint64_t turn, http::response told, bool is_turned_away) {
    std::shared_ptr<http::websocket> client;
    bool is_final = false;
    bool is_first = false;
    {
        const lock hold(mutex_);
        if (over_ || turn != turn_) return;
        is_first = !answered_;
        is_final = only_here_ || (!is_turned_away && told.status() < 500);
        if (is_final) {
            over_ = is_first;  // else the client's end is the end
            client = client_;
        }
    }
    if (!is_final) return connect_later(turn);
    if (is_first) return answer_.send(std::move(told));
    // Whoever comes again is told why: the session has ended, say.
    if (client) client->close(close_code::service_restart, "open it again");
}

/// True when the client is there to be served; else the handshake is granted now, or was, and it comes.
bool relay::tell_granted(std::uint64_t turn) {
    {
        const lock hold(mutex_);
        if (over_ || turn != turn_) return false;
        if (waiting_ && client_) (void)client_->send(reconnected);
        waiting_ = false;
        tries_ = 0;
        if (answered_) return client_ != nullptr;
        answered_ = true;
    }
    answer_.accept(std::make_shared<to_client>(shared_from_this()));
    return false;
}

void relay::granted_here(std::uint64_t turn, std::uint64_t departures, std::shared_ptr<http::websocket_events> site) {
    {
        const lock hold(site_mutex_);
        if (departures != on_.departures()) return connect_later(turn);
        {
            const lock also(mutex_);
            if (over_ || turn != turn_) return;
        }
        if (site_ && site_is_open_) site_->on_close(close_code::going_away, "opened anew");
        site_ = std::move(site);
        site_session_ = std::make_shared<to_site>(weak_from_this(), turn, asked_.peer);
        site_is_open_ = false;
    }
    if (!tell_granted(turn)) return;
    const lock hold(site_mutex_);
    if (!site_ || site_is_open_) return;
    site_is_open_ = true;
    site_->on_open(site_session_);
}

void relay::granted_by_peer(std::uint64_t turn, const std::shared_ptr<http::websocket>& peer) {
    bool is_wanted = false;
    {
        const lock hold(mutex_);
        is_wanted = !over_ && turn == turn_;
        if (is_wanted) peer_ = peer;
    }
    if (!is_wanted) return peer->close(close_code::normal, "nobody is there any more");
    (void)tell_granted(turn);
}

bool relay::pass_to_client(std::uint64_t turn, const http::shared_text& text) {
    const lock hold(mutex_);
    if (over_ || turn != turn_) return false;
    if (!client_) {
        if (early_.size() >= most_early) return false;
        early_.push_back(text);
        return true;
    }
    if (!client_->send(text)) return false;
    told_.note(*text);
    return true;
}

void relay::closed_above(std::uint64_t turn, close_code code, std::string_view reason) {
    std::shared_ptr<http::websocket> client;
    {
        const lock hold(mutex_);
        if (over_ || turn != turn_) return;
        if (!is_gone(code)) client = client_;
    }
    if (client) return client->close(code, reason);
    lose(turn);
}

void relay::lose(std::uint64_t turn) {
    {
        const lock hold(mutex_);
        if (over_ || turn != turn_) return;
        turn = ++turn_;
        peer_.reset();
        early_.clear();  // what comes next begins behind what the client has had
        if (only_here_) {
            over_ = client_ == nullptr;  // else the client's end is the end
            if (client_) client_->close(close_code::going_away, "another node leads");
            return;
        }
        if (client_ && !waiting_) {
            (void)client_->send(reconnecting);
            waiting_ = true;
        }
    }
    on_.figures().relay_moved();
    connect_later(turn);
}

void relay::site_has_gone() {
    std::shared_ptr<http::websocket_events> gone;
    std::uint64_t turn = 0;
    {
        const lock hold(site_mutex_);
        gone = std::exchange(site_, nullptr);
        site_session_.reset();
        if (gone && site_is_open_) gone->on_close(close_code::going_away, "another node leads");
        site_is_open_ = false;
        const lock also(mutex_);
        turn = turn_;
    }
    if (gone) lose(turn);
}

void relay::opened(const std::shared_ptr<http::websocket>& client) {
    const lock hold(site_mutex_);
    {
        const lock also(mutex_);
        if (over_) return client->close(close_code::going_away, "open it again");
        client_ = client;
        for (const auto& each : early_)
            if (client->send(each)) told_.note(*each);
        early_.clear();
    }
    if (!site_ || site_is_open_) return;
    site_is_open_ = true;
    site_->on_open(site_session_);
}

void relay::heard(std::string_view text) {
    std::shared_ptr<http::websocket> peer;
    std::uint64_t turn = 0;
    {
        const lock hold(mutex_);
        peer = peer_;
        turn = turn_;
    }
    // One that takes nothing more is gone, or as good as gone: it goes on with another.
    if (peer && !peer->send(std::string(text))) lose(turn);
    if (peer) return;
    const lock hold(site_mutex_);
    if (site_ && site_is_open_) site_->on_message(text);
}

void relay::client_closed(close_code code, std::string_view reason) {
    std::shared_ptr<http::websocket> peer;
    {
        const lock hold(mutex_);
        over_ = true;
        ++turn_;
        peer = std::exchange(peer_, nullptr);
        client_.reset();
    }
    if (peer) peer->close(to_say(code), reason);
    const lock hold(site_mutex_);
    const auto site = std::exchange(site_, nullptr);
    if (site && site_is_open_) site->on_close(code, reason);
    site_session_.reset();
}

}  // namespace kindred::nodes
