#include "engine/understanding/article_index.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace kindred::understanding {
namespace {

/// BM25 (Robertson and Zaragoza, 2009).
constexpr float saturation = 1.2F;
constexpr float length_share = 0.5F;
/// The rarity of what every question has: with few questions, words are common by chance.
constexpr float common_stem = 0.1F;
constexpr float common_piece = 0.5F;

/// What a question's words weigh beside its letters, its body beside both, and its siblings beside the best of them.
constexpr float words_share = 0.3F;
constexpr float body_share = 0.5F;
constexpr float siblings_share = 0.6F;

}  // namespace

std::uint64_t fingerprint(const gram_list& text) {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const auto word : text.words) hash = (hash ^ word) * 0x100000001B3;
    return hash;
}

article_index::word_index::word_index(std::span<const std::vector<std::uint32_t>> texts) {
    gram_counter counter;
    std::size_t total = 0;
    for (const auto& words : texts) {
        counter.add({words});
        total += words.size();
    }
    space_ = counter.space(1, common_stem);
    const float mean = texts.empty() ? 1 : std::max(1.0F, static_cast<float>(total) / static_cast<float>(texts.size()));
    std::vector<std::pair<std::uint32_t, posting>> found;
    for (std::uint32_t place = 0; place < texts.size(); ++place) {
        auto words = texts[place];
        std::sort(words.begin(), words.end());
        const float longer = 1 - length_share + length_share * static_cast<float>(words.size()) / mean;
        for (std::size_t at = 0; at < words.size();) {
            std::size_t end = at + 1;
            while (end < words.size() && words[end] == words[at]) ++end;
            const auto times = static_cast<float>(end - at);
            const auto row = *space_.row_of(words[at]);
            found.push_back(
                {row, {place, space_.grams()[row].rarity * times * (saturation + 1) / (times + saturation * longer)}});
            at = end;
        }
    }
    lists_ = collect(space_.grams().size(), found);
}

void article_index::word_index::add_scores(std::span<const std::uint32_t> words, float share,
                                           std::vector<float>& scores) const {
    std::vector<std::uint32_t> wanted(words.begin(), words.end());
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    float best = 0;
    for (const auto word : wanted) {
        const auto row = space_.row_of(word);
        best += (row ? space_.grams()[*row].rarity : space_.strange());
    }
    if (best <= 0) return;
    const float scale = share / best;
    for (const auto word : wanted)
        if (const auto row = space_.row_of(word))
            for (const auto& each : lists_.of(*row)) scores[each.place] += scale * each.weight;
}

article_index::posting_lists article_index::collect(std::size_t rows,
                                                    const std::vector<std::pair<std::uint32_t, posting>>& found) {
    posting_lists made;
    made.starts.assign(rows + 1, 0);
    for (const auto& [row, each] : found) ++made.starts[row + 1];
    std::partial_sum(made.starts.begin(), made.starts.end(), made.starts.begin());
    made.all.resize(found.size());
    auto next = made.starts;
    for (const auto& [row, each] : found) made.all[next[row]++] = each;
    return made;
}

article_index::article_index(std::span<const searchable_article> articles) : articles_(articles.size()) {
    std::vector<gram_list> questions;
    std::vector<std::vector<std::uint32_t>> question_words;
    std::vector<std::vector<std::uint32_t>> body_words;
    for (std::uint32_t article = 0; article < articles.size(); ++article) {
        for (const auto& each : articles[article].questions) {
            questions.push_back(grams_of(each));
            question_words.push_back(questions.back().stems);
            article_of_.push_back(article);
            same_text_.push_back(fingerprint(questions.back()));
        }
        body_words.push_back(grams_of(articles[article].body).stems);
    }
    question_words_ = word_index(question_words);
    body_words_ = word_index(body_words);
    index_letters(questions);
}

void article_index::index_letters(std::span<const gram_list> questions) {
    gram_counter counter;
    for (const auto& each : questions) counter.add({each.stems, each.pieces});
    space_ = counter.space(1, common_piece);
    std::vector<std::pair<std::uint32_t, posting>> found;
    for (std::uint32_t place = 0; place < questions.size(); ++place)
        for (const auto& each : space_.project({questions[place].stems, questions[place].pieces}))
            found.push_back({each.row, {place, each.weight}});
    letters_ = collect(space_.grams().size(), found);
}

std::vector<float> article_index::score_questions(const gram_list& text, bool leave_out_same) const {
    std::vector<float> scores(article_of_.size(), 0.0F);
    question_words_.add_scores(text.stems, words_share, scores);
    for (const auto& wanted : space_.project({text.stems, text.pieces}))
        for (const auto& each : letters_.of(wanted.row)) scores[each.place] += wanted.weight * each.weight;
    if (leave_out_same) {
        const auto same = fingerprint(text);
        for (std::size_t i = 0; i < scores.size(); ++i)
            if (same_text_[i] == same) scores[i] = 0;
    }
    return scores;
}

std::vector<float> article_index::scores(const gram_list& text, bool leave_out_same) const {
    std::vector<float> scores(articles_, 0.0F);
    body_words_.add_scores(text.stems, body_share, scores);
    const auto of_questions = score_questions(text, leave_out_same);
    for (std::size_t first = 0; first < of_questions.size();) {
        const auto article = article_of_[first];
        float best = 0;
        float squares = 0;
        for (; first < of_questions.size() && article_of_[first] == article; ++first) {
            best = std::max(best, of_questions[first]);
            squares += of_questions[first] * of_questions[first];
        }
        scores[article] += (1 - siblings_share) * best + siblings_share * std::sqrt(squares);
    }
    return scores;
}

}  // namespace kindred::understanding
