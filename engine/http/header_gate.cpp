#include "engine/http/header_gate.hpp"

#include "engine/base/text.hpp"

#include <algorithm>
#include <charconv>

namespace kindred::http {
namespace {

bool is_folded(std::string_view raw) {
    for (auto at = raw.find("\r\n"); at != std::string_view::npos; at = raw.find("\r\n", at + 2)) {
        if (at + 2 < raw.size() && (raw[at + 2] == ' ' || raw[at + 2] == '\t')) return true;
    }
    return false;
}

bool is_alphanumeric(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
}

bool is_host(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char letter) {
        return is_alphanumeric(letter) || std::string_view(".-_:[]%").find(letter) != std::string_view::npos;
    });
}

/// The framing headers, found in one pass: every request pays for it.
struct framing_headers {
    std::size_t hosts = 0;
    std::size_t lengths = 0;
    std::size_t encodings = 0;
    std::string_view host;
    std::string_view length;
    std::string_view encoding;
    std::string_view expectation;
    std::string_view content_encoding;

    void take(const header_view& field) {
        switch (field.name.size()) {
            case 4:
                if (!equal_ignoring_case(field.name, "host")) return;
                ++hosts;
                host = field.value;
                return;
            case 6:
                if (equal_ignoring_case(field.name, "expect")) expectation = field.value;
                return;
            case 14:
                if (!equal_ignoring_case(field.name, "content-length")) return;
                ++lengths;
                length = field.value;
                return;
            case 16:
                if (equal_ignoring_case(field.name, "content-encoding")) content_encoding = field.value;
                return;
            case 17:
                if (!equal_ignoring_case(field.name, "transfer-encoding")) return;
                ++encodings;
                encoding = field.value;
                return;
            default: return;
        }
    }
};

/// Digits alone: no sign, no blank, no list, no more than a file could have.
bool read_length(std::string_view text, std::uint64_t& length) {
    const char* const end = text.data() + text.size();
    if (text.empty() || text.size() > 18 || text.front() < '0' || text.front() > '9') return false;
    const auto [stopped, failed] = std::from_chars(text.data(), end, length);
    return failed == std::errc{} && stopped == end;
}

}  // namespace

std::optional<refusal> check_head(std::string_view raw, const request& head, body_framing& framing) {
    if (is_folded(raw)) return refusal::folded_header;
    if (head.headers.size() > most_header_fields) return refusal::too_many_fields;

    framing_headers found;
    for (const auto& field : head.headers) found.take(field);

    const bool host_is_right = found.hosts == 1 ? is_host(found.host) : (found.hosts == 0 && head.http_1_0);
    if (!host_is_right) return refusal::bad_host;
    if (found.encodings > 0) {
        const bool chunked_alone = found.encodings == 1 && equal_ignoring_case(found.encoding, "chunked");
        if (!chunked_alone || head.http_1_0 || found.lengths > 0) return refusal::bad_transfer_encoding;
        framing.chunked = true;
    }
    if (found.lengths > 0 && (found.lengths > 1 || !read_length(found.length, framing.length))) {
        return refusal::bad_content_length;
    }
    if (!found.content_encoding.empty() && !equal_ignoring_case(found.content_encoding, "identity")) {
        return refusal::encoded_body;
    }
    if (!found.expectation.empty()) {
        if (!equal_ignoring_case(found.expectation, "100-continue")) return refusal::bad_expectation;
        framing.expects_continue = !head.http_1_0;
    }
    return std::nullopt;
}

bool split_target(std::string_view target, std::string_view& path, std::string_view& query) {
    const bool printable =
        std::ranges::all_of(target, [](char letter) { return letter > ' ' && letter < 0x7F && letter != '#'; });
    if (!printable || target.empty()) return false;
    if (target == "*") {
        path = target;
        query = {};
        return true;
    }
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (target.size() < scheme.size() || !equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
        const auto authority_end = target.find_first_of("/?", scheme.size());
        if (!is_host(target.substr(scheme.size(), authority_end - scheme.size()))) return false;
        target = authority_end == std::string_view::npos ? std::string_view("/") : target.substr(authority_end);
        break;
    }
    if (target.front() != '/') return false;
    const auto mark = target.find('?');
    path = target.substr(0, mark);
    query = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
    return true;
}

}  // namespace kindred::http
