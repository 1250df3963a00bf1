#pragma once
#include "engine/store/sqlite/writer.hpp"

namespace kindred::store::sqlite {

/// Sessions and tokens, each change durable at once. Thread-safe, like the writer that it goes through.
class accounts {
public:
    /// `through` must outlive this.
    explicit accounts(writer& through);

    result<void> put_session(const session_row& session);
    result<void> drop_sessions(std::string_view hash_or_empty, agent_id agent);
    result<void> put_token(const token_row& token);

private:
    writer& through_;
    statement put_session_, drop_session_, drop_sessions_of_, put_token_;
};

}  // namespace kindred::store::sqlite
