#include "engine/store/redis/accounts.hpp"

#include "engine/base/json.hpp"

namespace kindred::store::redis {
namespace {

constexpr std::string_view session_table = "sessions";
constexpr std::string_view token_table = "tokens";

std::string to_json(const session_row& row) {
    json::writer out;
    return out.begin_object()
        .member("agent", row.agent.value)
        .member("created_at", to_millis(row.created_at))
        .member("used_at", to_millis(row.used_at))
        .member("expires_at", to_millis(row.expires_at))
        .end_object()
        .take();
}

std::string to_json(const token_row& row) {
    json::writer out;
    return out.begin_object()
        .member("name", row.name)
        .member("role", row.role)
        .member("created_at", to_millis(row.created_at))
        .member("revoked", row.revoked)
        .end_object()
        .take();
}

error damaged(std::string_view table) {
    return fail(errc::corrupt, "Redis has " + std::string(table) + " that are damaged");
}

}  // namespace

result<void> accounts::put(const session_row& session) {
    return in_.put_value(session_table, session.hash, to_json(session));
}

result<void> accounts::put(const token_row& token) { return in_.put_value(token_table, token.hash, to_json(token)); }

result<std::vector<session_row>> accounts::sessions() {
    const auto rows = in_.values(session_table);
    if (!rows) return rows.error();
    std::vector<session_row> all;
    for (const auto& [hash, bytes] : *rows) {
        const auto parsed = json::document::parse(bytes);
        if (!parsed) return damaged(session_table);
        const auto time = [&](const char* name) { return from_millis((*parsed)[name].integer().value_or(0)); };
        const auto agent = static_cast<std::uint64_t>((*parsed)["agent"].integer().value_or(0));
        all.push_back({hash, agent_id{agent}, time("created_at"), time("used_at"), time("expires_at")});
    }
    return all;
}

result<void> accounts::drop_sessions(std::string_view hash_or_empty, agent_id agent) {
    if (!hash_or_empty.empty()) return in_.drop_value(session_table, hash_or_empty);
    const auto all = sessions();
    if (!all) return all.error();
    for (const auto& each : *all)
        if (each.agent == agent)
            if (auto done = in_.drop_value(session_table, each.hash); !done) return done;
    return {};
}

result<void> accounts::trim(time_point now) {
    const auto all = sessions();
    if (!all) return all.error();
    for (const auto& each : *all)
        if (each.expires_at <= now)
            if (auto done = in_.drop_value(session_table, each.hash); !done) return done;
    return {};
}

result<void> accounts::copy_to(store& copy, std::span<const agent_row> people) {
    const auto all = sessions();
    if (!all) return all.error();
    for (const auto& each : people)
        if (auto done = copy.drop_sessions({}, each.id); !done) return done;
    for (const auto& each : *all)
        if (auto done = copy.put_session(each); !done) return done;
    const auto rows = in_.values(token_table);
    if (!rows) return rows.error();
    for (const auto& [hash, bytes] : *rows) {
        const auto parsed = json::document::parse(bytes);
        if (!parsed) return damaged(token_table);
        const token_row row{hash, std::string((*parsed)["name"].text()), std::string((*parsed)["role"].text()),
                            from_millis((*parsed)["created_at"].integer().value_or(0)),
                            (*parsed)["revoked"].boolean().value_or(false)};
        if (auto done = copy.put_token(row); !done) return done;
    }
    return {};
}

}  // namespace kindred::store::redis
