#include "engine/runtime/arrivals/contact_of.hpp"

#include "engine/base/text.hpp"
#include "engine/rules/compiled_rules.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

constexpr std::size_t headline_bytes = 200;

bool is_reply(const channel::record& happened) { return !happened.reply_to.empty() || !happened.references.empty(); }

/// Whether rules can ask for it: most of what only some providers have is for agents alone.
bool is_asked_for(const rules::ruleset& rules, std::string_view detail) {
    return detail == "intent" || detail == "understood" || detail == "attributes" ||
           rules.compiled().contact_attributes.find(detail) != nullptr;
}

void read_attribute(contact& into, const rules::ruleset& rules, std::string_view name, json::value given) {
    auto value = rules.contact_attribute(name, given);
    if (value) into.declared[std::string(name)] = {std::move(*value), "contact", into.received_at};
}

/// What contact_reader found out, where the contact itself did not say.
void read_understood(contact& into, json::value found) {
    if (into.language.empty()) into.language = language_of(found["language"].text());
    if (into.intent.empty()) into.intent = found["intent"].text();
}

/// What a provider or client said beside the common fields: the intent, attributes, or an attribute by its own name.
void read_detail(contact& into, const rules::ruleset& rules, std::string_view name, json::value given) {
    if (name == "intent")
        into.intent = given.text();
    else if (name == "understood")
        read_understood(into, given);
    else if (name == "attributes")
        given.for_each_member(
            [&](std::string_view each, json::value value) { read_attribute(into, rules, each, value); });
    else
        read_attribute(into, rules, name, given);
}

}  // namespace

std::string language_of(std::string_view locale) {
    const auto end = locale.find_first_of("-_");
    const auto code = to_lower_ascii(locale.substr(0, end));
    const bool letters = code.size() == 2 && code.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos;
    return letters ? code : std::string();
}

contact contact_of(const channel::record& happened, const channel_entry& via, const rules::ruleset& rules,
                   time_point now) {
    contact made;
    made.channel_name = via.name;
    made.kind = via.kind;
    made.from = happened.from;
    if (!happened.to.empty()) made.to.push_back(happened.to);
    made.text = happened.stripped_text ? *happened.stripped_text : happened.text.value_or(std::string());
    made.subject = happened.subject;
    made.language = language_of(happened.locale);
    made.attachments = static_cast<std::int64_t>(happened.attachments.size());
    made.is_reply = is_reply(happened);
    made.received_at = happened.at.value_or(now);
    made.conversation = happened.conversation;
    made.message_id = happened.provider_message_id;
    for (const auto& extra : happened.details) {
        if (!is_asked_for(rules, extra.name)) continue;
        const auto parsed = json::document::parse(extra.json);
        if (parsed) read_detail(made, rules, extra.name, parsed->root());
    }
    return made;
}

contact contact_from_stored(std::string_view text, const std::string& channel_name, channel_kind kind,
                            const rules::ruleset& rules, time_point at) {
    contact made;
    made.channel_name = channel_name;
    made.kind = kind;
    made.received_at = at;
    const auto parsed = json::document::parse(text);
    if (!parsed) return made;
    const auto from = parsed->root();
    made.from = from["from"].text();
    if (from["to"].is_string()) made.to.emplace_back(from["to"].text());
    made.text = from["stripped_text"].is_string() ? from["stripped_text"].text() : from["text"].text();
    made.subject = from["subject"].text();
    made.language = language_of(from["locale"].text());
    made.attachments = static_cast<std::int64_t>(from["attachments"].size());
    made.is_reply = from["reply_to"].is_string() || from["references"].size() > 0;
    made.conversation = from["conversation"].text();
    made.message_id = from["provider_message_id"].text();
    from.for_each_member([&](std::string_view name, json::value given) {
        if (is_asked_for(rules, name)) read_detail(made, rules, name, given);
    });
    return made;
}

std::string words_of(const channel::record& happened) {
    const auto& body = happened.stripped_text ? happened.stripped_text : happened.text;
    if (happened.subject.empty()) return body.value_or(std::string());
    return happened.subject + '\n' + body.value_or(std::string());
}

std::string headline_of(const channel::record& happened) {
    std::string line = happened.subject;
    if (line.empty())
        line = trim(happened.stripped_text ? *happened.stripped_text : happened.text.value_or(std::string()));
    std::replace_if(
        line.begin(), line.end(), [](char letter) { return static_cast<unsigned char>(letter) < 0x20; }, ' ');
    if (line.size() <= headline_bytes) return line;
    std::size_t end = headline_bytes;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
    return line.substr(0, end);
}

}  // namespace kindred::runtime
