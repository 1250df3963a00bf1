#include "engine/api/front.hpp"

#include "engine/api/answer_pages.hpp"
#include "engine/api/bulk.hpp"
#include "engine/api/chat_files.hpp"
#include "engine/api/faq_pages.hpp"
#include "engine/api/status.hpp"
#include "engine/api/survey_pages.hpp"
#include "engine/api/webhooks.hpp"
#include "engine/channel/request_size.hpp"

namespace kindred::api {
namespace {

constexpr std::size_t json_limit = 1U << 20U;
constexpr std::size_t form_limit = 256U << 10U;  // of the pages for customers
constexpr std::size_t rules_limit = 16U << 20U;
constexpr std::size_t file_limit = 25U << 20U;
constexpr std::string_view chat_path = "/chat/";
constexpr std::string_view crm_path = "/crm/";
/// Nothing from anywhere else, nothing inline: a text of a customer that became markup could still do nothing.
constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types vue";

/// Whether a browser was sent to this address, and not a file asked for that is not there.
bool is_view_of_page(const http::request& asked) {
    const auto last = asked.path.substr(asked.path.find_last_of('/') + 1);
    return last.find('.') == std::string_view::npos &&
           asked.header("accept").find("text/html") != std::string_view::npos;
}

bool is_script(std::string_view path) { return path.starts_with(chat_path) && path.ends_with(".js"); }

std::size_t most_of_chat(const runtime::channel_directory& channels, std::string_view path) {
    const auto rest = path.substr(chat_path.size());
    const auto* via = channels.find(std::string(rest.substr(0, rest.find('/'))));
    return via != nullptr && via->connector == "webchat" ? static_cast<std::size_t>(via->policy.most_file_bytes) : 0;
}

}  // namespace

bool needs_site(std::string_view path) {
    return path.starts_with("/webhooks/") || path.starts_with("/api/") || path.starts_with(crm_path) ||
           is_public_page(path) || path.starts_with("/files/") || (path.starts_with(chat_path) && !is_script(path));
}

http::response desk_page(const http::static_files& files, const http::request& asked) {
    auto made = files.answer(asked, asked.path.substr(asked.path.starts_with('/') ? 1 : 0));
    // An address within the desk, such as /tickets/17, names no file: the page reads it by itself.
    if (made.status() == 404 && is_view_of_page(asked)) made = files.answer(asked, "");
    made.header("Content-Security-Policy", page_policy).header("Referrer-Policy", "no-referrer");
    made.header("Cross-Origin-Opener-Policy", "same-origin");
    return made;
}

http::response chat_script(const http::static_files& files, const runtime::channel_directory& channels,
                           const http::request& asked) {
    const auto name = asked.path.substr(chat_path.size(), asked.path.size() - chat_path.size() - 3);
    const auto* via = channels.find(std::string(name));
    if (via == nullptr || via->connector != "webchat")
        return problem(errc::not_found, "there is no web chat of this name");
    auto script = files.answer(asked, "chat.js");
    script.header("Access-Control-Allow-Origin", "*");  // shops embed it from pages of their own
    return script;
}

bool is_public_page(std::string_view path) {
    return faq_pages::is_about(path) || survey_pages::is_about(path) || answer_pages::is_about(path);
}

std::size_t most_body(const runtime::channel_directory& channels, const http::request& head) {
    if (chat_files::is_about(head.path)) return most_of_chat(channels, head.path);
    if (reception_desk::is_about(head.path)) {
        const auto* via = channel_at(channels, head.path);
        return channel::most_request_bytes(via == nullptr ? channel_kind::api : via->kind);
    }
    if (head.path.starts_with("/api/v1/rules/")) return rules_limit;
    if (head.path == "/api/v1/attachments") return file_limit;
    if (head.path == "/api/v1/import/customers") return most_import_bytes;
    if (is_public_page(head.path)) return form_limit;
    if (head.path.starts_with("/api/") || head.path.starts_with(crm_path)) return json_limit;
    return 0;
}

}  // namespace kindred::api
