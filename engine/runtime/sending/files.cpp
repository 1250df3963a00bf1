#include "engine/runtime/sending/files.hpp"

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/channel/file_rules.hpp"
#include "engine/channel/signature.hpp"
#include "engine/runtime/people/registers.hpp"
#include "engine/store/file_place.hpp"

#include <algorithm>
#include <array>

namespace kindred::runtime {
namespace {

constexpr std::size_t most_files = 50;
constexpr std::string_view upload_mark = "v-";
constexpr std::array all_states{kept_file::state::stored, kept_file::state::waiting, kept_file::state::failed,
                                kept_file::state::expired};

/// Names that computers run when somebody opens them.
constexpr std::array<std::string_view, 20> programs{".exe", ".com", ".bat", ".cmd", ".scr", ".pif", ".msi",
                                                    ".js",  ".jse", ".vbs", ".vbe", ".wsf", ".hta", ".jar",
                                                    ".lnk", ".ps1", ".reg", ".dll", ".cpl", ".iso"};

/// What the connector says of the files of this record alone: `keep_for_s`, as for recorded calls.
std::optional<duration> kept_for(const channel::record& happened) {
    for (const auto& each : happened.details)
        if (each.name == "keep_for_s")
            if (const auto seconds = parse_number(each.json))
                return std::chrono::seconds{static_cast<std::int64_t>(*seconds)};
    return std::nullopt;
}

/// "image/jpeg" of "Image/JPEG; name=x".
std::string media_type_of(std::string_view declared) {
    return to_lower_ascii(trim(declared.substr(0, declared.find(';'))));
}

}  // namespace

std::string file_id(ticket_id ticket, std::uint32_t entry, std::size_t number) {
    return to_string(ticket) + '-' + std::to_string(entry) + '-' + std::to_string(number);
}

std::string upload_prefix(std::string_view channel, std::string_view conversation) {
    return std::string(upload_mark) +
           channel::sha256_hex(std::string(channel) + '\n' + std::string(conversation)).substr(0, 32) + '-';
}

bool is_upload_of_visitor(std::string_view id) { return id.starts_with(upload_mark); }

std::string_view name_of(kept_file::state state) {
    switch (state) {
        case kept_file::state::stored: return "stored";
        case kept_file::state::waiting: return "waiting";
        case kept_file::state::failed: return "failed";
        case kept_file::state::expired: return "expired";
    }
    return "failed";
}

store::kept_row to_row(const kept_file& file) {
    json::writer out;
    out.begin_object().member("name", file.name).member("type", file.type).member("size", file.size);
    out.member("state", name_of(file.stands)).member_if("sha256", file.sha256).member_if("reason", file.reason);
    out.member_if("channel", file.channel).member_if("url", file.url).member_if("media_id", file.media_id);
    if (file.keep_for) out.member("keep_for_ms", file.keep_for->count());
    return {std::string(file_rows), file.id, file.at, out.end_object().take()};
}

result<kept_file> file_from(const store::kept_row& row) {
    const auto parsed = json::document::parse(row.bytes);
    if (!parsed || !parsed->root().is_object()) return fail(errc::corrupt, "file " + row.id + " is not readable");
    const auto from = parsed->root();
    kept_file file;
    file.id = row.id;
    file.at = row.at;
    file.name = from["name"].text();
    file.type = from["type"].text();
    file.size = from["size"].integer().value_or(-1);
    for (const auto each : all_states)
        if (from["state"].text() == name_of(each)) file.stands = each;
    file.sha256 = from["sha256"].text();
    file.reason = from["reason"].text();
    file.channel = from["channel"].text();
    file.url = from["url"].text();
    file.media_id = from["media_id"].text();
    if (const auto millis = from["keep_for_ms"].integer()) file.keep_for = duration{*millis};
    return file;
}

std::optional<store::kept_row> removal_of(const kept_file& file, time_point now) {
    const bool elsewhere = !file.url.empty() || !file.media_id.empty();
    if (file.channel.empty() || !elsewhere || is_upload_of_visitor(file.id)) return std::nullopt;
    json::writer out;
    out.begin_object().member("channel", file.channel).member_if("url", file.url);
    out.member_if("media_id", file.media_id).end_object();
    return store::kept_row{std::string(removal_rows), file.id, now, out.take()};
}

std::optional<store::kept_row> forgetting_of(const kept_file& file, time_point now) {
    if (file.sha256.empty()) return std::nullopt;
    return store::kept_row{std::string(store::gone_file_rows), file.sha256, now, {}, true};
}

void expire(const kept_file& file, time_point now, std::vector<store::kept_row>& into) {
    if (auto forgetting = forgetting_of(file, now)) into.push_back(std::move(*forgetting));
    if (is_upload_of_visitor(file.id)) {
        into.push_back({std::string(file_rows), file.id, now, {}, true});
        return;
    }
    if (auto removal = removal_of(file, now)) into.push_back(std::move(*removal));
    auto left = file;
    left.stands = kept_file::state::expired;
    left.sha256.clear();
    into.push_back(to_row(left));
}

void put_file_row(step& in, store::kept_row row) {
    if (row.kind == store::gone_file_rows) in.fetch({row.id, {}});
    in.put_kept(std::move(row));
}

void take_away(step& in, const store::kept_row& row) {
    if (row.kind == file_rows)
        if (const auto file = file_from(row)) {
            if (auto removal = removal_of(*file, in.now())) in.put_kept(std::move(*removal));
            if (auto forgetting = forgetting_of(*file, in.now())) put_file_row(in, std::move(*forgetting));
        }
    in.put_kept({row.kind, row.id, row.at, {}, true});
}

void register_files(step& in, const channel_entry& via, const channel::record& happened, const ticket& about,
                    std::uint32_t entry) {
    for (std::size_t i = 0; i < happened.attachments.size() && i < most_files; ++i) {
        const auto& given = happened.attachments[i];
        kept_file file;
        file.id = file_id(about.id, entry, i + 1);
        file.name = given.name;
        file.type = media_type_of(given.type);
        file.size = given.size;
        file.sha256 = given.stored;
        file.channel = via.name;
        file.url = given.url;
        file.media_id = given.media_id;
        file.at = in.now();
        file.keep_for = kept_for(happened);
        // What was uploaded beforehand is a file of the ticket from now on.
        if (is_upload_of_visitor(file.media_id) && given.not_kept.empty())
            in.put_kept({std::string(file_rows), file.media_id, in.now(), {}, true});
        const bool elsewhere = !file.url.empty() || !file.media_id.empty();
        // "image", or nothing: what it is shows when it comes.
        const bool unknown = elsewhere && file.type.find('/') == std::string::npos;
        file.reason = given.not_kept;
        if (file.reason.empty() && !unknown)
            file.reason = why_not_kept(via.policy, file.name, file.type, file.size);
        else if (file.reason.empty() && file.size > via.policy.most_file_bytes)
            file.reason = "too_large";
        if (!file.sha256.empty())
            file.stands = kept_file::state::stored;
        else if (!file.reason.empty() || !elsewhere)
            file.stands = kept_file::state::failed;
        if (file.stands == kept_file::state::failed && file.reason.empty()) file.reason = "no_content";
        in.put_kept(to_row(file));
        if (file.stands != kept_file::state::waiting) continue;
        in.put_kept({std::string(fetch_rows), file.id, in.now(), "0"});
        in.fetch({file.id, via.name});
    }
}

std::string why_not_kept(const channel_policy& policy, std::string_view name, std::string_view type,
                         std::int64_t size) {
    if (size > policy.most_file_bytes) return "too_large";
    const auto declared = media_type_of(type);
    if (!policy.file_types.empty()) {
        const bool listed = std::any_of(policy.file_types.begin(), policy.file_types.end(),
                                        [&](const auto& pattern) { return channel::fits_type(pattern, declared); });
        return listed ? "" : "type_refused";
    }
    const auto lower = to_lower_ascii(name);
    const bool runs = std::any_of(programs.begin(), programs.end(), [&](auto end) { return lower.ends_with(end); }) ||
                      declared == "application/x-msdownload" || declared == "application/x-msdos-program";
    return runs ? "type_refused" : "";
}

}  // namespace kindred::runtime
