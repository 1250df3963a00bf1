#include "engine/store/sqlite/accounts.hpp"

namespace kindred::store::sqlite {
namespace {

constexpr std::string_view put_session_row =
    "REPLACE INTO sessions (hash, agent, created_at, used_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)";
constexpr std::string_view drop_one_session = "DELETE FROM sessions WHERE hash = ?1";
constexpr std::string_view drop_all_of_agent = "DELETE FROM sessions WHERE agent = ?1";
constexpr std::string_view put_token_row =
    "REPLACE INTO tokens (hash, name, role, created_at, revoked) VALUES (?1, ?2, ?3, ?4, ?5)";

}  // namespace

accounts::accounts(writer& through)
    : through_(through),
      put_session_(through.on(), put_session_row),
      drop_session_(through.on(), drop_one_session),
      drop_sessions_of_(through.on(), drop_all_of_agent),
      put_token_(through.on(), put_token_row) {}

result<void> accounts::put_session(const session_row& session) {
    return through_.change("keep a session", [&] {
        return put_session_.run(session.hash, session.agent.value, session.created_at, session.used_at,
                                session.expires_at);
    });
}

result<void> accounts::drop_sessions(std::string_view hash_or_empty, agent_id agent) {
    return through_.change("end sessions", [&] {
        return hash_or_empty.empty() ? drop_sessions_of_.run(agent.value) : drop_session_.run(hash_or_empty);
    });
}

result<void> accounts::put_token(const token_row& token) {
    return through_.change("keep a token", [&] {
        return put_token_.run(token.hash, token.name, token.role, token.created_at, token.revoked ? 1 : 0);
    });
}

}  // namespace kindred::store::sqlite
