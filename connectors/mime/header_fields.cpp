#include "connectors/mime/header_fields.hpp"

#include "connectors/mime/encoded_words.hpp"
#include "connectors/mime/gmime_pointer.hpp"
#include "engine/base/text.hpp"

#include <algorithm>

namespace kindred::connectors::mime {
namespace {

constexpr std::size_t most_ids = 100;
constexpr std::size_t most_addresses = 200;
constexpr std::size_t longest_id = 512;

bool is_id(std::string_view text) {
    const bool clean = std::all_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) > 0x20 && c != 0x7F && c != '<' && c != '>' && c != '"';
    });
    return clean && !text.empty() && text.size() <= longest_id;
}

void add_id(std::vector<std::string>& ids, std::string_view inside) {
    if (!is_id(inside) || ids.size() >= most_ids) return;
    auto id = to_utf8("<" + std::string(inside) + ">");
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(std::move(id));
}

void collect(InternetAddressList* list, std::vector<address>& into, int depth) {
    const int length = internet_address_list_length(list);
    for (int i = 0; i < length && into.size() < most_addresses; ++i) {
        InternetAddress* const each = internet_address_list_get_address(list, i);
        if (INTERNET_ADDRESS_IS_GROUP(each) && depth < 4) {
            collect(internet_address_group_get_members(INTERNET_ADDRESS_GROUP(each)), into, depth + 1);
        } else if (INTERNET_ADDRESS_IS_MAILBOX(each)) {
            const char* const name = internet_address_get_name(each);
            const char* const email = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(each));
            if (email == nullptr || *email == '\0') continue;
            into.push_back({decode_header(name == nullptr ? "" : name), to_utf8(unfold(email))});
        }
    }
}

void discard_log(const char*, GLogLevelFlags, const char*, void*) {}

}  // namespace

void header_fields::add(std::string_view name, std::string_view raw_value) {
    fields_.push_back({std::string(name), std::string(trim(raw_value))});
}

std::string_view header_fields::first(std::string_view name) const {
    for (const auto& each : fields_)
        if (equal_ignoring_case(each.name, name)) return each.value;
    return {};
}

bool header_fields::has(std::string_view name) const {
    return std::any_of(fields_.begin(), fields_.end(),
                       [&](const field& each) { return equal_ignoring_case(each.name, name); });
}

std::vector<std::string_view> header_fields::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const auto& each : fields_)
        if (equal_ignoring_case(each.name, name)) values.emplace_back(each.value);
    return values;
}

bool header_fields::has_prefix(std::string_view prefix) const {
    return std::any_of(fields_.begin(), fields_.end(), [&](const field& each) {
        return equal_ignoring_case(std::string_view(each.name).substr(0, prefix.size()), prefix);
    });
}

std::vector<std::string> message_ids(std::string_view raw_value) {
    std::vector<std::string> ids;
    while (!raw_value.empty() && ids.size() < most_ids) {
        const auto start = raw_value.find_first_not_of(" \t\r\n,;");
        if (start == std::string_view::npos) break;
        raw_value.remove_prefix(start);
        if (raw_value.front() == '<') {
            const auto end = raw_value.find('>');
            if (end == std::string_view::npos) break;
            add_id(ids, raw_value.substr(1, end - 1));
            raw_value.remove_prefix(end + 1);
            continue;
        }
        const auto end = std::min(raw_value.find_first_of(" \t\r\n,;<", 1), raw_value.size());
        const auto word = raw_value.substr(0, end);
        if (word.find('@') != std::string_view::npos) add_id(ids, word);
        raw_value.remove_prefix(end);
    }
    return ids;
}

std::vector<address> addresses(std::string_view raw_value) {
    std::vector<address> found;
    const auto prepared = decode_address_header(raw_value);
    if (prepared.empty()) return found;
    const gmime_options options(g_mime_parser_options_new());
    g_mime_parser_options_set_address_compliance_mode(options.get(), GMIME_RFC_COMPLIANCE_LOOSE);
    g_mime_parser_options_set_allow_addresses_without_domain(options.get(), TRUE);
    const gmime_pointer<InternetAddressList> list(internet_address_list_parse(options.get(), prepared.c_str()));
    if (list) collect(list.get(), found, 0);
    return found;
}

std::string list_id(std::string_view raw_value) {
    auto line = decode_header(raw_value);
    const auto open = line.rfind('<');
    const auto close = line.rfind('>');
    if (open != std::string::npos && close != std::string::npos && close > open + 1)
        return std::string(trim(std::string_view(line).substr(open + 1, close - open - 1)));
    return line;
}

void start_gmime() {
    static const bool started = [] {
        g_mime_init();
        // Broken mail is ordinary input here; GMime would report it on stderr.
        g_log_set_handler("gmime", static_cast<GLogLevelFlags>(G_LOG_LEVEL_MASK & ~G_LOG_LEVEL_ERROR), discard_log,
                          nullptr);
        return true;
    }();
    static_cast<void>(started);
}

}  // namespace kindred::connectors::mime
