#pragma once
#include "engine/insight/split_tree.hpp"

#include <span>

namespace kindred::insight {

/// A question, and how much of the squared error it takes away.
struct found_split {
    split question;
    std::size_t column = 0;
    double gain = 0;
};

/// Squared error of the rows around their means, over all outcome columns.
double error_of(const outcome_columns& outcomes, std::span<const std::uint32_t> rows);

/// Rows that are split further and further, and for each attribute that is a number those whose number is known, the
/// least first: sorted once, and kept in order by every split.
struct split_rows {
    std::vector<std::uint32_t> rows;
    std::vector<std::vector<std::uint32_t>> ascending;  ///< by attribute; none of texts
};

/// Finds questions. What it was made of must outlive it.
class split_search {
public:
    split_search(const std::vector<attribute_column>& attributes, const outcome_columns& outcomes);

    /// Those of all rows for which `chosen` holds, by row.
    split_rows those(const std::vector<bool>& chosen) const;
    /// Who says yes to a question about that attribute stays; the others come back.
    split_rows part(split_rows& those, std::size_t attribute, const split& question) const;

    /// The question with the largest gain among those that leave at least `least` rows on either side; none when there
    /// is no such question. Ties: the attribute that stands first, then the smaller threshold.
    std::optional<found_split> best(const split_rows& among, std::size_t least) const;

private:
    /// An attribute of texts: each row's as a place in the texts that there are, which are sorted.
    struct categories {
        std::vector<std::string> names;
        std::vector<std::uint32_t> of;  ///< by row; not known: as many as there are names
    };

    const std::vector<attribute_column>& attributes_;
    const outcome_columns& outcomes_;
    std::vector<std::vector<std::uint32_t>> ascending_;  ///< of all rows, by attribute
    std::vector<categories> categories_;                 ///< by attribute
};

/// split_search::best() for one time.
std::optional<found_split> best_split(const std::vector<attribute_column>& attributes, const outcome_columns& outcomes,
                                      std::span<const std::uint32_t> rows, std::size_t least);

/// What a row answers.
bool says_yes(const attribute_column& attribute, const split& question, std::uint32_t row);

}  // namespace kindred::insight
