#include "engine/understanding/language.hpp"

#include "engine/base/text.hpp"
#include "engine/understanding/compact_detector.hpp"
#include "engine/understanding/language_traits.hpp"
#include "engine/understanding/letters.hpp"

#include <unicode/utf8.h>
#include <algorithm>
#include <array>
#include <numeric>

namespace kindred::understanding {
namespace {

constexpr std::size_t longest_line = 1000;  ///< bytes: more does not make a language clearer
constexpr std::size_t script_kinds = static_cast<std::size_t>(script::han) + 1;

/// Added to each probability: what a model calls impossible may still be, for a short text.
constexpr double doubt = 0.02;
/// A best share from here on needs no second opinion.
constexpr double clear_share = 0.9;
constexpr double reliable_vote = 4;
constexpr double unreliable_vote = 2;
/// How much likelier somebody writes in their own language.
constexpr double usual_weight = 3;
/// A best share below this is unknown.
constexpr double least_share = 0.35;
/// A text that is in none of the site's languages, this probably, is unknown.
constexpr double stranger_share = 0.9;
/// Unless one of the site's languages, with all votes, comes this near.
constexpr double stranger_lead = 2;
/// What CLD2's answer weighs where there is no model.
constexpr double reliable_answer = 1;
constexpr double unreliable_answer = 0.4;
/// CLD2 calls single words English and itself reliable: bytes from which on it is believed.
constexpr std::size_t clear_length = 20;

struct script_counts {
    std::array<double, script_kinds> letters{};
    double total = 0;

    double of(script family) const { return letters[static_cast<std::size_t>(family)]; }
};

script_counts count_scripts(std::string_view text) {
    constexpr double han_weight = 3;  // a sign of Chinese says as much as some letters
    script_counts counts;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto size = static_cast<std::int32_t>(text.size());
    for (std::int32_t at = 0; at < size;) {
        UChar32 point = 0;
        U8_NEXT(bytes, at, size, point);
        const auto letter = static_cast<char32_t>(point);
        if (point < 0 || !is_word_letter(letter) || (letter >= '0' && letter <= '9')) continue;
        const auto family = script_of(letter);
        const double weight = family == script::han || family == script::kana ? han_weight : 1;
        counts.letters[static_cast<std::size_t>(family)] += weight;
        counts.total += weight;
    }
    return counts;
}

/// How well the letters of a text fit a language, 0 to 1. Latin names and words occur in every language.
double fit(const script_counts& text, std::string_view language) {
    const auto scripts = scripts_of(language);
    double own = 0;
    for (std::size_t i = 0; i < scripts.size(); ++i)
        if (i == 0 || scripts[i] != scripts[0]) own += text.of(scripts[i]);
    const bool writes_latin = std::find(scripts.begin(), scripts.end(), script::latin) != scripts.end();
    const double tolerated = writes_latin ? 0 : text.of(script::latin);
    if (own <= 0) return 0;
    double share = own / (own + (text.total - own - tolerated) + 0.1 * tolerated);
    // Japanese is hardly ever written without kana.
    if (language == "ja" && text.of(script::kana) <= 0) share *= 0.1;
    return share;
}

/// The words of a text in one line, without addresses, which are in no language.
std::string words_of(std::string_view text) {
    std::string line;
    std::string_view rest = text.substr(0, longest_line);
    while (!rest.empty() && line.size() < longest_line) {
        const auto end = std::min(rest.find_first_of(" \t\r\n\v\f"), rest.size());
        const auto word = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const bool address = word.find("://") != std::string_view::npos || word.find('@') != std::string_view::npos;
        if (word.empty() || address) continue;
        if (!line.empty()) line += ' ';
        line += word;
    }
    return is_utf8(line) ? line : to_utf8(line);
}

}  // namespace

language_detector::language_detector(std::shared_ptr<const language_model> model, std::vector<std::string> languages)
    : model_(std::move(model)), languages_(std::move(languages)) {
    if (!model_) return;
    for (const auto& known : model_->languages()) speaks_for_.push_back(place_of(known));
}

/// The site's language that a detected one stands for.
std::size_t language_detector::place_of(std::string_view language) const {
    for (std::size_t i = 0; i < languages_.size(); ++i)
        if (languages_[i] == language) return i;
    for (std::size_t i = 0; i < languages_.size(); ++i) {
        const auto near = neighbours_of(languages_[i]);
        if (std::find(near.begin(), near.end(), language) != near.end()) return i;
    }
    return nowhere;
}

language_detector::evidence language_detector::ask_model(const std::string& line) const {
    evidence found{std::vector<double>(languages_.size(), doubt), 0};
    if (!model_) return found;
    const auto probabilities = model_->probabilities(line);
    for (std::size_t i = 0; i < probabilities.size(); ++i) {
        const auto p = static_cast<double>(probabilities[i]);
        if (speaks_for_[i] == nowhere)
            found.stranger += p;
        else
            found.weights[speaks_for_[i]] += p;
    }
    return found;
}

void language_detector::let_compact_detector_vote(const std::string& line, evidence& found) const {
    const auto guess = detect_compactly(line);
    // English is what it says of most things that it does not know.
    if (guess.language.empty() || (guess.language == "en" && model_)) return;
    const auto place = place_of(guess.language);
    if (place == nowhere) {
        if (!model_ && guess.reliable) found.stranger = 2;  // more than any language can have
    } else if (model_) {
        found.weights[place] *= guess.reliable ? reliable_vote : unreliable_vote;
    } else {
        const bool sure = guess.reliable && line.size() >= clear_length;
        found.weights[place] += sure ? reliable_answer : unreliable_answer;
    }
}

language_guess language_detector::detect(std::string_view text, std::string_view usual) const {
    const auto line = words_of(text);
    const auto letters = count_scripts(line);
    if (letters.total <= 0 || languages_.empty()) return {};
    auto found = ask_model(line);
    for (std::size_t i = 0; i < languages_.size(); ++i) found.weights[i] *= fit(letters, languages_[i]);
    const auto share_of_best = [&] {
        const double total = std::accumulate(found.weights.begin(), found.weights.end(), 0.0);
        return total > 0 ? *std::max_element(found.weights.begin(), found.weights.end()) / total : 0.0;
    };
    const bool alone = languages_.size() == 1;
    if (!model_ || (!alone && share_of_best() < clear_share)) let_compact_detector_vote(line, found);
    if (const auto own = place_of(usual); own != nowhere && languages_[own] == usual) {
        found.weights[own] *= usual_weight;
        if (!model_) found.weights[own] += unreliable_answer;  // CLD2's guesses are worth no more
    }

    const double p = share_of_best();
    const auto best =
        static_cast<std::size_t>(std::max_element(found.weights.begin(), found.weights.end()) - found.weights.begin());
    const bool foreign = found.stranger >= stranger_share && stranger_lead * found.weights[best] < found.stranger;
    if (p < least_share || foreign) return {};
    return {languages_[best], p};
}

}  // namespace kindred::understanding
