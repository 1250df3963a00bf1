#include "engine/channel/twilio_message.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/provider_host.hpp"
#include "engine/channel/twilio.hpp"

#include <algorithm>
#include <array>

namespace kindred::channel {
namespace {

constexpr std::size_t longest_text = 1600;
/// Twilio sends ten at most; the bound is for whoever signs more.
constexpr std::int64_t most_media = 100;
constexpr std::string_view whatsapp_prefix = "whatsapp:";

/// Full queues and rate limits, which Twilio reports under several statuses.
constexpr std::array<std::int64_t, 4> passing_codes{20429, 21611, 63017, 63018};

std::string without_prefix(std::string_view address) {
    if (address.starts_with(whatsapp_prefix)) address.remove_prefix(whatsapp_prefix.size());
    return std::string(address);
}

/// People send NUL bytes through SMS gateways; no screen and no database wants them.
std::string without_nul(std::string_view text) {
    std::string kept(text);
    std::erase(kept, '\0');
    return kept;
}

/// The two others are what it was called before.
std::string message_id_in(const form& fields) {
    for (const std::string_view name : {"MessageSid", "SmsMessageSid", "SmsSid"})
        if (const auto id = fields[name]; !id.empty()) return std::string(id);
    return {};
}

void read_media(const form& fields, record& made) {
    const auto announced = std::min(number_of(fields["NumMedia"]).value_or(0), most_media);
    for (std::int64_t i = 0; i < announced; ++i) {
        const auto place = std::to_string(i);
        attachment file;
        file.url = fields["MediaUrl" + place];
        file.type = fields["MediaContentType" + place];
        if (file.url.empty()) continue;
        file.media_id = file.url.substr(file.url.rfind('/') + 1);
        made.attachments.push_back(std::move(file));
    }
}

/// "HX" and 32 hex digits.
bool is_content_sid(std::string_view text) {
    return text.size() == 34 && text.starts_with("HX") &&
           text.substr(2).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// In the settings by its name, in its language or in any; or its name is the id itself. Empty: unknown.
std::string content_sid_of(const twilio_account& ours, const message_template& wanted) {
    if (is_content_sid(wanted.name)) return wanted.name;
    for (const auto& name : {wanted.name + ':' + wanted.language, wanted.name})
        if (const auto found = ours.contents.find(name); found != ours.contents.end()) return found->second;
    return {};
}

/// {"1":"first","2":"second"}; empty where there are none.
std::string variables_of(const message_template& wanted) {
    if (wanted.parameters.empty()) return {};
    json::writer out;
    out.begin_object();
    for (std::size_t i = 0; i < wanted.parameters.size(); ++i) out.member(std::to_string(i + 1), wanted.parameters[i]);
    return out.end_object().take();
}

std::string with_prefix(std::string_view prefix, std::string_view address) {
    if (address.starts_with(prefix)) return std::string(address);
    return std::string(prefix) + std::string(address);
}

result<void> check_content(const twilio_account& ours, const outgoing& message) {
    if (message.use_template) {
        if (!content_sid_of(ours, *message.use_template).empty()) return {};
        return fail(errc::invalid, "template: " + message.use_template->name +
                                       " has no ContentSid: add it to the channel's content_sids");
    }
    if (message.text.empty() && message.files.empty()) return fail(errc::invalid, "Twilio cannot send an empty text");
    const bool fetched = std::all_of(message.files.begin(), message.files.end(),
                                     [](const outgoing_file& file) { return !file.url.empty(); });
    if (!fetched) return fail(errc::invalid, "Twilio fetches files from us: set server.public_url");
    if (!is_utf8(message.text)) return fail(errc::invalid, "Twilio cannot send a text that is not UTF-8");
    if (count_code_points(message.text) > longest_text)
        return fail(errc::invalid, "the text is over Twilio's 1600 characters: shorten or split it");
    return {};
}

void append_field(std::string& body, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    if (!body.empty()) body += '&';
    body.append(name).append("=").append(encode_percent(value));
}

}  // namespace

twilio_account twilio_account_of(options& settings, const std::vector<std::string>& auth_tokens) {
    twilio_account ours;
    ours.api_base = settings.address("api_base", "https://api.twilio.com");
    ours.account_sid = settings.text("account_sid");
    ours.user = settings.text("api_key");
    ours.password = settings.text("api_key_secret");
    if (ours.user.empty() != ours.password.empty())
        settings.complain(ours.user.empty() ? "api_key" : "api_key_secret", "is missing: the key and its secret");
    if (ours.user.empty()) {
        ours.user = ours.account_sid;
        if (!auth_tokens.empty()) ours.password = auth_tokens.front();
    }
    ours.number = settings.text("number");
    ours.service_sid = settings.text("messaging_service_sid");
    // Twilio refuses a whole message for a callback that it could not reach (error 21609).
    if (settings.public_url().starts_with("https://"))
        ours.status_callback = settings.public_url() + "/webhooks/" + settings.channel() + "/status";
    return ours;
}

std::map<std::string, std::string, std::less<>> twilio_contents_of(options& settings) {
    std::map<std::string, std::string, std::less<>> read;
    for (const auto& line : settings.list("content_sids")) {
        const auto equals = line.find('=');
        const auto name = trim(std::string_view(line).substr(0, equals));
        const auto sid =
            equals == std::string::npos ? std::string_view{} : trim(std::string_view(line).substr(equals + 1));
        if (name.empty() || !is_content_sid(sid))
            settings.complain("content_sids", "wants name=HX and 32 hex digits, not \"" + line + '"');
        else
            read.insert_or_assign(std::string(name), std::string(sid));
    }
    return read;
}

bool is_twilio_status(const form& fields) { return fields.has("MessageStatus"); }

result<record> twilio_message(const form& fields) {
    record made;
    made.provider_message_id = message_id_in(fields);
    if (made.provider_message_id.empty()) return fail(errc::invalid, "MessageSid: is missing");
    made.from = without_prefix(fields["From"]);
    if (made.from.empty()) return fail(errc::invalid, "From: is missing");
    made.to = without_prefix(fields["To"]);
    made.text = without_nul(fields["Body"]);
    made.conversation = made.from + '>' + made.to;
    made.event_id = event_id({"message", made.provider_message_id});
    read_media(fields, made);
    return made;
}

result<record> twilio_message_status(const form& fields) {
    record made;
    made.kind = record_kind::status;
    made.provider_message_id = message_id_in(fields);
    if (made.provider_message_id.empty()) return fail(errc::invalid, "MessageSid: is missing");
    made.status = fields["MessageStatus"];
    if (made.status.empty()) return fail(errc::invalid, "MessageStatus: is missing");
    made.references.push_back(made.provider_message_id);
    made.to = without_prefix(fields["To"]);
    made.event_id = event_id({"status", made.provider_message_id, made.status});
    if (const auto code = fields["ErrorCode"]; !code.empty()) made.add_detail("error", json::literal(code));
    if (const auto what = fields["ErrorMessage"]; !what.empty()) made.add_detail("error_title", json::literal(what));
    return made;
}

std::variant<form, reception> verified_twilio_message(const request& arrived,
                                                      const std::vector<std::string>& auth_tokens,
                                                      std::string_view account_sid) {
    if (!arrived.subpath.empty() && arrived.subpath != "/status") return reception::refuse(404, "unknown_path");
    return verified_twilio_form(arrived, auth_tokens, account_sid);
}

reception accept_twilio_message(record happened) {
    reception made;
    if (happened.kind != record_kind::status) {
        made.reply.body = "<Response/>";
        made.reply.content_type = "text/xml; charset=utf-8";
    }
    made.records.push_back(std::move(happened));
    return made;
}

result<provider_call> twilio_message_call(const twilio_account& ours, std::string_view address_prefix,
                                          const outgoing& message) {
    if (ours.account_sid.empty() || ours.password.empty())
        return fail(errc::invalid, "Twilio cannot send: set account_sid and auth_token");
    if (message.from.empty()) return fail(errc::invalid, "Twilio cannot send: the contact has no address");
    if (auto fine = check_content(ours, message); !fine) return fine.error();
    const auto& sender = ours.number.empty() ? message.to : ours.number;
    if (ours.service_sid.empty() && sender.empty())
        return fail(errc::invalid, "Twilio cannot send: set number or messaging_service_sid");

    provider_call call;
    append_field(call.body, "To", with_prefix(address_prefix, message.from));
    if (ours.service_sid.empty())
        append_field(call.body, "From", with_prefix(address_prefix, sender));
    else
        append_field(call.body, "MessagingServiceSid", ours.service_sid);
    if (message.use_template) {
        append_field(call.body, "ContentSid", content_sid_of(ours, *message.use_template));
        append_field(call.body, "ContentVariables", variables_of(*message.use_template));
    } else {
        append_field(call.body, "Body", message.text);
        for (const auto& file : message.files) append_field(call.body, "MediaUrl", file.url);
    }
    append_field(call.body, "StatusCallback", ours.status_callback);
    call.url = ours.api_base + "/2010-04-01/Accounts/" + encode_percent(ours.account_sid) + "/Messages.json";
    call.headers = {{"Content-Type", std::string(form_media_type)}};
    call.user = ours.user;
    call.password = ours.password;
    return call;
}

result<provider_call> twilio_media_call(const twilio_account& ours, result<provider_call> wanted) {
    if (!wanted || !is_below(wanted->url, ours.api_base)) return wanted;
    wanted->user = ours.user;
    wanted->password = ours.password;
    return wanted;
}

checkup twilio_account_checkup(const twilio_account& ours) {
    return twilio_checkup(ours.api_base, ours.account_sid, ours.user, ours.password);
}

delivery judge_twilio_message(const provider_answer& answered, delivery by_status) {
    const auto parsed = json::document::parse(answered.body);
    if (!parsed) return by_status;
    if (by_status.outcome == delivery::state::sent) {
        by_status.provider_message_id = (*parsed)["sid"].text();
        const auto status = (*parsed)["status"].text();
        if (status != "failed" && status != "undelivered") return by_status;
        by_status.outcome = delivery::state::failed;
        by_status.reason = "Twilio error " + (*parsed)["error_code"].text_or_number() + ": " +
                           std::string((*parsed)["error_message"].text());
        return by_status;
    }
    const auto code = (*parsed)["code"].integer();
    if (!code) return by_status;
    by_status.reason = "Twilio error " + std::to_string(*code) + ": " + std::string((*parsed)["message"].text());
    if (std::find(passing_codes.begin(), passing_codes.end(), *code) != passing_codes.end())
        by_status.outcome = delivery::state::retry;
    return by_status;
}

}  // namespace kindred::channel
