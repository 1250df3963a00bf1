#include "engine/redis/connection.hpp"

#include "engine/base/deadline.hpp"
#include "engine/redis/refusal.hpp"

#include <algorithm>

namespace kindred::redis {
namespace {

std::string shown(const server_address& server) { return server.host + ":" + std::to_string(server.port); }

std::size_t size_of(std::span<const command> commands) {
    std::size_t size = 0;
    for (const auto& each : commands) {
        for (const auto& argument : each) size += argument.size() + 16;  // and what frames it
    }
    return size;
}

}  // namespace

result<std::unique_ptr<connection>> connection::open(const connection_settings& settings, const tls::stop_bell& bell) {
    const auto where = shown(settings.server);
    auto stream =
        tls::client_stream::connect(settings.server.host, settings.server.port, settings.connect_within, bell);
    if (!stream) return fail(errc::unavailable, "Redis at " + where + ": " + stream.error().message);
    if (settings.tls) {
        auto secured = (*stream)->start_tls(settings.server.host, settings.ca_file, settings.connect_within);
        if (!secured) return fail(errc::unavailable, "Redis at " + where + ": TLS: " + secured.error().message);
    }
    std::unique_ptr<connection> made(new connection(settings, std::move(*stream)));
    if (auto done = made->log_in(); !done)
        return error{done.error().code, "Redis at " + where + ": " + done.error().message};
    if (settings.figures) settings.figures->connected();
    return made;
}

result<void> connection::log_in() {
    std::vector<command> said;
    if (!settings_.password.empty()) {
        auto& auth = said.emplace_back(command{"AUTH"});
        if (!settings_.user.empty()) auth.push_back(settings_.user);
        auth.push_back(settings_.password);
    }
    said.push_back({"CLIENT", "SETNAME", settings_.name});
    const auto replies = call(said, settings_.connect_within);
    if (!replies) return fail(errc::unavailable, replies.error().message);
    for (const auto& each : *replies) {
        if (!each.is_refusal()) continue;
        const auto why = refusal_of(each.text);
        // Who may not name its connection is logged in all the same.
        if (why == refusal::forbidden) continue;
        const bool for_now = remedy_for(why) == remedy::wait;
        return fail(for_now ? errc::unavailable : errc::unauthorized, "the log-in is refused: " + each.text);
    }
    return {};
}

result<std::vector<reply>> connection::call(std::span<const command> commands) {
    return call(commands, settings_.answer_within);
}

result<std::vector<reply>> connection::call(std::span<const command> commands, std::chrono::milliseconds within) {
    if (commands.size() > most_commands || size_of(commands) > most_command_bytes)
        return fail(errc::too_large, "more commands at once than a connection takes");
    if (!usable_) return fail(errc::unavailable, "the connection to Redis has ended");
    out_.clear();
    encode(commands, out_);
    const auto until = deadline::in(within);
    const auto written = over_->write(out_, within);
    auto replies = written ? read(commands.size(), until.left()) : written.error();
    if (settings_.figures) count(replies);
    if (replies) return replies;
    usable_ = false;
    return fail(errc::unknown, "Redis: " + replies.error().message);
}

void connection::count(const result<std::vector<reply>>& came) const {
    if (!came) return settings_.figures->left_unknown();
    for (const auto& each : *came)
        if (each.is_refusal()) settings_.figures->refused(refusal_of(each.text));
}

result<std::vector<reply>> connection::read(std::size_t wanted, std::chrono::milliseconds within) {
    const auto until = deadline::in(within);
    std::vector<reply> replies;
    while (true) {
        while (replies.size() < wanted) {
            auto next = reader_.next();
            if (!next) return next.error();
            if (!*next) break;
            replies.push_back(std::move(**next));
        }
        if (replies.size() == wanted) return replies;
        const auto bytes = over_->read(until.left());
        if (!bytes) return bytes.error();
        if (auto taken = reader_.take(*bytes); !taken) return taken.error();
    }
}

}  // namespace kindred::redis
