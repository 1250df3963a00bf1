#pragma once
#include "connectors/declared/extract.hpp"
#include "connectors/declared/field_path.hpp"
#include "connectors/declared/text_template.hpp"
#include "engine/channel/connector.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kindred::connectors::declared {

/// How an answer leaves: what `reply` says of it.
struct reply_rules {
    std::string api_base;
    std::string token;
    std::string user, password;  ///< HTTP Basic
    std::string method = "POST";
    text_template url;
    std::vector<std::pair<std::string, text_template>> headers;
    std::shared_ptr<const json::document> body;  ///< a template: its strings have places; null without body
    std::vector<std::pair<std::string, text_template>> form;  ///< instead of `body`
    std::size_t longest_text = 0;                             ///< code points; 0: no limit is known
    // Of the provider's answer:
    std::optional<field_path> message_id;
    std::vector<condition> sent_when;  ///< beside a status of 2xx
    std::optional<field_path> reason;
};

/// Reads `reply`, `api_base`, `token`, `user` and `password`; nothing without `reply`. `details` are the names that
/// {detail.NAME} may have.
std::optional<reply_rules> read_reply(channel::options& settings, const std::vector<std::string>& details);

/// errc::invalid: it can never be sent (too long, nothing to put in a place of the address).
result<channel::provider_call> reply_call(const reply_rules& rules, const channel::outgoing& message);

channel::delivery judge_answer(const reply_rules& rules, const channel::provider_answer& answered,
                               channel::delivery by_status);

}  // namespace kindred::connectors::declared
