#include "connectors/mime/report.hpp"

#include "connectors/mime/automatic.hpp"
#include "connectors/mime/header_fields.hpp"
#include "engine/base/text.hpp"

#include <algorithm>
#include <array>

namespace kindred::connectors::mime {
namespace {

using std::string_view;

constexpr std::size_t most_results = 100;
constexpr std::size_t longest_value = 500;

constexpr std::array<string_view, 10> bounce_subjects = {"undelivered mail returned",
                                                         "failure notice",
                                                         "mail delivery failed",
                                                         "undeliverable",
                                                         "delivery status notification (failure",
                                                         "returned mail",
                                                         "delivery failure",
                                                         "mail system error",
                                                         "non remis",
                                                         "unzustellbar"};

constexpr std::array<string_view, 8> bounce_texts = {"this is the qmail-send program",
                                                     "could not be delivered",
                                                     "wasn't able to deliver",
                                                     "delivery to the following recipient",
                                                     "the following address",
                                                     "permanent fatal errors",
                                                     "undeliverable",
                                                     "konnte nicht zugestellt werden"};

/// "rfc822; user@example.com" or "RFC822; <u@ci.com>" without type and brackets.
std::string typed_address(string_view value) {
    const auto semicolon = value.find(';');
    if (semicolon != string_view::npos) value.remove_prefix(semicolon + 1);
    value = trim(value);
    if (value.starts_with('<') && value.ends_with('>')) value = value.substr(1, value.size() - 2);
    return to_utf8(value.substr(0, longest_value));
}

struct field {
    string_view name;
    std::string value;
};

/// The fields of one block, continuation lines joined.
std::vector<field> fields_of(const std::vector<string_view>& lines) {
    std::vector<field> fields;
    for (const auto line : lines) {
        if (line.starts_with(' ') || line.starts_with('\t')) {
            if (!fields.empty() && fields.back().value.size() < longest_value)
                fields.back().value.append(" ").append(trim(line));
            continue;
        }
        const auto colon = line.find(':');
        if (colon != string_view::npos && colon > 0)
            fields.push_back({trim(line.substr(0, colon)), std::string(trim(line.substr(colon + 1)))});
    }
    return fields;
}

string_view value_of(const std::vector<field>& fields, string_view name) {
    for (const auto& each : fields)
        if (equal_ignoring_case(each.name, name)) return each.value;
    return {};
}

void add_result(const std::vector<field>& fields, message& into) {
    const auto final_recipient = value_of(fields, "final-recipient");
    const auto original = value_of(fields, "original-recipient");
    if ((final_recipient.empty() && original.empty()) || into.results.size() >= most_results) return;
    delivery_result result;
    result.recipient = typed_address(final_recipient.empty() ? original : final_recipient);
    result.action = to_lower_ascii(value_of(fields, "action"));
    const auto status = value_of(fields, "status");
    result.status = std::string(status.substr(0, status.find_first_of(" (")));
    result.diagnostic = to_utf8(value_of(fields, "diagnostic-code").substr(0, longest_value));
    into.results.push_back(std::move(result));
}

string_view without_return(string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

/// An enhanced status code (RFC 3463) such as "5.1.1" in a line; "" when there is none.
string_view status_code_in(string_view line) {
    const auto digit = [&](std::size_t at) { return at < line.size() && line[at] >= '0' && line[at] <= '9'; };
    for (std::size_t i = 0; i + 4 < line.size(); ++i) {
        const bool starts = (line[i] == '5' || line[i] == '4') && line[i + 1] == '.' &&
                            (i == 0 || !(digit(i - 1) || line[i - 1] == '.'));
        if (!starts || !digit(i + 2)) continue;
        std::size_t end = i + 2;
        while (digit(end) && end < i + 5) ++end;
        if (end >= line.size() || line[end] != '.' || !digit(end + 1)) continue;
        ++end;
        while (digit(end) && end < line.size()) ++end;
        if (end < line.size() && line[end] == '.') continue;  // an IP address
        return line.substr(i, end - i);
    }
    return {};
}

bool contains_any(string_view text, const auto& phrases) {
    const auto lower = to_lower_ascii(text);
    return std::any_of(phrases.begin(), phrases.end(),
                       [&](string_view each) { return lower.find(each) != std::string::npos; });
}

/// An address that stands alone on its line, as qmail ("<a@b>:") and Exim ("  a@b") write it.
string_view lone_address(string_view line) {
    line = trim(line);
    if (line.ends_with(':')) line.remove_suffix(1);
    if (line.starts_with('<') && line.ends_with('>')) line = line.substr(1, line.size() - 2);
    const bool alone = line.find_first_of(" \t<>:,;") == string_view::npos;
    const auto at = line.find('@');
    return alone && at != string_view::npos && at > 0 && at + 1 < line.size() ? line : string_view{};
}

}  // namespace

void read_delivery_status(string_view content, message& into) {
    std::vector<string_view> block;
    for (const auto each : split(content, '\n')) {
        const auto line = without_return(each);
        if (!trim(line).empty()) {
            block.push_back(line);
            continue;
        }
        add_result(fields_of(block), into);
        block.clear();
    }
    add_result(fields_of(block), into);
}

std::string message_id_in_headers(string_view headers) {
    std::vector<string_view> lines;
    for (const auto each : split(headers, '\n')) lines.push_back(without_return(each));
    for (const auto& each : fields_of(lines)) {
        if (!equal_ignoring_case(each.name, "message-id")) continue;
        const auto ids = message_ids(each.value);
        if (!ids.empty()) return ids.front();
    }
    return {};
}

void read_plain_bounce(string_view failed_recipients_header, message& into) {
    const bool from_system = (into.return_path && into.return_path->empty()) ||
                             (!into.from.empty() && is_mail_system(into.from.front().email));
    const auto beginning = string_view(into.text).substr(0, 4000);
    const bool says_so = contains_any(into.subject, bounce_subjects) && contains_any(beginning, bounce_texts);
    if (failed_recipients_header.empty() && !(from_system && says_so)) return;
    into.bounced = true;
    std::string status;
    for (const auto each : split(beginning, '\n')) {
        if (status.empty()) status = status_code_in(each);
        const auto recipient = lone_address(each);
        if (!recipient.empty() && failed_recipients_header.empty() && into.results.size() < most_results)
            into.results.push_back({std::string(recipient), "failed", {}, {}});
    }
    for (const auto each : split(failed_recipients_header, ','))
        if (!trim(each).empty() && into.results.size() < most_results)
            into.results.push_back({to_utf8(trim(each)), "failed", {}, {}});
    for (auto& each : into.results) each.status = status;
    if (into.returned_message_id.empty()) into.returned_message_id = message_id_in_headers(into.text);
}

}  // namespace kindred::connectors::mime
