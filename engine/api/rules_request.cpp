#include "engine/api/rules_request.hpp"

#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::api {
namespace {

bool is_rule_path(std::string_view path) {
    const bool named = path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".md");
    const auto parts = split(path, '/');
    return named && std::none_of(parts.begin(), parts.end(), [](std::string_view each) {
               return each.empty() || each.front() == '.' || each.find('\\') != std::string_view::npos;
           });
}

result<rules::rule_files> read_files(json::value given) {
    if (!given.is_object()) return fail(errc::invalid, "files: wants an object from paths to texts");
    rules::rule_files files;
    std::optional<error> wrong;
    given.for_each_member([&](std::string_view path, json::value text) {
        if (wrong) return;
        if (!is_rule_path(path))
            wrong = fail(errc::invalid, "files: \"" + std::string(path) + "\" is no path of a rule file (.yaml, .md)");
        else if (!text.is_string())
            wrong = fail(errc::invalid, "files: \"" + std::string(path) + "\" wants a text");
        else
            files.push_back({std::string(path), std::string(text.text())});
    });
    if (wrong) return *wrong;
    std::sort(files.begin(), files.end(), [](const auto& left, const auto& right) { return left.path < right.path; });
    return files;
}

}  // namespace

result<runtime::rules_source> rules_named(body_reader& body) {
    const auto files = body.any("files");
    const auto version = body.text("version");
    if (files.exists() && version) return fail(errc::invalid, "version: give either files or a version");
    if (version) return runtime::rules_source{runtime::rules_source::version{*version}};
    if (!files.exists()) return runtime::rules_source{runtime::rules_source::folder{}};
    auto read = read_files(files);
    if (!read) return read.error();
    return runtime::rules_source{std::move(*read)};
}

result<std::optional<runtime::rollout_wish>> rollout_named(body_reader& body) {
    const auto given = body.any("rollout");
    if (!given.exists()) return std::optional<runtime::rollout_wish>();
    runtime::rollout_wish wish;
    const auto mode = runtime::rollout_mode_named(given["mode"].text());
    if (!mode) return fail(errc::invalid, "rollout: mode: wants shadow, canary or off");
    wish.mode = *mode;
    if (given["percent"].exists()) wish.percent = given["percent"].number().value_or(0);
    if (!(wish.percent > 0 && wish.percent <= 100))
        return fail(errc::invalid, "rollout: percent: wants a number above 0, up to 100");
    return std::optional(wish);
}

http::response refusal_of(const std::vector<settings::diagnostic>& problems) {
    json::writer out;
    out.begin_object().member("type", "/problems/rules").member("title", "Unprocessable Content").member("status", 422);
    out.member("detail", "the rules have errors: nothing has changed");
    out.key("problems").raw(settings::to_json(problems)).end_object();
    return http::response(422, out.take(), "application/problem+json");
}

}  // namespace kindred::api
