#include "engine/api/call.hpp"

#include "engine/api/status.hpp"
#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::api {

http::response missing_permission(const caller& who, runtime::permission_set needed) {
    json::writer out;
    out.begin_object().member("type", std::string("/problems/") + name_of(errc::forbidden));
    out.member("title", http::reason_phrase(403)).member("status", 403);
    out.member("detail", "this takes " + needed.text(" or ") + ", which the role " + who.role + " does not permit");
    out.key("missing").begin_array();
    for (const auto name : needed.names()) out.value(name);
    out.end_array().end_object();
    return http::response(403, out.take(), "application/problem+json");
}

call::call(const http::request& asked, http::responder answer)
    : method(asked.method),
      path(asked.path),
      query(asked.query),
      body(asked.body),
      peer(asked.peer),
      answer_(std::move(answer)) {
    for (const auto& each : asked.headers) headers.emplace_back(each.name, each.value);
}

std::string_view call::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (equal_ignoring_case(key, name)) return value;
    return {};
}

std::optional<std::string> call::query_parameter(std::string_view name) const {
    for (auto& field : parse_form(query))
        if (field.name == name) return std::move(field.value);
    return std::nullopt;
}

void call::send(const error& failed) const { answer_.send(problem(failed)); }

void call::send(unsigned status, const result<std::string>& said) const {
    answer_.send(said ? http::response::json(status, *said) : problem(said.error()));
}

result<body_reader> body_reader::parse(const call& asked) {
    auto parsed = json::document::parse(asked.body.empty() ? std::string_view("{}") : std::string_view(asked.body));
    if (!parsed) return fail(errc::invalid, "the body is not acceptable JSON " + parsed.error().message);
    if (!parsed->root().is_object()) return fail(errc::invalid, "the body wants a JSON object");
    return body_reader(std::move(*parsed));
}

std::optional<std::string> body_reader::text(std::string_view name) {
    known_.emplace_back(name);
    const auto given = root()[name];
    if (!given.exists() || given.is_null()) return std::nullopt;
    if (given.is_string()) return std::string(given.text());
    if (!wrong_) wrong_ = fail(errc::invalid, std::string(name) + ": wants a text");
    return std::nullopt;
}

std::optional<bool> body_reader::yes_no(std::string_view name) {
    known_.emplace_back(name);
    const auto given = root()[name];
    if (!given.exists() || given.is_null()) return std::nullopt;
    if (given.is_bool()) return given.boolean();
    if (!wrong_) wrong_ = fail(errc::invalid, std::string(name) + ": wants true or false");
    return std::nullopt;
}

result<void> body_reader::finish() const {
    if (wrong_) return *wrong_;
    std::optional<error> unknown;
    root().for_each_member([&](std::string_view name, json::value) {
        if (unknown || std::find(known_.begin(), known_.end(), name) != known_.end()) return;
        const auto meant = nearest(name, known_);
        unknown = fail(errc::invalid,
                       std::string(name) + ": unknown field" + (meant ? ", did you mean \"" + *meant + "\"?" : ""));
    });
    if (unknown) return *unknown;
    return {};
}

}  // namespace kindred::api
