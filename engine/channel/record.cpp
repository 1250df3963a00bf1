#include "engine/channel/record.hpp"

#include "engine/base/json.hpp"

namespace kindred::channel {
namespace {

void write_common(json::writer& out, const record& happened) {
    out.member("kind", name_of(happened.kind));
    out.member_if("event_id", happened.event_id).member_if("provider_message_id", happened.provider_message_id);
    out.member_if("from", happened.from).member_if("handle", happened.handle);
    out.member_if("display_name", happened.display_name).member_if("to", happened.to);
    if (happened.text) out.member("text", *happened.text);
    if (happened.stripped_text) out.member("stripped_text", *happened.stripped_text);
    out.member_if("subject", happened.subject);
    if (!happened.attachments.empty()) {
        out.key("attachments").begin_array();
        for (const auto& each : happened.attachments) {
            out.begin_object().member_if("name", each.name).member_if("type", each.type);
            if (each.size >= 0) out.member("size", each.size);
            out.member_if("url", each.url).member_if("media_id", each.media_id).member_if("inline_id", each.inline_id);
            out.end_object();
        }
        out.end_array();
    }
    out.member_if("thread", happened.thread).member_if("reply_to", happened.reply_to);
    out.member_if("locale", happened.locale).member_if("status", happened.status);
    bool timed = false;
    for (const auto& each : happened.details) {
        out.key(each.name).raw(each.json);
        timed = timed || each.name == "timestamp";
    }
    if (!timed && happened.at) out.member("timestamp", to_rfc3339(*happened.at));
    out.member_if("ignored_because", happened.ignored_because);
}

}  // namespace

std::string_view name_of(record_kind kind) {
    switch (kind) {
        case record_kind::message: return "message";
        case record_kind::edit: return "edit";
        case record_kind::deletion: return "delete";
        case record_kind::reaction: return "reaction";
        case record_kind::postback: return "postback";
        case record_kind::status: return "status";
        case record_kind::call: return "call";
        case record_kind::call_status: return "call-status";
        case record_kind::ivr_input: return "ivr-input";
        case record_kind::queue_wait: return "queue-wait";
        case record_kind::queue_result: return "queue-result";
        case record_kind::echo: return "echo";
        case record_kind::bounce: return "bounce";
        case record_kind::complaint: return "complaint";
        case record_kind::control: return "control";
        case record_kind::handoff: return "handoff";
        case record_kind::identity_change: return "identity-change";
        case record_kind::provider_error: return "provider-error";
        case record_kind::ignored: return "ignored";
    }
    return "unnamed";
}

std::string to_json(const record& happened) {
    json::writer out;
    out.begin_object();
    write_common(out, happened);
    return out.end_object().take();
}

std::string to_stored_json(const record& happened) {
    json::writer out;
    out.begin_object();
    write_common(out, happened);
    out.member_if("conversation", happened.conversation).member_if("reply_address", happened.reply_address);
    out.member_if("ticket", happened.ticket);
    if (!happened.answer_automatically) out.member("no_automatic_answer", true);
    return out.end_object().take();
}

}  // namespace kindred::channel
