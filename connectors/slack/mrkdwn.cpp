#include "connectors/slack/mrkdwn.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kindred::connectors::slack {
namespace {

constexpr std::array<std::pair<char, std::string_view>, 3> entities{
    std::pair{'&', std::string_view("&amp;")}, {'<', "&lt;"}, {'>', "&gt;"}};

void append_unescaped(std::string& out, std::string_view text) {
    while (!text.empty()) {
        const auto* const found = std::find_if(entities.begin(), entities.end(),
                                               [&](const auto& each) { return text.starts_with(each.second); });
        out += found == entities.end() ? text.front() : found->first;
        text.remove_prefix(found == entities.end() ? 1 : found->second.size());
    }
}

/// "<!here>", "<!subteam^S1|@team>", "<!date^...|yesterday>".
void append_special(std::string& out, std::string_view name, std::string_view label) {
    if (!label.empty()) return append_unescaped(out, label);
    out += '@';
    append_unescaped(out, name.substr(0, name.find('^')));
}

void append_link(std::string& out, std::string_view address, std::string_view label) {
    if (label.empty()) return append_unescaped(out, address);
    append_unescaped(out, label);
    // Slack makes links of what people write: "example.com" arrives as <http://example.com|example.com>.
    if (address.ends_with(label) || address == label) return;
    out += " (";
    append_unescaped(out, address);
    out += ')';
}

void append_reference(std::string& out, std::string_view inside) {
    const auto bar = inside.find('|');
    const auto target = inside.substr(0, bar);
    const auto label = bar == std::string_view::npos ? std::string_view{} : inside.substr(bar + 1);
    const char sort = target.empty() ? '\0' : target.front();
    if (sort == '@' || sort == '#') {
        out += sort;
        append_unescaped(out, label.empty() ? target.substr(1) : label);
    } else if (sort == '!') {
        append_special(out, target.substr(1), label);
    } else {
        append_link(out, target, label);
    }
}

}  // namespace

std::string to_plain_text(std::string_view mrkdwn) {
    std::string out;
    out.reserve(mrkdwn.size());
    while (!mrkdwn.empty()) {
        const auto open = mrkdwn.find('<');
        append_unescaped(out, mrkdwn.substr(0, open));
        if (open == std::string_view::npos) break;
        const auto close = mrkdwn.find('>', open);
        if (close == std::string_view::npos) {
            append_unescaped(out, mrkdwn.substr(open));
            break;
        }
        append_reference(out, mrkdwn.substr(open + 1, close - open - 1));
        mrkdwn.remove_prefix(close + 1);
    }
    return out;
}

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char letter : text) {
        const auto* const found =
            std::find_if(entities.begin(), entities.end(), [&](const auto& each) { return each.first == letter; });
        if (found == entities.end())
            out += letter;
        else
            out += found->second;
    }
    return out;
}

}  // namespace kindred::connectors::slack
