#include "engine/runtime/tickets/reply_context.hpp"

#include "engine/base/json.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

/// The call that we placed and that may be recorded, while somebody talks in it.
constexpr std::string_view placed_talk = "recorded_call";

void write_list(json::writer& out, std::string_view key, const std::vector<std::string>& texts) {
    if (texts.empty()) return;
    out.key(key).begin_array();
    for (const auto& text : texts) out.value(text);
    out.end_array();
}

void read_context(json::value from, channel::outgoing& message) {
    message.from = from["from"].text();
    message.to = from["to"].text();
    message.thread = from["thread"].text();
    message.subject = from["subject"].text();
    message.provider_message_id = from["provider_message_id"].text();
    from["references"].for_each([&](json::value each) { message.references.emplace_back(each.text()); });
    if (from["details"].is_object()) message.details = from["details"].to_text();
    message.language = from["language"].text();
}

std::string_view name_of(call_mark what) {
    switch (what) {
        case call_mark::call_back: return "call_back";
        case call_mark::over: return "call_over";
        case call_mark::on_hold: return "call_on_hold";
    }
    return "call_over";
}

/// The context without a member, or with this text as its value.
void without(std::string& reply_context, std::string_view member, std::string_view instead) {
    const auto parsed = json::document::parse(reply_context);
    if (!parsed) return;
    json::writer out;
    out.begin_object();
    parsed->root().for_each_member([&](std::string_view name, json::value each) {
        if (name != member) out.key(name).raw(each.to_text());
    });
    reply_context = out.member_if(member, instead).end_object().take();
}

void read_template(json::value from, channel::outgoing& message) {
    if (!from.is_object()) return;
    auto& wanted = message.use_template.emplace();
    wanted.name = from["name"].text();
    wanted.language = from["language"].text();
    from["parameters"].for_each([&](json::value each) { wanted.parameters.emplace_back(each.text()); });
}

void read_files(json::value from, channel::outgoing& message) {
    from.for_each([&](json::value each) {
        channel::outgoing_file file;
        file.id = each["id"].text();
        file.name = each["name"].text();
        file.type = each["type"].text();
        message.files.push_back(std::move(file));
    });
}

void write_what_else(json::writer& out, const channel::outgoing& message) {
    if (message.use_template) {
        out.key("template").begin_object().member("name", message.use_template->name);
        out.member_if("language", message.use_template->language);
        write_list(out, "parameters", message.use_template->parameters);
        out.end_object();
    }
    if (message.files.empty()) return;
    out.key("files").begin_array();
    for (const auto& file : message.files)
        out.begin_object().member("id", file.id).member("name", file.name).member("type", file.type).end_object();
    out.end_array();
}

}  // namespace

void mark(std::string& reply_context, call_mark what) {
    if (is_marked(reply_context, what)) return;
    const auto end = reply_context.rfind('}');
    if (end == std::string::npos) return;
    const bool first = reply_context.find_first_not_of("{ ") == end;
    reply_context.insert(end, (first ? "\"" : ",\"") + std::string(name_of(what)) + "\":true");
}

void unmark(std::string& reply_context, call_mark what) {
    if (is_marked(reply_context, what)) without(reply_context, name_of(what), {});
}

bool is_marked(std::string_view reply_context, call_mark what) {
    // Asked of every ticket that is shown, and true of few.
    if (reply_context.find(name_of(what)) == std::string_view::npos) return false;
    const auto parsed = json::document::parse(reply_context);
    return parsed && (*parsed)[name_of(what)].boolean().value_or(false);
}

bool is_voicemail(std::string_view reply_context) {
    const auto parsed = json::document::parse(reply_context);
    return parsed && (*parsed)["details"]["voicemail"].boolean().value_or(false);
}

std::optional<recorded_talk> recorded_talk_of(std::string_view reply_context) {
    const auto parsed = json::document::parse(reply_context);
    if (!parsed) return std::nullopt;
    if (const auto placed = (*parsed)[placed_talk].text(); !placed.empty()) return recorded_talk{std::string(placed)};
    if ((*parsed)[name_of(call_mark::call_back)].boolean().value_or(false)) return std::nullopt;
    const auto consent = (*parsed)["details"]["recording_consent"].text();
    if (consent != "told" && consent != "given") return std::nullopt;
    return recorded_talk{};
}

void note_talk(std::string& reply_context, const std::optional<recorded_talk>& talk) {
    without(reply_context, placed_talk, talk ? std::string_view(talk->call) : std::string_view());
}

std::string reply_context_of(const channel::record& happened, std::string_view language, time_point arrived) {
    json::writer out;
    out.begin_object().member_if("from", happened.reply_address.empty() ? happened.from : happened.reply_address);
    out.member_if("to", happened.to).member_if("thread", happened.thread).member_if("subject", happened.subject);
    out.member_if("provider_message_id", happened.provider_message_id);
    write_list(out, "references", happened.references);
    if (!happened.details.empty()) {
        out.key("details").begin_object();
        for (const auto& extra : happened.details) out.key(extra.name).raw(extra.json);
        out.end_object();
    }
    if (!happened.conversation.empty()) out.member("conversation", happened.conversation);
    out.member_if("language", language);
    if (!happened.answer_automatically) out.member("no_automatic_answer", true);
    out.member("written_at", to_millis(std::min(happened.at.value_or(arrived), arrived)));
    std::vector<std::string> identities;
    for (const auto& each : happened.identities) identities.push_back(each.text);
    write_list(out, "identities", identities);
    return out.end_object().take();
}

std::optional<time_point> last_written_at(std::string_view reply_context) {
    const auto parsed = json::document::parse(reply_context);
    const auto millis = parsed ? (*parsed)["written_at"].integer() : std::nullopt;
    return millis ? std::optional(from_millis(*millis)) : std::nullopt;
}

std::vector<std::string> identities_of(std::string_view reply_context) {
    std::vector<std::string> found;
    if (const auto parsed = json::document::parse(reply_context))
        (*parsed)["identities"].for_each([&](json::value each) { found.emplace_back(each.text()); });
    return found;
}

bool may_answer_automatically(std::string_view reply_context) {
    const auto parsed = json::document::parse(reply_context);
    return parsed && !(*parsed)["no_automatic_answer"].exists();
}

channel::outgoing outgoing_from(std::string_view reply_context) {
    channel::outgoing message;
    if (const auto parsed = json::document::parse(reply_context)) read_context(parsed->root(), message);
    message.first = last_written_at(reply_context) == never_written;
    return message;
}

std::string to_json(const channel::outgoing& message) {
    json::writer out;
    out.begin_object().member("idempotency_key", message.idempotency_key).member_if("text", message.text);
    out.member("ticket", message.ticket).member("automatic", message.automatic).member("at", to_millis(message.at));
    out.member_if("agent_name", message.agent_name).member_if("agent_address", message.agent_address);
    out.member_if("queue", message.queue).member_if("language", message.language);
    if (message.place_call) out.member("place_call", true);
    if (message.first) out.member("first", true);
    out.member_if("from", message.from).member_if("to", message.to).member_if("thread", message.thread);
    out.member_if("subject", message.subject).member_if("provider_message_id", message.provider_message_id);
    write_list(out, "references", message.references);
    if (!message.details.empty()) out.key("details").raw(message.details);
    write_what_else(out, message);
    return out.end_object().take();
}

channel::outgoing outgoing_from_json(std::string_view text) {
    channel::outgoing message;
    const auto parsed = json::document::parse(text);
    if (!parsed) return message;
    const auto from = parsed->root();
    read_context(from, message);
    message.idempotency_key = from["idempotency_key"].text();
    message.text = from["text"].text();
    message.ticket = from["ticket"].text();
    message.automatic = from["automatic"].boolean().value_or(false);
    message.at = from_millis(from["at"].integer().value_or(0));
    message.agent_name = from["agent_name"].text();
    message.agent_address = from["agent_address"].text();
    message.queue = from["queue"].text();
    message.first = from["first"].boolean().value_or(false);
    message.place_call = from["place_call"].boolean().value_or(false);
    read_template(from["template"], message);
    read_files(from["files"], message);
    return message;
}

}  // namespace kindred::runtime
