#include "engine/understanding/language_traits.hpp"

#include <algorithm>
#include <array>

namespace kindred::understanding {
namespace {

using names = std::string_view;

struct written_in {
    names languages;  ///< separated by spaces
    std::array<script, 2> scripts;
};

constexpr std::array<script, 1> latin_only{script::latin};

constexpr std::array writing{
    written_in{"ru uk be bg mk mn kk ky tg", {script::cyrillic, script::cyrillic}},
    written_in{"sr bs", {script::cyrillic, script::latin}},
    written_in{"el", {script::greek, script::greek}},
    written_in{"ar fa ur ps ug sd", {script::arabic, script::arabic}},
    written_in{"he yi", {script::hebrew, script::hebrew}},
    written_in{"hi mr ne sa", {script::devanagari, script::devanagari}},
    written_in{"th", {script::thai, script::thai}},
    written_in{"ko", {script::hangul, script::han}},
    written_in{"ja", {script::kana, script::han}},
    written_in{"zh", {script::han, script::han}},
    // No script of these is told apart: any of their letters is "other".
    written_in{"am bn bo gu hy ka km kn lo ml my or pa si ta te", {script::other, script::other}},
};

struct neighbourhood {
    names language;
    std::array<names, 4> others;
    std::size_t count;
};

constexpr std::array neighbourhoods{
    neighbourhood{"ar", {"arz"}, 1},
    neighbourhood{"bs", {"hr", "sr", "sh"}, 3},
    neighbourhood{"cs", {"sk"}, 1},
    neighbourhood{"da", {"no", "nn"}, 2},
    neighbourhood{"de", {"als", "bar", "nds", "lb"}, 4},
    neighbourhood{"es", {"gl", "ast", "an"}, 3},
    neighbourhood{"fr", {"oc", "wa"}, 2},
    neighbourhood{"hr", {"bs", "sh", "sr"}, 3},
    neighbourhood{"id", {"ms", "jv", "su", "min"}, 4},
    neighbourhood{"it", {"lmo", "nap", "scn", "vec"}, 4},
    neighbourhood{"kk", {"ky", "tt", "ba"}, 3},
    neighbourhood{"ms", {"id", "min"}, 2},
    neighbourhood{"nb", {"no", "nn", "da"}, 3},
    neighbourhood{"nl", {"af", "li", "vls", "nds"}, 4},
    neighbourhood{"no", {"nn", "da"}, 2},
    neighbourhood{"pt", {"gl", "mwl"}, 2},
    neighbourhood{"sk", {"cs"}, 1},
    neighbourhood{"sr", {"hr", "bs", "sh"}, 3},
    neighbourhood{"tr", {"az"}, 1},
    neighbourhood{"zh", {"yue", "wuu"}, 2},
};

bool lists(names list, names wanted) {
    for (std::size_t at = list.find(wanted); at != names::npos; at = list.find(wanted, at + 1)) {
        const bool begins = at == 0 || list[at - 1] == ' ';
        const auto end = at + wanted.size();
        if (begins && (end == list.size() || list[end] == ' ')) return true;
    }
    return false;
}

}  // namespace

std::span<const script> scripts_of(std::string_view language) {
    for (const auto& each : writing)
        if (!language.empty() && lists(each.languages, language)) return each.scripts;
    return latin_only;
}

std::span<const std::string_view> neighbours_of(std::string_view language) {
    const auto* found = std::find_if(neighbourhoods.begin(), neighbourhoods.end(),
                                     [&](const auto& each) { return each.language == language; });
    if (found == neighbourhoods.end()) return {};
    return std::span(found->others).first(found->count);
}

}  // namespace kindred::understanding
