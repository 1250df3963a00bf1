#include "connectors/instagram/payload.hpp"

#include "engine/channel/meta_messaging.hpp"
#include "engine/channel/webhook.hpp"
#include "engine/domain/identity.hpp"

#include <string>

namespace kindred::connectors::instagram {
namespace {

using channel::record;
using channel::record_kind;
using json::literal;

/// A comment below one of our posts. Those of one person below one post are one conversation.
bool read_comment(json::value change, std::string_view account, record& made) {
    const auto comment = change["value"];
    if (change["field"].text() != "comments" || !comment.is_object()) return false;
    made.provider_message_id = comment["id"].text_or_number();
    made.from = comment["from"]["id"].text_or_number();
    if (made.provider_message_id.empty() || made.from.empty()) return false;
    made.event_id = channel::event_id({"comment", made.provider_message_id});
    made.handle = comment["from"]["username"].text();
    made.to = account;
    made.text = comment["text"].text();
    made.thread = comment["media"]["id"].text_or_number();
    made.conversation = "comment:" + made.thread + '>' + made.from;
    made.reply_to = comment["parent_id"].text_or_number();
    made.add_detail("comment", literal(made.provider_message_id));
    if (made.from == account) {
        made.kind = record_kind::echo;
        made.ignored_because = "echo";
        return true;
    }
    made.identities.push_back(provider_identity("instagram", std::string(account) + ':' + made.from));
    return true;
}

}  // namespace

result<std::vector<record>> parse(std::string_view body, std::string_view account_id) {
    return channel::parse_meta_messaging(
        {.object = "instagram", .space = "instagram", .account = account_id, .read_change = read_comment}, body);
}

}  // namespace kindred::connectors::instagram
