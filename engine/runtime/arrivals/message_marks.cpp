#include "engine/runtime/arrivals/message_marks.hpp"

#include "engine/base/json.hpp"
#include "engine/channel/webhook.hpp"
#include "engine/runtime/arrivals/contacts.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

using channel::record_kind;

std::string text_of_detail(const channel::record& happened, std::string_view name) {
    for (const auto& each : happened.details) {
        if (each.name != name) continue;
        const auto parsed = json::document::parse(each.json);
        return parsed ? parsed->root().text_or_number() : std::string();
    }
    return {};
}

/// The provider's id of the message that a record is about.
std::string target_id(const channel::record& happened) {
    switch (happened.kind) {
        case record_kind::status:
        case record_kind::bounce: return happened.provider_message_id;
        case record_kind::edit:
        case record_kind::deletion:
        case record_kind::reaction: {
            auto named = text_of_detail(happened, "target");
            if (named.empty() && happened.kind == record_kind::reaction) named = happened.reply_to;
            return named.empty() ? happened.provider_message_id : named;
        }
        default: return {};
    }
}

/// The state that a provider's word stands for; nothing for those that say nothing about arrival.
std::optional<message_state> state_of(std::string_view word) {
    for (const auto& [name, state] :
         std::initializer_list<std::pair<std::string_view, message_state>>{{"sent", message_state::sent},
                                                                           {"accepted", message_state::sent},
                                                                           {"queued", message_state::pending},
                                                                           {"delivered", message_state::delivered},
                                                                           {"read", message_state::read},
                                                                           {"played", message_state::read},
                                                                           {"opened", message_state::read},
                                                                           {"failed", message_state::failed},
                                                                           {"undelivered", message_state::failed},
                                                                           {"dropped", message_state::failed},
                                                                           {"bounced", message_state::failed}})
        if (word == name) return state;
    return std::nullopt;
}

void keep_first(std::optional<time_point>& into, time_point at) {
    if (!into || at < *into) into = at;
}

/// Statuses come in any order: what was once read stays read.
void advance(message_mark& mark, message_state to, time_point at, std::string_view reason) {
    if (to == message_state::delivered) keep_first(mark.delivered_at, at);
    if (to == message_state::read) keep_first(mark.read_at, at);
    const auto stands = mark.state.value_or(message_state::pending);
    if (to == message_state::failed) {
        if (stands == message_state::delivered || stands == message_state::read) return;
        if (mark.failed_because.empty()) mark.failed_because = reason;
        mark.state = to;
        return;
    }
    const bool recovers = stands == message_state::failed && to >= message_state::delivered;
    if (recovers) mark.failed_because.clear();
    if (recovers || (stands != message_state::failed && to > stands)) mark.state = to;
}

time_point time_of(json::value record, time_point otherwise) {
    const auto stamp = record["timestamp"];
    if (stamp.is_string()) return parse_time(stamp.text()).value_or(otherwise);
    const auto number = stamp.integer();
    if (!number || *number <= 0) return otherwise;
    constexpr std::int64_t more_than_seconds = 100'000'000'000;
    return *number > more_than_seconds ? from_millis(*number) : from_millis(*number * 1000);
}

void react(message_mark& mark, json::value record) {
    const std::string from(record["from"].text());
    const auto emoji = record["emoji"].text();
    std::erase_if(mark.reactions, [&](const reaction& each) { return each.from == from; });
    const bool removed = record["removed"].boolean().value_or(false) || emoji.empty();
    if (!removed) mark.reactions.push_back({from, std::string(emoji)});
}

/// Reads a history into marks.
class reader {
public:
    void read(const store::entry_row& row) {
        if (row.kind == "reply" || row.kind == "survey") {
            replies_.push_back(&row);
            marks_[row.number].state = message_state::pending;
        }
        if (row.kind == "sent_again") read_sent_again(row);
        if (row.kind == "delivery" || row.kind == "status" || row.kind == "bounce" || row.kind == "edit" ||
            row.kind == "delete" || row.kind == "reaction")
            if (const auto parsed = json::document::parse(row.json)) read(row, parsed->root());
    }
    std::map<std::uint32_t, message_mark> take() { return std::move(marks_); }

private:
    /// It is as if it had been written anew.
    void read_sent_again(const store::entry_row& row) {
        const auto parsed = json::document::parse(row.json);
        const auto about = parsed ? (*parsed)["entry"].integer() : std::nullopt;
        if (!about || !marks_.contains(static_cast<std::uint32_t>(*about))) return;
        auto& mark = marks_[static_cast<std::uint32_t>(*about)];
        mark.state = message_state::pending;
        mark.failed_because.clear();
    }
    void read(const store::entry_row& row, json::value line) {
        if (row.kind == "delivery") return read_delivery(row, line);
        const auto record = line["record"];
        const auto about = line["about"].integer();
        const auto at = time_of(record, row.at);
        if (!about) {
            if (row.kind == "status") read_watermark(record, at);
            return;
        }
        auto& mark = marks_[static_cast<std::uint32_t>(*about)];
        if (row.kind == "status") read_status(mark, record, at);
        if (row.kind == "bounce") advance(mark, message_state::failed, at, reason_of(record));
        if (row.kind == "edit") read_edit(mark, record, at);
        if (row.kind == "delete") mark.deleted_at = at;
        if (row.kind == "reaction") react(mark, record);
    }
    void read_delivery(const store::entry_row& row, json::value line) {
        const auto about = line["entry"].integer();
        const auto state = state_of(line["state"].text());
        if (about && state && marks_.contains(static_cast<std::uint32_t>(*about)))
            advance(marks_[static_cast<std::uint32_t>(*about)], *state, row.at, line["reason"].text());
    }
    static std::string reason_of(json::value record) {
        std::string reason(record["error_title"].text());
        if (reason.empty()) reason = record["reason"].text();
        auto code = record["error"].text_or_number();
        if (reason.empty() && code.empty()) {  // a mail's report (RFC 3464) has them for each recipient
            const auto first = record["results"].at(0);
            reason = first["diagnostic"].text();
            code = first["status"].text();
        }
        if (!code.empty()) reason += reason.empty() ? code : " (" + code + ")";
        return reason;
    }
    static void read_status(message_mark& mark, json::value record, time_point at) {
        if (const auto state = state_of(record["status"].text())) advance(mark, *state, at, reason_of(record));
    }
    static void read_edit(message_mark& mark, json::value record, time_point at) {
        if (mark.edited_at && *mark.edited_at > at) return;
        mark.edited_at = at;
        if (record["text"].is_string()) mark.text = record["text"].text();
    }
    /// "Everything up to then": of the messages that were written until that time.
    void read_watermark(json::value record, time_point at) {
        const auto until = record["watermark_ms"].integer();
        const auto state = state_of(record["status"].text());
        if (!until || !state) return;
        for (const auto* reply : replies_)
            if (reply->at <= from_millis(*until)) advance(marks_[reply->number], *state, at, {});
    }

    std::map<std::uint32_t, message_mark> marks_;
    std::vector<const store::entry_row*> replies_;
};

}  // namespace

std::string_view name_of(message_state state) {
    switch (state) {
        case message_state::pending: return "pending";
        case message_state::sent: return "sent";
        case message_state::delivered: return "delivered";
        case message_state::read: return "read";
        case message_state::failed: return "failed";
    }
    return "pending";
}

std::string message_event_id(std::string_view provider_message_id) {
    return channel::event_id({channel::name_of(record_kind::message), provider_message_id});
}

std::vector<store::unique_key> keys_of_target(const channel_entry& via, const channel::record& happened) {
    const auto id = target_id(happened);
    if (id.empty()) return {};
    std::vector<store::unique_key> keys{{message_space(via.name), id}, {via.name, message_event_id(id)}};
    // Mail reports name their message without brackets, and refer to it with them.
    if (happened.kind == record_kind::status || happened.kind == record_kind::bounce)
        for (const auto& each : happened.references) keys.push_back({message_space(via.name), each});
    return keys;
}

std::optional<store::key_row> target_of(const world& on, const channel_entry& via, const channel::record& happened,
                                        const store::prefetched& known) {
    for (const auto& key : keys_of_target(via, happened))
        if (auto found = on.keys.find(key)) return found;
    return target_id(happened).empty() ? std::nullopt : known.reference;
}

std::string mark_json(const channel::record& happened, std::uint32_t about) {
    json::writer out;
    out.begin_object().key("record").raw(channel::to_json(happened));
    if (about != 0) out.member("about", about);
    return out.end_object().take();
}

void erase_message(step& in, ticket& about, const store::key_row& message) {
    json::writer out;
    out.begin_object().member("kind", channel::name_of(record_kind::message)).member("deleted", true).end_object();
    if (message.entry == 1) about.subject = "(taken back)";  // it was the first words of that message
    in.rewrite_entry(about, {about.id, message.entry, "contact", message.at, out.take()});
}

std::map<std::uint32_t, message_mark> marks_of(const std::vector<store::entry_row>& entries) {
    reader history;
    for (const auto& row : entries) history.read(row);
    return history.take();
}

}  // namespace kindred::runtime
