#include "engine/understanding/compact_detector.hpp"

// compact_lang_det.h names FILE without declaring it.
#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>
#include <array>
#include <cstdio>
#include <vector>

namespace kindred::understanding {
namespace {

constexpr int best_effort = 0x4000;  // kCLDFlagBestEffort, which the public header only mentions

std::string code_of(CLD2::Language language) {
    if (language == CLD2::UNKNOWN_LANGUAGE) return {};
    const std::string_view code = CLD2::LanguageCode(language);
    if (code == "iw") return "he";
    return std::string(code.substr(0, code.find('-')));
}

}  // namespace

compact_guess detect_compactly(std::string_view text) {
    const CLD2::CLDHints no_hints{nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
    std::array<CLD2::Language, 3> best{};
    std::array<int, 3> percent{};
    std::array<double, 3> normalized{};
    int text_bytes = 0;
    bool reliable = false;
    const auto found =
        CLD2::ExtDetectLanguageSummary(text.data(), static_cast<int>(text.size()), true, &no_hints, best_effort,
                                       best.data(), percent.data(), normalized.data(), nullptr, &text_bytes, &reliable);
    return {code_of(found), reliable};
}

}  // namespace kindred::understanding
