#include "engine/api/desk_socket.hpp"

#include <algorithm>
#include <memory>

namespace kindred::api {
namespace {

constexpr std::int64_t most_entries = 99'999;  // of one ticket, see runtime::chat_number

}  // namespace

void desk_socket::on_open(const std::shared_ptr<http::websocket>& session) {
    session_ = session;
    opened_ = session.get();
    if (!site_.submit(runtime::desk_change{agent_, true}))
        return session->close(http::close_code::try_again_later, "the engine is busy");
    if (after_ && site_.desks().resume(agent_, *after_, session, site_.now().now())) return;
    runtime::desk_snapshot wanted{agent_, {}};
    wanted.done = [self = shared_from_this(), session, reset = after_.has_value()](const std::string& shown) {
        self->site_.desks().begin(self->agent_, session, shown, reset);
    };
    if (!site_.submit(std::move(wanted))) session->close(http::close_code::try_again_later, "the engine is busy");
}

void desk_socket::on_message(std::string_view text) {
    const auto session = session_.lock();
    if (!session) return;
    const auto parsed = json::document::parse(text);
    if (!parsed) return session->close(http::close_code::bad_payload, "frames are JSON objects");
    // Desks act through the HTTP API; what they say here is worth something only now.
    const auto type = (*parsed)["type"].text();
    if (type == "ping") return;
    if (type != "looking" && type != "typing" && type != "read")
        return session->close(http::close_code::policy, "unknown frame type");
    // Asked anew for each: a role may have changed, and the desk may not have heard of it yet.
    const auto needed = type == "looking" ? runtime::permission::tickets_read : runtime::permission::tickets_work;
    if (!site_.people()->may(agent_).has(needed)) return;
    if (type == "looking") return look(session, parsed->root());
    runtime::chat_signal signal;
    signal.what = type == "typing" ? runtime::chat_signal::sort::typing : runtime::chat_signal::sort::read;
    signal.by = agent_;
    signal.ticket = parse_id<ticket_id>((*parsed)["ticket"].text()).value_or(ticket_id{});
    signal.entry =
        static_cast<std::uint32_t>(std::clamp<std::int64_t>((*parsed)["entry"].integer().value_or(0), 0, most_entries));
    signal.tell = [&chats = site_.chats()](const std::string& channel, const std::string& visitor,
                                           const std::string& frame) {
        (void)chats.push(channel, visitor, std::make_shared<const std::string>(frame));
    };
    // Busy: nobody misses a signal.
    (void)site_.submit(std::move(signal));
}

void desk_socket::look(const std::shared_ptr<http::websocket>& session, json::value said) {
    const auto people = site_.people();
    const auto* someone = people->find(agent_);
    const auto at = parse_id<ticket_id>(said["ticket"].text()).value_or(ticket_id{});
    others_->look(session, agent_, someone == nullptr ? std::string() : someone->name, at,
                  said["typing"].boolean().value_or(false));
}

void desk_socket::on_close(http::close_code, std::string_view) {
    others_->leave(opened_);
    if (!site_.desks().leave(agent_, opened_)) return;
    // Not taken only while the engine stops or cannot write: the lease then starts when it loads again.
    (void)site_.submit(runtime::desk_change{agent_, false});
}

void open_desk(runtime::site& site, std::shared_ptr<lookers> others, const std::shared_ptr<call>& asked) {
    std::optional<std::uint64_t> after;
    if (const auto text = asked->query_parameter("after")) after = parse_number(*text);
    asked->responder().accept(std::make_shared<desk_socket>(site, std::move(others), asked->who.agent, after));
}

}  // namespace kindred::api
