#pragma once
#include "engine/understanding/feature_space.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace kindred::understanding {

/// A number that texts with the same words share, and hardly any others.
std::uint64_t fingerprint(const gram_list& text);

/// What an article is found by: the ways to ask for it (its title is one) and what it says.
struct searchable_article {
    std::vector<std::string> questions;
    std::string body;
};

/// Finds articles by a text in the customer's own words. Each question is compared by its letters (TF-IDF of stems
/// and letter pieces, so that "pasword" finds "passwords") and by its words (BM25), the body by its words,
/// for less; an article is as good as its best question, and a little better for each other that fits too. Immutable;
/// safe from every thread.
class article_index {
public:
    explicit article_index(std::span<const searchable_article> articles);

    /// The score of each article, over 0 where it shares anything with the text. `leave_out_same` passes over
    /// questions that are this very text, for evaluations that leave one out.
    std::vector<float> scores(const gram_list& text, bool leave_out_same = false) const;

private:
    struct posting {
        std::uint32_t place;  ///< a question, or an article
        float weight;
    };
    /// Posting lists, one for each row of a space, one after the other.
    struct posting_lists {
        std::vector<std::uint32_t> starts;
        std::vector<posting> all;

        std::span<const posting> of(std::uint32_t row) const {
            return std::span(all).subspan(starts[row], starts[row + 1] - starts[row]);
        }
    };
    static posting_lists collect(std::size_t rows, const std::vector<std::pair<std::uint32_t, posting>>& found);
    /// A word's occurrences as BM25 weighs them.
    class word_index {
    public:
        word_index() = default;
        explicit word_index(std::span<const std::vector<std::uint32_t>> texts);
        /// Adds to each text's score `share` times what it has of these words, all of them being about 1.
        void add_scores(std::span<const std::uint32_t> words, float share, std::vector<float>& scores) const;

    private:
        feature_space space_;
        posting_lists lists_;
    };
    void index_letters(std::span<const gram_list> questions);
    std::vector<float> score_questions(const gram_list& text, bool leave_out_same) const;

    std::size_t articles_ = 0;
    std::vector<std::uint32_t> article_of_;  ///< by question; ascending
    std::vector<std::uint64_t> same_text_;   ///< by question: equal for equal texts
    feature_space space_;
    posting_lists letters_;
    word_index question_words_;
    word_index body_words_;
};

}  // namespace kindred::understanding
