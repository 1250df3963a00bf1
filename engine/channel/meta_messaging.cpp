#include "engine/channel/meta_messaging.hpp"

#include "engine/base/text.hpp"
#include "engine/channel/meta_message.hpp"
#include "engine/channel/webhook.hpp"
#include "engine/domain/identity.hpp"

#include <algorithm>
#include <array>

namespace kindred::channel {
namespace {

using json::literal;

/// Codes that go away by themselves: temporary trouble and rate limits
/// (developers.facebook.com/docs/messenger-platform/error-codes).
constexpr std::array<std::int64_t, 11> passing_codes{-1, 1, 2, 4, 17, 32, 613, 1200, 80002, 80004, 80006};

/// Events about who has the talk and how it began; nobody wrote them.
constexpr std::array<std::string_view, 8> control_events{"referral",
                                                         "optin",
                                                         "pass_thread_control",
                                                         "take_thread_control",
                                                         "request_thread_control",
                                                         "app_roles",
                                                         "policy_enforcement",
                                                         "account_linking"};

/// What has been read of one body.
struct batch {
    const meta_inbox& inbox;
    std::string_view body;
    std::vector<record> records{};
    std::string account{};
    std::size_t understood = 0;
    std::string first_problem{};
};

std::string id_of_part(const batch& into) {
    return event_id({"part", std::to_string(into.records.size()), event_id_of_body(into.body)});
}

void add(batch& into, record&& made) {
    ++into.understood;
    into.records.push_back(std::move(made));
}

void skip(batch& into, std::string reason) { add(into, ignored(std::move(reason), id_of_part(into))); }

/// Meta repeats a refused delivery unchanged: one element that cannot be understood does not take the others down.
void note_problem(batch& into, std::string problem) {
    if (into.first_problem.empty()) into.first_problem = std::move(problem);
    into.records.push_back(ignored("malformed", id_of_part(into)));
}

/// Milliseconds; the dashboard's test button sends seconds, as text.
void read_time(json::value stamp, record& made) {
    auto millis = number_of(stamp.text_or_number()).value_or(-1);
    if (millis < 0 || millis > 253'402'300'799'999) return;
    if (stamp.is_string() && millis < 100'000'000'000) millis *= 1000;
    made.at = from_millis(millis);
    made.add_detail("timestamp_ms", std::to_string(millis));
}

/// The record of an event with who, where and when.
record begun(const batch& into, json::value event, bool standby) {
    record made;
    made.from = event["sender"]["id"].text_or_number();
    made.to = event["recipient"]["id"].text_or_number();
    const bool ours = made.from == into.account;
    const auto& person = ours ? made.to : made.from;
    made.conversation = person + '>' + into.account;
    made.reply_address = person;
    if (!ours && !person.empty())
        made.identities.push_back(provider_identity(into.inbox.space, into.account + ':' + person));
    read_time(event["timestamp"], made);
    if (standby) {
        made.add_detail("standby", "true");
        made.answer_automatically = false;
    }
    return made;
}

void add_message(batch& into, json::value event, record&& made) {
    const auto message = event["message"];
    made.provider_message_id = message["mid"].text();
    if (made.provider_message_id.empty()) return note_problem(into, "message.mid: is missing");
    if (made.from.empty()) return note_problem(into, "sender.id: is missing");
    read_meta_message(message, made);
    if (message["is_echo"].boolean().value_or(false) || made.from == into.account) {
        made.identities.clear();
        made.kind = record_kind::echo;
        made.ignored_because = "echo";
        if (const auto ours = message["metadata"].text(); !ours.empty())
            made.add_detail("idempotency_key", literal(ours));
    }
    made.event_id = event_id({name_of(made.kind), made.provider_message_id});
    add(into, std::move(made));
}

void add_edit(batch& into, json::value event, record&& made) {
    const auto edit = event["message_edit"];
    made.kind = record_kind::edit;
    made.provider_message_id = edit["mid"].text();
    if (made.provider_message_id.empty()) return note_problem(into, "message_edit.mid: is missing");
    made.text = edit["text"].text();
    made.add_detail("target", literal(made.provider_message_id));
    made.event_id = event_id(
        {"edit", made.provider_message_id, edit["num_edit"].text_or_number(), event["timestamp"].text_or_number()});
    add(into, std::move(made));
}

void add_postback(batch& into, json::value event, record&& made) {
    const auto pressed = event["postback"];
    made.kind = record_kind::postback;
    if (made.from.empty()) return note_problem(into, "sender.id: is missing");
    made.provider_message_id = pressed["mid"].text();
    made.text = pressed["title"].text();
    made.add_detail("button_payload", literal(pressed["payload"].text()));
    read_meta_referral(pressed["referral"], made);
    made.event_id =
        made.provider_message_id.empty()
            ? event_id({"postback", made.from, event["timestamp"].text_or_number(), pressed["payload"].text()})
            : event_id({"postback", made.provider_message_id});
    add(into, std::move(made));
}

void add_reaction(batch& into, json::value event, record&& made) {
    const auto reaction = event["reaction"];
    made.kind = record_kind::reaction;
    made.reply_to = reaction["mid"].text();
    if (made.reply_to.empty()) return note_problem(into, "reaction.mid: is missing");
    const auto emoji = reaction["emoji"].text();
    made.add_detail("target", literal(made.reply_to));
    made.add_detail("emoji", literal(emoji.empty() ? reaction["reaction"].text() : emoji));
    if (reaction["action"].text() == "unreact") made.add_detail("removed", "true");
    made.event_id = event_id(
        {"reaction", made.reply_to, made.from, reaction["action"].text(), event["timestamp"].text_or_number()});
    add(into, std::move(made));
}

/// What became of our messages: named one by one, or all up to a time.
void add_status(batch& into, json::value about, const char* status, const record& common) {
    record made = common;
    made.kind = record_kind::status;
    made.status = status;
    const auto watermark = about["watermark"].integer();
    if (watermark) made.add_detail("watermark_ms", std::to_string(*watermark));
    const auto named = about["mids"];
    if (named.size() > 0) made.add_detail("provider_message_ids", named.to_text());
    const auto add_one = [&](std::string_view mid) {
        record one = made;
        one.provider_message_id = mid;
        one.references.emplace_back(mid);
        one.event_id = event_id({"status", mid, status});
        add(into, std::move(one));
    };
    if (!named.is_array() || named.size() == 0) {
        if (const auto mid = about["mid"].text(); !mid.empty()) return add_one(mid);
        if (!watermark) return note_problem(into, std::string(status) + ": names no message and no time");
        made.event_id = event_id({"status", status, made.conversation, std::to_string(*watermark)});
        return add(into, std::move(made));
    }
    for (std::size_t i = 0; i < named.size(); ++i) add_one(named.at(i).text());
}

void add_control(batch& into, std::string_view event, record&& made) {
    made.kind = record_kind::control;
    made.ignored_because = event;
    made.add_detail("event", literal(event));
    made.event_id = id_of_part(into);
    add(into, std::move(made));
}

void add_event(batch& into, json::value event, bool standby) {
    auto made = begun(into, event, standby);
    if (event["message"].is_object()) return add_message(into, event, std::move(made));
    if (event["message_edit"].is_object()) return add_edit(into, event, std::move(made));
    if (event["postback"].is_object()) return add_postback(into, event, std::move(made));
    if (event["reaction"].is_object()) return add_reaction(into, event, std::move(made));
    if (event["delivery"].is_object()) return add_status(into, event["delivery"], "delivered", made);
    if (event["read"].is_object()) return add_status(into, event["read"], "read", made);
    for (const auto name : control_events)
        if (event[name].exists()) return add_control(into, name, std::move(made));
    skip(into, "unknown_event");
}

void add_change(batch& into, json::value change) {
    // The dashboard's test button wraps an event of `messaging` into a change.
    const auto value = change["value"];
    if (value["sender"].is_object() && value["recipient"].is_object()) return add_event(into, value, false);
    record made;
    if (into.inbox.read_change == nullptr || !into.inbox.read_change(change, into.account, made))
        return skip(into, "unknown_event");
    add(into, std::move(made));
}

/// Each element of a list that may be absent, or null, but must be a list of objects where it is there.
template <class Add>
void for_each_of(batch& into, json::value list, std::string_view name, const Add& add_element) {
    if (!list.exists() || list.is_null()) return;
    if (!list.is_array()) return note_problem(into, std::string(name) + ": wants a list");
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (list.at(i).is_object())
            add_element(list.at(i));
        else
            note_problem(into, std::string(name) + ": wants objects");
    }
}

void add_entry(batch& into, json::value entry) {
    into.account = entry["id"].text_or_number();
    if (!into.inbox.account.empty() && into.account != into.inbox.account) return skip(into, "other_account");
    for_each_of(into, entry["messaging"], "messaging", [&](json::value event) { add_event(into, event, false); });
    for_each_of(into, entry["standby"], "standby", [&](json::value event) { add_event(into, event, true); });
    for_each_of(into, entry["changes"], "changes", [&](json::value change) { add_change(into, change); });
}

}  // namespace

result<std::vector<record>> parse_meta_messaging(const meta_inbox& inbox, std::string_view body) {
    const auto parsed = json::document::parse(body);
    if (!parsed) return parsed.error();
    const auto root = parsed->root();
    if (!root.is_object()) return fail(errc::invalid, "the body: wants an object");

    batch into{inbox, body};
    if (root["object"].text() != inbox.object)
        skip(into, "unknown_object");
    else
        for_each_of(into, root["entry"], "entry", [&](json::value entry) { add_entry(into, entry); });
    if (into.understood == 0 && !into.first_problem.empty()) return fail(errc::invalid, into.first_problem);
    if (into.records.empty()) skip(into, "empty");
    return std::move(into.records);
}

std::optional<inquiry> meta_profile_of(const meta_profiles& at, const record& sender) {
    constexpr duration people_keep_their_names = std::chrono::days{1};
    if (at.token.empty() || sender.identities.empty() || sender.from.empty()) return std::nullopt;
    if (sender.kind != record_kind::message && sender.kind != record_kind::postback) return std::nullopt;
    inquiry made;
    made.key = "person:" + sender.identities.front().text;
    made.url = at.base + '/' + encode_percent(sender.from) + "?fields=" + std::string(at.fields);
    made.headers = {{"Authorization", "Bearer " + at.token}};
    made.good_for = people_keep_their_names;
    return made;
}

introduction meta_introduction(const inquiry_answer& said) {
    introduction made;
    const auto parsed = json::document::parse(said.body);
    if (!parsed) return made;
    const auto person = parsed->root();
    made.name = trim(person["name"].text());
    if (made.name.empty())
        made.name = trim(std::string(person["first_name"].text()) + ' ' + std::string(person["last_name"].text()));
    if (made.name.empty()) made.name = person["username"].text();
    return made;
}

result<void> write_meta_attachment(json::writer& out, const std::vector<outgoing_file>& files, std::string_view name) {
    if (files.size() != 1) return fail(errc::invalid, std::string(name) + " sends one file a message");
    const auto& file = files.front();
    if (file.url.empty())
        return fail(errc::invalid, std::string(name) + " fetches files from us: set server.public_url");
    std::string_view kind = "file";
    for (const std::string_view known : {"image", "audio", "video"})
        if (file.type.starts_with(known) && file.type[known.size()] == '/') kind = known;
    out.key("attachment").begin_object().member("type", kind).key("payload").begin_object();
    out.member("url", file.url).member("is_reusable", false).end_object().end_object();
    return {};
}

delivery judge_graph_answer(std::string_view name, const provider_answer& answered, delivery by_status) {
    const auto parsed = json::document::parse(answered.body);
    if (!parsed) return by_status;
    if (by_status.outcome == delivery::state::sent) {
        by_status.provider_message_id = (*parsed)["message_id"].text_or_number();
        if (by_status.provider_message_id.empty()) by_status.provider_message_id = (*parsed)["id"].text_or_number();
        return by_status;
    }
    const auto problem = (*parsed)["error"];
    const auto code = problem["code"].integer();
    if (!code) return by_status;
    by_status.reason = std::string(name) + " error " + std::to_string(*code);
    if (const auto sub = problem["error_subcode"].integer()) by_status.reason += '/' + std::to_string(*sub);
    by_status.reason.append(": ").append(problem["message"].text());
    if (std::find(passing_codes.begin(), passing_codes.end(), *code) != passing_codes.end())
        by_status.outcome = delivery::state::retry;
    return by_status;
}

}  // namespace kindred::channel
