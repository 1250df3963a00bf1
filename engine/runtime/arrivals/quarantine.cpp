#include "engine/runtime/arrivals/quarantine.hpp"

#include "engine/base/digest.hpp"
#include "engine/base/json.hpp"
#include "engine/channel/signature.hpp"
#include "engine/runtime/arrivals/quarantine_book.hpp"
#include "engine/runtime/people/registers.hpp"

namespace kindred::runtime {
namespace {

void write_request(json::writer& out, const raw_request& raw) {
    out.key("request").begin_object().member_if("method", raw.method).member_if("url", raw.url);
    out.member_if("subpath", raw.subpath).member_if("query", raw.query).key("headers").begin_array();
    for (const auto& [name, value] : raw.headers) out.begin_array().value(name).value(value).end_array();
    out.end_array().member("body", to_base64(raw.body)).member_if("session", raw.session);
    out.member("authenticated", raw.authenticated).member_if("envelope_from", raw.envelope_from);
    out.key("envelope_to").begin_array();
    for (const auto& each : raw.envelope_to) out.value(each);
    out.end_array().end_object();
}

raw_request read_request(json::value from) {
    raw_request raw;
    raw.method = from["method"].text();
    raw.url = from["url"].text();
    raw.subpath = from["subpath"].text();
    raw.query = from["query"].text();
    from["headers"].for_each([&](json::value each) { raw.headers.emplace_back(each.at(0).text(), each.at(1).text()); });
    raw.body = from_base64(from["body"].text()).value_or("");
    raw.session = from["session"].text();
    raw.authenticated = from["authenticated"].boolean().value_or(false);
    raw.envelope_from = from["envelope_from"].text();
    from["envelope_to"].for_each([&](json::value each) { raw.envelope_to.emplace_back(each.text()); });
    return raw;
}

}  // namespace

quarantined quarantined_by_a_bug(const delivery& given, std::string detail, time_point now) {
    quarantined held{{}, given.via->name, "bug", std::move(detail), now, {}};
    if (given.raw != nullptr) {
        held.request = *given.raw;
    } else {
        for (const auto& each : given.records) held.request.body += channel::to_stored_json(each) + '\n';
    }
    return held;
}

std::string why_not_in_quarantine(std::string_view body) {
    return "; its " + std::to_string(body.size()) + " bytes are over the " + std::to_string(most_quarantined_bytes) +
           " that quarantine keeps";
}

std::string id_of(const quarantined& held) {
    const auto& raw = held.request;
    return channel::sha256_hex(held.channel + '\n' + raw.method + '\n' + raw.url + '\n' + raw.body).substr(0, 24);
}

store::kept_row to_row(const quarantined& held) {
    json::writer out;
    out.begin_object().member("channel", held.channel).member("reason", held.reason).member_if("detail", held.detail);
    out.member("at", to_millis(held.at));
    write_request(out, held.request);
    return {std::string(quarantine_rows), id_of(held), held.at, out.end_object().take()};
}

result<quarantined> quarantined_from(const store::kept_row& row) {
    const auto parsed = json::document::parse(row.bytes);
    if (!parsed || !(*parsed)["request"].is_object())
        return fail(errc::corrupt, "what is in quarantine as " + row.id + " is not readable");
    const auto from = parsed->root();
    quarantined held;
    held.id = row.id;
    held.channel = from["channel"].text();
    held.reason = from["reason"].text();
    held.detail = from["detail"].text();
    held.at = from_millis(from["at"].integer().value_or(0));
    held.request = read_request(from["request"]);
    return held;
}

std::string channel_of_quarantined(std::string_view bytes) {
    const auto parsed = json::document::parse(bytes);
    return parsed ? std::string((*parsed)["channel"].text()) : std::string();
}

channel::request as_request(const raw_request& raw) {
    channel::request made;
    made.method = raw.method;
    made.url = raw.url;
    made.subpath = raw.subpath;
    made.query = raw.query;
    made.headers = &raw.headers;
    made.body = raw.body;
    made.envelope_from = raw.envelope_from;
    made.envelope_to = raw.envelope_to;
    made.session = raw.session;
    made.authenticated = raw.authenticated;
    return made;
}

}  // namespace kindred::runtime
