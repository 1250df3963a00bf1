#include "engine/nodes/pass.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/id.hpp"
#include "engine/base/text.hpp"

namespace kindred::nodes {
namespace {

constexpr duration good_for = std::chrono::minutes{5};
constexpr std::string_view version = "v1";

std::string signature_of(std::string_view key, std::string_view said, std::string_view method, std::string_view target,
                         std::string_view body) {
    return to_hex(hmac_of(hash_kind::sha256, key, {"kindred node ", said, "\n", method, "\n", target, "\n", body}));
}

}  // namespace

std::string write_pass(std::string_view key, const pass& by, std::string_view method, std::string_view target,
                       std::string_view body, time_point now) {
    std::string said(version);
    said.append(";").append(std::to_string(to_millis(now))).append(";").append(by.node).append(";").append(by.client);
    const auto signature = signature_of(key, said, method, target, body);
    return said.append(";").append(signature);
}

result<pass> read_pass(std::string_view key, const http::request& asked, time_point now) {
    const auto refused = [](std::string_view why) {
        return fail(errc::unauthorized, "the request is passed on by nobody of this site: " + std::string(why));
    };
    const auto value = asked.single_header(pass_header);
    if (!value || key.empty()) return refused("it says no node");
    const auto parts = split(*value, ';');
    if (parts.size() != 5 || parts[0] != version) return refused("its pass cannot be read");
    const auto said = value->substr(0, value->rfind(';'));
    if (!equal_secrets(parts[4], signature_of(key, said, asked.method, asked.target, asked.body)))
        return refused("its signature is wrong");
    const auto at = parse_number(parts[1]);
    if (!at) return refused("its pass cannot be read");
    const auto age = now - from_millis(static_cast<std::int64_t>(*at));
    if (age > good_for || age < -good_for) return refused("it is too old, or the clocks of the nodes differ");
    return pass{std::string(parts[2]), std::string(parts[3])};
}

}  // namespace kindred::nodes
