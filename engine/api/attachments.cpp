#include "engine/api/attachments.hpp"

#include "engine/api/status.hpp"
#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::api {
namespace {

constexpr std::size_t longest_name = 200;

/// Types that a browser shows without running anything. The rest is bytes to it.
std::string_view safe_type(std::string_view type) {
    for (const std::string_view known : {"image/png", "image/jpeg", "image/gif", "image/webp", "audio/mpeg",
                                         "audio/ogg", "audio/mp4", "video/mp4", "application/pdf", "text/plain"})
        if (type == known) return known;
    return "application/octet-stream";
}

/// Providers go by the type of what they fetch; browsers are given nothing that they would run.
std::string linked_type(const std::string& type) {
    const bool shown = type.starts_with("image/") || type.starts_with("audio/") || type.starts_with("video/");
    const bool runs = type.find("xml") != std::string::npos || type.find("html") != std::string::npos ||
                      type.find("script") != std::string::npos;
    const bool document = type.starts_with("application/") || type == "text/plain" || type == "text/csv" ||
                          type == "text/vcard" || type == "text/calendar";
    return !runs && (shown || document) ? type : "application/octet-stream";
}

/// RFC 6266: a plain name for old programs, the true one in UTF-8 beside it. Paths are nobody's name.
std::string disposition(const runtime::kept_file& file) {
    auto name = file.name.substr(file.name.find_last_of("/\\") + 1);
    std::erase_if(name, [](char letter) { return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F; });
    if (name.empty()) name = "file";
    std::string plain;
    for (const char letter : name)
        plain += (static_cast<unsigned char>(letter) >= 0x80 || letter == '"' || letter == '\\') ? '_' : letter;
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encode_percent(name);
}

bool is_media_type(std::string_view type) {
    const auto slash = type.find('/');
    return slash != std::string_view::npos && slash > 0 && slash + 1 < type.size() && type.size() <= 100 &&
           std::all_of(type.begin(), type.end(), [](char letter) {
               return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
                      std::string_view("/.+-").find(letter) != std::string_view::npos;
           });
}

http::response download_of(const runtime::kept_file& file, std::string bytes, std::string_view type) {
    http::response answer(200, std::move(bytes), type);
    answer.header("Content-Disposition", disposition(file)).header("X-Content-Type-Options", "nosniff");
    answer.header("Content-Security-Policy", "default-src 'none'; sandbox")
        .header("Cache-Control", "private, no-store");
    return answer.header("Cross-Origin-Resource-Policy", "same-origin");
}

}  // namespace

http::response as_download(const runtime::kept_file& file, std::string bytes) {
    return download_of(file, std::move(bytes), safe_type(file.type));
}

result<runtime::kept_file> described_upload(std::string name, std::string_view type, std::string_view bytes) {
    runtime::kept_file file;
    file.name = std::move(name);
    file.type = to_lower_ascii(trim(type.substr(0, type.find(';'))));
    if (file.type.empty()) file.type = "application/octet-stream";
    file.size = static_cast<std::int64_t>(bytes.size());
    if (file.name.empty() || file.name.size() > longest_name || !is_utf8(file.name))
        return fail(errc::invalid, "name: is missing, or over 200 bytes, or not UTF-8");
    if (!is_media_type(file.type)) return fail(errc::invalid, "type: wants a media type such as image/png");
    if (bytes.empty()) return fail(errc::invalid, "the body: wants the bytes of the file");
    return file;
}

void attachment_endpoints::send(const call& asked, std::string_view id, reader who) {
    const auto file = site_.files().find(id);
    if (!file) return asked.send(fail(errc::not_found, "there is no such file"));
    auto bytes = site_.files().bytes_of(*file);
    if (!bytes) return asked.send(bytes.error());
    if (who == reader::person) return asked.send(as_download(*file, std::move(*bytes)));
    asked.send(download_of(*file, std::move(*bytes), linked_type(file->type)));
}

void attachment_endpoints::download(std::shared_ptr<call> asked) {
    send(*asked, asked->parameters["id"], reader::person);
}

void attachment_endpoints::linked(const std::shared_ptr<call>& asked) {
    const auto& id = asked->parameters["id"];
    const auto until = asked->query_parameter("until").value_or("");
    const auto signature = asked->query_parameter("signature").value_or("");
    if (!site_.files().is_genuine_link(id, until, signature))
        return asked->send(fail(errc::not_found, "there is nothing at this path"));
    send(*asked, id, reader::provider);
}

void attachment_endpoints::upload(std::shared_ptr<call> asked) {
    auto described = described_upload(asked->query_parameter("name").value_or(""),
                                      asked->query_parameter("type").value_or(""), asked->body);
    if (!described) return asked->send(described.error());
    const auto file = std::move(*described);
    const auto why = runtime::why_not_kept({}, file.name, file.type, file.size);
    if (!why.empty()) return asked->send(fail(errc::invalid, "the file is not taken: " + why));
    site_.files().upload(file, asked->body, [asked, file](const result<std::string>& id) {
        if (!id) return asked->send(id.error());
        json::writer out;
        out.begin_object().member("id", *id).member("name", file.name).member("type", file.type);
        out.member("size", file.size).end_object();
        asked->send(http::response::json(201, out.take()));
    });
}

void write_files(json::writer& out, const std::vector<runtime::kept_file>& files) {
    out.key("files").begin_array();
    for (const auto& file : files) {
        out.begin_object().member("id", file.id);
        const auto parts = split(file.id, '-');
        if (parts.size() == 3)
            if (const auto entry = parse_number(parts[1])) out.member("entry", *entry);
        out.member("name", file.name).member("type", file.type).member("state", runtime::name_of(file.stands));
        if (file.size >= 0) out.member("size", file.size);
        out.member_if("reason", file.reason).end_object();
    }
    out.end_array();
}

}  // namespace kindred::api
