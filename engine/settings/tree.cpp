#include "engine/settings/tree.hpp"

#include "engine/base/text.hpp"
#include "engine/settings/tree_builder.hpp"

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>
#include <algorithm>
#include <sstream>

namespace kindred::settings {
namespace {

/// Bytes that no rule file may hold, found before YAML sees them: yaml-cpp reads some of them as the end of the file.
bool refuse_bytes(std::string_view file, std::string_view text, problems& found) {
    if (!is_utf8(text)) {
        std::size_t good = 0;
        // The longest well-formed beginning, by halving: is_utf8 is fast and this happens once.
        for (std::size_t bad = text.size(); good + 1 < bad;) {
            const std::size_t middle = good + (bad - good) / 2;
            std::size_t whole = middle;  // do not cut inside a sequence
            while (whole > good && (static_cast<unsigned char>(text[whole]) & 0xC0U) == 0x80) --whole;
            if (is_utf8(text.substr(0, whole)) && whole > good)
                good = whole;
            else
                bad = middle;
        }
        found.error(file, source_text(text).at(good), "the file is not UTF-8 from here on; save it as UTF-8");
        return true;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto letter = static_cast<unsigned char>(text[i]);
        const bool line_end = letter == '\n' || (letter == '\r' && i + 1 < text.size() && text[i + 1] == '\n');
        if ((letter >= 0x20 && letter != 0x7F) || letter == '\t' || line_end) continue;
        const char* what = letter == '\r'   ? "a carriage return that does not end a line; use line feeds"
                           : letter == '\0' ? "a NUL byte; remove it"
                                            : "a control character; remove it";
        found.error(file, source_text(text).at(i), what);
        return true;
    }
    return false;
}

}  // namespace

const node* node::find(std::string_view key) const {
    for (const auto& each : members)
        if (each.key == key) return &each.value;
    return nullptr;
}

bool check_text(std::string_view file, std::string_view text, problems& found, yaml_limits limits) {
    if (text.size() <= limits.bytes) return !refuse_bytes(file, text, found);
    found.error(file, {},
                "the file has " + std::to_string(text.size()) + " bytes, the most is " + std::to_string(limits.bytes));
    return false;
}

std::optional<node> parse_yaml(std::string_view file, std::string_view text, problems& found, yaml_limits limits) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (!check_text(file, text, found, limits)) return std::nullopt;

    source_text source(text);
    tree_builder builder(file, source, limits.depth, found);
    std::istringstream stream{std::string(text)};
    try {
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const tree_builder::stop&) {
        return std::nullopt;
    } catch (const YAML::Exception& failed) {
        const auto byte = static_cast<std::size_t>(std::max(failed.mark.pos, 0));
        const auto at = failed.mark.is_null() ? position{} : source.at(byte);
        // An alias whose anchor does not exist ends the parser before it can be refused as an alias.
        found.error(file, at, source[byte] == '*' ? tree_builder::no_aliases : "this is not YAML: " + failed.msg);
        return std::nullopt;
    }
    return builder.take();
}

node tree_from_json(json::value given) {
    node made;
    if (given.is_object()) {
        made.kind = node_kind::mapping;
        given.for_each_member([&](std::string_view key, json::value each) {
            made.members.push_back({std::string(key), {}, tree_from_json(each)});
        });
    } else if (given.is_array()) {
        made.kind = node_kind::list;
        given.for_each([&](json::value each) { made.items.push_back(tree_from_json(each)); });
    } else if (given.exists() && !given.is_null()) {
        made.kind = node_kind::scalar;
        made.quoted = given.is_string();
        made.text = given.is_string() ? std::string(given.text()) : given.to_text();
    }
    return made;
}

std::string to_flow_text(const node& value) {
    std::string out;
    switch (value.kind) {
        case node_kind::nothing: return "~";
        case node_kind::scalar: return value.quoted ? '"' + value.text + '"' : value.text;
        case node_kind::list:
            for (const auto& each : value.items) out += (out.empty() ? "" : ", ") + to_flow_text(each);
            return '[' + out + ']';
        case node_kind::mapping:
            for (const auto& each : value.members)
                out += (out.empty() ? "" : ", ") + each.key + ": " + to_flow_text(each.value);
            return "{ " + out + " }";
    }
    return out;
}

}  // namespace kindred::settings
