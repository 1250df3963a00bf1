#pragma once
#include "engine/runtime/site.hpp"
#include "engine/store/memory/memory.hpp"
#include "tests/runtime/support/manual_clock.hpp"
#include "tests/runtime/support/sockets.hpp"
#include "tests/runtime/support/test_connector.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace kindred::runtime {

/// Whatever waits gives up after this: a test that would hang fails instead.
inline constexpr std::chrono::seconds patience{30};

/// Asks until it is so; false when it does not come about.
template <class Predicate>
bool eventually(const Predicate& is_so) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!is_so()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::yield();
    }
    return true;
}

/// The promised value; a broken promise (nothing was done) and one that is not kept are exceptions.
template <class T>
T value_of(std::future<T> promised) {
    if (promised.wait_for(patience) != std::future_status::ready) throw std::runtime_error("nothing came");
    return promised.get();
}

inline rules::ruleset test_rules() {
    auto read = rules::load({{"queues.yaml",
                              "queues:\n"
                              "  general: { offer: { to: 1, expires: 20s, after_decline: 60s } }\n"
                              "  narrow: { limit: 1 }\n"},
                             {"routing.yaml",
                              "routes:\n"
                              "  - { name: narrow, when: { channel.name: narrow }, queue: narrow }\n"
                              "fallback: { queue: general }\n"}});
    if (!read.rules) throw std::runtime_error("the rules of the tests have problems");
    return *read.rules;
}

inline person agent_named(const std::string& login) {
    person made;
    made.login = login;
    made.name = login;
    made.queues = {"general"};
    return made;
}

inline channel_directory test_channels() {
    const auto works = std::make_shared<test_connector>(channel_kind::chat);
    channel_policy texting;
    texting.stop_words = usual_stop_words();
    texting.start_words = usual_start_words();
    texting.flood_limit = rate{5, std::chrono::minutes{1}};
    texting.blocked = {"*@spam.example"};
    texting.longest_text = channel::text_limit{20, channel::text_unit::code_points};
    return channel_directory(
        {{"chat", "test", channel_kind::chat, works},
         {"narrow", "test", channel_kind::chat, works},
         {"texts", "test", channel_kind::social, works, std::move(texting)},
         {"calls", "test", channel_kind::phone, std::make_shared<test_connector>(channel_kind::phone)}});
}

/// A message of a visitor, whose chat is one conversation.
inline channel::record message_of(const std::string& visitor, const std::string& id,
                                  const std::string& text = "hello") {
    channel::record made;
    made.event_id = id;
    made.provider_message_id = id;
    made.from = visitor;
    made.text = text;
    made.identities = {{"webchat:" + visitor, proof::proven}};
    made.conversation = visitor;
    return made;
}

/// A site with the agents ann (1) and ben (2), on any store, at a time that the test sets. Two sites one after the
/// other on one disk are a restart.
class site_run {
public:
    explicit site_run(std::unique_ptr<store::store> durable = store::make_memory_store(), time_point start = test_start,
                      const writer_settings& writing = {})
        : clock_(start), durable_(std::move(durable)) {
        site_settings settings;
        settings.readers = 1;
        settings.writing = writing;
        settings.calls.threads = 1;
        settings.calls.trusted_hosts = {"127.0.0.1"};
        settings.commits.retry_every = std::chrono::milliseconds{2};
        settings.commits.give_up_after = give_up_after;
        auto started = site::start({.durable = *durable_,
                                    .now = clock_,
                                    .rules = test_rules(),
                                    .rules_author = "test",
                                    .channels = test_channels(),
                                    .seed = {agent_named("ann"), agent_named("ben")},
                                    .disk_is_broken = [this] { disk_is_broken_ = true; }},
                                   settings);
        if (!started) throw std::runtime_error(started.error().message);
        site_ = std::move(*started);
        settle();
    }

    /// Long enough for tests that keep the store struggling on purpose, short enough to be waited for.
    static constexpr duration give_up_after = std::chrono::seconds{2};
    static constexpr agent_id ann{1};
    static constexpr agent_id ben{2};

    runtime::site& site() { return *site_; }
    store::store& durable() { return *durable_; }
    manual_clock& clock() { return clock_; }
    bool disk_is_broken() const { return disk_is_broken_; }
    void stop() { site_->drain(patience); }

    /// Hands an input over; throws when it is not taken.
    void submit(input given) {
        if (!site_->submit(std::move(given))) throw std::runtime_error("not taken");
    }
    std::future<std::vector<outcome>> bring(std::vector<channel::record> records, const std::string& channel = "chat") {
        auto promise = std::make_shared<std::promise<std::vector<outcome>>>();
        delivery arrived;
        arrived.via = site_->channels().find(channel);
        arrived.records = std::move(records);
        arrived.done = [promise](std::vector<outcome> became) { promise->set_value(std::move(became)); };
        auto promised = promise->get_future();
        promise.reset();
        submit(std::move(arrived));
        return promised;
    }
    outcome contact(const channel::record& record, const std::string& channel = "chat") {
        return value_of(bring({record}, channel)).at(0);
    }

    /// The answer to any input that gets one.
    template <class Asked>
    result<std::string> answer_to(Asked asked) {
        auto promise = std::make_shared<std::promise<result<std::string>>>();
        auto promised = promise->get_future();
        asked.done = [promise](result<std::string> said) { promise->set_value(std::move(said)); };
        promise.reset();
        submit(std::move(asked));
        return value_of(std::move(promised));
    }
    template <class Action>
    result<std::string> act(agent_id by, ticket_id ticket, Action what, const std::string& key = {}) {
        ticket_action wanted;
        wanted.by = by;
        wanted.ticket = ticket;
        wanted.idempotency_key = key;
        wanted.what = std::move(what);
        return answer_to(std::move(wanted));
    }
    result<std::string> answer(agent_id by, offer_id offer, bool accepts, const std::string& reason = {}) {
        offer_answer given;
        given.by = by;
        given.offer = offer;
        given.accepts = accepts;
        given.reason = reason;
        return answer_to(std::move(given));
    }
    result<std::string> begin(outbound_contact wanted) { return answer_to(std::move(wanted)); }
    result<std::string> change_incident(incident_change wanted) { return answer_to(std::move(wanted)); }
    result<std::string> set_presence(agent_id agent, dispatch::presence state) {
        presence_change wanted;
        wanted.agent = agent;
        wanted.state = state;
        return answer_to(std::move(wanted));
    }
    result<std::string> board(board_question::about what, ticket_id ticket = {}) {
        board_question asked;
        asked.what = what;
        asked.ticket = ticket;
        return answer_to(std::move(asked));
    }
    /// Comes back when everything submitted so far is decided and durable, timers that are due included.
    void settle() { (void)board(board_question::about::queues); }
    void advance(duration by) {
        clock_.advance(by);
        settle();
    }

    /// A desk of this agent, opened now.
    std::shared_ptr<listening_socket> open_desk(agent_id agent) {
        auto desk = std::make_shared<listening_socket>();
        auto promise = std::make_shared<std::promise<void>>();
        auto opened = promise->get_future();
        submit(desk_change{agent, true});
        submit(desk_snapshot{agent, [this, agent, desk, promise](const std::string& shown) {
                                 site_->desks().begin(agent, desk, shown, false);
                                 promise->set_value();
                             }});
        value_of(std::move(opened));
        return desk;
    }
    /// The chat of a visitor, opened now.
    std::shared_ptr<listening_socket> open_chat(const std::string& visitor, const std::string& channel = "chat") {
        auto chat = std::make_shared<listening_socket>();
        site_->chats().enter(channel, visitor, chat);
        return chat;
    }

    std::vector<std::string> kinds_of(ticket_id ticket) {
        std::vector<std::string> kinds;
        for (const auto& each : durable_->entries(ticket, 0, 1000).value()) kinds.push_back(each.kind);
        return kinds;
    }
    std::size_t tickets() { return durable_->tickets({}).value().size(); }
    /// Waits until no message of the ticket is on its way.
    bool delivered(ticket_id ticket) {
        return eventually([&] {
            settle();
            for (const auto& row : durable_->outbox_of(ticket).value())
                if (row.state == store::outbox_state::pending) return false;
            return true;
        });
    }

private:
    manual_clock clock_;
    std::unique_ptr<store::store> durable_;
    std::atomic<bool> disk_is_broken_{false};
    std::unique_ptr<runtime::site> site_;  // last: it uses everything above
};

/// Frames of one type that a desk was sent, without the others.
inline std::vector<json::document> frames_of(const listening_socket& desk, std::string_view type) {
    std::vector<json::document> found;
    for (const auto& text : desk.heard()) {
        auto frame = json::document::parse(text);
        if (!frame) throw std::runtime_error("no JSON: " + text);
        if ((*frame)["type"].text() == type) found.push_back(std::move(*frame));
    }
    return found;
}

/// The last offer that a desk was shown.
inline offer_id offer_on(const listening_socket& desk) {
    const auto offers = frames_of(desk, "offer");
    if (offers.empty()) throw std::runtime_error("nothing was offered");
    const auto named = parse_id<offer_id>(offers.back()["offer"]["id"].text());
    if (!named) throw std::runtime_error("no offer: " + offers.back().root().to_text());
    return *named;
}

}  // namespace kindred::runtime
