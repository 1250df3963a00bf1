#include "tests/connectors/support/sample_cases.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace kindred::testing {
namespace {

constexpr std::array<std::string_view, 18> suffixes{"/inbound_mime", "/hold",      "/inbound",     "/events", "/menu",
                                                    "/gather",       "/wait",      "/after-queue", "/status", "/key",
                                                    "/called-back",  "/voicemail", "/agent",       "/answer", "/event",
                                                    "/input",        "/recording", "/picked-up"};
/// Fields that one stateless call cannot show.
constexpr std::array<std::string_view, 5> invisible{"deduplicated", "error", "charset", "action", "fetch"};

std::string subpath_of(std::string_view path) {
    while (path.ends_with('/')) path.remove_suffix(1);
    for (const auto suffix : suffixes)
        if (path.ends_with(suffix)) return suffix == "/gather" ? "/menu" : std::string(suffix);
    return {};
}

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \r\n\t");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \r\n\t") - first + 1));
}

bool same(json::value wanted, json::value got);

bool same_object(json::value wanted, json::value got) {
    bool equal = got.is_object() && wanted.size() == got.size();
    wanted.for_each_member([&](std::string_view key, json::value each) { equal = equal && same(each, got[key]); });
    return equal;
}

bool same(json::value wanted, json::value got) {
    if (wanted.is_object()) return same_object(wanted, got);
    if (wanted.is_array()) {
        bool equal = got.is_array() && got.size() == wanted.size();
        for (std::size_t i = 0; equal && i < wanted.size(); ++i) equal = same(wanted.at(i), got.at(i));
        return equal;
    }
    if (wanted.is_number()) return got.is_number() && wanted.number() == got.number();
    if (wanted.is_null()) return !got.exists() || got.is_null() || (got.is_string() && got.text().empty());
    if (wanted.is_string()) return got.is_string() && trimmed(wanted.text()) == trimmed(got.text());
    return got.exists() && wanted.to_text() == got.to_text();
}

std::vector<std::string> texts_of(json::value list, std::string_view member) {
    std::vector<std::string> found;
    list.for_each([&](json::value each) { found.emplace_back(member.empty() ? each.text() : each[member].text()); });
    return found;
}

/// `wanted` or each of its elements.
std::vector<std::string> one_or_many(json::value wanted) {
    return wanted.is_array() ? texts_of(wanted, {}) : std::vector<std::string>{std::string(wanted.text())};
}

/// The comparisons that recorded mails ask for; nothing for other fields.
std::optional<bool> mail_agrees(std::string_view field, json::value wanted, json::value record) {
    const auto text = record["text"].text();
    const auto within = [&](const std::string& each) { return text.find(each) != std::string_view::npos; };
    const auto all = one_or_many(wanted);
    if (field == "text_contains") return std::all_of(all.begin(), all.end(), within);
    if (field == "text_excludes") return std::none_of(all.begin(), all.end(), within);
    if (field == "text_prefix") return text.starts_with(wanted.text());
    if (field == "subject_nonempty") return !record["subject"].text().empty();
    if (field == "attachments_min") return static_cast<std::int64_t>(record["attachments"].size()) >= wanted.integer();
    if (field != "references_include") return std::nullopt;
    const auto known = texts_of(record["references"], {});
    return std::all_of(all.begin(), all.end(), [&](const std::string& each) {
        return std::find(known.begin(), known.end(), each) != known.end();
    });
}

bool agrees(std::string_view field, json::value wanted, json::value record) {
    if (const auto decided = mail_agrees(field, wanted, record)) return *decided;
    const auto files = record["attachments"];
    if (field == "attachments" && wanted.is_number())
        return static_cast<std::int64_t>(files.size()) == wanted.integer();
    if (field == "attachment_types") return texts_of(files, "type") == texts_of(wanted, {});
    if (field == "filenames") return texts_of(files, "name") == texts_of(wanted, {});
    if (field == "filename" || field == "media_id") {
        const auto names = texts_of(files, field == "filename" ? "name" : "media_id");
        return std::find(names.begin(), names.end(), wanted.text()) != names.end() || same(wanted, record[field]);
    }
    return same(wanted, record[field]);
}

void compare_ack(json::value ack, const channel::reception& received, std::vector<std::string>& faults) {
    const auto status = static_cast<std::int64_t>(received.reply.status);
    if (ack["status"].exists() && ack["status"].integer() != status)
        faults.push_back("status " + std::to_string(status) + " wanted " + ack["status"].to_text());
    if (const auto any = ack["status_in"]; any.exists()) {
        bool found = false;
        any.for_each([&](json::value each) { found = found || each.integer() == status; });
        if (!found) faults.push_back("status " + std::to_string(status) + " wanted one of " + any.to_text());
    }
    if (const auto body = ack["body"];
        body.is_string() && !body.text().starts_with('<') && body.text() != received.reply.body)
        faults.push_back("body \"" + received.reply.body + "\" wanted " + body.to_text());
    if (const auto wanted = ack["json"]; wanted.exists()) {
        const auto got = json::document::parse(received.reply.body);
        if (!got || !same(wanted, got->root()))
            faults.push_back("body \"" + received.reply.body + "\" wanted " + wanted.to_text());
    }
    if (!received.reply.content_type.starts_with(ack["content_type"].text()))
        faults.push_back("content type " + received.reply.content_type + " wanted " + ack["content_type"].to_text());
}

void compare_records(json::value expect, const channel::reception& received, std::vector<std::string>& faults) {
    const auto kind = expect["kind"].text();
    if (expect.size() == 0) return;
    if (kind == "rejected") {
        if (!received.records.empty()) faults.emplace_back("a rejected request gave records");
        return;
    }
    if (kind == "ignored") {
        for (const auto& each : received.records)
            if (each.kind != channel::record_kind::ignored) faults.push_back("gave " + std::string(name_of(each.kind)));
        return;
    }
    if (received.records.empty()) {
        faults.push_back("no record; refused: " + received.refused + " " + received.reply.body);
        return;
    }
    auto found = std::find_if(received.records.begin(), received.records.end(),
                              [&](const channel::record& each) { return name_of(each.kind) == kind; });
    if (found == received.records.end()) found = received.records.begin();
    const auto text = to_json(*found);
    const auto parsed = json::document::parse(text);
    if (!parsed) {
        faults.push_back("the record is no JSON: " + parsed.error().message);
        return;
    }
    expect.for_each_member([&](std::string_view field, json::value wanted) {
        if (std::find(invisible.begin(), invisible.end(), field) != invisible.end()) return;
        if (!agrees(field, wanted, parsed->root()))
            faults.push_back(std::string(field) + ": wanted " + wanted.to_text() + " in " + text);
    });
}

}  // namespace

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

bool file_exists(const std::string& path) { return std::filesystem::exists(path); }

channel::request recorded_request::view() const {
    channel::request viewed;
    viewed.method = method;
    viewed.url = url;
    viewed.subpath = subpath;
    viewed.query = query;
    viewed.headers = &headers;
    viewed.body = body;
    viewed.session = session;
    viewed.authenticated = authenticated;
    return viewed;
}

void recorded_request::set_url(std::string address) {
    url = std::move(address);
    const auto question = url.find('?');
    query = question == std::string::npos ? "" : url.substr(question + 1);
    subpath = subpath_of(std::string_view(url).substr(0, question));
}

std::unique_ptr<channel::connector> connector_with(channel::factory make,
                                                   const std::vector<std::pair<std::string, std::string>>& settings,
                                                   const std::string& public_url) {
    std::vector<channel::option> given;
    for (const auto& [name, value] : settings) {
        const auto same_name = [&, key = &name](const channel::option& each) { return each.name == *key; };
        const auto known = std::find_if(given.begin(), given.end(), same_name);
        if (known == given.end()) {
            given.push_back({name, {value}, false, 1, 1});
        } else {
            known->values.push_back(value);
            known->is_list = true;
        }
    }
    channel::options options("case", std::move(given), public_url);
    auto made = make(options);
    for (const auto& problem : options.problems()) ADD_FAILURE() << problem.name << ": " << problem.message;
    for (const auto& unknown : options.unused()) ADD_FAILURE() << "unknown setting " << unknown.name;
    return made;
}

channel::reception run_case(channel::factory make, json::value one_case, const std::string& folder) {
    std::vector<std::pair<std::string, std::string>> settings;
    one_case["secret"].for_each_member([&](std::string_view name, json::value value) {
        const auto text = std::string(value.text());
        settings.emplace_back(name, name.ends_with("_file") ? folder + "/" + text : text);
    });
    if (const auto own = one_case["own_username"].text(); !own.empty()) settings.emplace_back("own_username", own);

    recorded_request request;
    request.method = one_case["request"]["method"].text();
    request.set_url(std::string(one_case["request"]["url"].text()));
    one_case["request"]["headers"].for_each_member(
        [&](std::string_view name, json::value value) { request.headers.emplace_back(name, value.text()); });
    request.session = one_case["session"].text();
    if (one_case["file"].exists()) request.body = read_file(folder + "/" + std::string(one_case["file"].text()));

    // Where no time is said, a request that signs its own is verified then.
    const auto stamp = request.view().single_header("webhook-timestamp").value_or("1800000000");
    const auto signed_at = json::document::parse(stamp);
    const auto usual = signed_at ? signed_at->root().integer().value_or(0) : 0;
    const auto now = from_millis(one_case["clock"].integer().value_or(usual) * 1000);
    return connector_with(make, settings)->receive(request.view(), now);
}

std::vector<std::string> differences(json::value one_case, const channel::reception& received) {
    std::vector<std::string> faults;
    compare_ack(one_case["ack"], received, faults);
    compare_records(one_case["expect"], received, faults);
    for (const auto& each : received.records)
        if (each.event_id.empty()) faults.emplace_back("a record without event id");
    return faults;
}

}  // namespace kindred::testing
