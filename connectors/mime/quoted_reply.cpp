#include "connectors/mime/quoted_reply.hpp"

#include "connectors/mime/reply_phrases.hpp"
#include "engine/base/text.hpp"

#include <algorithm>
#include <vector>

namespace kindred::connectors::mime {
namespace {

using lines = std::vector<std::string_view>;

constexpr std::size_t longest_attribution = 400;  // bytes
constexpr std::size_t most_attribution_lines = 4;
constexpr std::size_t most_header_lines = 8;
constexpr std::size_t longest_signature = 15;  // lines

bool is_quoted(std::string_view line) { return trim(line).starts_with('>'); }

std::size_t next_written(const lines& all, std::size_t at) {
    while (at < all.size() && trim(all[at]).empty()) ++at;
    return at;
}

bool has_digit(std::string_view text) { return text.find_first_of("0123456789") != std::string_view::npos; }

/// "----- Original Message -----" and the like.
bool is_divider(std::string_view line) {
    const auto text = trim(line);
    if (text.size() > 120 || (!text.starts_with("--") && !text.starts_with("__"))) return false;
    return phrases::names_original_message(phrases::lower_case(text));
}

/// How many lines from `at` on say who wrote what follows and when; 0: none.
std::size_t attribution_at(const lines& all, std::size_t at) {
    const auto first = trim(all[at]);
    if (first.empty() || is_quoted(first)) return 0;
    std::string joined;
    for (std::size_t count = 1; count <= most_attribution_lines && at + count <= all.size(); ++count) {
        const auto line = trim(all[at + count - 1]);
        if (line.empty() || is_quoted(line)) return 0;
        if (joined.size() + line.size() > longest_attribution) return 0;
        joined += joined.empty() ? "" : " ";
        joined += phrases::lower_case(line);
        const bool located = has_digit(joined) || joined.find('@') != std::string::npos;
        if (joined.ends_with(':') && located && phrases::says_wrote(joined)) return count;
        const bool leads = phrases::begins_attribution(joined) && located;
        const auto next = next_written(all, at + count);
        const bool before_quote = next < all.size() && is_quoted(all[next]);
        const bool names_sender = has_digit(joined) && joined.find('@') != std::string::npos;
        if (before_quote && names_sender && joined.size() < 160 && (joined.ends_with('>') || joined.ends_with(':')))
            return count;
        if (!leads) return 0;  // only what begins like one may go on in the next line
    }
    return 0;
}

/// Whether the headers of the message below start here ("From: ... Sent: ... Subject: ...").
bool is_header_block(const lines& all, std::size_t at) {
    if (phrases::header_of(all[at]) == phrases::header::none) return false;
    bool sender = false;
    bool telling = false;
    bool has_address = false;
    std::size_t labels = 0;
    for (std::size_t i = at; i < all.size() && i < at + most_header_lines; ++i) {
        if (trim(all[i]).empty()) {
            if (i == at + 1) continue;  // HTML mail often has an empty line between them
            break;
        }
        const auto kind = phrases::header_of(all[i]);
        if (kind == phrases::header::none) continue;
        ++labels;
        sender = sender || kind == phrases::header::sender;
        telling = telling || kind == phrases::header::telling;
        has_address = has_address || (kind == phrases::header::sender && all[i].find('@') != std::string_view::npos);
    }
    return labels >= 3 && sender && (telling || has_address);
}

bool is_rule(std::string_view line) {
    const auto text = trim(line);
    return text.size() >= 20 && text.find_first_not_of("_-=") == std::string_view::npos;
}

bool quotes_everything_below(const lines& all, std::size_t at) {
    if (is_divider(all[at]) || is_header_block(all, at)) return true;
    if (!is_rule(all[at])) return false;
    const auto next = next_written(all, at + 1);
    return next < all.size() && is_header_block(all, next);
}

lines written_lines(const lines& all) {
    lines kept;
    for (std::size_t i = 0; i < all.size();) {
        if (quotes_everything_below(all, i)) break;
        if (const auto count = attribution_at(all, i)) {
            i += count;
            const auto next = next_written(all, i);
            if (next == all.size() || !is_quoted(all[next])) break;  // answered on top, nothing marked below
            continue;
        }
        if (!is_quoted(all[i])) kept.push_back(all[i]);
        ++i;
    }
    return kept;
}

void drop_blank_end(lines& kept) {
    while (!kept.empty() && trim(kept.back()).empty()) kept.pop_back();
}

void drop_signature(lines& kept) {
    drop_blank_end(kept);
    const std::size_t from = kept.size() > longest_signature ? kept.size() - longest_signature : 0;
    for (std::size_t i = from; i < kept.size(); ++i) {
        const bool delimiter = kept[i] == "--" || kept[i] == "-- ";
        const bool list_footer = i + 1 < kept.size() && is_rule(kept[i]) && kept[i].starts_with('_');
        if (!delimiter && !list_footer) continue;
        kept.resize(i);
        break;
    }
    drop_blank_end(kept);
    if (!kept.empty() && kept.back().size() <= 100 &&
        phrases::is_device_signature(phrases::lower_case(trim(kept.back()))))
        kept.pop_back();
    drop_blank_end(kept);
}

std::string join(const lines& kept) {
    std::string text;
    bool blank = true;  // no empty lines at the beginning, and two in a row are one
    for (const auto& line : kept) {
        const bool empty = trim(line).empty();
        if (empty && blank) continue;
        blank = empty;
        text.append(empty ? std::string_view{} : line).push_back('\n');
    }
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

}  // namespace

std::string without_quoted_reply(std::string_view text) {
    auto kept = written_lines(split(text, '\n'));
    const auto answered = join(kept);
    drop_signature(kept);
    auto stripped = join(kept);
    if (!stripped.empty()) return stripped;
    return answered.empty() ? std::string(trim(text)) : answered;
}

}  // namespace kindred::connectors::mime
