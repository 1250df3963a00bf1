#include "connectors/discourse/reply.hpp"

#include "engine/base/id.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/checkup.hpp"
#include "engine/channel/multipart.hpp"

namespace kindred::connectors::discourse {
namespace {

/// Discourse's default for max_post_length.
constexpr std::size_t longest_post = 32'000;
constexpr std::int64_t longest_wait_s = 86'400;

result<void> check(const account& ours) {
    if (ours.api_base.empty() || ours.api_key.empty() || ours.api_username.empty())
        return fail(errc::invalid, "discourse cannot post: set base_url, api_key and api_username");
    return {};
}

/// "upload://x.pdf", by which posts name it, or its path.
std::string address_of(const channel::provider_answer& upload) {
    const auto parsed = json::document::parse(upload.body);
    if (!parsed) return {};
    const auto brief = (*parsed)["short_url"].text();
    return std::string(brief.empty() ? (*parsed)["url"].text() : brief);
}

std::string markdown_of(const channel::outgoing_file& file, std::string_view address) {
    std::string name;
    for (const char letter : to_utf8(file.name))
        if (std::string_view("[]|\\\r\n").find(letter) == std::string_view::npos) name += letter;
    const bool picture = file.type.starts_with("image/");
    return (picture ? "![" + name : "[" + name + "|attachment") + "](" + std::string(address) + ")";
}

}  // namespace

result<channel::provider_call> post_call(const account& ours, const channel::outgoing& message,
                                         std::string_view uploads) {
    if (auto complete = check(ours); !complete) return complete.error();
    const auto topic = parse_number(message.thread);
    if (!topic) return fail(errc::invalid, "the contact has no topic to answer in");
    if (trim(message.text).empty()) return fail(errc::invalid, "discourse takes no empty post");
    if (count_code_points(message.text) > longest_post)
        return fail(errc::invalid, "the text is over Discourse's 32000 characters: shorten or split it");

    json::writer body;
    body.begin_object().member("topic_id", *topic).member("raw", message.text + std::string(uploads));
    // The first post of a topic is answered by writing into the topic.
    const auto details = json::document::parse(message.details.empty() ? "{}" : message.details);
    if (details)
        if (const auto number = (*details)["post_number"].integer(); number && *number > 1)
            body.member("reply_to_post_number", *number);
    body.end_object();

    channel::provider_call call;
    call.url = ours.api_base + "/posts.json";
    call.headers = {
        {"Api-Key", ours.api_key}, {"Api-Username", ours.api_username}, {"Content-Type", "application/json"}};
    call.body = body.take();
    return call;
}

result<channel::provider_call> upload_call(const account& ours, const channel::outgoing& message, std::size_t file) {
    if (auto complete = check(ours); !complete) return complete.error();
    const auto& wanted = message.files[file];
    channel::multipart_writer form(message.idempotency_key + '.' + std::to_string(file));
    form.add("type", "composer");
    form.add("synchronous", "true");
    form.add_file("file", wanted.name, wanted.type, wanted.content);
    channel::provider_call call;
    call.url = ours.api_base + "/uploads.json";
    call.headers = {
        {"Api-Key", ours.api_key}, {"Api-Username", ours.api_username}, {"Content-Type", form.media_type()}};
    call.body = form.take();
    return call;
}

result<std::optional<channel::provider_call>> further_call(const account& ours, const channel::outgoing& message,
                                                           std::span<const channel::provider_answer> answered) {
    if (message.files.empty() || answered.size() > message.files.size()) return std::optional<channel::provider_call>{};
    std::string uploads = "\n";
    for (std::size_t i = 0; i < answered.size(); ++i) {
        const auto place = address_of(answered[i]);
        if (place.empty()) return fail(errc::invalid, "Discourse did not say where the file is");
        uploads += "\n" + markdown_of(message.files[i], place);
    }
    auto next = answered.size() < message.files.size() ? upload_call(ours, message, answered.size())
                                                       : post_call(ours, message, uploads);
    if (!next) return next.error();
    return std::optional(std::move(*next));
}

channel::delivery judge_answer(const channel::provider_answer& answered, channel::delivery by_status) {
    const auto parsed = json::document::parse(answered.body);
    if (!parsed) return by_status;
    if (by_status.outcome == channel::delivery::state::sent) {
        by_status.provider_message_id = (*parsed)["id"].text_or_number();
        return by_status;
    }
    if (const auto first = (*parsed)["errors"].at(0).text(); !first.empty())
        by_status.reason = "Discourse: " + std::string(first);
    const auto wait = (*parsed)["extras"]["wait_seconds"].integer();
    if (wait && *wait > 0 && *wait <= longest_wait_s && !by_status.retry_after)
        by_status.retry_after = std::chrono::seconds{*wait};
    return by_status;
}

channel::checkup account_checkup(const account& ours) {
    if (auto complete = check(ours); !complete) return channel::cannot_ask("user", complete.error().message);
    channel::provider_call call;
    call.method = "GET";
    call.url = ours.api_base + "/u/" + encode_percent(ours.api_username) + ".json";
    call.headers = {{"Api-Key", ours.api_key}, {"Api-Username", ours.api_username}};
    return channel::can_ask("user", std::move(call), "user.username");
}

}  // namespace kindred::connectors::discourse
