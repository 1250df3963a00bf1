#include "engine/base/text.hpp"
#include "engine/http/response.hpp"
#include "engine/http/transfer.hpp"

#include <algorithm>

namespace kindred::http {
namespace {

bool names(const http_call& call, std::string_view header) {
    return std::ranges::any_of(call.headers, [&](const auto& each) { return equal_ignoring_case(each.first, header); });
}

result<void> fill(curl_list& lines, const http_call& call) {
    for (const auto& [name, value] : call.headers) {
        if (!is_safe_header(name, value)) return fail(errc::invalid, "header \"" + to_utf8(name) + "\" cannot be sent");
        // libcurl's way of saying "present but empty".
        lines.add(value.empty() ? name + ";" : name + ": " + value);
    }
    // What libcurl would add on its own: a pause before large bodies, and a type that nobody chose.
    lines.add("Expect:");
    if (!names(call, "content-type")) lines.add("Content-Type:");
    return {};
}

bool is_method(std::string_view method) {
    return !method.empty() && std::ranges::all_of(method, [](char letter) { return letter >= 'A' && letter <= 'Z'; });
}

}  // namespace

result<client_response> perform(transfer& over, const http_call& call) {
    if (const auto aimed = over.aim(call.url, "http", "https"); !aimed) return aimed.error();
    if (!over.is_trusted() && !call.url.starts_with("https:")) {
        return fail(errc::invalid, "only trusted hosts are called without TLS: use https://");
    }
    if (!is_method(call.method)) return fail(errc::invalid, "\"" + to_utf8(call.method) + "\" is no HTTP method");
    curl_list lines;
    if (const auto filled = fill(lines, call); !filled) return filled.error();

    over.set(CURLOPT_HTTPHEADER, lines.get());
    curl_list instead;
    if (!call.connect_to.empty()) {
        instead.add("::" + call.connect_to);
        over.set(CURLOPT_CONNECT_TO, instead.get());
    }
    if (call.method == "HEAD") {
        over.set(CURLOPT_NOBODY, 1L);
    } else if (call.method != "GET" || !call.body.empty()) {
        over.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
        over.set(CURLOPT_POSTFIELDS, call.body.c_str());
        over.set(CURLOPT_CUSTOMREQUEST, call.method.c_str());
    }
    if (!call.user.empty()) {
        over.set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
        over.set(CURLOPT_USERNAME, call.user.c_str());
        over.set(CURLOPT_PASSWORD, call.password.c_str());
    }
    const CURLcode code = over.run();
    if (code != CURLE_OK) return over.failure(code, over.has_sent_request());
    return over.take_response();
}

}  // namespace kindred::http
