#include "engine/knowledge/text_template.hpp"

#include "engine/base/text.hpp"
#include "engine/conditions/fact_text.hpp"
#include "engine/settings/source_text.hpp"

#include <algorithm>

namespace kindred::knowledge {
namespace {

settings::position position_of(settings::source_text& text, std::size_t byte, int first_line) {
    const auto within = text.at(byte);
    return {first_line + within.line - 1, within.column};
}

}  // namespace

text_template text_template::parse(std::string_view markdown, conditions::fact_catalog& catalog, std::string_view file,
                                   int first_line, settings::problems& found) {
    text_template made;
    std::size_t done = 0;
    settings::source_text source(markdown);
    for (auto open = markdown.find("{{"); open != std::string_view::npos; open = markdown.find("{{", done)) {
        const auto where = position_of(source, open, first_line);
        const auto line_end = std::min(markdown.find('\n', open), markdown.size());
        const auto within_line = markdown.substr(open, line_end - open).find("}}");
        const auto close = within_line == std::string_view::npos ? within_line : open + within_line;
        if (close == std::string_view::npos) {
            found.error(file, where, "{{ is not closed by }} on its line");
            done = line_end;
            continue;
        }
        const auto inside = markdown.substr(open + 2, close - open - 2);
        const auto bar = inside.find('|');
        const auto name = trim(inside.substr(0, bar));
        const auto fallback = bar == std::string_view::npos ? std::string_view{} : trim(inside.substr(bar + 1));
        const auto* definition = catalog.declared(name);
        if (open > done) made.parts_.push_back({std::string(markdown.substr(done, open - done)), std::nullopt});
        if (name.empty()) {
            found.error(file, where, "names no fact");
        } else if (definition == nullptr) {
            found.error(
                file, where,
                "there is no fact \"" + std::string(name) + '"' + settings::suggestion(name, catalog.all_names()));
        } else if (definition->scope == conditions::fact_scope::escalation) {
            found.error(file, where, std::string(name) + " is known in escalations only");
        } else if (const auto fact = catalog.use(name)) {
            made.parts_.push_back({std::string(fallback), fact});
        }
        done = close + 2;
    }
    if (done < markdown.size()) made.parts_.push_back({std::string(markdown.substr(done)), std::nullopt});
    return made;
}

std::string text_template::fill(conditions::fact_table& facts, const conditions::time_zone& zone) const {
    std::string out;
    for (const auto& each : parts_) {
        if (!each.fact || !facts.known(*each.fact)) {
            out += each.text;
        } else {
            out += conditions::to_text(facts.read(*each.fact).value, facts.catalog()[*each.fact].type, zone);
        }
    }
    return out;
}

}  // namespace kindred::knowledge
