#include "engine/runtime/sending/reply_parts.hpp"

#include "engine/base/json.hpp"
#include "engine/channel/file_rules.hpp"
#include "engine/channel/long_text.hpp"
#include "engine/runtime/tickets/reply_context.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

constexpr std::size_t most_parts = 20;

std::string names_of(const std::vector<approved_template>& templates) {
    std::string names;
    for (const auto& each : templates) {
        names += names.empty() ? "" : ", ";
        names += each.name + (each.language.empty() ? "" : " (" + each.language + ')');
    }
    return names.empty() ? "the channel's settings list none yet (templates:)" : names;
}

result<void> check_template(const channel_entry& via, const channel::message_template& wanted) {
    if (!via.works->can().templates)
        return fail(errc::invalid, "template: " + via.connector + " sends no templates; write a text");
    const auto& approved = via.policy.templates;
    const auto found = std::find_if(approved.begin(), approved.end(), [&](const approved_template& each) {
        return each.name == wanted.name &&
               (each.language.empty() || wanted.language.empty() || each.language == wanted.language);
    });
    if (found == approved.end())
        return fail(errc::invalid,
                    "template: \"" + wanted.name + "\" is not one that is approved: " + names_of(approved));
    if (found->parameters && *found->parameters != wanted.parameters.size())
        return fail(errc::invalid, "template.parameters: " + wanted.name + " wants " +
                                       std::to_string(*found->parameters) + ", there are " +
                                       std::to_string(wanted.parameters.size()));
    return {};
}

/// The language that the settings name, where the reply names none.
channel::message_template completed(const channel_entry& via, channel::message_template wanted) {
    if (!wanted.language.empty()) return wanted;
    for (const auto& each : via.policy.templates)
        if (each.name == wanted.name) wanted.language = each.language;
    return wanted;
}

}  // namespace

result<void> check_window(const channel_entry& via, std::string_view reply_context, time_point now) {
    const auto can = via.works->can();
    if (!can.free_text_for) return {};
    const auto written = last_written_at(reply_context);
    if (!written || now - *written <= *can.free_text_for) return {};
    const auto hours = std::chrono::duration_cast<std::chrono::hours>(*can.free_text_for).count();
    std::string why =
        "text: " + via.connector + " takes a free text only within " + std::to_string(hours) +
        " hours of the customer's last message, " +
        (*written == never_written ? "and this one has not written" : "which came at " + to_rfc3339(*written));
    if (can.templates)
        why += ": send an approved template instead (template: {name, language, parameters}); approved: " +
               names_of(via.policy.templates);
    return fail(errc::conflict, why);
}

result<std::vector<channel::outgoing>> reply_parts(const channel_entry& via, std::string_view reply_context,
                                                   const action::reply& said, time_point now) {
    const auto can = via.works->can();
    std::vector<channel::outgoing> parts;
    if (said.use_template) {
        if (!said.text.empty() || !said.files.empty())
            return fail(errc::invalid, "template: stands alone, without a text or attachments");
        if (auto fine = check_template(via, *said.use_template); !fine) return fine.error();
        parts.push_back(outgoing_from(reply_context));
        parts.back().use_template = completed(via, *said.use_template);
        return parts;
    }
    if (said.text.empty() && said.files.empty()) return fail(errc::invalid, "text: is empty");
    if (auto fine = channel::check_files(can, via.connector, said.files); !fine) return fine.error();
    if (auto fine = check_window(via, reply_context, now); !fine) return fine.error();

    const auto limit = via.policy.longest_text.value_or(can.longest_text);
    auto texts = said.text.empty() ? result<std::vector<std::string>>(std::vector<std::string>{})
                                   : channel::split_text(said.text, limit);
    if (!texts) return texts.error();
    // What is said to a caller cannot go on in a second message: it would cut the first one off.
    const bool is_said = via.kind == channel_kind::phone;
    if (texts->size() > 1 && (is_said || via.policy.when_too_long == long_text::refuse))
        return fail(errc::too_large, "text: has " + std::to_string(channel::length_of(said.text, limit.counted_in)) +
                                         ", " + via.name + " takes " + channel::to_text(limit) + ": shorten it" +
                                         (is_said ? "" : ", or set long_text: split"));
    if (texts->size() > most_parts)
        return fail(errc::too_large, "text: would go as " + std::to_string(texts->size()) + " messages of " +
                                         channel::to_text(limit) + ", at most 20 are sent: shorten it");
    for (auto& text : *texts) {
        parts.push_back(outgoing_from(reply_context));
        parts.back().text = std::move(text);
    }
    if (can.files_travel_alone) {
        for (const auto& file : said.files) {
            parts.push_back(outgoing_from(reply_context));
            parts.back().files = {file};
        }
    } else if (!said.files.empty()) {
        if (parts.empty()) {
            parts.push_back(outgoing_from(reply_context));
            for (const auto& file : said.files)
                parts.back().text += (parts.back().text.empty() ? "" : ", ") + file.name;
        }
        parts.front().files = said.files;
    }
    return parts;
}

void write_reply_extras(json::writer& out, const action::reply& said) {
    if (said.use_template) {
        out.key("template").begin_object().member("name", said.use_template->name);
        out.member_if("language", said.use_template->language).key("parameters").begin_array();
        for (const auto& each : said.use_template->parameters) out.value(each);
        out.end_array().end_object();
    }
    if (said.files.empty()) return;
    out.key("files").begin_array();
    for (const auto& file : said.files)
        out.begin_object().member("id", file.id).member("name", file.name).member("type", file.type).end_object();
    out.end_array();
}

}  // namespace kindred::runtime
