#include "engine/api/chat_files.hpp"

#include "engine/api/attachments.hpp"
#include "engine/api/endpoints.hpp"
#include "engine/api/status.hpp"
#include "engine/base/text.hpp"

#include <algorithm>
#include <optional>

namespace kindred::api {
namespace {

constexpr std::string_view upload_pattern = "/chat/{channel}/files";
constexpr std::string_view download_pattern = "/chat/{channel}/files/{id}";
constexpr std::size_t most_entries = 10'000;

std::string conversation_of(const std::string& visitor) { return "visitor:" + visitor; }

http::response readable_anywhere(http::response made) {
    made.header("Access-Control-Allow-Origin", "*");
    return made;
}

const runtime::channel_entry* web_chat(const runtime::site& site, const std::string& name) {
    const auto* via = site.channels().find(name);
    return via != nullptr && via->connector == "webchat" ? via : nullptr;
}

/// What the limit of files says of a refusal, in words for a visitor's window.
std::string words_for(std::string_view reason, const runtime::channel_policy& policy) {
    if (reason == "too_large")
        return "the file is over " + std::to_string(policy.most_file_bytes / 1024) + " KiB, the most that is taken";
    return "files of this type are not taken";
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
    for (auto& field : parse_form(query))
        if (field.name == name) return std::move(field.value);
    return std::nullopt;
}

http::response too_many(std::chrono::milliseconds wait) {
    json::writer out;
    out.begin_object().member("type", "/problems/too_many").member("title", http::reason_phrase(429));
    out.member("status", 429).member("detail", "too many files: try again later").end_object();
    http::response made(429, out.take(), "application/problem+json");
    made.header("Retry-After", std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count()));
    return made;
}

std::chrono::milliseconds interval_of(const rate& limit) {
    return std::chrono::ceil<std::chrono::milliseconds>(limit.per) / limit.times;
}

}  // namespace

/// How often files come in, of one visitor and from one address.
struct chat_files::gates {
    explicit gates(const runtime::channel_policy& policy)
        : of_visitor(interval_of(policy.visitor_uploads), policy.visitor_uploads.times),
          of_address(interval_of(policy.address_uploads), policy.address_uploads.times) {}

    std::optional<std::chrono::milliseconds> refuse(const std::string& visitor, const std::string& address) {
        const auto now = std::chrono::steady_clock::now();
        if (auto wait = of_visitor.refuse(visitor, now)) return wait;
        return of_address.refuse(address, now);
    }

    http::rate_limiter of_visitor;
    http::rate_limiter of_address;
};

std::vector<chat_file> files_of_line(const store::entry_row& row, ticket_id ticket) {
    std::vector<chat_file> files;
    const auto parsed = json::document::parse(row.json);
    if (!parsed) return files;
    const bool ours = row.kind == "reply";
    if (!ours && row.kind != "contact") return files;
    std::size_t number = 0;
    (*parsed)[ours ? "files" : "attachments"].for_each([&](json::value each) {
        chat_file file;
        ++number;
        file.id = ours ? std::string(each["id"].text()) : runtime::file_id(ticket, row.number, number);
        file.name = each["name"].text();
        file.type = each["type"].text();
        file.size = each["size"].integer().value_or(-1);
        files.push_back(std::move(file));
    });
    return files;
}

void write_chat_files(json::writer& out, const std::vector<chat_file>& files) {
    if (files.empty()) return;
    out.key("attachments").begin_array();
    for (const auto& file : files) {
        out.begin_object().member("id", file.id).member("name", file.name).member_if("type", file.type);
        if (file.size >= 0) out.member("size", file.size);
        out.end_object();
    }
    out.end_array();
}

chat_files::chat_files(runtime::site& site) : site_(site) {
    for (const auto& each : site.channels().all())
        if (each.connector == "webchat") gates_.emplace(each.name, std::make_shared<gates>(each.policy));
}

bool chat_files::is_about(std::string_view path) {
    return match(upload_pattern, path).has_value() || match(download_pattern, path).has_value();
}

std::size_t chat_files::body_limit(const http::request& head) const {
    const auto parameters = match(upload_pattern, head.path);
    const auto* via = parameters ? web_chat(site_, parameters->find("channel")->second) : nullptr;
    const auto visitor = query_value(head.query, "visitor");
    if (via == nullptr || !visitor || !site_.chats().is_open(via->name, *visitor)) return 0;
    return static_cast<std::size_t>(via->policy.most_file_bytes);
}

bool chat_files::answer_preflight(const http::request& asked, const http::responder& answer) {
    if (asked.method != "OPTIONS") return false;
    auto allowed = readable_anywhere(http::response::empty(204));
    allowed.header("Access-Control-Allow-Methods", "POST, GET").header("Access-Control-Allow-Headers", "Content-Type");
    answer.send(std::move(allowed.header("Access-Control-Max-Age", "600")));
    return true;
}

void chat_files::handle(const std::shared_ptr<call>& asked) {
    const auto sent_to = match(upload_pattern, asked->path);
    const auto asked_for = match(download_pattern, asked->path);
    const auto& parameters = sent_to ? *sent_to : *asked_for;
    const auto* via = web_chat(site_, parameters.find("channel")->second);
    const auto visitor = asked->query_parameter("visitor").value_or("");
    if (via == nullptr || (asked_for && asked->method != "GET"))
        return asked->send(readable_anywhere(problem(errc::not_found, "there is nothing at this path")));
    if (asked_for) return download(*via, visitor, *asked, asked_for->find("id")->second);
    if (asked->method != "POST") return asked->send(readable_anywhere(http::response(405).header("Allow", "POST")));
    upload(*via, visitor, asked);
}

void chat_files::refuse(const runtime::channel_entry& via, const call& asked, std::string_view reason,
                        http::response said) const {
    site_.figures().contact(via.name, "refused", "upload_" + std::string(reason));
    asked.send(readable_anywhere(std::move(said)));
}

void chat_files::upload(const runtime::channel_entry& via, const std::string& visitor,
                        const std::shared_ptr<call>& asked) {
    if (!site_.chats().is_open(via.name, visitor))
        return refuse(via, *asked, "no_session", problem(errc::forbidden, "visitor: has no chat open"));
    if (const auto wait = gates_.at(via.name)->refuse(visitor, asked->peer))
        return refuse(via, *asked, "too_many", too_many(*wait));
    auto described =
        described_upload(asked->query_parameter("name").value_or(""), asked->header("content-type"), asked->body);
    if (!described) return refuse(via, *asked, "malformed", problem(described.error()));
    const auto why = runtime::why_not_kept(via.policy, described->name, described->type, described->size);
    if (!why.empty())
        return refuse(via, *asked, why,
                      problem(why == "too_large" ? errc::too_large : errc::invalid, words_for(why, via.policy)));
    site_.files().upload_of(via.name, conversation_of(visitor), *described, asked->body,
                            [asked, file = *described](const result<std::string>& id) {
                                if (!id) return asked->send(readable_anywhere(problem(id.error())));
                                json::writer out;
                                out.begin_object().member("id", *id).member("name", file.name);
                                out.member("type", file.type).member("size", file.size).end_object();
                                asked->send(readable_anywhere(http::response::json(201, out.take())));
                            });
}

/// What the visitor's chat shows: lines of the newest ticket of the conversation.
bool chat_files::is_shown_to(const runtime::channel_entry& via, const std::string& visitor, std::string_view id) const {
    const auto found = site_.durable().conversation(via.name, conversation_of(visitor));
    if (!found || !*found) return false;
    const auto ticket = (*found)->id;
    const auto entries = site_.durable().entries(ticket, 0, most_entries);
    if (!entries) return false;
    return std::any_of(entries->begin(), entries->end(), [&](const auto& row) {
        const auto files = files_of_line(row, ticket);
        return std::any_of(files.begin(), files.end(), [&](const auto& each) { return each.id == id; });
    });
}

void chat_files::download(const runtime::channel_entry& via, const std::string& visitor, const call& asked,
                          std::string_view id) {
    if (!is_shown_to(via, visitor, id)) return asked.send(problem(errc::not_found, "there is no such file"));
    const auto file = site_.files().find(id);
    if (!file) return asked.send(problem(errc::not_found, "there is no such file"));
    auto bytes = site_.files().bytes_of(*file);
    if (!bytes) return asked.send(problem(bytes.error()));
    asked.send(as_download(*file, std::move(*bytes)));
}

}  // namespace kindred::api
