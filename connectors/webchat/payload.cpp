#include "connectors/webchat/payload.hpp"

#include "connectors/webchat/identity_token.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/webhook.hpp"
#include "engine/domain/identity.hpp"

namespace kindred::connectors::webchat {
namespace {

using channel::event_id;
using channel::record;

constexpr std::size_t longest_id = 64;
constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_address = 2000;
constexpr std::size_t most_files = 5;
constexpr std::size_t longest_upload_id = 100;

/// An optional text member, within its limit.
result<std::string> text_of(json::value frame, std::string_view name, std::size_t longest) {
    const auto member = frame[name];
    if (!member.exists() || member.is_null()) return std::string{};
    if (!member.is_string()) return fail(errc::invalid, std::string(name) + ": wants a text");
    if (count_code_points(member.text()) > longest)
        return fail(errc::too_large, std::string(name) + ": is over " + std::to_string(longest) + " characters");
    return std::string(member.text());
}

/// What the visitor says about himself: shown to agents, but it proves nothing and finds nobody's history.
result<void> read_visitor(json::value frame, std::string_view visitor, record& made) {
    auto name = text_of(frame, "name", longest_name);
    if (!name) return name.error();
    auto email = text_of(frame, "email", longest_name);
    if (!email) return email.error();
    auto language = text_of(frame, "language", 35);
    if (!language) return language.error();
    auto page = text_of(frame, "page", longest_address);
    if (!page) return page.error();
    made.display_name = std::move(*name);
    made.locale = std::move(*language);
    made.identities.push_back(provider_identity("webchat", visitor));
    if (auto claimed = email_identity(*email, proof::claimed)) {
        made.identities.push_back(std::move(*claimed));
        made.add_detail("email", json::literal(*email));
    }
    if (!page->empty()) made.add_detail("page", json::literal(*page));
    return {};
}

/// What the visitor uploaded before. Name, type and size are what the widget says, until the upload itself is seen.
result<void> read_attachments(json::value frame, record& made) {
    const auto given = frame["attachments"];
    if (!given.exists() || given.is_null()) return {};
    if (!given.is_array() || given.size() > most_files)
        return fail(errc::invalid, "attachments: wants a list of at most 5 files");
    for (std::size_t i = 0; i < given.size(); ++i) {
        const auto each = given.at(i);
        channel::attachment file;
        file.media_id = each["id"].text();
        if (file.media_id.empty() || file.media_id.size() > longest_upload_id)
            return fail(errc::invalid, "attachments: each wants the id that its upload was given");
        auto name = text_of(each, "name", longest_name);
        if (!name) return name.error();
        auto type = text_of(each, "type", longest_name);
        if (!type) return type.error();
        file.name = std::move(*name);
        file.type = std::move(*type);
        file.size = each["size"].integer().value_or(-1);
        made.attachments.push_back(std::move(file));
    }
    return {};
}

result<record> message_of(json::value frame, std::string_view visitor, const frame_rules& rules) {
    auto id = text_of(frame, "id", longest_id);
    if (!id) return id.error();
    if (id->empty()) return fail(errc::invalid, "id: is missing");
    auto text = text_of(frame, "text", rules.longest_text);
    if (!text) return text.error();
    record made;
    if (auto read = read_attachments(frame, made); !read) return read.error();
    if (trim(*text).empty() && made.attachments.empty()) return fail(errc::invalid, "text: is missing");
    // The widget makes the id once and repeats it until it is acknowledged.
    made.event_id = event_id({"message", visitor, *id});
    made.provider_message_id = std::move(*id);
    made.from = visitor;
    made.thread = visitor;
    made.conversation = "visitor:" + std::string(visitor);
    made.text = std::move(*text);
    if (auto read = read_visitor(frame, visitor, made); !read) return read.error();
    const auto proof = frame["identity"];
    if (!proof.exists() || proof.is_null()) return made;
    if (auto proven = read_identity(proof.text(), rules.identity_secrets, rules.now, made); !proven)
        return proven.error();
    return made;
}

/// Up to which line the visitor has read.
result<record> read_mark_of(json::value frame, std::string_view visitor) {
    const auto number = frame["number"].integer();
    if (!number || *number < 1) return fail(errc::invalid, "number: wants that of a line");
    record made;
    made.kind = channel::record_kind::status;
    made.event_id = event_id({"read", visitor, std::to_string(*number)});
    made.add_detail("number", std::to_string(*number));
    made.from = visitor;
    made.thread = visitor;
    made.conversation = "visitor:" + std::string(visitor);
    made.status = "read";
    return made;
}

}  // namespace

result<record> parse(std::string_view frame, std::string_view visitor, const frame_rules& rules) {
    auto parsed = json::document::parse(frame);
    if (!parsed) return parsed.error();
    const auto root = parsed->root();
    if (!root.is_object()) return fail(errc::invalid, "the frame: wants an object");
    const auto type = root["type"].text();
    if (type.empty()) return fail(errc::invalid, "type: is missing");
    if (type == "message") return message_of(root, visitor, rules);
    if (type == "read") return read_mark_of(root, visitor);
    const bool control = type == "typing" || type == "received" || type == "page";
    auto made = channel::ignored(control ? "control" : "unknown_event",
                                 event_id({"frame", visitor, channel::event_id_of_body(frame)}));
    made.from = visitor;
    made.thread = visitor;
    made.add_detail("frame", json::literal(type));
    return made;
}

}  // namespace kindred::connectors::webchat
