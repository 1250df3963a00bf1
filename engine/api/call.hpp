#pragma once
#include "engine/base/json.hpp"
#include "engine/http/request.hpp"
#include "engine/http/responder.hpp"
#include "engine/runtime/people/person.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::api {

/// Who asks.
struct caller {
    runtime::permission_set may;
    std::string role;  ///< whose name permits that
    agent_id agent;    ///< 0 for an API token
    std::string name;  ///< login, or the token's name
    bool by_cookie = false;
    std::string session;  ///< hash of the session's token; empty for API tokens
};

/// The refusal of somebody whose role permits none of what is needed: 403, with `missing` naming it.
http::response missing_permission(const caller& who, runtime::permission_set needed);

/// One request on its way through an endpoint: it owns what it needs, because it is answered later and elsewhere.
class call {
public:
    call(const http::request& asked, http::responder answer);

    std::string method;
    std::string path;
    std::string query;
    std::string body;
    std::string peer;
    std::vector<std::pair<std::string, std::string>> headers;
    std::map<std::string, std::string, std::less<>> parameters;  ///< of the path: "id"
    caller who;

    std::string_view header(std::string_view name) const;
    std::optional<std::string> query_parameter(std::string_view name) const;
    /// The id in the path; errc::not_found when it is no number.
    template <class Id>
    result<Id> id(std::string_view name = "id") const {
        const auto found = parameters.find(name);
        const auto read = found == parameters.end() ? std::nullopt : parse_id<Id>(found->second);
        if (!read) return fail(errc::not_found, "there is no such " + std::string(name));
        return *read;
    }

    void send(http::response answer) const { answer_.send(std::move(answer)); }
    void send(const error& failed) const;
    /// A JSON object, or the problem.
    void send(unsigned status, const result<std::string>& said) const;
    void send_missing(runtime::permission_set needed) const { answer_.send(missing_permission(who, needed)); }
    const http::responder& responder() const { return answer_; }

private:
    http::responder answer_;
};

/// Reads a JSON object that a client wrote, and refuses what it does not know: every read names a member.
class body_reader {
public:
    /// An empty body is an empty object.
    static result<body_reader> parse(const call& asked);

    /// Missing members give nothing; a wrong type is remembered and makes finish() fail.
    std::optional<std::string> text(std::string_view name);
    std::optional<bool> yes_no(std::string_view name);
    /// A member of whatever type, for the caller to check.
    json::value any(std::string_view name) {
        known_.emplace_back(name);
        return root()[name];
    }
    /// errc::invalid naming the field that is wrong or unknown.
    result<void> finish() const;
    json::value root() const { return document_.root(); }

private:
    explicit body_reader(json::document parsed) : document_(std::move(parsed)) {}
    json::document document_;
    std::vector<std::string> known_;
    std::optional<error> wrong_;
};

}  // namespace kindred::api
